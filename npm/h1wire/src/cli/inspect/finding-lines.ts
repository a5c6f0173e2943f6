// A finding in words, for people.

import type { Finding } from '../../index.js'
import type { Paint } from '../colour.js'

const WIDTH = 90

/** What was found, by which rule, what to do, and how readers differ. */
export function lines(finding: Finding, paint: Paint): string[] {
  const { severity, code, message, rule, fix, readers, leniency } = finding
  const name = leniency === undefined ? code : `${code} (${leniency})`
  return [
    `${paint(severity, `${severity} ${name}`)} ${rule}`,
    ...[message, fix, ...(readers === undefined ? [] : [readers])].flatMap((sentence) =>
      wrapped(`${sentence}.`),
    ),
  ]
}

/** Text in lines, those behind the first indented. */
function wrapped(text: string): string[] {
  const rows: string[] = []
  let row = ''
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + word.length >= WIDTH) {
      rows.push(row)
      row = ' '
    }
    row += row === '' ? word : ` ${word}`
  }
  return [...rows, row]
}
