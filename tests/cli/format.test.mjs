// `h1wire format`: messages from arguments, JSON and .http files, and raw ones.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { run } from './captured.mjs'
import { BACKENDS, CLI, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-format-'))
after(() => rmSync(folder, { recursive: true }))

/** Arguments, what stands on stdin, and the octets of the message. */
const MESSAGES = [
  [['http://h:81/a?b#c'], '', 'GET /a?b HTTP/1.1\r\nHost: h:81\r\n\r\n'],
  [
    ['http://h/', '-X', 'PUT', '-H', 'A: 1', '-H', 'a:2', '-d', 'J\u00f6'],
    '',
    'PUT / HTTP/1.1\r\nHost: h\r\nA: 1\r\na: 2\r\nContent-Length: 3\r\n\r\nJ\xc3\xb6',
  ],
  [['http://h/', '-d', '@-'], 'in', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nin'],
  [['http://h/', '--http', '1.0'], '', 'GET / HTTP/1.0\r\nHost: h\r\n\r\n'],
  [
    ['http://h/', '-d', 'x', '--trailer', 'X-Sum: 1'],
    '',
    'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n',
  ],
  [['--status', '404', '-d', 'no'], '', 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno'],
  [['--status', '299', '--reason', 'Odd'], '', 'HTTP/1.1 299 Odd\r\nContent-Length: 0\r\n\r\n'],
  [
    [],
    '{"method": "POST", "url": "http://h/a", "headers": {"A": ["1", 2]}, "body": "x"}',
    'POST /a HTTP/1.1\r\nHost: h\r\nA: 1\r\nA: 2\r\nContent-Length: 1\r\n\r\nx',
  ],
  [
    ['-'],
    '[{"status": 200, "headers": [["B", "1"]], "bodyBase64": "/wA="}, {"status": 204}]',
    'HTTP/1.1 200 OK\r\nB: 1\r\nContent-Length: 2\r\n\r\n\xff\x00HTTP/1.1 204 No Content\r\n\r\n',
  ],
  [
    [],
    '### one\nGET http://h/1\nA: b\n\n### two\nPOST http://h/2\n\nbody\n',
    'GET /1 HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody',
  ],
  [
    ['--raw', '--start-line', 'GET  /', '-H', 'Host : a', '-H', ' fold\u00e9', '--eol', 'lf', '-d', 'x'],
    '',
    'GET  /\nHost : a\n fold\xc3\xa9\n\nx',
  ],
  [
    ['--raw'],
    '{"startLine": {"base64": "/w=="}, "fields": [["A", "1"], "no colon"], "body": [{"size": "0x5", "data": "hello"}], "lastChunk": null}',
    '\xff\r\nA: 1\r\nno colon\r\n\r\n0x5\r\nhello\r\n',
  ],
]
for (const backend of BACKENDS) {
  describe(`h1wire format, ${backend}`, () => {
    for (const [args, input, expected] of MESSAGES) {
      test([...args, input].join(' '), async () => {
        const said = await h1wire(['format', ...args], { input, env: { H1WIRE_BACKEND: backend } })
        assert.deepEqual([said.status, said.stderr], [0, ''])
        assert.equal(said.octets.toString('latin1'), expected)
      })
    }
  })
}

const WRONG = [
  [['http://h/', '-H', 'A: b\r\nC: d'], '', 1, /H1_FIELD_VALUE/],
  [['http://h/', '-X', 'A B'], '', 1, /H1_METHOD/],
  [['--status', '200', '-H', 'Content-Length: 5', '-d', 'four'], '', 1, /H1_/],
  [[], '{"method": 1, "url": "http://h/"}', 1, /"method" must be a string/],
  [['--raw'], '{"startLine": {}}', 1, /startLine/],
  [['--raw'], '{"fields": 7}', 1, /fields/],
  [['--status', '200', 'http://h/'], '', 2, /--status makes a response, which has no URL/],
  [['-d', 'x'], '', 2, /a request needs a URL/],
  [['-d', 'x', 'file.json'], '', 2, /a request needs a URL/],
  [['http://h/', '--eol', 'lf'], '', 2, /--eol goes with --raw/],
  [['http://h/', '--http', '2'], '', 2, /--http takes 1\.0, 1\.1, not '2'/],
  [['--raw', '-H', 'a', 'file'], '', 2, /arguments or a FILE/],
  [['--status', 'ok'], '', 2, /--status takes a number/],
  [[join(folder, 'nothing')], '', 3, /ENOENT/],
]
for (const [args, input, status, message] of WRONG) {
  test(`refused: ${[...args, input].join(' ')}`, async () => {
    const said = await h1wire(['format', ...args], { input })
    assert.deepEqual([said.status, said.stdout], [status, ''], said.stderr)
    assert.match(said.stderr, message)
    assert.equal(said.stderr.trimEnd().split('\n').length, 1, said.stderr)
  })
}

test('the examples of its page run', async () => {
  const page = readFileSync(new URL('../../docs/cli/format.md', import.meta.url), 'utf8')
  const examples = [...page.matchAll(/```sh\n(.*?)\n```/gs)].flatMap(([, lines]) => lines.split('\n'))
  assert.equal(examples.length, 5)
  for (const example of examples) {
    const script = `h1wire() { "${process.execPath}" "${CLI}" "$@"; }; ${example}`
    const { status, stdout, stderr } = await run('/bin/sh', ['-c', script])
    assert.deepEqual([status, stderr], [0, ''], example)
    assert.match(stdout.toString(), /^(GET|POST|PUT|HTTP\/1\.1) /, example)
  }
})

test('a large file is counted and not kept; stdin of unknown length is chunked', async () => {
  const file = join(folder, 'large')
  writeFileSync(file, 'begin')
  truncateSync(file, 3_000_000)
  const counted = await h1wire(['format', 'http://h/', '-d', `@${file}`])
  const head = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n'
  assert.equal(counted.octets.toString('latin1', 0, head.length + 5), `${head}begin`)
  assert.equal(counted.octets.length, head.length + 3_000_000)

  const input = Buffer.alloc(3_000_000, 'x')
  const chunked = await h1wire(['format', 'http://h/', '-d', '@-'], { input })
  const events = await h1wire(['parse', '--request'], { input: chunked.octets })
  assert.equal(events.status, 0, events.stderr)
  const lines = events.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual([lines[0].chunked, lines.at(-1).type], [true, 'end'])
  const length = lines.filter(({ type }) => type === 'body').reduce((sum, { data }) => sum + data.length, 0)
  assert.equal(length, input.length)
})
