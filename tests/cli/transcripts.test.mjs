// Transcripts: what commands print, word for word, in a pipe and in a pseudo-terminal. In the files ␛ stands for ESC.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { which } from '../../npm/scripts/lib/run.mjs'
import { missing } from '../js/peers/missing.js'
import { captured, run } from './captured.mjs'
import { BACKENDS, CLI } from './command.mjs'

const TERMINAL = fileURLToPath(new URL('terminal.py', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'h1wire-transcripts-'))
after(() => rmSync(folder, { recursive: true }))

/** The files that the transcripts are about. */
const FILES = {
  'broken.bin':
    'POST /a HTTP/1.1\r\nHost : h\r\nCookie: s=\xe9\x9b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  'get.bin': 'GET / HTTP/1.1\r\nHost: h\r\n\r\n',
  'binary.bin': 'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\n\x00\x1b\xff',
  'escape.json': '{"status": 200, "headers": [["X", "a"]], "body": "\\u001b[31mred\\u009b\\tok\\n"}',
}
for (const [name, octets] of Object.entries(FILES)) writeFileSync(join(folder, name), octets, 'latin1')

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n'

for (const backend of BACKENDS) {
  describe(`transcripts, ${backend}`, () => {
    for (const place of ['pipe', 'terminal']) {
      test(`in a ${place}`, async (t) => {
        const python = which('python3')
        if (place === 'terminal' && !python) return missing(t, 'python3')
        const expected = readFileSync(new URL(`transcripts/${place}.txt`, import.meta.url), 'utf8')
        const entries = expected.split(/^(?=\$ )/m)
        assert.ok(entries.length >= 5)
        await captured(async (origin) => {
          for (const entry of entries) {
            const [, command] = /^\$ (.*)$/m.exec(entry)
            assert.equal(await transcript(command, { python, place, origin, backend }), entry)
          }
        }, ANSWER)
      })
    }
  })
}

/** A command, what it printed, and how it ended if not well. */
async function transcript(command, { python, place, origin, backend }) {
  const script = `h1wire() { "${process.execPath}" "${CLI}" "$@"; }; cd "${folder}"; ${command.replaceAll('ORIGIN', origin)}`
  const shell = ['/bin/sh', '-c', place === 'pipe' ? `{ ${script}; } 2>&1` : script]
  const [program, ...args] = place === 'pipe' ? shell : [python, TERMINAL, ...shell]
  const env = { H1WIRE_BACKEND: backend, TERM: 'xterm', NO_COLOR: '', FORCE_COLOR: '' }
  const { status, stdout } = await run(program, args, { env })
  const shown = stdout
    .toString()
    .replaceAll('\r\n', '\n')
    .replaceAll('\x1b', '␛')
    .replaceAll(new URL(origin).host, 'PEER')
    .replace(/[\d.]+ ms/g, 'TIME')
  return `$ ${command}\n${shown}${shown.endsWith('\n') || shown === '' ? '' : '\n'}${status === 0 ? '' : `[${status}]\n`}`
}

test('long input shows how far it has got on a terminal, and takes that away', async (t) => {
  const python = which('python3')
  if (!python) return missing(t, 'python3')
  const out = join(folder, 'out')
  // The second half comes when the first has been read for longer than nothing is shown.
  const wait = `while [ ! -s "${out}" ]; do sleep 0.05; done; sleep 1.2`
  const feed = `printf 'PUT / HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 8\\r\\n\\r\\n1234'; ${wait}; printf 5678`
  const script = `{ ${feed}; } | "${process.execPath}" "${CLI}" parse > "${out}"`
  const { stdout } = await run(python, [TERMINAL, '/bin/sh', '-c', script])
  assert.match(stdout.toString().replaceAll('\x1b', '␛'), /^\r␛\[K5\d B read, \d+ B\/s\r␛\[K$/)
  assert.equal(
    readFileSync(out, 'utf8').trimEnd().split('\n').at(-1),
    '{"type":"end","trailers":[],"offset":54}',
  )
})
