// An example that stands for itself: run as a reader would run it, with this backend, and its output looked at.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../lib/paths.mjs'

const run = promisify(execFile)

/** Runs the example of this name, which must print lines that begin so. */
export function script(name, expected) {
  return async (stage) => {
    const env = { ...process.env, H1WIRE_BACKEND: stage.backend }
    const { stdout } = await run(process.execPath, [join(ROOT, 'examples', name)], { env, timeout: 30_000 })
    stage.say(stdout)
    const lines = stdout.split('\n')
    for (const text of expected) {
      const isPrinted = lines.some((line) => line.startsWith(text))
      stage.check(`it prints: ${text}`, isPrinted, true)
    }
  }
}
