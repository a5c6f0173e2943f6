// Every vector of tests/vectors through the public API, whole and in every cut, on the backend that
// H1WIRE_BACKEND names.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const h1wire = require('h1wire')

test('every vector in every cut', async () => {
  const { conformance, summary } = await import('../vectors/harness.mjs')
  const { readVectors, count } = await import('../vectors/files.mjs')
  if (process.env.H1WIRE_BACKEND) assert.equal(h1wire.backend, process.env.H1WIRE_BACKEND)

  const files = readVectors()
  const result = conformance(h1wire, files)
  console.log(summary(`node ${h1wire.backend}`, result))
  assert.deepEqual(result.failures, [])
  assert.ok(result.vectors > 0)
  assert.equal(result.vectors, count(files))
  assert.equal(result.passed, result.vectors)
})

test('every vector of the builder', async () => {
  const { formatConformance, formatSummary } = await import('../vectors/format/harness.mjs')
  const { readFormatVectors, count } = await import('../vectors/files.mjs')

  const files = readFormatVectors()
  const result = formatConformance(h1wire, files)
  console.log(formatSummary(`node ${h1wire.backend}`, result))
  assert.deepEqual(result.failures, [])
  assert.ok(result.vectors > 0)
  assert.equal(result.vectors, count(files))
  assert.equal(result.passed, result.vectors)
})

test('what a leniency permits is refused, or read otherwise, without it', async () => {
  const { LENIENT, octets, outcome, whole } = await import('../vectors/harness.mjs')
  const { readVectors } = await import('../vectors/files.mjs')
  const vectors = readVectors().flatMap((file) => file.vectors)
  for (const name of LENIENT.filter((one) => one !== 'node-insecure')) {
    const uses = ({ options, events }) =>
      Array.isArray(options?.lenient) && events.some((event) => event.name === name)
    const results = vectors.filter(uses).map((vector) => {
      const { limits, lenient, expect = [] } = vector.options
      const Parser = vector.role === 'request' ? h1wire.RequestParser : h1wire.ResponseParser
      const parser = new Parser({ limits, lenient: lenient.filter((one) => one !== name) })
      for (const method of expect) parser.expect(method)
      const { events, error } = outcome(parser, [octets(whole(vector.input))], vector)
      assert.ok(!events.some((event) => event.name === name), vector.name)
      assert.notDeepEqual(
        [events.length, error?.code],
        [vector.events.length, vector.error?.code],
        vector.name,
      )
      return error
    })
    assert.ok(
      results.some((error) => error !== null),
      `${name}: no vector shows it on and off`,
    )
  }
})
