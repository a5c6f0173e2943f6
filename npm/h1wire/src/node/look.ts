// What a client must know of the headers it is given: whether there is a Host among them, and an Expect.

import type { FieldLines } from '../index.js'

/** What was found, and the headers in a form that can be read again. */
export interface Found {
  headers: FieldLines | undefined
  host: boolean
  expect: boolean
}

/** Looks through the names; values are not touched. What can be iterated over only once is copied. */
export function lookAt(headers: FieldLines | undefined): Found {
  const found: Found = { headers, host: false, expect: false }
  if (typeof headers !== 'object' || headers === null) return found
  if (!(Symbol.iterator in headers)) {
    for (const name in headers) note(found, name)
    return found
  }
  const pairs = Array.isArray(headers) ? headers : Array.from(headers)
  found.headers = pairs
  for (const pair of pairs) {
    // What is no pair is refused by whoever writes it.
    if (typeof pair === 'object' && pair !== null) note(found, pair[0])
  }
  return found
}

function note(found: Found, name: unknown): void {
  if (typeof name !== 'string') return
  if (name.length === 4) found.host ||= name.toLowerCase() === 'host'
  else if (name.length === 6) found.expect ||= name.toLowerCase() === 'expect'
}
