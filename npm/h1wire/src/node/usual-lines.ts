// The field lines a server writes into each response unless its handler has: Date, and Connection where it ends.

import type { FormatOptions } from './library.js'

/** Options of a response, with these lines. */
export type Usual = Pick<FormatOptions, 'usual'>

let lasting: Usual | undefined
let last: Usual | undefined

/**
 * `Date` (RFC 9110 section 6.6.1), an IMF-fixdate made once a second; and `Connection: close` if the server knows that
 * the connection ends, for the core does not ask time or limits.
 */
export function usualLines(ends: boolean): Usual {
  if (lasting === undefined || last === undefined) {
    const now = Date.now()
    const date = { name: 'date', text: `Date${new Date(now).toUTCString()}`, valueAt: 4 }
    lasting = { usual: [date] }
    last = { usual: [date, { name: 'connection', text: 'Connectionclose', valueAt: 10 }] }
    setTimeout(forget, 1000 - (now % 1000)).unref()
  }
  return ends ? last : lasting
}

function forget(): void {
  lasting = undefined
  last = undefined
}
