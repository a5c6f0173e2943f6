// Targets taken apart, and trailers that may be sent.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { allowedTrailers, formatLastChunk, parseRequest, parseTarget, RequestParser } = require('h1wire')

const NONE = { scheme: undefined, host: undefined, port: undefined, path: undefined, query: undefined }

test('each form, and each part as it was sent', () => {
  for (const [method, target, expected] of [
    ['GET', '/', { form: 'origin', path: '/' }],
    ['GET', '//x/../%2E?a?b', { form: 'origin', path: '//x/../%2E', query: 'a?b' }],
    ['GET', '/?', { form: 'origin', path: '/', query: '' }],
    ['GET', 'http://x/b/', { form: 'absolute', scheme: 'http', host: 'x', path: '/b/' }],
    [
      'GET',
      'HTTPS://[::1]:8080?q',
      { form: 'absolute', scheme: 'HTTPS', host: '[::1]', port: '8080', path: '', query: 'q' },
    ],
    ['GET', 'urn:isbn:1', { form: 'absolute', scheme: 'urn', path: 'isbn:1' }],
    ['GET', '/\u00E9?\u00FF', { form: 'origin', path: '/\u00E9', query: '\u00FF' }],
    ['CONNECT', 'a.example:443', { form: 'authority', host: 'a.example', port: '443' }],
    ['OPTIONS', '*', { form: 'asterisk' }],
    ['M-SEARCH', '*', { form: 'asterisk' }],
  ]) {
    assert.deepEqual(parseTarget({ method, target }), { ...NONE, ...expected }, target)
  }
  const head = parseRequest(Buffer.from('GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n'))
  assert.equal(parseTarget(head).path, '/b')
})

test('what is no target', () => {
  for (const [method, target, code] of [
    ['GET', 'a', 'H1_TARGET'],
    ['GET', '', 'H1_TARGET'],
    ['GET', '/a b', 'H1_TARGET'],
    ['GET', '/#', 'H1_TARGET'],
    ['GET', 'http://u@h/', 'H1_TARGET'],
    ['GET', 'a:80', 'H1_TARGET_FORM'],
    ['CONNECT', '/', 'H1_TARGET_FORM'],
    ['GET', '/\u0100', 'H1_CODE_UNIT'],
  ]) {
    assert.throws(() => parseTarget({ method, target }), { code, part: 'target' }, target)
  }
  for (const head of [undefined, null, '/', {}, { target: '/' }, { method: 'GET', target: 1 }])
    assert.throws(() => parseTarget(head), TypeError)
})

test('large targets, and calls in the middle of others', () => {
  const path = `/${'x'.repeat(300_000)}`
  assert.equal(parseTarget({ method: 'GET', target: `${path}?q` }).path.length, path.length)
  const parser = new RequestParser()
  const [head] = parser.push(Buffer.from('GET http://a/b HTTP/1.1\r\nHost: a\r\n'.concat('\r\n')))
  assert.equal(parseTarget(head).host, 'a')
  const nested = {
    method: 'GET',
    get target() {
      return `/${parseTarget({ method: 'GET', target: '/inner' }).path.length}`
    },
  }
  assert.equal(parseTarget(nested).path, '/6')
})

test('trailers that may not be sent are left out, and what is left can be sent', () => {
  const given = [
    ['X-Sum', '1'],
    ['content-length', '5'],
    ['X-Forwarded-Foo', 'a'],
    ['Server-Timing', 'a'],
    ['HOST', 'a'],
  ]
  const left = [
    ['X-Sum', '1'],
    ['Server-Timing', 'a'],
  ]
  const object = { 'X-Sum': ['1', 2], Host: 'a', Date: 'now' }
  assert.deepEqual(allowedTrailers(given), left)
  assert.deepEqual(allowedTrailers(new Map(given)), left)
  assert.deepEqual(allowedTrailers(object), [
    ['X-Sum', '1'],
    ['X-Sum', 2],
  ])
  const sent =
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: \xE9\r\nVia: x\r\n\r\n'
  const { trailers } = parseRequest(Buffer.from(sent, 'latin1'))
  assert.deepEqual(allowedTrailers(trailers), [['X-A', '\xE9']])
  assert.equal(formatLastChunk(allowedTrailers(trailers)).toString('latin1'), '0\r\nX-A: \xE9\r\n\r\n')
  assert.deepEqual(allowedTrailers(trailers, '1.0'), [])
  assert.deepEqual(allowedTrailers({}), [])
  assert.throws(() => allowedTrailers(undefined), TypeError)
  assert.throws(() => allowedTrailers({}, 1.1), TypeError)
  assert.throws(() => allowedTrailers({ 'a b': 1 }), { code: 'H1_FIELD_NAME' })
})
