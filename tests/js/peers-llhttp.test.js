// llhttp, as Node's HTTPParser has it, and h1wire on the same octets where they differ on purpose: what each does, and that
// docs/protocol.md says so.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { RequestParser, ResponseParser } = require('h1wire')
const { HTTPParser } = process.binding('http_parser')

const DOCS = join(__dirname, '../../docs/protocol.md')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`
const OK = 'HTTP/1.1 200 OK\r\n'

/** What differs by default: what is read, its octets, what llhttp does, what h1wire does. */
const STRICT = [
  ['a method that llhttp does not list', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 'HPE_INVALID_METHOD', 'read'],
  ['two spaces before the target', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_TARGET'],
  ['two spaces before the version', 'GET /  HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_VERSION'],
  ['no version', 'GET /\r\n\r\n', 'read, closes', 'H1_VERSION'],
  ['version 0.9', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n', 'read, closes', 'H1_VERSION'],
  ['version 2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 'read, closes', 'H1_VERSION_UNSUPPORTED'],
  ['version 1.2', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n', 'HPE_INVALID_VERSION', 'read'],
  ['RTSP/1.0', 'SETUP rtsp://a/ RTSP/1.0\r\nHost: a\r\n\r\n', 'read, closes', 'H1_VERSION'],
  ['ICE/1.0', 'SOURCE /a ICE/1.0\r\nHost: a\r\n\r\n', 'read, closes', 'H1_VERSION'],
  ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HPE_PAUSED_H2_UPGRADE', 'H1_HTTP2_PREFACE'],
  ['LF alone before a message', `\n${GET}\r\n`, 'read', 'H1_LONE_LF'],
  ['CR alone before a message', `\r${GET}\r\n`, 'read', 'H1_LONE_CR'],
  ['`#` in a target', 'GET /#a HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_TARGET'],
  ['userinfo in a target', 'GET http://u@h/ HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_TARGET'],
  ['an empty host in a target', 'GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_TARGET'],
  ['a scheme without `//` in a target', 'GET urn:a HTTP/1.1\r\nHost: a\r\n\r\n', 'HPE_INVALID_URL', 'read'],
  ['`*` with GET', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_TARGET_FORM'],
  ['`*` with M-SEARCH', 'M-SEARCH * HTTP/1.1\r\nHost: a\r\n\r\n', 'read', 'H1_TARGET_FORM'],
  ['CONNECT to a path', 'CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n', 'read, switches', 'H1_TARGET_FORM'],
  ['CONNECT without a port', 'CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n', 'read, switches', 'H1_TARGET_FORM'],
  ['CONNECT to port 0', 'CONNECT a:0 HTTP/1.1\r\nHost: a\r\n\r\n', 'read, switches', 'H1_TARGET_FORM'],
  [
    'CONNECT with Content-Length',
    'CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n',
    'read, switches',
    'H1_CONNECT_BODY',
  ],
  [
    'CONNECT with Transfer-Encoding',
    'CONNECT a:1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
    'read, switches',
    'H1_CONNECT_BODY',
  ],
  ['no Host in 1.1', 'GET / HTTP/1.1\r\n\r\n', 'read', 'H1_HOST_MISSING'],
  ['two Host lines', `${GET}Host: b\r\n\r\n`, 'read', 'H1_HOST_REPEATED'],
  ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b/\r\n\r\n', 'read', 'H1_HOST_INVALID'],
  [
    'Upgrade in 1.0',
    'GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
    'read, closes, switches',
    'read, closes',
  ],
  ['status code 099', 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n', 'read', 'H1_STATUS_CODE'],
  ['a control in a reason phrase', 'HTTP/1.1 200 \x01\r\nContent-Length: 0\r\n\r\n', 'read', 'H1_REASON'],
  ['a 101 without Upgrade', 'HTTP/1.1 101 S\r\n\r\n', 'HPE_INVALID_EOF_STATE', 'read, switches'],
  ['17 1xx responses in a row', 'HTTP/1.1 100 C\r\n\r\n'.repeat(17), 'read', 'H1_TOO_MANY_INFORMATIONAL'],
  [
    'a fold in a response',
    `${OK}Content-Length: 0\r\nA: b\r\n c\r\n\r\n`,
    'HPE_INVALID_HEADER_TOKEN',
    'read, A: "b c"',
  ],
  ['a head of 20 KiB', `${GET}${`B: ${'b'.repeat(1021)}\r\n`.repeat(20)}\r\n`, 'HPE_HEADER_OVERFLOW', 'read'],
  ['300 field lines', `${GET}${'B: b\r\n'.repeat(300)}\r\n`, 'read', 'H1_TOO_MANY_FIELDS'],
  [
    'Content-Length twice, the same',
    `${POST}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`,
    'HPE_UNEXPECTED_CONTENT_LENGTH',
    'read, body "x"',
  ],
  [
    'Content-Length as a list of the same',
    `${POST}Content-Length: 1, 1\r\n\r\nx`,
    'HPE_INVALID_CONTENT_LENGTH',
    'read, body "x"',
  ],
  [
    'Content-Length 2^53',
    `${POST}Content-Length: 9007199254740992\r\n\r\n`,
    'HPE_INVALID_EOF_STATE',
    'H1_CONTENT_LENGTH',
  ],
  ['an empty Transfer-Encoding', `${POST}Transfer-Encoding:\r\n\r\n`, 'read', 'H1_TRANSFER_ENCODING'],
  [
    'an empty Transfer-Encoding in a response',
    `${OK}Transfer-Encoding:\r\n\r\nx`,
    'read, closes, body "x"',
    'H1_TRANSFER_ENCODING',
  ],
  [
    'Transfer-Encoding that is no list',
    `${POST}Transfer-Encoding: a b, chunked\r\n\r\n0\r\n\r\n`,
    'read',
    'H1_TRANSFER_ENCODING',
  ],
  [
    'chunked inside of quotes',
    `${POST}Transfer-Encoding: gzip;a=",chunked\r\n\r\n0\r\n\r\n`,
    'read',
    'H1_TRANSFER_ENCODING',
  ],
  [
    'an empty element behind chunked',
    `${POST}Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n`,
    'HPE_INVALID_TRANSFER_ENCODING',
    'read',
  ],
  [
    'an unknown coding before chunked',
    `${POST}Transfer-Encoding: br, chunked\r\n\r\n0\r\n\r\n`,
    'read',
    'H1_TRANSFER_CODING_UNKNOWN',
  ],
  [
    'Transfer-Encoding in 1.0',
    'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'read, closes',
    'H1_TRANSFER_ENCODING_VERSION',
  ],
  [
    'Transfer-Encoding in a 1.0 response',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    'read, closes, body "x"',
    'H1_TRANSFER_ENCODING_VERSION',
  ],
  ['a chunk of 2^53 octets', `${CHUNKED}20000000000000\r\n`, 'HPE_INVALID_EOF_STATE', 'H1_CHUNK_SIZE'],
  [
    'whitespace around `=` of a chunk extension',
    `${CHUNKED}1;a = b\r\nx\r\n0\r\n\r\n`,
    'HPE_STRICT',
    'read, body "x"',
  ],
  [
    'whitespace before a chunk extension',
    `${CHUNKED}1 ;a\r\nx\r\n0\r\n\r\n`,
    'HPE_INVALID_CHUNK_SIZE',
    'read, body "x"',
  ],
  [
    'Content-Length in a trailer section',
    `${CHUNKED}0\r\nContent-Length: 5\r\n\r\n`,
    'HPE_INVALID_CONTENT_LENGTH',
    'read',
  ],
  [
    'Transfer-Encoding in a trailer section',
    `${CHUNKED}0\r\nTransfer-Encoding: gzip\r\n\r\n`,
    'HPE_INVALID_TRANSFER_ENCODING',
    'read',
  ],
]

/** Those of them that insecurely are none. */
const AGREED = [
  'version 1.2',
  'LF alone before a message',
  'a fold in a response',
  'Transfer-Encoding in a 1.0 response',
  'whitespace before a chunk extension',
  'Content-Length in a trailer section',
  'Transfer-Encoding in a trailer section',
]

/** What differs under `insecureHTTPParser` and `node-insecure`. */
const INSECURE = [
  [
    'whitespace before the first field line',
    'GET / HTTP/1.1\r\n Host: a\r\n\r\n',
    'read',
    'H1_SPACE_BEFORE_FIELD',
  ],
  [
    'whitespace before a colon in a response',
    `${OK}Content-Length : 0\r\n\r\n`,
    'read',
    'H1_SPACE_BEFORE_COLON',
  ],
  ['NUL in a value', `${GET}A: b\0c\r\n\r\n`, 'read, A: "b\\u0000c"', 'read, A: "b c"'],
  [
    'a fold in Transfer-Encoding',
    `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
    'read',
    'H1_OBS_FOLD',
  ],
  ['version 2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 'read, closes', 'read'],
  [
    'chunked twice',
    `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    'read',
    'H1_TRANSFER_ENCODING',
  ],
  [
    'chunked with a parameter',
    `${POST}Transfer-Encoding: chunked;a=b\r\n\r\nx`,
    'read, body "x"',
    'H1_TRANSFER_ENCODING',
  ],
  [
    'both framing fields, chunked last',
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n`,
    'read',
    'read, closes',
  ],
  [
    'both framing fields, chunked not last',
    `${POST}Transfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx`,
    'read, body "x"',
    'H1_TRANSFER_ENCODING_WITH_LENGTH',
  ],
  [
    'a request without chunked',
    `${POST}Transfer-Encoding: gzip\r\n\r\nx`,
    'read, body "x"',
    'read, closes, body "x"',
  ],
]

for (const [name, rows, flags, lenient] of [
  ['by default', STRICT, HTTPParser.kLenientNone, 'strict'],
  ['insecurely', INSECURE, HTTPParser.kLenientAll, 'node-insecure'],
]) {
  test(`llhttp and h1wire ${name}`, () => {
    for (const [what, text, theirs, ours] of rows) {
      assert.notEqual(theirs, ours, what)
      const input = Buffer.from(text, 'latin1')
      assert.equal(llhttp(input, flags), theirs, `${what}: llhttp`)
      assert.equal(h1wire(input, lenient), ours, `${what}: h1wire`)
    }
  })
}

test('insecurely too, most of that differs', () => {
  const agreed = STRICT.filter(([, text]) => {
    const input = Buffer.from(text, 'latin1')
    const [theirs, ours] = [llhttp(input, HTTPParser.kLenientAll), h1wire(input, 'node-insecure')]
    return theirs === ours
  })
  assert.deepEqual(
    agreed.map(([what]) => what),
    AGREED,
  )
})

test('the documentation says the same', () => {
  const text = readFileSync(DOCS, 'utf8')
  const row = ([what, , theirs, ours]) => `| ${what} | ${said(theirs)} | ${said(ours)} |`
  for (const rows of [STRICT, INSECURE]) {
    const table = rows.map(row).join('\n')
    assert.ok(text.includes(`\n| --- | --- | --- |\n${table}\n\n`), `this table is missing:\n${table}`)
  }
})

function said(verdict) {
  return /^(HPE|H1)_/.test(verdict) ? `\`${verdict}\`` : verdict
}

/** What Node's parser makes of the octets and their end: how it read them, or its fault. */
function llhttp(input, flags) {
  const parser = new HTTPParser()
  const type = isRequest(input) ? HTTPParser.REQUEST : HTTPParser.RESPONSE
  const seen = { close: false, upgrade: false, body: '', fields: [] }
  parser.initialize(type, {}, 0, flags)
  parser[HTTPParser.kOnHeaders] = () => {}
  parser[HTTPParser.kOnHeadersComplete] = (
    _major,
    _minor,
    fields,
    _method,
    _url,
    _status,
    _reason,
    upgrade,
    keepAlive,
  ) => {
    Object.assign(seen, { close: !keepAlive, upgrade, fields: fields ?? [] })
    return 0
  }
  parser[HTTPParser.kOnBody] = (data) => {
    seen.body += data.latin1Slice()
  }
  let result = parser.execute(input, 0, input.length)
  if (!(result instanceof Error) && !seen.upgrade) result = parser.finish()
  return result instanceof Error ? result.code : verdict(seen)
}

/** What ours makes of them. */
function h1wire(input, lenient) {
  const parser = isRequest(input) ? new RequestParser({ lenient }) : new ResponseParser({ lenient })
  const seen = { close: false, upgrade: false, body: '', fields: [] }
  const events = parser.push(input)
  if (parser.error === undefined && events.at(-1)?.type !== 'upgrade') events.push(...parser.end())
  for (const event of events) {
    if (event.type === 'head')
      Object.assign(seen, { close: !event.keepAlive, upgrade: event.upgrade, fields: event.headers.raw })
    if (event.type === 'body') seen.body += event.data.latin1Slice()
    if (event.type === 'error') return event.error.code
  }
  return verdict(seen)
}

function isRequest(input) {
  return !input.latin1Slice().startsWith('HTTP/')
}

/** The last message as read: whether it ends the connection or HTTP, its body, and the field `A` if there is one. */
function verdict({ close, upgrade, body, fields }) {
  const at = fields.indexOf('A')
  const parts = [
    close && 'closes',
    upgrade && 'switches',
    body !== '' && `body ${JSON.stringify(body)}`,
    at !== -1 && `A: ${JSON.stringify(fields[at + 1])}`,
  ]
  return ['read', ...parts.filter(Boolean)].join(', ')
}
