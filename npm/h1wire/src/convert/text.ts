// Text formats: their bytes made text, and text gone through line by line.

import { ConversionError } from './error.js'
import { utf8 } from './octets.js'

/** Text of bytes in UTF-8, or in UTF-16 if a byte-order mark or its zeros say so; the mark is left out. */
export function textOf(octets: Uint8Array): string {
  const encoding = utf16(octets)
  if (encoding !== undefined) return new TextDecoder(encoding).decode(octets)
  const text = utf8(octets)
  if (text === undefined) {
    throw new ConversionError('the input is neither UTF-8 nor UTF-16: save it as UTF-8, or say --from raw')
  }
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** Which UTF-16 it is, if it is. */
export function utf16(octets: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a = 1, b = 1, c = 1, d = 1] = octets
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const ascii = (octet: number) => octet >= 0x09 && octet < 0x7f
  if (octets.length % 2 === 0 && octets.length >= 4) {
    if (ascii(a) && b === 0 && ascii(c) && d === 0) return 'utf-16le'
    if (a === 0 && ascii(b) && c === 0 && ascii(d)) return 'utf-16be'
  }
  return undefined
}

/** A line, and its number from 1. */
export interface Line {
  readonly text: string
  readonly number: number
}

/** The lines of a text, one after another, their ends (LF or CR LF) left out. */
export function* linesOf(text: string): Generator<Line> {
  let number = 1
  for (let start = 0; start <= text.length; number++) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    const cut = found > start && text[end - 1] === '\r' ? end - 1 : end
    yield { text: text.slice(start, cut), number }
    start = end + 1
  }
}

/** A text without spaces and tabs around it; other whitespace may be a byte of a value. */
export function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text[start])) start++
  while (end > start && isSpace(text[end - 1])) end--
  return text.slice(start, end)
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t'
}
