// Random parts of messages, in the form of the builder's vectors (tests/vectors/format): all of them legal, none usual.
'use strict'

const fc = require('fast-check')

// Under CI the same messages each time: a run that others wait for must not find today what it did not yesterday.
const SEED = process.env.CI ? 1 : Date.now() & 0x7fffffff

const TOKEN = "!#$%&'*+-.^_`|~0123456789ABCXYZabcxyz"
const KNOWN = [
  'From',
  'cookie',
  'Set-Cookie',
  'Server-Timing',
  'ETag',
  'user-agent',
  '__proto__',
  'content_length',
  'If-Match',
]

/** Of these, the names that may stand in a trailer section. */
const IN_TRAILERS = KNOWN.filter((name) => !['cookie', 'Set-Cookie', 'If-Match'].includes(name))

/** Requests: the call and its parts. */
function requests() {
  const methods = fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
  const request = fc.record(
    {
      method: fc.oneof({ weight: 4, arbitrary: methods }, { weight: 1, arbitrary: token(8) }),
      target: fc.oneof(
        { weight: 4, arbitrary: text(0x21, 0x7e, 20).map((path) => `/${path.replaceAll('#', '')}`) },
        { weight: 1, arbitrary: fc.constantFrom('http://a:1/b?c', 'urn:x', '//', '/?', '/%0d%0a') },
      ),
      version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
      headers: fc.tuple(lines(5), fc.nat(5)).map(([list, at]) => list.toSpliced(at, 0, ['Host', 'a:1'])),
      body: body(),
      trailers: lines(3, IN_TRAILERS),
    },
    { requiredKeys: ['target', 'headers'] },
  )
  return request.filter(({ method }) => !['CONNECT', 'TRACE'].includes(method)).map(legal('formatRequest'))
}

/** Responses with a status from 200 on; those of the 1xx are no whole answer to anything. */
function responses() {
  const response = fc.record(
    {
      status: fc.oneof(fc.constantFrom(200, 200, 204, 205, 304, 404), fc.integer({ min: 200, max: 999 })),
      reason: value(),
      version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
      requestMethod: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
      requestVersion: fc.constantFrom('1.1', '1.1', '1.0'),
      headers: lines(5),
      body: body(),
      trailers: lines(3, IN_TRAILERS),
    },
    { requiredKeys: ['status', 'headers'] },
  )
  return response.map(legal('formatResponse'))
}

function chunks() {
  const extension = fc.tuple(token(6), fc.oneof(fc.constant(true), text(0x20, 0x7e, 8), text(0x80, 0xff, 4)))
  const data = fc.uint8Array({ minLength: 1, maxLength: 40 }).map(ofOctets)
  const chunk = fc.record(
    { data, extensions: fc.array(extension, { maxLength: 3 }) },
    { requiredKeys: ['data'] },
  )
  return chunk.map((parts) => ({ call: 'formatChunk', parts }))
}

function lastChunks() {
  return fc.record({ trailers: lines(4, IN_TRAILERS) }).map((parts) => ({ call: 'formatLastChunk', parts }))
}

/** Takes away what the message cannot have. */
function legal(call) {
  return (parts) => {
    const { version, requestVersion, status } = parts
    const left = { ...parts }
    if ([version, requestVersion].includes('1.0')) delete left.trailers
    if ([204, 205].includes(status)) {
      delete left.body
      delete left.trailers
    }
    return { call, parts: left }
  }
}

function lines(maxLength, known = KNOWN) {
  const name = fc.oneof(
    fc.constantFrom(...known),
    token(12).filter((name) => !MEANT.has(name.toLowerCase())),
  )
  const line = fc.tuple(name, fc.oneof(value(), value(), fc.array(value(), { maxLength: 3 })))
  return fc.array(line, { maxLength })
}

/** A random name could be one that says something about the message. */
const MEANT = new Set([
  'te',
  'upgrade',
  'connection',
  'host',
  'expect',
  'content-length',
  'transfer-encoding',
])

/** What stands in a value, and does not begin or end with what a reader would trim. */
function value() {
  const any = fc.oneof(
    text(0x20, 0x7e, 16),
    text(0x80, 0xff, 8),
    fc.constantFrom('', 'a\tb', 'é ÿ', '"\\"', ','),
  )
  return any.map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
}

function body() {
  return fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => ({ text })),
    fc.uint8Array({ maxLength: 300 }).map(ofOctets),
    fc.constant(null),
  )
}

function ofOctets(octets) {
  return { octets: Buffer.from(octets).toString('latin1') }
}

function token(maxLength) {
  return fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1, maxLength })
}

function text(min, max, maxLength) {
  return fc.array(fc.integer({ min, max }), { maxLength }).map((codes) => String.fromCharCode(...codes))
}

/** So many of them, the same in every run with this seed. */
function sample(arbitrary, numRuns) {
  return fc.sample(arbitrary, { numRuns, seed: SEED })
}

module.exports = { requests, responses, chunks, lastChunks, sample, SEED }
