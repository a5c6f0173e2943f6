// Rows of the annotated view: some octets, as text or in hexadecimal, and carets under them.

import type { Paint, Style } from '../colour.js'

/** Octets that are one thing. */
export interface Part {
  readonly start: number
  readonly octets: Uint8Array
  readonly style: Style
}

/** A row: its parts lie side by side. */
export interface Row {
  readonly label: string
  readonly parts: readonly Part[]
}

/** How rows are laid out. */
export interface Layout {
  /** Octets in a row at most. */
  readonly width: number
  /** The row as a line. */
  line(row: Row, paint: Paint): string
  /** Carets under the octets from `start` to `end` of the row; under the first or last one, if they are not in it. */
  carets(row: Row, start: number, end: number): string
}

const OFFSET = 8
const LABEL = 16

/** What stands before the octets, and as many spaces. */
function margin(offset: string, label: string): string {
  return `${offset.padStart(OFFSET)}  ${label.padEnd(LABEL)}  `
}

export const INDENT = margin('', '')

function head({ label, parts }: Row, paint: Paint): string {
  return paint('quiet', margin(String(parts[0]?.start ?? 0), label))
}

/** As text: controls and octets above 0x7E as `\r`, `\x9b`. */
export const TEXT: Layout = {
  width: 96,
  line: (row, paint) =>
    head(row, paint) + row.parts.map(({ octets, style }) => paint(style, spelled(octets))).join(''),
  carets: (row, start, end) => {
    const cells = octetsOf(row).map(([octet]) => spell(octet).length)
    const [from, to] = within(row, start, end)
    const before = sum(cells.slice(0, from))
    return INDENT + ' '.repeat(before) + '^'.repeat(Math.max(sum(cells.slice(from, to)), 1))
  },
}

/** In hexadecimal, with the text beside it. */
export const HEX: Layout = {
  width: 16,
  line: (row, paint) => {
    const octets = octetsOf(row)
    const hex = octets.map(([octet, style]) => paint(style, octet.toString(16).padStart(2, '0'))).join(' ')
    const text = octets.map(([octet, style]) => paint(style, visible(octet))).join('')
    return `${head(row, paint)}${hex}${' '.repeat(3 * (16 - octets.length) + 2)}${text}`
  },
  carets: (row, start, end) => {
    const [from, to] = within(row, start, end)
    const count = Math.max(to - from, 1)
    const under = `${'   '.repeat(from)}${Array(count).fill('^^').join(' ')}`
    return `${INDENT}${under.padEnd(49)}${' '.repeat(from)}${'^'.repeat(count)}`
  },
}

function octetsOf({ parts }: Row): [octet: number, style: Style][] {
  return parts.flatMap(({ octets, style }) => [...octets].map((octet): [number, Style] => [octet, style]))
}

/** The octets of the row that are meant, counted from its first; an octet that is missing is behind the last. */
function within(row: Row, start: number, end: number): [from: number, to: number] {
  const first = row.parts[0]?.start ?? 0
  const length = sum(row.parts.map(({ octets }) => octets.length))
  const from = Math.min(Math.max(start - first, 0), length)
  return [from, Math.min(Math.max(end - first, from), length)]
}

function spelled(octets: Uint8Array): string {
  return [...octets].map(spell).join('')
}

const SPELLED: ReadonlyMap<number, string> = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x5c, '\\\\'],
])

function spell(octet: number): string {
  const named = SPELLED.get(octet)
  if (named !== undefined) return named
  return octet >= 0x20 && octet < 0x7f
    ? String.fromCharCode(octet)
    : `\\x${octet.toString(16).padStart(2, '0')}`
}

function visible(octet: number): string {
  return octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.'
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
