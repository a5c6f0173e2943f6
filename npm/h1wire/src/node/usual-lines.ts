// The field lines a server writes into each response unless its handler has: Date, and what becomes of the connection.

import type { FormatOptions } from './library.js'

/** Options of a response, with these lines. */
export type Usual = Pick<FormatOptions, 'usual'>

/** The connection ends with the response. */
export const ENDS = -1

/** By what is said of the connection; made anew each second. */
const lines = new Map<number, Usual>()
let lasting: Usual | undefined

/**
 * `Date` (RFC 9110 section 6.6.1), an IMF-fixdate made once a second; and of the connection, for the core does not ask time
 * or limits: `Connection: close` if it `ENDS`, or for how many seconds the server waits for the next request; nothing for 0.
 */
export function usualLines(connection: number): Usual {
  if (connection === 0 && lasting !== undefined) return lasting
  let usual = lines.get(connection)
  if (usual === undefined) {
    const now = Date.now()
    const date = { name: 'date', text: `Date${new Date(now).toUTCString()}`, valueAt: 4 }
    usual = { usual: [date, ...linesOf(connection)] }
    if (lines.size === 0) setTimeout(forget, 1000 - (now % 1000)).unref()
    lines.set(connection, usual)
    if (connection === 0) lasting = usual
  }
  return usual
}

function linesOf(connection: number): NonNullable<FormatOptions['usual']> {
  if (connection === 0) return []
  if (connection === ENDS) return [{ name: 'connection', text: 'Connectionclose', valueAt: 10 }]
  return [
    { name: 'connection', text: 'Connectionkeep-alive', valueAt: 10 },
    { name: 'keep-alive', text: `Keep-Alivetimeout=${connection}`, valueAt: 10 },
  ]
}

function forget(): void {
  lines.clear()
  lasting = undefined
}
