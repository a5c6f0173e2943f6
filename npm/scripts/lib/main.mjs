// Runs a script's work when the script was started as the program and not imported.

import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Trouble } from './run.mjs'

/** Whether this module is the program. */
export function isMain(meta) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(meta.url)
}

/** Runs the work; trouble is told in its own words and ends with 1. */
export async function main(work) {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${error instanceof Trouble ? error.message : error.stack}\n`)
    process.exitCode = 1
  }
}
