// `h1wire split-test`: that it finds a parser that depends on the cut, and no difference in ours.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { run } from './captured.mjs'
import { BACKENDS, CLI, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-split-'))
after(() => rmSync(folder, { recursive: true }))

const CHUNKED =
  'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a\r\n world\r\n0\r\nX: 1\r\n\r\n'
const SWITCH = 'GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nnot HTTP'
const FAULT = `${CHUNKED}GET / HTTP/1.1\nHost: h\r\n\r\n`

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }
  test(`no difference, whole, switched, at fault, lenient or empty: ${backend}`, async () => {
    const lenient = ['--lenient', 'node-insecure']
    const inputs = [
      [[], CHUNKED, /^the same 3 events in all of (\d+) ways to cut \1 octets\n$/],
      [[], SWITCH, /^the same 3 events/],
      [[], FAULT, /^the same 4 events/],
      [lenient, CHUNKED.replaceAll('\r\n', '\n'), /^the same \d+ events/],
      [
        ['--response', '--method', 'HEAD'],
        'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
        /^the same 2 events/,
      ],
      [[], '', /^the same 0 events in all of 1 ways to cut 0 octets\n$/],
    ]
    for (const [args, input, message] of inputs) {
      const { status, stdout, stderr } = await h1wire(['split-test', '-', ...args], { input, env })
      assert.deepEqual([status, stderr], [0, ''])
      assert.match(stdout, message)
    }
  })

  test(`a parser that loses an octet at one cut is found out: ${backend}`, async () => {
    const file = join(folder, 'chunked')
    writeFileSync(file, CHUNKED)
    const at = CHUNKED.indexOf('llo')
    const broken = join(folder, 'broken.cjs')
    // The library as it is, but for one chunk whose last octet it reads as another.
    writeFileSync(
      broken,
      `const { RequestParser } = require(${JSON.stringify(CLI.replace('cli.cjs', 'index.cjs'))})
       const { push } = RequestParser.prototype
       RequestParser.prototype.push = function (chunk) {
         if (chunk.length !== ${at} || chunk[0] !== 0x50) return push.call(this, chunk)
         const other = Buffer.from(chunk)
         other[other.length - 1]++
         return push.call(this, other)
       }`,
    )
    const { status, stdout, stderr } = await run(
      process.execPath,
      ['--require', broken, CLI, 'split-test', file],
      { env },
    )
    assert.equal(status, 1)
    const heads = stdout.toString().trimEnd().split('\n')
    assert.equal(heads.length, 1)
    assert.match(
      heads[0],
      new RegExp(`^cut behind octet ${at - 1}: event 1 is .*, and uncut \\{"type":"body"`),
    )
    assert.equal(stderr, `h1wire: 1 of ${CHUNKED.length} ways to cut it differ\n`)
  })
}

test('a long file is cut at so many places, and that is said', async () => {
  const { status, stdout, stderr } = await h1wire(['split-test', '-', '--cuts', '10'], { input: CHUNKED })
  assert.equal(status, 0)
  assert.match(stdout, /in all of 11 ways/)
  assert.equal(stderr, 'h1wire: not at every octet: --cuts 0 does that\n')
})
