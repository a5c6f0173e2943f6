// `h1wire convert --to curl`: each shell that is here hands curl the same words and the same body.

import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, test } from 'node:test'
import { which } from '../../npm/scripts/lib/run.mjs'
import { missing } from '../js/peers/missing.js'
import { run } from './captured.mjs'
import { h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-shells-'))
after(() => rmSync(folder, { recursive: true }))

// In the place of curl: its words, each behind a NUL, and what is piped into it if it asks for that.
writeFileSync(
  join(folder, 'curl'),
  `#!/bin/sh\nprintf '%s\\0' "$@" > '${folder}/words'\ncase "$*" in *@-*) cat > '${folder}/body';; esac\n`,
)
chmodSync(join(folder, 'curl'), 0o755)

const EVERY = Buffer.from(Array.from({ length: 256 }, (_none, index) => index))
const BODIES = [
  Buffer.from('--B\r\n\0\x01\xff%\\\r\n--B--\r\n', 'latin1'),
  Buffer.from('-x'),
  Buffer.from('-\0'),
  Buffer.from('--data'),
  Buffer.from('@file'),
  Buffer.from('%s %d %% \\n \\0 \\x41'),
  Buffer.from('it\'s "so" $HOME `x` !! $(x)'),
  Buffer.from('ends in lines\n\n\n'),
  Buffer.from('\n'),
  Buffer.from('caf\u00e9 \u{1f600}'),
  Buffer.from('a\tb\x1b[1m\x7f'),
  EVERY,
  EVERY.subarray(1),
  Buffer.concat([EVERY, EVERY, EVERY]),
  Buffer.alloc(200_000, 'long '),
]

for (const shell of ['bash', 'dash', 'zsh']) {
  test(`${shell} hands curl the body that the request had`, async (t) => {
    const program = which(shell)
    if (!program) return missing(t, shell)
    for (const body of BODIES) {
      const headers = [
        ['Host', 'h'],
        ['X', 'caf\xe9 \'q\' "$HOME" `x` \\ %s !'],
      ]
      const input = JSON.stringify({
        method: 'POST',
        target: '/',
        headers,
        bodyBase64: body.toString('base64'),
      })
      const { status, octets, stderr } = await h1wire(['convert', '--to', 'curl'], { input })
      assert.equal(status, 0, stderr)
      const script = join(folder, 'command.sh')
      writeFileSync(script, octets)
      rmSync(join(folder, 'body'), { force: true })
      const env = { PATH: `${folder}${delimiter}${process.env.PATH}` }
      const result = await run(program, [script], { env })
      assert.deepEqual([result.status, result.stderr], [0, ''], octets.toString())
      const words = readFileSync(join(folder, 'words')).toString('latin1').split('\0').slice(0, -1)
      const piped = existsSync(join(folder, 'body'))
      const got = piped
        ? readFileSync(join(folder, 'body'))
        : Buffer.from(words[words.indexOf('--data-raw') + 1], 'latin1')
      assert.deepEqual(got, body, octets.toString())
      assert.ok(words.includes(`X: ${headers[1][1]}`), octets.toString())
      const back = await h1wire(['convert', '--to', 'json'], { input: octets })
      assert.equal(back.status, 0, back.stderr)
      const { body: text = '', bodyBase64 } = JSON.parse(back.stdout)
      assert.deepEqual(bodyBase64 ? Buffer.from(bodyBase64, 'base64') : Buffer.from(text), body)
    }
  })
}
