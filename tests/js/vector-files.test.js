// The vectors' files are what schema.json and the README say.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const ROOT = join(__dirname, '../..')

test('every file fits the schema', async () => {
  const { readSchema, readVectors } = await import('../vectors/files.mjs')
  const schema = readSchema()
  const faults = readVectors().flatMap(({ name, ...file }) => faultsOf(schema, file, name, schema))
  assert.deepEqual(faults, [])
})

test('the schema refuses what is wrong', async () => {
  const { readSchema } = await import('../vectors/files.mjs')
  const schema = readSchema()
  const vector = { name: 'n', role: 'request', rule: 'r', input: 'x', events: [] }
  const refused = [
    { ...vector, role: 'both' },
    { ...vector, input: '\u0100' },
    { ...vector, input: [{ repeat: 'a' }] },
    { ...vector, ends: true },
    { ...vector, events: [{ type: 'boddy', data: '' }] },
    { ...vector, events: [{ type: 'head', headers: [['a']] }] },
    { ...vector, error: { code: 'H1_METHOD', offset: -1 } },
    { ...vector, under: { obsFold: {} } },
    { ...vector, name: undefined },
  ]
  const faults = (one) => faultsOf(schema, { about: '', vectors: [one] }, 'file', schema)
  assert.deepEqual(faults(vector), [])
  for (const one of refused) assert.notDeepEqual(faults(one), [], JSON.stringify(one))
})

test('no two vectors of a file have the same name', async () => {
  const { readFormatVectors, readVectors } = await import('../vectors/files.mjs')
  for (const { name, vectors } of [...readVectors(), ...readFormatVectors()]) {
    const names = vectors.map((vector) => vector.name)
    assert.equal(new Set(names).size, names.length, name)
  }
})

test('every file of the builder fits its schema, which refuses what is wrong', async () => {
  const { readFormatSchema, readFormatVectors } = await import('../vectors/files.mjs')
  const schema = readFormatSchema()
  const faults = readFormatVectors().flatMap(({ name, ...file }) => faultsOf(schema, file, name, schema))
  assert.deepEqual(faults, [])

  const base = { name: 'n', rule: 'r', call: 'formatRequest', parts: { target: '/' } }
  const vector = { ...base, octets: 'x' }
  const refusal = { ...base, error: { code: 'H1_METHOD', part: 'method', index: 0 } }
  const of = (one) => faultsOf(schema, { about: '', vectors: [one] }, 'file', schema)
  for (const one of [vector, refusal]) assert.deepEqual(of(one), [])
  for (const one of [
    base,
    { ...vector, error: refusal.error },
    { ...vector, octets: '\u0100' },
    { ...vector, call: 'formatRaw' },
    { ...vector, facade: false },
    { ...vector, parts: { path: '/' } },
    { ...vector, parts: { headers: [['a']] } },
    { ...vector, parts: { body: 'text' } },
    { ...vector, parts: { body: { octets: '', as: 'Map' } } },
    { ...refusal, error: { code: 'H1_METHOD' } },
    { ...refusal, error: { ...refusal.error, part: 'headers[0]' } },
    { ...refusal, error: { ...refusal.error, index: -1 } },
  ]) {
    assert.notDeepEqual(of(one), [], JSON.stringify(one))
  }
})

test('whatever the builder can refuse with has a vector', async () => {
  const { readFormatVectors } = await import('../vectors/files.mjs')
  const shown = new Set(readFormatVectors().flatMap(({ vectors }) => vectors.map(({ error }) => error?.code)))
  const files = readdirSync(join(ROOT, 'src/format'), { recursive: true }).filter((name) =>
    name.endsWith('.rs'),
  )
  const sources = ['format.rs', ...files.map((name) => `format/${name}`)]
  const named = sources.flatMap((name) => [...read(`src/${name}`).matchAll(/\bCode::(\w+)/g)])
  const names = new Map(
    [...read('src/error.rs').matchAll(/^ {4}(\w+) = "(H1_\w+)"/gm)].map(([, name, code]) => [name, code]),
  )
  const codes = new Set(['H1_CODE_UNIT', 'H1_FORMAT_VERSION', ...named.map(([, name]) => names.get(name))])
  assert.ok(codes.size > 20)
  assert.deepEqual(
    [...codes].filter((code) => !shown.has(code)),
    [],
  )
})

test('the runners know every leniency', async () => {
  const { LENIENT } = await import('../vectors/harness.mjs')
  const names = read('src/policy.rs').matchAll(/^ {4}\w+ = "(\w+)", (?:true|false), "/gm)
  assert.deepEqual(LENIENT, [...Array.from(names, ([, name]) => name), 'node-insecure'])
})

test('under names leniencies, and only those that change the outcome', async () => {
  const { LENIENT } = await import('../vectors/harness.mjs')
  for (const { name, options, under, events, error } of await vectorsWithUnder()) {
    assert.equal(options?.lenient, undefined, name)
    for (const [leniency, other] of Object.entries(under)) {
      assert.ok(LENIENT.includes(leniency), `${name}: ${leniency}`)
      assert.notDeepEqual([other.events, other.error], [events, error], `${name}: ${leniency}`)
    }
  }
})

test('every fault of a parser has a vector', async () => {
  // The table's other codes are those of connections, of building messages and of using the library.
  const [parsing] = read('src/error.rs').split('// On a connection, what the peer does.')
  const codes = Array.from(parsing.matchAll(/^ {4}\w+ = "(H1_\w+)", "/gm), ([, code]) => code)
  assert.ok(codes.length > 0)
  const { readVectors } = await import('../vectors/files.mjs')
  const vectors = readVectors().flatMap((file) => file.vectors)
  const shown = vectors.flatMap(({ error, under = {} }) => [
    error,
    ...Object.values(under).map((one) => one.error),
  ])
  const without = codes.filter((code) => !shown.some((error) => error?.code === code))
  assert.deepEqual(without, [])
})

test('every limit has vectors at n - 1, n and n + 1', async () => {
  const names = Array.from(read('src/policy.rs').matchAll(/^ {4}\w+, "(max\w+)", /gm), ([, name]) => name)
  assert.ok(names.length > 0)
  const vectors = await vectorsWithUnder()
  for (const name of names) {
    for (const at of ['n - 1', 'n', 'n + 1']) {
      const found = vectors.filter(
        (vector) => vector.name.replace(', in a response', '') === `limits: ${name}, ${at}`,
      )
      assert.ok(found.length > 0, `${name}, ${at}`)
      for (const { name, error } of found) assert.equal(error !== undefined, at === 'n + 1', name)
    }
  }
})

test('every attack class of the README has vectors, and every attack a class', async () => {
  const rows = read('tests/vectors/README.md').matchAll(
    /^\| .+ \| `(.+): …` \| (both|request|response) \|$/gm,
  )
  const classes = Array.from(rows, ([, name, role]) => ({ name, role }))
  assert.ok(classes.length > 0)
  const left = new Set(await vectorsWithUnder())
  for (const { name, role } of classes) {
    const own = [...left].filter((vector) => vector.name.startsWith(`${name}: `))
    for (const vector of own) left.delete(vector)
    const roles = new Set(own.map((vector) => vector.role))
    assert.deepEqual([...roles].sort(), role === 'both' ? ['request', 'response'] : [role], name)
  }
  assert.deepEqual(
    Array.from(left, ({ name }) => name),
    [],
  )
})

async function vectorsWithUnder() {
  const { readVectors } = await import('../vectors/files.mjs')
  return readVectors().flatMap(({ vectors }) => vectors.filter(({ under }) => under !== undefined))
}

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8')
}

const TYPES = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
}

/** The keywords of JSON Schema that schema.json uses: each says whether a value of its type fits. */
const KEYWORDS = {
  type: (type, value) => TYPES[type](value),
  const: (wanted, value) => value === wanted,
  enum: (allowed, value) => allowed.includes(value),
  pattern: (pattern, value) => new RegExp(pattern, 'u').test(value),
  minimum: (least, value) => value >= least,
  maximum: (most, value) => value <= most,
  minItems: (least, value) => value.length >= least,
  maxItems: (most, value) => value.length <= most,
  required: (names, value) => names.every((name) => value[name] !== undefined),
}

function faultsOf(schema, value, place, root) {
  if (schema.$ref) return faultsOf(root.$defs[schema.$ref.replace('#/$defs/', '')], value, place, root)
  if (schema.anyOf) {
    const tries = schema.anyOf.map((one) => faultsOf(one, value, place, root))
    return tries.find((faults) => faults.length === 0) ?? [`${place} fits no alternative`]
  }
  for (const [keyword, fits] of Object.entries(KEYWORDS)) {
    if (keyword in schema && !fits(schema[keyword], value)) return [`${place}: ${keyword}`]
  }
  if (TYPES.array(value))
    return value.flatMap((item, index) => faultsOf(schema.items, item, `${place}[${index}]`, root))
  if (TYPES.object(value)) {
    return Object.entries(value).flatMap(([name, member]) => {
      const rule = schema.properties?.[name] ?? schema.additionalProperties
      return rule ? faultsOf(rule, member, `${place}.${name}`, root) : [`${place} has a member ${name}`]
    })
  }
  return []
}
