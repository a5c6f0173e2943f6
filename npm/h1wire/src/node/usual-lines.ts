// The field lines a server writes into each response unless its handler has: Date, and Connection where it ends.

import type { FormatOptions } from '../index.js'

type UsualLines = NonNullable<FormatOptions['usual']>

let second = 0
let lasting: UsualLines = []
let last: UsualLines = []

/**
 * `Date` (RFC 9110 section 6.6.1), an IMF-fixdate made once a second; and `Connection: close` if the server knows that
 * the connection ends, for the core does not ask time or limits.
 */
export function usualLines(ends: boolean): UsualLines {
  const now = Date.now()
  if (now - second >= 1000 || now < second) {
    second = now - (now % 1000)
    const date = ['Date', new Date(second).toUTCString()] as const
    lasting = [date]
    last = [date, ['Connection', 'close']]
  }
  return ends ? last : lasting
}
