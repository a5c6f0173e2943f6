// Builds only what is out of date: a stamp holds the hash of everything that went into the last build.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT, TARGET } from './paths.mjs'

/**
 * Runs `build` unless its stamp is right and its outputs are there; says whether it ran. `inputs` are files and
 * folders of the repository, `settings` whatever else decides the outcome.
 */
export async function upToDate({ name, inputs, settings = '', outputs }, build) {
  const stamp = join(TARGET, 'stamps', name)
  const hash = hashOf(inputs, settings)
  if (outputs.every((file) => existsSync(file)) && read(stamp) === hash) return false
  const start = performance.now()
  process.stdout.write(`${name} …\n`)
  await build()
  mkdirSync(join(TARGET, 'stamps'), { recursive: true })
  writeFileSync(stamp, hash)
  process.stdout.write(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
  return true
}

function hashOf(inputs, settings) {
  const hash = createHash('sha256').update(JSON.stringify([process.version, settings]))
  for (const file of inputs.flatMap((input) => filesOf(join(ROOT, input)))) {
    hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/** Every file of a folder, in order, or the file itself. */
export function filesOf(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
