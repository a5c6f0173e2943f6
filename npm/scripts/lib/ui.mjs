// The inspector page as users have it: `h1wire ui`, of this clone or of an installed package.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DIST } from './paths.mjs'
import { Trouble } from './run.mjs'

/** Starts it; returns its address and how to stop it. */
export async function startUi({ words = [], cli = join(DIST, 'node', 'cli.cjs') } = {}) {
  const child = spawn(process.execPath, [cli, 'ui', ...words], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const said = []
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line)
    const url = /is at (http:\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stderr.pipe(process.stderr)
    return {
      url,
      ended: once(child, 'exit'),
      async stop() {
        child.kill()
        await once(child, 'exit')
      },
    }
  }
  throw new Trouble(`h1wire ui did not start:\n${said.join('\n')}`)
}
