// Runs cargo, and knows where it puts things.

import { join } from 'node:path'
import { run } from './run.mjs'

/** The folders and files every crate's build reads. */
export const RUST_INPUTS = ['Cargo.toml', 'Cargo.lock', 'src', 'bindings/records']

/** Runs cargo; under CI it must not need to change Cargo.lock. */
export function cargo(command, args, options) {
  return run('cargo', [command, ...(process.env.CI ? ['--locked'] : []), ...args], options)
}

/** A file below cargo's target folder, wherever that was configured to be. */
export async function built(...path) {
  const { target_directory } = JSON.parse(await cargo('metadata', ['--no-deps', '--format-version=1']))
  return join(target_directory, ...path)
}
