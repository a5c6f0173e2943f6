// The builder: exact octets of what it writes, and what it refuses, with the part and the place.
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const h1wire = require('h1wire')

const { formatChunk, formatLastChunk, formatRequest, formatResponse, H1Error } = h1wire

/** One character an octet. */
const text = (octets) => octets.toString('latin1')
const lines = (...all) => all.join('\r\n')
const get = (parts) => text(formatRequest({ url: 'http://a/', ...parts }))
const ok = (parts) => text(formatResponse({ status: 200, ...parts }))

describe('requests', () => {
  test('target, fields and version are written as given', () => {
    assert.equal(
      text(formatRequest({ target: '/x?y', headers: { hOST: 'b:1', X: 'é\tz', x: '' } })),
      lines('GET /x?y HTTP/1.1', 'hOST: b:1', 'X: é\tz', 'x: ', '', ''),
    )
    assert.equal(text(formatRequest({ target: '/', version: '1.0' })), lines('GET / HTTP/1.0', '', ''))
    assert.equal(
      text(formatRequest({ method: 'OPTIONS', target: '*', headers: [['Host', 'a']] })),
      lines('OPTIONS * HTTP/1.1', 'Host: a', '', ''),
    )
  })

  test('lenient: an asterisk with other methods than OPTIONS', () => {
    const search = { method: 'M-SEARCH', target: '*', headers: { HOST: 'a:1900' } }
    const octets = formatRequest({ ...search, lenient: ['asterisk'] })
    assert.equal(text(octets), lines('M-SEARCH * HTTP/1.1', 'HOST: a:1900', '', ''))
    const client = new h1wire.Connection({ role: 'client' })
    assert.deepEqual(client.sendRequest({ ...search, lenient: ['asterisk'] }), octets)
    // Whoever forgets it is told.
    for (const lenient of [undefined, []]) {
      assert.throws(() => formatRequest({ ...search, lenient }), {
        code: 'H1_TARGET_FORM',
        message: /lenient: \['asterisk'\]$/,
      })
    }
    assert.throws(() => formatRequest({ ...search, method: 'CONNECT' }), { message: /; [^*]*host:port$/ })
    for (const [lenient, message] of [
      ['asterisk', "lenient must be an array such as ['asterisk'], not string"],
      [['asterisk', 'obsFold'], 'lenient: obsFold is not for what is written: there is asterisk'],
      [[5], 'lenient: 5 is not for what is written: there is asterisk'],
    ])
      assert.throws(() => formatRequest({ ...search, lenient }), { name: 'TypeError', message })
    // Ports of a tunnel (RFC 9110 section 9.3.6).
    for (const target of ['a:0', 'a:65536', 'a:99999']) {
      const connect = { method: 'CONNECT', target, headers: { Host: target } }
      assert.throws(() => formatRequest(connect), { code: 'H1_TARGET_FORM', part: 'target' })
    }
    assert.throws(() => formatRequest({ method: 'CONNECT', url: 'http://a:0' }), { code: 'H1_TARGET_FORM' })
  })

  test('the zone of an IPv6 address stays on this machine', () => {
    const host = (parts) => /\r\nHost: (.*)\r\n/.exec(text(formatRequest(parts)))[1]
    for (const zone of ['%eth0', '%25eth0', '%2', '%25en%2D1']) {
      assert.equal(host({ target: '/', host: `fe80::1${zone}` }), '[fe80::1]')
      assert.equal(host({ target: '/', host: `[fe80::1${zone}]:8080` }), '[fe80::1]:8080')
      assert.equal(host({ url: `http://[fe80::1${zone}]/a?b` }), '[fe80::1]')
      assert.equal(host({ url: `HTTP://u:p@[FE80::1${zone}]:81/a?b` }), '[fe80::1]:81')
      const connect = formatRequest({ method: 'CONNECT', url: `https://[fe80::1${zone}]` })
      assert.equal(text(connect).split('\r\n')[0], 'CONNECT [fe80::1]:443 HTTP/1.1')
      // A Host header that is given has to say the same, and has no zone itself.
      const own = (value) => ({ target: '/', host: `fe80::1${zone}`, headers: { Host: value } })
      assert.equal(host(own('[FE80::1]')), '[FE80::1]')
      assert.throws(() => formatRequest(own('[fe80::2]')), { code: 'H1_HOST_CONFLICT' })
      assert.throws(() => formatRequest(own(`[fe80::1${zone}]`)), { code: 'H1_HOST_INVALID' })
    }
    for (const bad of [
      'fe80::1',
      'fe80::1%',
      'a.b%eth0',
      'fe80::1%eth0:80',
      '[fe80::1%e th0]',
      '[v1.a%eth0]',
    ]) {
      const refused = { code: 'H1_HOST_INVALID', part: 'host' }
      assert.throws(() => formatRequest({ target: '/', host: bad }), refused, bad)
    }
    // Elsewhere in a URL it is no zone.
    assert.match(text(formatRequest({ url: 'http://a/[fe80::1%25eth0]' })), /^GET \/\[fe80::1%25eth0\] /)
    for (const bad of ['http://[fe80::1%]/', 'http://a%25eth0/', 'http://[fe80::1%eth 0]/'])
      assert.throws(() => formatRequest({ url: bad }), TypeError, bad)
  })

  test('a URL gives target and Host, without userinfo and fragment', () => {
    for (const [url, line, host] of [
      ['http://example.com', 'GET / HTTP/1.1', 'example.com'],
      ['http://user:secret@Example.com:80/a?b#c', 'GET /a?b HTTP/1.1', 'example.com'],
      ['https://[::1]:8443/ä?ö', 'GET /%C3%A4?%C3%B6 HTTP/1.1', '[::1]:8443'],
      [new URL('http://example.com:81?x'), 'GET /?x HTTP/1.1', 'example.com:81'],
    ]) {
      assert.equal(text(formatRequest({ url })), lines(line, `Host: ${host}`, '', ''))
    }
    assert.equal(
      text(formatRequest({ method: 'CONNECT', url: 'https://example.com' })),
      lines('CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443', '', ''),
    )
    assert.equal(get({ headers: { A: '1', host: 'A' } }), lines('GET / HTTP/1.1', 'A: 1', 'host: A', '', ''))
  })

  test('POST, PUT and PATCH without a body say so', () => {
    for (const method of ['POST', 'PUT', 'PATCH']) {
      assert.equal(get({ method }), lines(`${method} / HTTP/1.1`, 'Host: a', 'Content-Length: 0', '', ''))
    }
    assert.equal(get({ method: 'DELETE', body: null }), lines('DELETE / HTTP/1.1', 'Host: a', '', ''))
  })

  test('Upgrade and TE get their Connection option', () => {
    assert.equal(
      get({ headers: { Upgrade: 'websocket', TE: 'trailers' } }),
      lines(
        'GET / HTTP/1.1',
        'Host: a',
        'Upgrade: websocket',
        'TE: trailers',
        'Connection: Upgrade, TE',
        '',
        '',
      ),
    )
  })
})

describe('bodies', () => {
  const bytes = Uint8Array.of(0, 0xff, 0x0d, 0x0a, 0x80, 0x41)
  const octets = '\x00\xff\r\n\x80A'
  for (const [name, body, written] of [
    ['text', 'hello', 'hello'],
    ['text of several octets a character', 'Jörg €😀', Buffer.from('Jörg €😀').toString('latin1')],
    ['a lone surrogate', '\ud800x', '\xef\xbf\xbdx'],
    ['no text', '', ''],
    ['a Buffer', Buffer.from(bytes), octets],
    ['a Uint8Array', bytes, octets],
    ['a part of a Uint8Array', bytes.subarray(1, 4), '\xff\r\n'],
    ['a Uint16Array', new Uint16Array(bytes.buffer, 2, 2), '\r\n\x80A'],
    ['a DataView', new DataView(bytes.buffer, 1, 2), '\xff\r'],
    ['an ArrayBuffer', bytes.buffer, octets],
    ['a view of a SharedArrayBuffer', new Uint8Array(new SharedArrayBuffer(2)), '\x00\x00'],
    ['no octets', new Uint8Array(0), ''],
  ]) {
    test(`${name}`, () => {
      const expected = lines('POST / HTTP/1.1', 'Host: a', `Content-Length: ${written.length}`, '', written)
      assert.equal(get({ method: 'POST', body }), expected)
      assert.equal(ok({ body }), lines('HTTP/1.1 200 OK', `Content-Length: ${written.length}`, '', written))
    })
  }

  test('a form, with its type unless one is given', () => {
    const form = new URLSearchParams({ name: 'Jörg', age: '30' })
    const written = 'name=J%C3%B6rg&age=30'
    const type = 'Content-Type: application/x-www-form-urlencoded'
    assert.equal(
      get({ method: 'POST', headers: { X: 'y' }, body: form }),
      lines('POST / HTTP/1.1', 'Host: a', 'X: y', type, 'Content-Length: 21', '', written),
    )
    const given = { 'X-Content-Type': '1', 'content-TYPE': 'text/x' }
    assert.equal(
      get({ method: 'POST', headers: given, body: form, trailers: { T: '1' } }),
      lines(
        'POST / HTTP/1.1',
        'Host: a',
        'X-Content-Type: 1',
        'content-TYPE: text/x',
        'Transfer-Encoding: chunked',
        '',
        '15',
        written,
        '0',
        'T: 1',
        '',
        '',
      ),
    )
    // A value that looks like the name is none.
    assert.match(get({ method: 'POST', headers: { X: 'Content-Type' }, body: form }), /\r\nContent-Type: app/)
  })

  test('a large body', () => {
    const body = 'ü'.repeat(1 << 20)
    const message = formatRequest({ url: 'http://a/', method: 'POST', body })
    const head = lines('POST / HTTP/1.1', 'Host: a', 'Content-Length: 2097152', '', '')
    assert.equal(message.length, head.length + 2 * body.length)
    assert.equal(text(message.subarray(0, head.length)), head)
    assert.equal(message.subarray(head.length).toString(), body)
  })

  test('a length that is given is checked', () => {
    const fields = (length) => ({ headers: { 'content-length': length }, body: 'jö' })
    assert.equal(get(fields(3)), lines('GET / HTTP/1.1', 'Host: a', 'content-length: 3', '', 'j\xc3\xb6'))
    assert.throws(() => get(fields(2)), { code: 'H1_BODY_LENGTH', part: 'headers[0].value' })
  })

  test('lengths that disagree are both told', () => {
    const told = (call) => {
      try {
        call()
      } catch ({ code, expected, actual, index, message }) {
        assert.ok(
          expected === undefined || message.includes(`: expected ${expected} bytes, got ${actual}; `),
          message,
        )
        return [code, expected, actual, index]
      }
    }
    const most = Number.MAX_SAFE_INTEGER
    const length = (value, parts) => told(() => get({ headers: { 'Content-Length': value }, ...parts }))
    assert.deepEqual(length(2, { body: 'jö' }), ['H1_BODY_LENGTH', 2, 3, undefined])
    assert.deepEqual(length(2), ['H1_BODY_LENGTH', 2, 0, undefined])
    assert.deepEqual(length(0, { body: 'x' }), ['H1_BODY_LENGTH', 0, 1, undefined])
    assert.deepEqual(length([5, most], { body: 'x' }), ['H1_CONTENT_LENGTH_DIFFERS', 5, most, undefined])
    assert.deepEqual(
      told(() =>
        formatRequest(
          { url: 'http://a/', headers: { 'Content-Length': most } },
          { body: false, length: 2 ** 40 },
        ),
      ),
      ['H1_BODY_LENGTH', most, 2 ** 40, undefined],
    )
    const client = new h1wire.Connection({ role: 'client' })
    client.sendRequest({ url: 'http://a/', method: 'PUT' }, { body: false, length: 2 ** 33 + 1 })
    client.sendData('abc')
    assert.deepEqual(
      told(() => client.sendEnd()),
      ['H1_BODY_LENGTH', 2 ** 33 + 1, 3, undefined],
    )
    // Other refusals have none, whatever lay in the shared words before.
    assert.deepEqual(
      told(() => get({ headers: { 'A B': '' } })),
      ['H1_FIELD_NAME', undefined, undefined, 1],
    )
    assert.deepEqual(length('x'), ['H1_CONTENT_LENGTH', undefined, undefined, 0])
  })

  test('with trailers, or the field given, the body is chunked', () => {
    assert.equal(
      get({ body: 'x'.repeat(26), trailers: [['Digest', 'y']] }),
      lines(
        'GET / HTTP/1.1',
        'Host: a',
        'Transfer-Encoding: chunked',
        '',
        '1a',
        'x'.repeat(26),
        '0',
        'Digest: y',
        '',
        '',
      ),
    )
    assert.equal(
      ok({ headers: { 'Transfer-Encoding': 'gzip, chunked' }, body: bytes }),
      lines('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked', '', '6', octets, '0', '', ''),
    )
    assert.equal(ok({ trailers: {}, body: 'x' }), lines('HTTP/1.1 200 OK', 'Content-Length: 1', '', 'x'))
  })
})

describe('responses', () => {
  test('status and reason', () => {
    assert.equal(ok({ status: 404 }), lines('HTTP/1.1 404 Not Found', 'Content-Length: 0', '', ''))
    assert.equal(ok({ status: 299 }), lines('HTTP/1.1 299 ', 'Content-Length: 0', '', ''))
    assert.equal(ok({ reason: 'Gut ü' }), lines('HTTP/1.1 200 Gut ü', 'Content-Length: 0', '', ''))
    assert.equal(ok({ reason: '', version: '1.0' }), lines('HTTP/1.0 200 ', 'Content-Length: 0', '', ''))
  })

  test('1xx, 204, 304, and answers to HEAD and CONNECT', () => {
    assert.equal(
      ok({ status: 103, headers: { Link: '</>' } }),
      lines('HTTP/1.1 103 Early Hints', 'Link: </>', '', ''),
    )
    assert.equal(ok({ status: 204 }), lines('HTTP/1.1 204 No Content', '', ''))
    assert.equal(ok({ status: 205 }), lines('HTTP/1.1 205 Reset Content', 'Content-Length: 0', '', ''))
    assert.equal(
      ok({ status: 304, body: 'abc' }),
      lines('HTTP/1.1 304 Not Modified', 'Content-Length: 3', '', ''),
    )
    assert.equal(
      ok({ requestMethod: 'HEAD', body: 'abc' }),
      lines('HTTP/1.1 200 OK', 'Content-Length: 3', '', ''),
    )
    assert.equal(ok({ requestMethod: 'CONNECT' }), lines('HTTP/1.1 200 OK', '', ''))
    for (const parts of [{ status: 204 }, { status: 100 }, { status: 205 }, { requestMethod: 'CONNECT' }]) {
      assert.throws(() => ok({ ...parts, body: 'x' }), { code: 'H1_BODY_FORBIDDEN', part: 'body' })
    }
  })

  test('to a 1.0 client: no 1xx, no chunks, no trailers', () => {
    const old = { requestVersion: '1.0' }
    assert.equal(ok({ ...old, body: 'x' }), lines('HTTP/1.1 200 OK', 'Content-Length: 1', '', 'x'))
    assert.throws(() => ok({ ...old, status: 100 }), { code: 'H1_INFORMATIONAL_VERSION', part: 'status' })
    assert.throws(() => ok({ ...old, trailers: { A: 'b' } }), { code: 'H1_TRAILERS_NEED_CHUNKS' })
    assert.equal(ok({ requestVersion: '1.2', status: 100 }), lines('HTTP/1.1 100 Continue', '', ''))
  })
})

describe('chunks', () => {
  test('data and extensions', () => {
    assert.equal(text(formatChunk('jö')), lines('3', 'j\xc3\xb6', ''))
    assert.equal(
      text(formatChunk(Buffer.alloc(16, 'x'), { a: true, b: 1 })),
      lines('10;a;b=1', 'x'.repeat(16), ''),
    )
    assert.equal(
      text(
        formatChunk('x', [
          ['q', 'a "b\\'],
          ['e', ''],
        ]),
      ),
      lines('1;q="a \\"b\\\\";e=""', 'x', ''),
    )
    assert.equal(
      text(formatChunk('x', new Map([['q', '"'.repeat(20000)]]))),
      lines(`1;q="${'\\"'.repeat(20000)}"`, 'x', ''),
    )
  })

  test('without data there is no chunk, which would end the body', () => {
    assert.equal(formatChunk('').length, 0)
    assert.equal(formatChunk(new Uint8Array(0)).length, 0)
    assert.throws(() => formatChunk('', { a: true }), { code: 'H1_CHUNK_LENGTH' })
  })

  test('the last chunk and its trailers', () => {
    assert.equal(text(formatLastChunk()), lines('0', '', ''))
    assert.equal(text(formatLastChunk({ A: ['b', 2] })), lines('0', 'A: b', 'A: 2', '', ''))
    for (const name of [
      'content-length',
      'Transfer-Encoding',
      'Host',
      'Set-Cookie',
      'Authorization',
      'Trailer',
    ]) {
      assert.throws(() => formatLastChunk({ A: '', [name]: '1' }), {
        code: 'H1_TRAILER_FORBIDDEN',
        part: 'trailers[1].name',
      })
    }
  })
})

describe('field lines', () => {
  const expected = lines('GET / HTTP/1.1', 'Host: a', 'B: 1', 'b: 2', 'B: 3', '', '')

  test('in every shape', () => {
    const pairs = [
      ['B', '1'],
      ['b', '2'],
      ['B', '3'],
    ]
    const section = h1wire.parseRequest(
      Buffer.from(lines('GET / HTTP/1.1', 'Host: a', 'B:1', 'b:2', 'B: 3 ', '', '')),
    ).headers
    assert.equal(get({ headers: pairs }), expected)
    assert.equal(get({ headers: new Set(pairs) }), expected)
    assert.equal(get({ headers: pairs.values() }), expected)
    assert.equal(text(formatRequest({ target: '/', headers: section })), expected)
    assert.equal(
      get({
        headers: [
          ['B', ['1']],
          ['b', 2],
          ['B', [3n]],
        ],
      }),
      expected,
    )
    assert.equal(
      get({
        headers: new Map([
          ['B', '1'],
          ['b', ['2']],
        ]),
      }),
      expected.replace('B: 3\r\n', ''),
    )
    assert.equal(
      get({ headers: Object.assign(Object.create(null), { B: ['1'], b: 2 }) }),
      expected.replace('B: 3\r\n', ''),
    )
    assert.equal(
      get({ headers: new Headers({ X: 'y' }) }),
      lines('GET / HTTP/1.1', 'Host: a', 'x: y', '', ''),
    )
    assert.equal(get({ headers: { A: [] } }), lines('GET / HTTP/1.1', 'Host: a', '', ''))
  })

  test('values that are no strings', () => {
    const date = new (class {
      toString() {
        return 'now'
      }
    })()
    assert.match(
      get({ headers: { A: [0, -1.5, 1e21, 2n ** 70n, true, date] } }),
      new RegExp(
        ['0', '-1.5', '1000000000000000000000', '1180591620717411303424', 'true', 'now']
          .map((value) => `A: ${value}\r\n`)
          .join(''),
      ),
    )
  })

  test('names that objects have of themselves are names like others', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length']
    const written = lines('GET / HTTP/1.1', 'Host: a', ...names.map((name) => `${name}: 1`), '', '')
    assert.equal(get({ headers: names.map((name) => [name, '1']) }), written)
    assert.equal(get({ headers: JSON.parse(`{${names.map((name) => `"${name}":"1"`)}}`) }), written)
    assert.equal(get({ headers: { __proto__: { A: 'b' } } }), lines('GET / HTTP/1.1', 'Host: a', '', ''))
    Object.prototype.polluted = 'x'
    try {
      assert.equal(get({ headers: { A: '1' } }), lines('GET / HTTP/1.1', 'Host: a', 'A: 1', '', ''))
    } finally {
      delete Object.prototype.polluted
    }
  })
})

describe('what would read as something else is refused', () => {
  const bad = {
    crlf: '\r\n',
    cr: '\r',
    lf: '\n',
    nul: '\0',
    'U+010A': '\u010a',
    'U+010D': '\u010d',
    'U+FF0D': '\uff0d',
  }
  const base = { url: 'http://a/' }
  const chunked = { ...base, body: 'x' }

  /** Every string a caller can give: the part's name, the text before the bad character, and the call. */
  const positions = [
    ['method', 'GET', (value) => formatRequest({ ...base, method: value })],
    ['target', '/x', (value) => formatRequest({ target: value, headers: { Host: 'a' } })],
    ['headers[1].name', 'Name', (value) => formatRequest({ ...base, headers: { A: 'b', [value]: 'c' } })],
    ['headers[1].value', 'väl', (value) => formatRequest({ ...base, headers: { A: 'b', C: value } })],
    [
      'headers[2].value',
      'x',
      (value) => formatResponse({ status: 200, headers: { A: 'b', C: ['1', value] } }),
    ],
    ['headers[0].value', 'a', (value) => formatRequest({ target: '/', headers: { Host: value } })],
    [
      'headers[0].value',
      'chunked',
      (value) => formatRequest({ ...base, headers: { 'Transfer-Encoding': value } }),
    ],
    ['headers[0].value', '1', (value) => formatRequest({ ...chunked, headers: { 'Content-Length': value } })],
    ['headers[0].value', 'close', (value) => formatRequest({ ...base, headers: { Connection: value } })],
    [
      'trailers[0].name',
      'T',
      (value) => formatRequest({ ...chunked, headers: { A: 'b' }, trailers: { [value]: '' } }),
    ],
    [
      'trailers[1].value',
      't',
      (value) => formatRequest({ ...chunked, headers: { A: 'b' }, trailers: { T: '', U: value } }),
    ],
    ['reason', 'Öh', (value) => formatResponse({ status: 200, reason: value })],
    ['requestMethod', 'HEAD', (value) => formatResponse({ status: 200, requestMethod: value })],
    ['extensions[0].name', 'e', (value) => formatChunk('x', { [value]: true })],
    ['extensions[1].value', 'e', (value) => formatChunk('x', { a: true, e: value })],
    ['trailers[0].value', '', (value) => formatLastChunk({ T: value })],
  ]

  for (const [part, start, call] of positions) {
    test(`in ${part} behind '${start}'`, () => {
      assert.doesNotThrow(() => part === 'trailers[0].name' || call(start))
      for (const end of ['', 'Injected: 1']) {
        for (const character of Object.values(bad)) {
          const unit = character.charCodeAt(0)
          assert.throws(
            () => call(start + character + end),
            (error) => {
              assert.ok(error instanceof H1Error, error)
              assert.deepEqual([error.part, error.index], [part, start.length])
              assert.equal(error.byte, unit > 0xff ? null : unit)
              if (unit > 0xff) assert.equal(error.code, 'H1_CODE_UNIT')
              const hex = unit.toString(16).toUpperCase()
              assert.ok(
                error.message.includes(
                  unit > 0xff ? `U+${hex.padStart(4, '0')}` : `0x${hex.padStart(2, '0')}`,
                ),
              )
              assert.ok(error.message.includes(part) && error.message.includes(error.rule))
              return true
            },
          )
        }
      }
    })
  }

  test('in a URL, where controls would vanish', () => {
    for (const character of ['\r\n', '\r', '\n', '\0', '\t', '\x7f']) {
      assert.throws(() => formatRequest({ url: `http://a/b${character}c` }), {
        code: 'H1_TARGET',
        part: 'url',
        index: 10,
        byte: character.charCodeAt(0),
      })
    }
    // What the URL parser encodes in UTF-8 is neither cut nor lost.
    assert.equal(
      text(formatRequest({ url: 'http://a/\u010a' })),
      lines('GET /%C4%8A HTTP/1.1', 'Host: a', '', ''),
    )
  })

  test('code units are counted, not octets or characters', () => {
    for (const [value, index, unit] of [
      ['ÿ\u0100', 1, 'U+0100'],
      ['ééé\ud83d\ude00', 3, 'U+D83D'],
      ['a\ude00', 1, 'U+DE00'],
      [`${'x'.repeat(20000)}\uffff`, 20000, 'U+FFFF'],
    ]) {
      assert.throws(
        () => get({ headers: { Ä: 'x', [value === '' ? 'A' : 'B']: value } }),
        (error) =>
          error.code === 'H1_CODE_UNIT' &&
          error.part === 'headers[1].value' &&
          error.index === index &&
          error.message.includes(unit),
      )
    }
  })

  test('other octets that would move a part', () => {
    for (const [parts, code, part, index] of [
      [{ method: '' }, 'H1_METHOD', 'method', 0],
      [{ method: 'G T' }, 'H1_METHOD', 'method', 1],
      [{ headers: [['', 'x']] }, 'H1_FIELD_NAME_EMPTY', 'headers[0].name', 0],
      [{ headers: { 'A:b': 'x' } }, 'H1_FIELD_NAME', 'headers[0].name', 1],
      [{ headers: { 'A ': 'x' } }, 'H1_FIELD_NAME', 'headers[0].name', 1],
      [{ headers: { A: ' x' } }, 'H1_VALUE_WHITESPACE', 'headers[0].value', 0],
      [{ headers: { A: 'x\t' } }, 'H1_VALUE_WHITESPACE', 'headers[0].value', 1],
      [{ headers: { A: '\x7f' } }, 'H1_FIELD_VALUE', 'headers[0].value', 0],
      [{ headers: { Host: 'b' } }, 'H1_HOST_CONFLICT', 'headers[0].value', undefined],
      [{ headers: { host: 'a', Host: 'a' } }, 'H1_HOST_REPEATED', 'headers[1].name', undefined],
      [
        { headers: { Upgrade: 'x', Connection: 'close' } },
        'H1_CONNECTION_OPTION',
        'headers[1].value',
        undefined,
      ],
      [
        {
          headers: [
            ['Content-Length', 0],
            ['Transfer-Encoding', 'chunked'],
          ],
        },
        'H1_TRANSFER_ENCODING_WITH_LENGTH',
        'headers[1].name',
        undefined,
      ],
      [
        { headers: { 'Transfer-Encoding': 'gzip' } },
        'H1_TRANSFER_ENCODING_NOT_CHUNKED',
        'headers[0].value',
        undefined,
      ],
      [{ method: 'TRACE', body: 'x' }, 'H1_BODY_FORBIDDEN', 'body', undefined],
    ]) {
      assert.throws(
        () => get(parts),
        (error) => {
          assert.deepEqual([error.code, error.part, error.index, error.statusHint], [code, part, index, null])
          return error instanceof H1Error
        },
      )
    }
    for (const [parts, code, part] of [
      [{ target: '*' }, 'H1_TARGET_FORM', 'target'],
      [{ target: '/a b' }, 'H1_TARGET', 'target'],
      [{ target: '/' }, 'H1_HOST_MISSING', 'host'],
      [{ target: '/', version: '2.0' }, 'H1_FORMAT_VERSION', 'version'],
      [{ target: '/', version: '1.1\r\n' }, 'H1_FORMAT_VERSION', 'version'],
    ]) {
      assert.throws(() => formatRequest(parts), { name: 'H1Error', code, part })
    }
    for (const status of [0, 99, 1000, -200, 200.5, NaN, Infinity, 2 ** 32 + 200]) {
      assert.throws(() => formatResponse({ status }), { code: 'H1_STATUS_CODE', part: 'status' })
    }
  })

  test('a value at fault is named by its field', () => {
    const parts = { headers: { A: 'b', 'X-Y': 'c' }, body: 'x', trailers: { T: '1', U: '\n' } }
    assert.throws(() => get(parts), { message: /in trailers\[1\]\.value \("U"\) at index 0: 0x0A/ })
    assert.throws(() => get({ headers: { ...parts.headers, 'Content-Length': 5 } }), {
      message:
        /in headers\[2\]\.value \("Content-Length"\): expected 5 bytes, got 0; leave Content-Length out/,
    })
    assert.throws(() => formatChunk('x', { a: true, b: '\0' }), {
      message: /in extensions\[1\]\.value \("b"\)/,
    })
  })

  test('what is of the wrong type, with its name', () => {
    for (const [call, message] of [
      [() => formatRequest(), /^The message must be an object, not undefined/],
      [() => formatRequest({}), /^target, unless url is given, must be a string/],
      [() => formatRequest({ target: '/', url: 'http://a/' }), /^target and url cannot both/],
      [() => formatRequest({ url: '/' }), /^url must be an absolute URL/],
      [() => formatRequest({ url: 'ftp://a/' }), /^url must be of http: or https:, not ftp:/],
      [() => formatRequest({ url: {} }), /^url must be a string or a URL/],
      [() => get({ method: 1 }), /^method must be a string, not number/],
      [() => get({ method: null }), /^method must be a string, not null/],
      [() => get({ headers: null }), /^headers must be an object/],
      [() => get({ headers: 'A: b' }), /^headers must be an object/],
      [
        () => get({ headers: { A: undefined } }),
        /^headers\["A"\] must be a string, a number .* not undefined/,
      ],
      [() => get({ headers: { A: null } }), /^headers\["A"\] must .* not null/],
      [() => get({ headers: { A: [['x']] } }), /^headers\["A"\] must .* not an array/],
      [() => get({ headers: { A: {} } }), /^headers\["A"\] must .* not object/],
      [() => get({ headers: { A: Symbol('x') } }), /^headers\["A"\] must .* not symbol/],
      [() => get({ headers: { A: () => 'x' } }), /^headers\["A"\] must .* not function/],
      [() => get({ headers: { A: new Date(0) } }), /^headers\["A"\] must not be a Date: .* toUTCString\(\)/],
      [() => get({ headers: [['A', ['x', new Date(0)]]] }), /^headers\[0\]\.value must not be a Date/],
      [() => get({ headers: { A: NaN } }), /^headers\["A"\] must be a finite number, not NaN/],
      [() => get({ headers: { A: 1e-7 } }), /^headers\["A"\] must be a number with decimal digits/],
      [() => get({ headers: ['A', 'b'] }), /^headers\[0\] must be a pair \[name, value\], not string/],
      [() => get({ headers: [['A', 'b'], ['C']] }), /^headers\[1\] must be a pair/],
      [() => get({ headers: [[1, 'b']] }), /^headers\[0\]\.name must be a string/],
      [() => get({ headers: [['A', null]] }), /^headers\[0\]\.value must .* not null/],
      [() => get({ trailers: { A: null } }), /^trailers\["A"\] must/],
      [() => get({ body: 5 }), /^body must be a string, a Buffer/],
      [() => get({ body: {} }), /^body must be a string, a Buffer/],
      [() => get({ body: ['x'] }), /^body must .* not an array/],
      [() => formatResponse({ status: '200' }), /^status must be a number, not string/],
      [() => formatResponse({ status: 200, reason: null }), /^reason must be a string, not null/],
      [() => formatResponse({ status: 200, requestMethod: 1 }), /^requestMethod must be a string/],
      [() => formatResponse({ status: 200, requestVersion: '1' }), /^requestVersion must be a version/],
      [() => formatChunk(), /^data must be/],
      [() => formatChunk('x', ';a=b'), /^extensions must be an object/],
      [() => formatChunk('x', { a: null }), /^extensions\[0\]\.value must/],
      [() => formatChunk('x', ['ab']), /^extensions\[0\] must be a pair/],
      [() => formatLastChunk(null), /^trailers must be an object/],
    ]) {
      assert.throws(call, { name: 'TypeError', message })
    }
  })
})

describe('objects that change between reads', () => {
  const evil = 'x\r\nInjected: 1'

  /** Gives `good` the first time and something else ever after. */
  const once = (good, later) => {
    let reads = 0
    return () => (reads++ === 0 ? good : later)
  }

  test('a getter is read once', () => {
    const value = once('good', evil)
    const headers = Object.defineProperty({}, 'A', { get: value, enumerable: true })
    assert.equal(get({ headers }), lines('GET / HTTP/1.1', 'Host: a', 'A: good', '', ''))
    const init = {}
    for (const [name, good, later] of [
      ['method', 'PUT', evil],
      ['target', '/x', evil],
      ['version', '1.0', '9'],
      ['body', 'b', evil],
    ]) {
      Object.defineProperty(init, name, { get: once(good, later) })
    }
    assert.equal(text(formatRequest(init)), lines('PUT /x HTTP/1.0', 'Content-Length: 1', '', 'b'))
  })

  test('a proxy is read once', () => {
    const read = []
    const headers = new Proxy(
      { A: '1', B: '2' },
      {
        get(target, key) {
          if (typeof key === 'string') read.push(key)
          return read.filter((one) => one === key).length > 1 ? evil : target[key]
        },
      },
    )
    assert.equal(get({ headers }), lines('GET / HTTP/1.1', 'Host: a', 'A: 1', 'B: 2', '', ''))
    assert.deepEqual(read, ['A', 'B'])
    const pair = new Proxy(['A', '1'], {
      get: (target, key) => (key === '1' ? once('1', evil)() : target[key]),
    })
    assert.equal(get({ headers: [pair] }), lines('GET / HTTP/1.1', 'Host: a', 'A: 1', '', ''))
  })

  test('toString is called once', () => {
    const value = { toString: once('good', evil) }
    assert.equal(get({ headers: { A: value } }), lines('GET / HTTP/1.1', 'Host: a', 'A: good', '', ''))
    class Form extends URLSearchParams {
      toString = once('a=b', evil)
    }
    assert.match(get({ method: 'POST', body: new Form() }), /Content-Length: 3\r\n\r\na=b$/)
  })

  test('an array that grows while it is read', () => {
    const values = ['1', { toString: () => `${values.push(evil) - 1}` }]
    assert.equal(get({ headers: { A: values } }), lines('GET / HTTP/1.1', 'Host: a', 'A: 1', 'A: 2', '', ''))
  })

  test('a getter that builds and parses messages itself', () => {
    const parser = new h1wire.RequestParser()
    const headers = {
      A: '1',
      get B() {
        assert.equal(get({ headers: { X: 'y' } }), lines('GET / HTTP/1.1', 'Host: a', 'X: y', '', ''))
        assert.throws(() => get({ headers: { X: evil } }), { code: 'H1_FIELD_VALUE' })
        return String(parser.push(Buffer.from(lines('GET /inner HTTP/1.1', 'Host: b', '', ''))).length)
      },
      C: '3',
    }
    assert.equal(get({ headers }), lines('GET / HTTP/1.1', 'Host: a', 'A: 1', 'B: 2', 'C: 3', '', ''))
    parser.free()
  })

  test('a body that lies about its length, or loses its octets', () => {
    class Liar extends Uint8Array {
      get length() {
        return 1
      }
      get byteLength() {
        return 99
      }
    }
    assert.match(get({ body: Liar.from([65, 66, 67]) }), /Content-Length: 3\r\n\r\nABC$/)
    const own = Object.defineProperty(Buffer.from('ABC'), 'length', { value: 1 })
    assert.match(get({ body: own }), /Content-Length: 3\r\n\r\nABC$/)
    const body = new Uint8Array(8)
    const headers = {
      get A() {
        structuredClone(body.buffer, { transfer: [body.buffer] })
        return '1'
      },
    }
    assert.throws(() => get({ headers, body }), { name: 'TypeError', message: /^body has lost its memory/ })
    for (const kind of [Uint8Array, Float64Array, DataView, Buffer, ArrayBuffer]) {
      const memory = new ArrayBuffer(8)
      const view = kind === ArrayBuffer ? memory : kind === Buffer ? Buffer.from(memory) : new kind(memory)
      structuredClone(memory, { transfer: [memory] })
      assert.throws(() => get({ body: view }), TypeError, kind.name)
      assert.throws(() => formatChunk(view), TypeError, kind.name)
    }
    assert.match(get({ body: new Uint8Array(0) }), /Content-Length: 0/)
    assert.match(get({ body: new Float64Array(0) }), /Content-Length: 0/)
  })

  test('what throws in the middle leaves nothing behind', () => {
    const headers = {
      A: '1',
      get B() {
        throw new Error('mine')
      },
    }
    assert.throws(() => get({ headers }), { message: 'mine' })
    assert.equal(get({ headers: { A: '2' } }), lines('GET / HTTP/1.1', 'Host: a', 'A: 2', '', ''))
  })
})

describe('sizes and memory', () => {
  test('heads larger than the areas, and small ones after them', () => {
    for (const size of [1000, 16000, 17000, 70000, 1 << 20, 10]) {
      for (const character of ['x', 'ü']) {
        const value = character.repeat(size)
        assert.equal(
          get({ headers: { A: value } }),
          lines('GET / HTTP/1.1', 'Host: a', `A: ${value}`, '', ''),
        )
      }
      assert.throws(() => get({ headers: { A: `${'ü'.repeat(size)}\n` } }), {
        part: 'headers[0].value',
        index: size,
      })
    }
  })

  test('many lines, and few after them', () => {
    for (const count of [4000, 5000, 200_000, 1]) {
      const many = Array.from({ length: count }, (_, index) => ['N', String(index)])
      const written = many.map(([name, value]) => `${name}: ${value}`).join('\r\n')
      assert.ok(get({ headers: many }) === lines('GET / HTTP/1.1', 'Host: a', written, '', ''))
      assert.ok(text(formatLastChunk(many)) === lines('0', written, '', ''))
      assert.throws(() => get({ headers: [...many, ['N', '\0']] }), { part: `headers[${count}].value` })
      assert.match(text(formatChunk('x', Array(count).fill(['n', true]))), /^1(?:;n)+\r\nx\r\n$/)
    }
    const parser = new h1wire.RequestParser()
    const [head] = parser.push(Buffer.from(lines('GET / HTTP/1.1', 'Host: a', '', '')))
    assert.equal(head.type, 'head')
  })

  test('a large head, then a parser with large limits', () => {
    get({ headers: { A: 'x'.repeat(3_000_000) } })
    const parser = new h1wire.RequestParser({ limits: { maxFields: 20_000, maxHeadSize: 4_000_000 } })
    const fields = 'A: b\r\n'.repeat(19_999)
    const [head, end] = parser.push(Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`))
    assert.deepEqual([head.type, head.headers.size, end.type], ['head', 20_000, 'end'])
    assert.equal(get({ headers: { A: '1' } }), lines('GET / HTTP/1.1', 'Host: a', 'A: 1', '', ''))
  })

  test('what was built is a Buffer of its own', () => {
    const messages = Array.from({ length: 100 }, (_, index) =>
      formatRequest({ url: `http://a/${index}`, body: 'x' }),
    )
    formatResponse({ status: 500, body: 'y'.repeat(1000) })
    messages.forEach((message, index) => {
      assert.ok(Buffer.isBuffer(message))
      assert.equal(text(message), lines(`GET /${index} HTTP/1.1`, 'Host: a', 'Content-Length: 1', '', 'x'))
    })
    messages[0].fill(0)
    assert.equal(get({}), lines('GET / HTTP/1.1', 'Host: a', '', ''))
  })
})

describe('what is written is read', () => {
  const collect = (events) => {
    const read = { body: '' }
    for (const event of events) {
      assert.notEqual(event.type, 'error', event.error?.message)
      if (event.type === 'head')
        Object.assign(read, { ...event, type: undefined, headers: [...event.headers] })
      if (event.type === 'body') read.body += text(event.data)
      if (event.type === 'end') read.trailers = [...event.trailers]
    }
    return read
  }

  const readSplit = (Parser, options, message, at) => {
    const parser = new Parser(options)
    const events = [
      ...parser.push(message.subarray(0, at)),
      ...parser.push(message.subarray(at)),
      ...parser.end(),
    ]
    parser.free()
    return collect(events)
  }

  const fields = [
    ['A', 'b'],
    ['__proto__', 'é\tü'],
    ['a', ''],
  ]
  const trailers = [
    ['T', '1'],
    ['constructor', ''],
  ]
  for (const [name, init, body] of [
    ['no body', {}, ''],
    ['a body', { method: 'POST', body: 'ü\r\n\r\n' }, '\xc3\xbc\r\n\r\n'],
    ['chunks and trailers', { method: 'PUT', body: 'x'.repeat(17), trailers }, 'x'.repeat(17)],
  ]) {
    test(`requests with ${name}, at every split`, () => {
      const message = formatRequest({ target: '/t?u', headers: [['Host', 'h'], ...fields], ...init })
      for (let at = 0; at <= message.length; at++) {
        const read = readSplit(h1wire.RequestParser, {}, message, at)
        assert.deepEqual([read.method, read.target, read.version], [init.method ?? 'GET', '/t?u', '1.1'])
        assert.deepEqual(read.headers.slice(0, 4), [['Host', 'h'], ...fields])
        assert.deepEqual([read.body, read.trailers], [body, init.trailers ?? []])
      }
    })
  }

  for (const [name, init, body] of [
    ['no body', {}, ''],
    ['a body', { body: Buffer.of(0, 13, 10) }, '\0\r\n'],
    ['trailers', { body: 'abc', trailers }, 'abc'],
    ['the answer to HEAD', { body: 'abc', requestMethod: 'HEAD' }, ''],
    ['a 304', { status: 304, body: 'abc' }, ''],
  ]) {
    test(`responses with ${name}, at every split`, () => {
      const message = formatResponse({ status: 200, reason: ' ö ', headers: fields, ...init })
      for (let at = 0; at <= message.length; at++) {
        const { requestMethod = 'GET' } = init
        const read = readSplit(h1wire.ResponseParser, { requestMethod }, message, at)
        assert.deepEqual([read.status, read.reason], [init.status ?? 200, ' ö '])
        assert.deepEqual(read.headers.slice(0, 3), fields)
        assert.deepEqual([read.body, read.trailers], [body, init.trailers ?? []])
      }
    })
  }

  test('chunks, one after the other', () => {
    const pieces = ['a', 'é', 'x'.repeat(300)]
    const message = Buffer.concat([
      Buffer.from(lines('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '', '')),
      ...pieces.map((piece, index) => formatChunk(piece, { index, quoted: '" \\' })),
      formatLastChunk({ T: '1' }),
    ])
    const read = readSplit(h1wire.RequestParser, {}, message, 90)
    assert.deepEqual(
      [read.body, read.trailers],
      [Buffer.from(pieces.join('')).toString('latin1'), [['T', '1']]],
    )
  })
})
