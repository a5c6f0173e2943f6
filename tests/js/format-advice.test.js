// Every fault the builder knows: its code, its part, and that its message says what to do instead.
'use strict'

const assert = require('node:assert/strict')
const { readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const { formatChunk, formatLastChunk, formatRequest, formatResponse, H1Error } = require('h1wire')

const get = (parts, options) => formatRequest({ url: 'http://a/', ...parts }, options)
const ok = (parts, options) => formatResponse({ status: 200, ...parts }, options)
const form = new FormData()

const CASES = [
  ['H1_METHOD', 'method', () => get({ method: 'G T' })],
  ['H1_TARGET', 'target', () => formatRequest({ target: '/ ' })],
  ['H1_TARGET', 'url', () => get({ url: 'http://a/\n' })],
  ['H1_TARGET_FORM', 'target', () => formatRequest({ target: '*' })],
  ['H1_FORMAT_VERSION', 'version', () => get({ version: '2' })],
  ['H1_STATUS_CODE', 'status', () => ok({ status: 99 })],
  ['H1_REASON', 'reason', () => ok({ reason: '\n' })],
  ['H1_METHOD', 'requestMethod', () => ok({ requestMethod: '' })],
  ['H1_FIELD_NAME', 'headers[0].name', () => get({ headers: { 'A:': '' } })],
  ['H1_FIELD_NAME_EMPTY', 'headers[0].name', () => get({ headers: { '': '' } })],
  ['H1_FIELD_VALUE', 'headers[0].value', () => get({ headers: { A: '\r' } })],
  ['H1_VALUE_WHITESPACE', 'headers[0].value', () => get({ headers: { A: ' b' } })],
  ['H1_CODE_UNIT', 'headers[0].value', () => get({ headers: { A: '€' } })],
  ['H1_HOST_MISSING', 'host', () => formatRequest({ target: '/' })],
  ['H1_HOST_INVALID', 'headers[0].value', () => get({ headers: { Host: 'a b' } })],
  ['H1_HOST_REPEATED', 'headers[1].name', () => get({ headers: { Host: 'a', host: 'a' } })],
  ['H1_HOST_CONFLICT', 'headers[0].value', () => get({ headers: { Host: 'b' } })],
  [
    'H1_HOST_CONFLICT',
    'headers[0].value',
    () => formatRequest({ target: 'http://a/', headers: { Host: 'b' } }),
  ],
  ['H1_CONTENT_LENGTH', 'headers[0].value', () => get({ headers: { 'Content-Length': '+1' } })],
  ['H1_CONTENT_LENGTH_DIFFERS', 'headers[1].value', () => get({ headers: { 'Content-Length': ['0', '1'] } })],
  ['H1_BODY_LENGTH', 'headers[0].value', () => get({ headers: { 'Content-Length': '1' } })],
  [
    'H1_TRANSFER_ENCODING',
    'headers[0].value',
    () => get({ headers: { 'Transfer-Encoding': 'chunked, chunked' } }),
  ],
  [
    'H1_TRANSFER_ENCODING_NOT_CHUNKED',
    'headers[0].value',
    () => get({ headers: { 'Transfer-Encoding': 'gzip' } }),
  ],
  [
    'H1_TRANSFER_ENCODING_WITH_LENGTH',
    'headers[1].name',
    () => ok({ headers: { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' } }),
  ],
  [
    'H1_TRANSFER_ENCODING_VERSION',
    'headers[0].name',
    () => get({ version: '1.0', headers: { 'Transfer-Encoding': 'chunked' } }),
  ],
  [
    'H1_TRANSFER_CODING_UNKNOWN',
    'headers[0].value',
    () => get({ headers: { 'Transfer-Encoding': 'br, chunked' } }),
  ],
  ['H1_FRAMING_CONFLICT', 'headers[0].name', () => ok({ status: 204, headers: { 'Content-Length': '0' } })],
  ['H1_BODY_FORBIDDEN', 'body', () => ok({ status: 204, body: 'x' })],
  ['H1_TRAILER_FORBIDDEN', 'trailers[0].name', () => formatLastChunk({ Host: 'a' })],
  ['H1_TRAILERS_NEED_CHUNKS', 'trailers[0].name', () => get({ version: '1.0', trailers: { A: 'b' } })],
  [
    'H1_CONNECTION_OPTION',
    'headers[1].value',
    () => get({ headers: { TE: 'trailers', Connection: 'close' } }),
  ],
  ['H1_UPGRADE_MISSING', 'status', () => ok({ status: 101 })],
  ['H1_EXPECT_NO_CONTENT', 'headers[0].value', () => get({ headers: { Expect: '100-continue' } })],
  ['H1_TE_CHUNKED', 'headers[0].value', () => get({ headers: { TE: 'chunked' } })],
  ['H1_INFORMATIONAL_VERSION', 'status', () => ok({ status: 103, version: '1.0' })],
  ['H1_LENGTH_NEEDED', 'body', () => get({ version: '1.0' }, { body: false, length: 'unknown' })],
  ['H1_CHUNK_EXTENSION', 'extensions[0].name', () => formatChunk('x', { 'a b': true })],
  ['H1_CHUNK_LENGTH', 'body', () => formatChunk('', { a: true })],
  ['H1_BOUNDARY', 'headers[0].value', () => get({ headers: { 'Content-Type': 'text/plain' }, body: form })],
]

for (const [code, part, call] of CASES) {
  test(`${code} in ${part}`, () => {
    assert.throws(call, (error) => {
      assert.ok(error instanceof H1Error, `${error.stack}`)
      assert.deepEqual([error.code, error.part], [code, part])
      assert.match(error.message, new RegExp(`^[A-Z].* \\(${error.rule}\\) in [^;]*; \\w.*$`))
      return true
    })
  })
}

test('these are all the codes the builder has', () => {
  const folder = join(__dirname, '..', '..', 'src', 'format')
  const sources = [
    '../format.rs',
    ...readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.rs')),
  ]
  // Two are the facade's and the bindings' own, two come from the check of targets that the parser has too.
  const used = new Set(['H1_CODE_UNIT', 'H1_FORMAT_VERSION', 'H1_TARGET', 'H1_TARGET_FORM'])
  const table = readFileSync(join(folder, '..', 'error.rs'), 'utf8')
  for (const source of sources) {
    const text = readFileSync(join(folder, source), 'utf8')
      .split('#[cfg(test)]')[0]
      .replace(/^\s*\/\/.*$/gm, '')
    for (const [, variant] of text.matchAll(/\bCode::(\w+)/g)) {
      used.add(new RegExp(`^    ${variant} = "(\\w+)"`, 'm').exec(table)[1])
    }
  }
  assert.deepEqual([...new Set(CASES.map(([code]) => code))].sort(), [...used].sort())
})
