// H1Error and the rules of failing: what an error says, and what a parser does after one.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { H1Error, RequestParser, ResponseParser } = require('h1wire')

const GET = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')

test('an error says what, where, which octet and by which rule', () => {
  const parser = new RequestParser()
  const [head, end, last, ...more] = parser.push(Buffer.from(`${GET}GET / HTTP/1.1\r\nHo(st: a\r\n`))
  assert.deepEqual([head.type, end.type, last.type, more.length], ['head', 'end', 'error', 0])
  const { error } = last
  assert.ok(error instanceof H1Error)
  assert.ok(error instanceof Error)
  const offset = GET.length + 18
  assert.deepEqual(
    { ...error },
    {
      code: 'H1_FIELD_NAME',
      offset,
      byte: 0x28,
      rule: 'RFC 9112 section 5.1',
      statusHint: 400,
      missing: 0,
      field: 'Ho',
    },
  )
  assert.equal(error.name, 'H1Error')
  assert.equal(
    error.message,
    'Invalid character in a header name: the name is a token, directly followed by a colon ' +
      `(RFC 9112 section 5.1) in the header Ho at byte ${offset}: 0x28 '('`,
  )
  assert.match(error.stack, /^H1Error: Invalid character in a header name/)
  assert.equal(parser.error, error)
  assert.equal(parser.bytesParsed, offset)
})

test('an octet that is not visible is shown in hexadecimal alone', () => {
  const [{ error }] = new RequestParser().push(Buffer.from('GET / HTTP/1.1\r\nHost\x07: a\r\n'))
  assert.equal(error.byte, 7)
  assert.match(error.message, /: 0x07$/)
})

test('a truncated message says how much is missing', () => {
  const parser = new ResponseParser()
  parser.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'))
  const [{ error }] = parser.end()
  assert.deepEqual([error.code, error.offset, error.byte, error.missing], ['H1_TRUNCATED_BODY', 42, null, 7])
  assert.match(error.message, /at byte 42; at least 7 more bytes must follow$/)
})

test('offsets count from the first octet, beyond 2^32 too', () => {
  const parser = new ResponseParser()
  const length = 2 ** 32 + 10
  const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`)
  parser.push(head)
  const chunk = Buffer.alloc(2 ** 28)
  for (let left = length; left > 0; left -= chunk.length)
    parser.push(chunk.subarray(0, Math.min(left, chunk.length)))
  const [{ error }] = parser.push(Buffer.from('!'))
  assert.equal(error.offset, head.length + length)
  assert.equal(parser.bytesParsed, error.offset)
})

test('the error is the last event, and later calls throw it', () => {
  const parser = new RequestParser()
  const { error } = parser.push(Buffer.from('\0')).at(-1)
  const same = (call) => assert.throws(call, (thrown) => thrown === error)
  same(() => parser.push(GET))
  same(() => parser.push(Buffer.alloc(0)))
  same(() => parser.end())
  same(() => parser.resume())
  same(() => parser.push(GET))
  assert.equal(parser.error, error)
  parser.free()
  assert.throws(() => parser.push(GET), { code: 'H1_FREED' })
  assert.equal(parser.error, error)
})

test('before a fault there is no error', () => {
  const parser = new RequestParser()
  assert.equal(parser.error, undefined)
  parser.push(GET)
  assert.equal(parser.error, undefined)
})

test('after the end, nothing can be read', () => {
  const parser = new RequestParser()
  parser.push(GET)
  assert.deepEqual(parser.end(), [])
  assert.throws(() => parser.push(GET), { name: 'H1Error', code: 'H1_ENDED' })
  assert.throws(() => parser.end(), { code: 'H1_ENDED' })
  assert.throws(() => parser.resume(), { code: 'H1_NOT_SWITCHED' })
  assert.equal(parser.error, undefined)
})

test('faults of the order of calls say no octet', () => {
  const parser = new RequestParser()
  assert.throws(
    () => parser.resume(),
    (error) => {
      assert.deepEqual([error.offset, error.byte, error.statusHint], [0, null, null])
      assert.doesNotMatch(error.message, /byte \d/)
      return true
    },
  )
})

test('what is not octets is a TypeError, and the parser goes on', () => {
  const parser = new RequestParser()
  const wrong = (value, text) =>
    assert.throws(
      () => parser.push(value),
      (error) => {
        assert.ok(error instanceof TypeError)
        assert.ok(error.message.includes(text), error.message)
        return true
      },
    )
  wrong('GET / HTTP/1.1', 'setEncoding')
  wrong(new ArrayBuffer(4), 'new Uint8Array(')
  for (const value of [
    undefined,
    null,
    1,
    {},
    [],
    new Uint16Array(2),
    new DataView(new ArrayBuffer(2)),
    new Proxy(GET, {}),
    Object.create(Buffer.prototype),
  ]) {
    wrong(value, 'chunk must be a Buffer or Uint8Array')
  }
  assert.deepEqual(
    parser.push(GET).map((event) => event.type),
    ['head', 'end'],
  )
})

test('the class can be made by its users, too', () => {
  const cause = new Error('why')
  const error = new H1Error('H1_METHOD', { offset: 3, byte: 0x20, cause })
  assert.deepEqual([error.code, error.offset, error.byte, error.cause], ['H1_METHOD', 3, 0x20, cause])
  assert.equal('cause' in new H1Error('H1_METHOD'), false)
  assert.equal('part' in error || 'index' in error || 'side' in error, false)
})
