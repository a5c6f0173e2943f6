// Octets as literals of programming languages, a line of the source for each line of the message.

import { toLatin1 } from './octets.js'
import { slicesOf } from './pieces.js'

const LETTERS: ReadonlyMap<number, string> = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x5c, '\\\\'],
])

/** An expression of JavaScript whose value is a Uint8Array of these octets. */
export function* jsLiteral(octets: Uint8Array): Generator<string> {
  yield "Uint8Array.from('"
  for (const slice of slicesOf(octets)) yield spelled(slice, "'", hexEscape)
  yield "', (character) => character.charCodeAt(0))\n"
}

/** A byte string of Rust. A backslash at the end of a line joins it to the next, whose leading spaces it leaves out. */
export function* rustLiteral(octets: Uint8Array): Generator<string> {
  yield 'b"'
  let first = true
  for (const line of linesOf(octets)) {
    // A space in front would be left out with the indentation.
    const space = line[0] === 0x20
    yield `${first ? '' : '\\\n  '}${space ? '\\x20' : ''}`
    first = false
    for (const slice of slicesOf(space ? line.subarray(1) : line)) yield spelled(slice, '"', hexEscape)
  }
  yield '"\n'
}

/**
 * An array of C, a NUL at its end, and its length without that: string literals side by side, which the compiler joins. Octal escapes have three
 * digits and end there; hexadecimal ones would take the digits that follow. Every `?` behind another is escaped:
 * two of them begin a trigraph.
 */
export function* cLiteral(octets: Uint8Array): Generator<string> {
  yield `static const char message[] =\n${octets.length === 0 ? '  ""' : ''}`
  let end = ''
  for (const line of linesOf(octets)) {
    for (const slice of slicesOf(line)) {
      const text = spelled(slice, '"', (octet) => `\\${octet.toString(8).padStart(3, '0')}`)
      yield `${end}  "${text.replace(/(?<=\?)\?/g, '\\?')}"`
      end = '\n'
    }
  }
  yield `;\nstatic const unsigned long message_length = ${octets.length};\n`
}

function hexEscape(octet: number): string {
  return `\\x${octet.toString(16).padStart(2, '0')}`
}

function spelled(octets: Uint8Array, quote: string, escaped: (octet: number) => string): string {
  return toLatin1(octets).replace(/[^\x20-\x7e]|["'\\]/g, (char) => {
    const octet = char.charCodeAt(0)
    if (char === quote) return `\\${quote}`
    if (char === '"' || char === "'") return char
    return LETTERS.get(octet) ?? escaped(octet)
  })
}

/** The octets up to each LF, and what follows the last. */
function* linesOf(octets: Uint8Array): Generator<Uint8Array> {
  let start = 0
  for (let end = octets.indexOf(0x0a) + 1; end > 0; end = octets.indexOf(0x0a, start) + 1) {
    yield octets.subarray(start, end)
    start = end
  }
  if (start < octets.length) yield octets.subarray(start)
}
