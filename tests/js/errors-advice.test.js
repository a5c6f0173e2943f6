// What an error says beside its code: the header at fault, what the byte most likely means, and what would permit it.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const native = require('h1wire')
const wasm = require('h1wire/wasm')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'
const OK = 'HTTP/1.1 200 OK\r\n'

/** Kind, octets, code, header, leniencies, and what the message must say. */
const CASES = [
  ['response', `${OK}Server: x\r\nContent-Length: 5O\r\n\r\n`, 'H1_CONTENT_LENGTH', 'Content-Length', []],
  ['request', `${GET}content-length: 1, 2\r\n\r\n`, 'H1_CONTENT_LENGTH_DIFFERS', 'content-length', []],
  ['request', `${GET}Transfer-Encoding: "\r\n\r\n`, 'H1_TRANSFER_ENCODING', 'Transfer-Encoding', []],
  [
    'request',
    `${GET}Transfer-Encoding: br\r\n\r\n`,
    'H1_TRANSFER_ENCODING_NOT_CHUNKED',
    'Transfer-Encoding',
    ['transferEncoding'],
  ],
  ['request', `${GET}Host: b\r\n\r\n`, 'H1_HOST_REPEATED', 'Host', []],
  ['request', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 'H1_HOST_INVALID', 'Host', []],
  ['request', 'GET / HTTP/1.1\r\nA: b\r\n\r\n', 'H1_HOST_MISSING', undefined, ['missingHost']],
  ['request', `${GET}A: b\0c\r\n\r\n`, 'H1_FIELD_VALUE', 'A', ['headers']],
  ['request', `${GET}A: b\x01c\r\n\r\n`, 'H1_FIELD_VALUE', 'A', ['headerValueRelaxed', 'headers']],
  ['request', `${GET}A: b\rc\r\n\r\n`, 'H1_LONE_CR', 'A', []],
  ['request', `${GET}A: b\n\r\n`, 'H1_LONE_LF', 'A', ['optionalCRBeforeLF']],
  ['request', `${GET}\n`, 'H1_LONE_LF', undefined, ['optionalCRBeforeLF']],
  ['request', `\n${GET}`, 'H1_LONE_LF', undefined, ['optionalCRBeforeLF']],
  ['request', `${GET}\rA`, 'H1_LONE_CR', undefined, ['optionalLFAfterCR']],
  ['request', `${GET}A: b\r\n c\r\n\r\n`, 'H1_OBS_FOLD', 'A', ['obsFold']],
  ['request', `${GET}Content-Length: 1\r\n 2\r\n\r\n`, 'H1_OBS_FOLD', 'Content-Length', []],
  ['response', `${OK}A: b\r\n c\x01\r\n\r\n`, 'H1_FIELD_VALUE', 'A', ['headerValueRelaxed', 'headers']],
  ['request', `${GET}Hö: b\r\n\r\n`, 'H1_FIELD_NAME', 'H', []],
  ['request', `${GET}: b\r\n\r\n`, 'H1_FIELD_NAME_EMPTY', undefined, []],
  ['response', `${OK}: b\r\n\r\n`, 'H1_FIELD_NAME_EMPTY', undefined, ['badFieldLines']],
  ['request', `${GET}oops\r\n\r\n`, 'H1_FIELD_COLON', 'oops', [], /no colon/],
  ['response', `${OK}oops\r\n\r\n`, 'H1_FIELD_COLON', 'oops', ['badFieldLines'], /no colon/],
  ['response', `${OK}content-length\r\n\r\n`, 'H1_FIELD_COLON', 'content-length', []],
  ['request', `${GET}X = y\r\n\r\n`, 'H1_SPACE_BEFORE_COLON', 'X', [], /without a colon is not a header/],
  [
    'response',
    `${OK}PHP Warning:  x\r\n\r\n`,
    'H1_SPACE_BEFORE_COLON',
    'PHP',
    ['spaceBeforeColon', 'badFieldLines'],
    /colon/,
  ],
  ['response', `${OK} A: b\r\n\r\n`, 'H1_SPACE_BEFORE_FIELD', undefined, ['badFieldLines']],
  [
    'response',
    `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\0\r\n\r\n`,
    'H1_FIELD_VALUE',
    'A',
    ['headers'],
  ],
  ['request', `${GET}${'A'.repeat(100)}(`, 'H1_FIELD_NAME', 'A'.repeat(64), []],
  [
    'response',
    `${OK}Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n`,
    'H1_TRANSFER_ENCODING_WITH_LENGTH',
    'Content-Length',
    ['chunkedLength'],
  ],
  [
    'response',
    `${OK}Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\n`,
    'H1_TRANSFER_ENCODING_WITH_LENGTH',
    'Content-Length',
    ['identityCoding'],
  ],
  [
    'response',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'H1_TRANSFER_ENCODING_VERSION',
    'Transfer-Encoding',
    ['transferEncodingVersion'],
  ],
  [
    'request',
    'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n',
    'H1_TRANSFER_ENCODING_VERSION',
    'Transfer-Encoding',
    [],
  ],
  ['request', 'M-SEARCH * HTTP/1.1\r\n', 'H1_TARGET_FORM', undefined, ['asterisk']],
  ['request', 'PRI * HTTP/1.1\r\n', 'H1_TARGET_FORM', undefined, ['asterisk']],
  ['request', 'GET /\xe9 HTTP/1.1\r\n', 'H1_TARGET', undefined, ['targetObsText']],
  ['request', 'GET http://\xe9/ HTTP/1.1\r\n', 'H1_TARGET', undefined, []],
  ['request', 'GET / HTTP/2.0\r\n', 'H1_VERSION_UNSUPPORTED', undefined, ['version']],
  ['request', 'GET / HTTP/0.9\r\n', 'H1_VERSION', undefined, ['version']],
  ['request', 'GET /a b HTTP/1.1\r\n', 'H1_VERSION', undefined, [], /space belongs to the target.*%20/],
  ['request', 'GET /a Hello HTTP/1.1\r\n', 'H1_VERSION', undefined, [], /%20/],
  ['request', 'GET /  HTTP/1.1\r\n', 'H1_VERSION', undefined, [], /one space/],
  ['request', 'GET  / HTTP/1.1\r\n', 'H1_TARGET', undefined, [], /one space/],
  ['request', '\xef\xbb\xbfGET / HTTP/1.1\r\n', 'H1_METHOD', undefined, [], /UTF-8 byte-order mark/],
  ['response', '\xef\xbb\xbfHTTP/1.1 200 OK\r\n', 'H1_VERSION', undefined, [], /UTF-8 byte-order mark/],
  ['request', '\xff\xfeG\0', 'H1_METHOD', undefined, [], /UTF-16 byte-order mark/],
  ['request', '\x16\x03\x01\x02', 'H1_TLS', undefined, [], /https/],
  ['response', '\x15\x03\x01\0', 'H1_TLS', undefined, [], /https/],
  ['request', OK, 'H1_METHOD', undefined, [], /This is a response/],
  [
    'request',
    `${GET}Transfer-Encoding: chunked\r\n\r\n1 \r\n`,
    'H1_CHUNK_EXTENSION',
    undefined,
    ['spacesAfterChunkSize'],
  ],
  [
    'request',
    `${GET}Transfer-Encoding: chunked\r\n\r\n1\r\nab`,
    'H1_CHUNK_DATA_END',
    undefined,
    ['optionalCRLFAfterChunk'],
  ],
  [
    'request',
    `${GET}Transfer-Encoding: chunked\r\n\r\n1\r\na\n`,
    'H1_CHUNK_DATA_END',
    undefined,
    ['optionalCRBeforeLF'],
  ],
  [
    'request',
    `${GET}Connection: close\r\n\r\nx`,
    'H1_DATA_AFTER_CLOSE',
    undefined,
    ['keepAlive', 'dataAfterClose'],
  ],
]

for (const h1wire of [native, wasm]) {
  const { backend } = h1wire
  for (const [kind, text, code, field, leniencies, says = /./] of CASES) {
    test(`${backend}: ${code} of ${JSON.stringify(text.slice(0, 60))}`, () => {
      const octets = Buffer.from(text, 'latin1')
      for (const size of [1, octets.length]) {
        const error = fault(h1wire, kind, octets, size, 'strict')
        assert.deepEqual([error.code, error.field, error.leniencies ?? []], [code, field, leniencies])
        assert.match(error.message, says)
        if (field !== undefined) assert.ok(error.message.includes(` in the header ${field} `), error.message)
        for (const name of leniencies) assert.ok(error.message.includes(name), error.message)
      }
      for (const name of leniencies) {
        const other = fault(h1wire, kind, octets, octets.length, [name])
        assert.notDeepEqual(
          [other?.code, other?.offset],
          [code, fault(h1wire, kind, octets, octets.length).offset],
        )
      }
    })
  }

  test(`${backend}: an error names each leniency that would permit it, and no other`, async () => {
    const { LENIENT, octets, whole } = await import('../vectors/harness.mjs')
    const { readVectors } = await import('../vectors/files.mjs')
    let named = 0
    for (const { name, role, options, under: lenient, error, input } of readVectors().flatMap(
      ({ vectors }) => vectors,
    )) {
      if (error === undefined || options?.limits !== undefined || options?.lenient !== undefined) continue
      if (lenient === undefined || options?.expect !== undefined) continue
      const bytes = octets(whole(input))
      const strict = fault(h1wire, role, bytes, bytes.length)
      // Faults of the end of input are not told here.
      if (strict === undefined) continue
      const under = Object.fromEntries(
        LENIENT.slice(0, -1).map((one) => [one, fault(h1wire, role, bytes, bytes.length, [one])]),
      )
      const said = strict.leniencies ?? []
      named += said.length
      for (const [one, other] of Object.entries(under)) {
        const goesOn = other === undefined || other.offset > strict.offset
        if (goesOn) assert.ok(said.includes(one), `${name}: ${one} is not named`)
        // A line is dropped when it is whole, and must not name framing.
        else if (said.includes(one) && one !== 'badFieldLines')
          assert.notEqual(other.code, strict.code, `${name}: ${one} does not help`)
      }
    }
    assert.ok(named > 50, `${named}`)
  })
}

/** The error that these octets lead to, in pieces of this size. */
function fault({ RequestParser, ResponseParser }, kind, octets, size, lenient) {
  const parser = kind === 'request' ? new RequestParser({ lenient }) : new ResponseParser({ lenient })
  for (let at = 0; at < octets.length; at += size) {
    const last = parser.push(octets.subarray(at, at + size)).at(-1)
    if (last?.type === 'error') return last.error
  }
  return undefined
}
