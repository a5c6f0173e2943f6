// `h1wire/convert` against input made to hurt: time grows with the input and no faster, output is bounded, no line ends get in.

'use strict'

const assert = require('node:assert/strict')
const test = require('node:test')
const { H1Error } = require('h1wire')
const { ConversionError, formatOf, readMessages, unwrap, writeMessages } = require('h1wire/convert')

/** Inputs of about n characters on which a reader that looks twice at what it has seen takes long. */
const CASES = {
  'an open variable': (n) => ['http', `GET http://a/{{${' '.repeat(n)}`],
  'spaces in a variable': (n) => ['http', `@a=x${' '.repeat(n)}y\nGET http://a/`],
  'lines in a body': (n) => ['http', `POST http://a/\n\n${'\n'.repeat(n)}x`],
  'spaces in a start line': (n) => ['http', `GET${' '.repeat(n)}http://a/`],
  braces: (n) => ['http', `GET http://a/${'{{'.repeat(n)}`],
  'spaces of a -H': (n) => ['curl', `curl http://a/ -H 'A:${' '.repeat(n)}b${' '.repeat(n)}c'`],
  'dots of a URL': (n) => ['curl', `curl http://a${'/..'.repeat(n)}`],
  'backslashes of a form': (n) => ['curl', `curl http://a/ -F 'a="${'\\'.repeat(n)}'`],
  'backslashes in quotes': (n) => ['curl', `curl "${'\\a'.repeat(n)}`],
  "escapes of $'…'": (n) => ['curl', `curl $'${'\\n'.repeat(n)}'`],
  carets: (n) => ['curl', `curl ^"${'^^'.repeat(n)}`],
  options: (n) => ['curl', `curl ${'-s '.repeat(n / 3)}`],
  arrays: (n) => ['fetch', `fetch(${'['.repeat(n)}`],
  comments: (n) => ['fetch', '/*'.repeat(n)],
  'an open string': (n) => ['fetch', `fetch("${'\\'.repeat(n)}`],
  'pairs of digits': (n) => ['hex', `00000000: ${'47 '.repeat(n)}`],
  digits: (n) => ['hex', '47'.repeat(n)],
  spaces: (n) => ['hex', `${' '.repeat(n)}x`],
  CDATA: (n) => ['burp', `<item><request>${'<![CDATA['.repeat(n)}`],
  items: (n) => ['burp', '<item>'.repeat(n)],
  records: (n) => ['warc', 'WARC/1.0\r\n'.repeat(n)],
  headings: (n) => ['curl-trace', '=> Send header, 4 bytes\n'.repeat(n / 8)],
  'quotes of PowerShell': (n) => ['powershell', `iwr '${"''".repeat(n)}`],
  'escapes of C': (n) => ['c', `static const char m[] = "${'\\'.repeat(n)}`],
  'values of C': (n) => ['c', `char m[] = { ${'0x47, '.repeat(n)}x }`],
}

for (const [name, make] of Object.entries(CASES)) {
  test(`reading takes time as the input grows: ${name}`, () => {
    const time = (length) => {
      const [format, text] = make(length)
      const start = process.hrtime.bigint()
      try {
        formatOf(text)
        readMessages(format, text)
      } catch (error) {
        assert.ok(error instanceof ConversionError || error instanceof H1Error, error.stack)
      }
      return Number(process.hrtime.bigint() - start) / 1e6
    }
    time(1_000)
    const least = (length) => Math.min(time(length), time(length), time(length))
    const [short, long] = [least(20_000), least(80_000)]
    // Four times the input: a square would be sixteen times the time.
    assert.ok(long < short * 9 + 20, `${short.toFixed(1)} ms, then ${long.toFixed(1)} ms`)
  })
}

test('variables that name variables, and stars of dumps, stand for no more than is permitted', () => {
  const lines = Array.from({ length: 40 }, (_none, at) => `@v${at + 1}={{v${at}}}{{v${at}}}`)
  const file = `@v0=0123456789\n${lines.join('\n')}\nGET http://a/{{v40}}`
  assert.throws(() => readMessages('http', file), /maxExpansion/)
  assert.throws(() => readMessages('http', '@a={{b}}\n@b={{a}}\nGET http://a/{{a}}'), /names itself/)
  const dump = '00000000: 4747 4747 4747 4747 4747 4747 4747 4747  GGGG\n*\n3fffffff:\n'
  assert.throws(() => unwrap('hex', dump), /maxExpansion/)
  const small = '00000000: 4747 4747 4747 4747 4747 4747 4747 4747  GGGG\n*\n00000100:\n'
  assert.equal(unwrap('hex', small).length, 256)
  assert.throws(() => readMessages('hex', small, { maxExpansion: 100 }), /more than 100 bytes/)
})

test('what no message may hold is written in no format', () => {
  const request = {
    kind: 'request',
    method: 'GET',
    target: '/',
    scheme: 'http',
    version: '1.1',
    body: Buffer.alloc(0),
  }
  const plain = { ...request, headers: [['Host', 'a']], trailers: [] }
  const evil = [
    {
      ...plain,
      headers: [
        ['Host', 'a'],
        ['X', '1\r\nEvil: 2'],
      ],
    },
    {
      ...plain,
      headers: [
        ['Host', 'a'],
        ['X\r\nEvil', '2'],
      ],
    },
    { ...plain, method: 'GET / HTTP/1.1\r\nX:' },
    { ...plain, method: 'GET\n' },
    { ...plain, target: '/\r\nEvil: 2' },
    { ...plain, target: '/ HTTP/1.1' },
    { ...plain, headers: [['Host', 'a\r\nEvil: 2']] },
    { ...plain, headers: [['Host', 'a b']] },
    { ...plain, trailers: [['X', '1\r\nEvil: 2']], body: Buffer.from('x') },
    { ...plain, kind: 'response', status: 200, reason: 'OK\r\nEvil: 2' },
    { ...plain, kind: 'response', status: 200, headers: [['X', 'a\0b']] },
  ]
  for (const format of ['raw', 'hex', 'json', 'har', 'curl', 'http', 'fetch', 'js', 'rust', 'c']) {
    for (const message of evil) {
      assert.throws(
        () => writeMessages(format, [message]),
        ConversionError,
        `${format}: ${JSON.stringify(message)}`,
      )
      if (message.kind === 'request') {
        assert.throws(() => writeMessages(format, [plain, message]), /^ConversionError: message 1: /)
      }
    }
  }
})

test('whatever is wrong with text, it is a ConversionError', () => {
  for (const [format, text] of [
    ['curl', 'curl http://%zz'],
    ['curl', 'curl http://[::1'],
    ['curl', 'curl http:///'],
    ['fetch', `fetch(${'['.repeat(100_000)}`],
    ['fetch', 'fetch("http://a/", { body: new URLSearchParams(5) })'],
    ['http', 'GET http://a b/'],
    ['json', '{"url": "http://a b/"}'],
    ['json', '{"target": "/", "origin": "nowhere"}'],
    ['har', '[]'],
    ['postman', '{"item": [{"request": {}}]}'],
    ['burp', '<items><item></item></items>'],
    ['warc', 'WARC/1.0\r\nContent-Length: 5\r\n\r\nabc'],
    ['powershell', 'iwr -Uri (Get-Item x)'],
  ]) {
    assert.throws(() => readMessages(format, text), ConversionError, text.slice(0, 60))
  }
  // What a user of a URL says is its bytes, whatever they are.
  const [request] = readMessages('curl', 'curl http://%ff:x@a/')
  assert.deepEqual(request.headers[1], [
    'Authorization',
    `Basic ${Buffer.from('\xff:x', 'latin1').toString('base64')}`,
  ])
})
