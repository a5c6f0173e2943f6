// What console.log shows: names and values, and nothing of how they are kept.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { inspect } = require('node:util')
const h1wire = require('h1wire')

const { Connection, formatRequest, H1Error, parseRequest, RequestParser, ResponseParser } = h1wire

const request = (...lines) => Buffer.from(['GET / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n'))
const headers = (...lines) => parseRequest(request(...lines)).headers

test('field lines: names as they were written, each value a string, repetitions in their places', () => {
  assert.equal(inspect(headers()), "FieldSection(1) [ Host: 'a' ]")
  assert.equal(
    inspect(headers("x-A: it's", '__proto__: 1', 'X-a:')),
    `FieldSection(4) [ Host: 'a', x-A: "it's", __proto__: '1', X-a: '' ]`,
  )
  assert.equal(inspect(parseRequest(request()).trailers), 'FieldSection(0) []')
})

test('many or long lines have a line each, at whatever depth, and are cut short as arrays are', () => {
  const long = headers(`A: ${'x'.repeat(80)}`)
  assert.equal(
    inspect({ long }),
    `{\n  long: FieldSection(2) [\n    Host: 'a',\n    A: '${'x'.repeat(80)}'\n  ]\n}`,
  )
  const many = headers(...Array.from({ length: 150 }, (_, index) => `X-${index}: ${index}`))
  assert.match(inspect(many), /^FieldSection\(151\) \[.*51 more items\n\]$/s)
  assert.equal(inspect({ a: { a: { a: long } } }), '{ a: { a: { a: [FieldSection] } } }')
  assert.ok(inspect(headers(), { colors: true }).includes(`Host: ${inspect('a', { colors: true })}`))
})

test('events', () => {
  const parser = new RequestParser()
  const shown = inspect(parser.push(Buffer.from('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi')))
  for (const part of [
    "headers: FieldSection(2) [ Host: 'a', Content-Length: '2' ]",
    "method: 'PUT'",
    'contentLength: 2',
    "{ type: 'body', data: <Buffer 68 69> }",
    "{ type: 'end', trailers: FieldSection(0) []",
  ])
    assert.ok(shown.includes(part), shown)
})

/** What is shown behind the trace. */
const members = (error) =>
  inspect(error)
    .replace(/^.*?\n {2}code/s, 'code')
    .replace(/\n\}$/, '')

test('an error of octets: message, trace, and what is known', () => {
  const [{ error }] = new RequestParser().push(Buffer.from('GET / HTTP/1,1\r\n'))
  assert.equal(inspect(error).split('\n')[0], `H1Error: ${error.message}`)
  assert.match(inspect(error), /\n {4}at .*shown\.test\.js:\d+/)
  assert.equal(
    members(error),
    "code: 'H1_VERSION',\n  offset: 12,\n  byte: 44,\n  rule: 'RFC 9112 section 2.3',\n  statusHint: 400",
  )
  const parser = new ResponseParser()
  parser.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel'))
  assert.match(members(parser.end()[0].error), /offset: 41,\n {2}byte: null,\n.*\n.*\n {2}missing: 2$/)
  // At the very beginning 0 is an offset.
  assert.match(members(new RequestParser().push(Buffer.of(0))[0].error), /offset: 0,\n/)
})

test('other errors: no offset, which would mean nothing', () => {
  const thrown = (call) => {
    try {
      call()
    } catch (error) {
      return error
    }
  }
  assert.equal(
    members(thrown(() => formatRequest({ target: '/', headers: { 'a b': 1 } }))),
    "code: 'H1_FIELD_NAME',\n  byte: 32,\n  rule: 'RFC 9112 section 5.1',\n  statusHint: null,\n  part: 'headers[0].name',\n  index: 1",
  )
  const local = thrown(() => new Connection({ role: 'client' }).sendData('x'))
  assert.match(members(local), /^code: 'H1_WRONG_STATE',\n {2}byte: null,\n.*\n.*\n {2}side: 'local'$/)
  const cause = new H1Error('H1_FREED', { cause: new RangeError('deep') })
  assert.match(inspect(Object.assign(cause, { mine: 1 })), /mine: 1,\n {2}\[cause\]: RangeError: deep/)
  // What is shown is no property: those of the error itself are all there.
  assert.deepEqual(Object.keys(cause), ['code', 'offset', 'byte', 'rule', 'statusHint', 'missing', 'mine'])
})
