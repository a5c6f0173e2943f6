// Runs the built command as a user would, and keeps what it said.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const CLI = fileURLToPath(new URL('../../npm/h1wire/dist/node/cli.cjs', import.meta.url))

/** The backends every behaviour is tested with. */
export const BACKENDS = ['native', 'wasm']

/** Runs `h1wire` with these arguments and this on stdin: text, octets, or pieces of them that arrive apart. */
export async function h1wire(args, { input = '', env = {} } = {}) {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } })
  const closed = once(child, 'close')
  const said = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => said[name].push(data))
  child.stdin.on('error', () => {})
  if (Array.isArray(input)) await Promise.race([closed, feed(child, input)])
  else child.stdin.end(input)
  const [status] = await closed
  const octets = Buffer.concat(said.stdout)
  return { status, octets, stdout: octets.toString(), stderr: Buffer.concat(said.stderr).toString() }
}

/** The names of all commands, from the pages of the documentation. */
export function commandNames() {
  const pages = fileURLToPath(new URL('../../docs/cli', import.meta.url))
  return readdirSync(pages)
    .filter((name) => name !== 'README.md')
    .map((name) => name.replace('.md', ''))
}

/** The events of JSON lines. */
export function events(stdout) {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Writes the first piece, waits for the first answer, and then writes each further piece for itself. */
async function feed({ stdin, stdout }, [first, ...others]) {
  stdin.write(first)
  await once(stdout, 'data')
  for (const piece of others) {
    stdin.write(piece)
    await pause(10)
  }
  stdin.end()
}
