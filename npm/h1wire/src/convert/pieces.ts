// Long bodies as text, a piece at a time: nothing here holds more of a body than a piece.

import { toBase64 } from './octets.js'

/** Divisible by 3, so that pieces of base64 join. */
const SIZE = 48 * 1024

/** Bytes in pieces, as views of them. */
export function* slicesOf(octets: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; at += SIZE) yield octets.subarray(at, at + SIZE)
}

/** The text of bytes in UTF-8, in pieces; a TypeError if they are something else. */
export function* textPieces(octets: Uint8Array): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (const slice of slicesOf(octets)) yield decoder.decode(slice, { stream: true })
  yield decoder.decode()
}

/** Whether bytes are UTF-8. */
export function isText(octets: Uint8Array): boolean {
  try {
    for (const _ of textPieces(octets));
    return true
  } catch {
    return false
  }
}

/** A string of JSON that holds this text. */
export function* jsonText(octets: Uint8Array): Generator<string> {
  yield '"'
  for (const piece of textPieces(octets)) yield JSON.stringify(piece).slice(1, -1)
  yield '"'
}

/** A string of JSON that holds these bytes in base64. */
export function* jsonBase64(octets: Uint8Array): Generator<string> {
  yield '"'
  for (const slice of slicesOf(octets)) yield toBase64(slice)
  yield '"'
}
