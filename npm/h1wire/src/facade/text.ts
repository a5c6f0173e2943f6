// Octets to latin-1 strings, one character an octet, 0x80 to 0xFF too; strings to UTF-8, and places in it.

import { NodeBuffer } from './octets.js'

// TextDecoder's 'latin1' is windows-1252 and wrong above 0x7F: it serves for ASCII alone.
const ascii = new TextDecoder()
const encoder = new TextEncoder()

// What `toString('latin1')` calls, without its detours; not in the type declarations.
type Latin1 = Uint8Array & { latin1Slice(start: number, end: number): string }

// Well below the number of arguments any engine takes.
const PIECE = 8192

/** Whether `latin1` makes use of being told that octets are ASCII. */
export const WANTS_ASCII = NodeBuffer === undefined

/** The octets from `start` to `end` as a string; `isAscii` says that none is above 0x7F. */
export function latin1(octets: Uint8Array, start: number, end: number, isAscii: boolean): string {
  if (NodeBuffer !== undefined) return (octets as Latin1).latin1Slice(start, end)
  if (isAscii) return ascii.decode(octets.subarray(start, end))
  let text = ''
  for (let at = start; at < end; at += PIECE) {
    const piece: ArrayLike<number> = octets.subarray(at, Math.min(at + PIECE, end))
    text += String.fromCharCode.apply(null, piece as number[])
  }
  return text
}

/** Text in UTF-8, as a string of one character an octet. */
export function utf8(text: string): string {
  if (NodeBuffer !== undefined) return NodeBuffer.from(text).toString('latin1')
  const octets = encoder.encode(text)
  return latin1(octets, 0, octets.length, octets.length === text.length)
}

/** The most octets a code unit takes in UTF-8. */
export const UTF8_OCTETS = 3

/** Writes a string, for which there is room, as UTF-8; returns how many octets that took. */
export function writeUtf8(text: string, to: Uint8Array): number {
  return NodeBuffer === undefined ? encoder.encodeInto(text, to).written : (to as Buffer).write(text)
}

/** How many code units are written in so many octets of UTF-8, one character an octet, from `start` on. */
export function unitsIn(octets: string, start: number, length: number): number {
  let units = 0
  for (let at = start; at < start + length; at++) {
    const octet = octets.charCodeAt(at)
    // Octets that go on with a character begin with the bits 10; four octets are two code units.
    if ((octet & 0xc0) !== 0x80) units += octet >= 0xf0 ? 2 : 1
  }
  return units
}
