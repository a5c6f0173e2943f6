// Trailer sections without what may not stand in one: what that is, the builder says.

import type { Backend } from '../backend/backend.js'
import { H1Error } from './error.js'
import { formatLastChunk } from './format.js'
import { type FieldLines, type FieldValue, misfit } from './lines.js'

/** The lines that may be sent. @throws As `allowedTrailers` of the API. */
export function allowedTrailers(
  backend: Backend,
  section: FieldLines,
  version: string,
): [name: string, value: FieldValue][] {
  if (typeof section !== 'object' || section === null) {
    throw new TypeError(misfit('section', 'a FieldSection, or other field lines', section))
  }
  if (version !== '1.1' && version !== '1.0') throw new TypeError("version must be '1.1' or '1.0'")
  // There are no chunks in 1.0, and so no trailers.
  if (version === '1.0') return []
  return linesOf(section).filter(([name]) => isAllowed(backend, name))
}

function isAllowed(backend: Backend, name: string): boolean {
  try {
    formatLastChunk(backend, [[name, '']])
    return true
  } catch (error) {
    if (error instanceof H1Error && error.code === 'H1_TRAILER_FORBIDDEN') return false
    throw error
  }
}

function linesOf(section: FieldLines): [name: string, value: FieldValue][] {
  const pairs = Symbol.iterator in section ? section : Object.entries(section)
  return Array.from(pairs as Iterable<[string, FieldValue | FieldValue[]]>).flatMap(([name, values]) =>
    Array.isArray(values) ? values.map((value): [string, FieldValue] => [name, value]) : [[name, values]],
  )
}
