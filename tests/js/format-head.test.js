// Heads apart from their bodies: what { body: false } writes goes with the body that is written behind it.
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const {
  formatChunk,
  formatLastChunk,
  formatRequest,
  formatResponse,
  parseRequest,
  parseResponse,
} = require('h1wire')

const text = (octets) => octets.toString('latin1')
const lines = (...all) => all.join('\r\n')
const APART = { body: false }

describe('a body that is given is counted and not written', () => {
  test('head and body together are the whole message', () => {
    for (const body of [
      '',
      'jö€',
      Buffer.alloc(100_000, 'x'),
      new Uint16Array(3),
      new ArrayBuffer(5),
      new URLSearchParams('a=b'),
    ]) {
      const init = { method: 'POST', url: 'http://a/', headers: { A: 'b' }, body }
      const octets =
        body instanceof ArrayBuffer
          ? Buffer.from(body)
          : ArrayBuffer.isView(body)
            ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
            : Buffer.from(String(body))
      assert.deepEqual(Buffer.concat([formatRequest(init, APART), octets]), formatRequest(init))
      const answer = { status: 200, headers: { A: 'b' }, body }
      assert.deepEqual(Buffer.concat([formatResponse(answer, APART), octets]), formatResponse(answer))
    }
  })

  test('the body is not copied, nor even read', () => {
    const body = new Uint8Array(1 << 30)
    const before = process.memoryUsage().arrayBuffers
    const head = formatResponse({ status: 200, body }, APART)
    assert.equal(text(head), lines('HTTP/1.1 200 OK', 'Content-Length: 1073741824', '', ''))
    assert.ok(process.memoryUsage().arrayBuffers - before < 1 << 20)
  })

  test('with trailers, the caller writes chunks', () => {
    const init = { method: 'PUT', url: 'http://a/', body: 'hello', trailers: { T: '1' } }
    const head = formatRequest(init, APART)
    assert.equal(text(head), lines('PUT / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '', ''))
    const message = Buffer.concat([head, formatChunk(init.body), formatLastChunk(init.trailers)])
    assert.deepEqual(message, formatRequest(init))
    assert.throws(() => formatRequest({ ...init, trailers: { Host: 'x' } }, APART), {
      code: 'H1_TRAILER_FORBIDDEN',
    })
  })

  test('messages without a body are only heads', () => {
    for (const init of [
      { status: 204 },
      { status: 304, body: 'abc' },
      { status: 200, requestMethod: 'HEAD', body: 'abc' },
      { status: 404 },
    ]) {
      assert.deepEqual(formatResponse(init, APART), formatResponse(init))
    }
    assert.deepEqual(
      formatRequest({ url: 'http://a/' }, APART),
      formatRequest({ url: 'http://a/' }, { body: true }),
    )
    assert.throws(() => formatResponse({ status: 204, body: 'x' }, APART), { code: 'H1_BODY_FORBIDDEN' })
  })
})

describe('a body still to come', () => {
  const post = { method: 'POST', url: 'http://a/' }
  const head = (init, length) => text(formatRequest({ ...post, ...init }, { body: false, length }))
  const answer = (init, length) => text(formatResponse({ status: 200, ...init }, { body: false, length }))

  test('of a length that is known', () => {
    for (const length of [0, 1, 2 ** 32, 2 ** 53 - 1]) {
      assert.equal(head({}, length), lines('POST / HTTP/1.1', 'Host: a', `Content-Length: ${length}`, '', ''))
    }
    assert.equal(
      head({ headers: { 'Content-Length': 3 } }, 3),
      lines('POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', '', ''),
    )
    assert.throws(() => head({ headers: { 'Content-Length': 3 } }, 4), { code: 'H1_BODY_LENGTH' })
    assert.throws(() => answer({ status: 204 }, 1), { code: 'H1_BODY_FORBIDDEN' })
  })

  test('of a length that nobody knows', () => {
    const chunked = 'Transfer-Encoding: chunked'
    assert.equal(head({}, 'unknown'), lines('POST / HTTP/1.1', 'Host: a', chunked, '', ''))
    assert.equal(answer({}, 'unknown'), lines('HTTP/1.1 200 OK', chunked, '', ''))
    assert.equal(
      answer({ requestVersion: '1.0' }, 'unknown'),
      lines('HTTP/1.1 200 OK', 'Connection: close', '', ''),
    )
    assert.equal(
      head({ headers: { 'Content-Length': 3 } }, 'unknown'),
      lines('POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', '', ''),
    )
    assert.throws(() => head({ version: '1.0' }, 'unknown'), { code: 'H1_LENGTH_NEEDED', message: /; give/ })
    const message = Buffer.concat([
      Buffer.from(head({}, 'unknown')),
      formatChunk('a'),
      formatChunk('b'),
      formatLastChunk(),
    ])
    assert.equal(text(parseRequest(message).body), 'ab')
    const old = Buffer.from(`${answer({ requestVersion: '1.0' }, 'unknown')}abc`)
    assert.equal(text(parseResponse(old).body), 'abc')
  })

  test('what contradicts itself, or is none', () => {
    for (const [init, options, message] of [
      [{}, { length: 3 }, /^options.length goes with body: false/],
      [{}, { body: true, length: 3 }, /^options.length goes with body: false/],
      [{ body: 'x' }, { body: false, length: 1 }, /^options.length cannot be given beside a body/],
      ...[-1, 1.5, 2 ** 53, NaN, '3', null, {}].map((length) => [
        {},
        { body: false, length },
        /^options.length must be an integer/,
      ]),
      [{}, { body: 'no' }, /^options.body must be a boolean/],
      [{}, null, /^options must be an object/],
      [{}, 5, /^options must be an object/],
    ]) {
      assert.throws(() => formatRequest({ ...post, ...init }, options), { name: 'TypeError', message })
      assert.throws(() => formatResponse({ status: 200, ...init }, options), { name: 'TypeError', message })
    }
  })
})
