// The fields a server adds to a response: Date, and Connection where it knows that the connection ends.

import type { FieldLines, FieldValues } from '../index.js'

/** The lines given, with `Date` (RFC 9110 section 6.6.1) and, if `closes`, `Connection: close`, unless they are there. */
export function withAdded(headers: FieldLines | undefined, closes: boolean): FieldLines {
  const date = now()
  if (headers === undefined) return closes ? { Date: date, Connection: 'close' } : { Date: date }
  if (typeof headers !== 'object' || headers === null) return headers
  if (Symbol.iterator in headers) return withLines([...headers], date, closes)
  const lines: { [name: string]: FieldValues } = { ...headers }
  if (!hasName(headers, 'date')) lines.Date = date
  if (closes && !hasName(headers, 'connection')) lines.Connection = 'close'
  return lines
}

function withLines(
  lines: (readonly [name: string, value: FieldValues])[],
  date: string,
  closes: boolean,
): FieldLines {
  const names = lines.map(([name]) => String(name).toLowerCase())
  if (!names.includes('date')) lines.push(['Date', date])
  if (closes && !names.includes('connection')) lines.push(['Connection', 'close'])
  return lines
}

function hasName(headers: object, lower: string): boolean {
  for (const name in headers) {
    if (name.length === lower.length && name.toLowerCase() === lower) return true
  }
  return false
}

let second = 0
let date = ''

/** The time as an IMF-fixdate (RFC 9110 section 5.6.7), made once a second. */
function now(): string {
  const milliseconds = Date.now()
  if (milliseconds - second >= 1000 || milliseconds < second) {
    second = milliseconds - (milliseconds % 1000)
    date = new Date(second).toUTCString()
  }
  return date
}
