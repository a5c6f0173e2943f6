// The platform packages there are, and which one is this machine's.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PLATFORMS } from './paths.mjs'

/** The triples that have a package, whether or not its addon is built here. */
export const TRIPLES = readdirSync(PLATFORMS).sort()

/** This machine's triple, if it has a package. */
export function hostTriple() {
  const libc = { linux: isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[process.platform] ?? ''
  const triple = `${process.platform}-${process.arch}${libc}`
  return TRIPLES.includes(triple) ? triple : undefined
}

/** Where a triple's addon lies. */
export function addonOf(triple) {
  return join(PLATFORMS, triple, 'h1wire.node')
}

function isMusl() {
  if (process.platform !== 'linux') return false
  process.report.excludeNetwork = true
  return !process.report.getReport().header.glibcVersionRuntime
}
