// Bodies on their way from a connection to their reader: every way to read, once; errors behind the octets; limits.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { parseRequest } = require('h1wire')
const { IncomingBody } = require('h1wire/net')

const NO_TRAILERS = parseRequest(Buffer.from('GET / HTTP/1.0\r\n\r\n')).trailers

/** A body that these pieces have come of; with its end unless `open`. */
function bodyOf(pieces, { open = false } = {}) {
  let wanted = 0
  const body = new IncomingBody(() => wanted++)
  for (const piece of pieces) body.push(Buffer.from(piece))
  if (!open) body.end(NO_TRAILERS)
  return { body, wanted: () => wanted }
}

test('whole, as bytes, text and JSON', async () => {
  assert.deepEqual(await bodyOf(['ab', 'c']).body.bytes(), Buffer.from('abc'))
  assert.equal(await bodyOf([Buffer.from([0xef, 0xbb, 0xbf, 0xc3]), Buffer.from([0xb6])]).body.text(), 'ö')
  assert.deepEqual(await bodyOf(['{"a":', '1}']).body.json(), { a: 1 })
  assert.equal(await bodyOf([]).body.text(), '')
  await assert.rejects(bodyOf(['{']).body.json(), SyntaxError)
})

test('as an iterable and as a web stream: more is asked for only when everything was taken', async () => {
  for (const way of ['iterator', 'stream']) {
    const { body, wanted } = bodyOf(['a', 'b'], { open: true })
    const read = []
    const reading = (async () => {
      for await (const data of way === 'stream' ? body.stream : body) read.push(String(data))
    })()
    await new Promise(setImmediate)
    assert.deepEqual([read, wanted(), body.waiting], [['a', 'b'], 1, 0])
    body.push(Buffer.from('c'))
    body.push(Buffer.from('d'))
    assert.equal(body.waiting, 1)
    body.end(NO_TRAILERS)
    await reading
    assert.deepEqual(read, ['a', 'b', 'c', 'd'])
    assert.equal(await body.trailers, NO_TRAILERS)
  }
})

test('it is read once', async () => {
  const { body } = bodyOf(['a'])
  assert.equal(body.used, false)
  await body.text()
  assert.equal(body.used, true)
  for (const again of ['bytes', 'text', 'json']) await assert.rejects(body[again](), TypeError)
  assert.throws(() => body[Symbol.asyncIterator](), { name: 'TypeError', message: /given to text\(\)/ })
  assert.throws(() => body.stream, TypeError)
  const other = bodyOf(['a']).body
  assert.equal(other.stream, other.stream)
})

test('what came before an error is delivered before it', async () => {
  const { body } = bodyOf(['a'], { open: true })
  const error = new Error('cut')
  body.fail(error)
  body.fail(new Error('again'))
  const iterator = body[Symbol.asyncIterator]()
  assert.equal(String((await iterator.next()).value), 'a')
  await assert.rejects(iterator.next(), error)
  await assert.rejects(body.trailers, error)
  const waiting = bodyOf([], { open: true }).body
  const reading = waiting.text()
  waiting.fail(error)
  await assert.rejects(reading, error)
})

test('a limit on what is put together', async () => {
  assert.equal(await bodyOf(['ab', 'c']).body.text({ limit: 3 }), 'abc')
  const { body } = bodyOf(['ab', 'cd'], { open: true })
  await assert.rejects(body.bytes({ limit: 3 }), {
    code: 'H1_BODY_TOO_LARGE',
    statusHint: 413,
    side: 'remote',
  })
  assert.equal(body.waiting, 0)
  await assert.rejects(bodyOf(['a']).body.bytes({ limit: '1' }), RangeError)
})

test('a dropped body takes everything and keeps nothing', async () => {
  const { body, wanted } = bodyOf(['abc'], { open: true })
  body.dump()
  body.push(Buffer.from('de'))
  assert.deepEqual([body.dropped, body.waiting, wanted()], [5, 0, 1])
  await assert.rejects(body.trailers, TypeError)
  await assert.rejects(body.text(), TypeError)
  const left = bodyOf(['a', 'b'], { open: true })
  for await (const data of left.body) {
    assert.equal(String(data), 'a')
    break
  }
  assert.deepEqual([left.body.dropped, left.wanted()], [1, 1])
})
