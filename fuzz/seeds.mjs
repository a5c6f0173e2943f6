// Writes the vectors as seeds into fuzz/corpus/TARGET, a file each.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readVectors } from '../tests/vectors/files.mjs'

const CORPUS = new URL('corpus/', import.meta.url)
const ROOT = new URL('../', import.meta.url)

/** Writes all seeds and says how many there are. */
export function writeSeeds() {
  const { leniencies, limits, methods } = tables()
  const vectors = readVectors().flatMap((file) => file.vectors)
  let seeds = 0
  for (const vector of vectors) {
    const input = octets(vector.input)
    const settings = settingsOf(vector, leniencies, limits, methods)
    const divided = Buffer.concat([settings, input])
    for (const [target, seed] of Object.entries({
      [vector.role]: input,
      cut: divided,
      differential: divided,
      inspect: divided,
    })) {
      // Long ones slow the fuzzer down, and the vectors' runners have them.
      if (seed.length > 4096) continue
      const folder = new URL(`${target}/`, CORPUS)
      mkdirSync(folder, { recursive: true })
      writeFileSync(new URL(createHash('sha256').update(seed).digest('hex').slice(0, 40), folder), seed)
      seeds++
    }
  }
  return seeds
}

/** Seventeen octets of settings, as src/settings.rs reads them. */
function settingsOf({ role, options = {}, end, resume }, leniencies, limits, methods) {
  const settings = Buffer.alloc(17)
  const expected = (options.expect ?? []).slice(0, 2)
  const given = limits.map(({ name, most }) => Math.min(options.limits?.[name] ?? most, 255))
  settings[0] =
    (role === 'request') | (!!end << 1) | (!!resume << 2) | (!!options.limits << 3) | (expected.length << 4)
  settings.writeUIntLE(bits(options.lenient ?? [], leniencies), 1, 3)
  settings.set(given, 4)
  settings.set(
    expected.map((method) => Math.max(methods.indexOf(method), 0)),
    12,
  )
  settings.set([64, 128, 192], 14)
  return settings
}

function bits(names, leniencies) {
  if (names === 'strict') return 0
  const all = leniencies.filter(({ name, inNode }) =>
    names === 'node-insecure' ? inNode : names.includes(name),
  )
  return all.reduce((sum, one) => sum | (1 << leniencies.indexOf(one)), 0)
}

/** The tables of the core, in their order, from its source. */
function tables() {
  const policy = readFileSync(new URL('src/policy.rs', ROOT), 'utf8')
  const names = readFileSync(new URL('src/names.rs', ROOT), 'utf8')
  const leniencies = [...policy.matchAll(/^ {4}\w+ = "(\w+)", (true|false), "/gm)]
  const limits = [...policy.matchAll(/^ {4}\w+, "(max\w+)", /gm)]
  const methods = names.match(/METHODS: &\[&str\] = &\[(.*)\]/)[1]
  return {
    leniencies: leniencies.map(([, name, inNode]) => ({ name, inNode: inNode === 'true' })),
    limits: limits.map(([, name]) => ({ name, most: 255 })),
    methods: methods.split(', ').map((one) => one.slice(1, -1)),
  }
}

/** One character an octet; parts may be repeated. */
function octets(text) {
  const parts = [text]
    .flat()
    .map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times)))
  return Buffer.from(parts.join(''), 'latin1')
}
