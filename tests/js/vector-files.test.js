// The vectors' files are what schema.json and the README say.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')

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
    { ...vector, name: undefined },
  ]
  const faults = (one) => faultsOf(schema, { about: '', vectors: [one] }, 'file', schema)
  assert.deepEqual(faults(vector), [])
  for (const one of refused) assert.notDeepEqual(faults(one), [], JSON.stringify(one))
})

test('no two vectors of a file have the same name', async () => {
  const { readVectors } = await import('../vectors/files.mjs')
  for (const { name, vectors } of readVectors()) {
    const names = vectors.map((vector) => vector.name)
    assert.equal(new Set(names).size, names.length, name)
  }
})

const TYPES = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isSafeInteger,
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
