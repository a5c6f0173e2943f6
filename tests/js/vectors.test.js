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
