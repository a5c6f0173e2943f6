// Octets to the texts that stand for them in other formats, and back; the same in Node.js and in browsers.

import { allocate, NodeBuffer } from '../facade/octets.js'
import { latin1 } from '../facade/text.js'
import { ConversionError } from './error.js'

export { concat, empty } from '../facade/octets.js'

/** Text in UTF-8. */
export function fromText(text: string): Uint8Array {
  if (NodeBuffer !== undefined) return NodeBuffer.from(text)
  const encoded = new TextEncoder().encode(text)
  const octets = allocate(encoded.length)
  octets.set(encoded)
  return octets
}

/** Octets as text, if they are UTF-8. */
export function utf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}

/** One octet for each character; none is above U+00FF. */
export function fromLatin1(text: string): Uint8Array {
  if (NodeBuffer !== undefined) return NodeBuffer.from(text, 'latin1')
  const octets = allocate(text.length)
  for (let at = 0; at < text.length; at++) octets[at] = text.charCodeAt(at)
  return octets
}

/** One character for each octet. */
export function toLatin1(octets: Uint8Array): string {
  return latin1(octets, 0, octets.length, false)
}

/** The octets of a latin-1 text read as UTF-8, if they are that. */
export function latin1AsText(text: string): string | undefined {
  if (!/[\x80-\uffff]/.test(text)) return text
  return /[\u0100-\uffff]/.test(text) ? undefined : utf8(fromLatin1(text))
}

/** Text as the latin-1 text of its octets in UTF-8. */
export function textAsLatin1(text: string): string {
  return /[\x80-\uffff]/.test(text) ? toLatin1(fromText(text)) : text
}

export function toBase64(octets: Uint8Array): string {
  return btoa(toLatin1(octets))
}

/** What base64 stands for; anything else is refused. */
export function fromBase64(text: string): Uint8Array {
  try {
    // Node.js's atob holds several copies of what it reads; its Buffer passes over what is no base64.
    if (NodeBuffer === undefined || /[^A-Za-z0-9+/=]/.test(text)) return fromLatin1(atob(text))
    const octets = NodeBuffer.from(text, 'base64')
    if (octets.length === Math.floor((text.replace(/=+$/, '').length * 3) / 4)) return octets
    throw new Error()
  } catch {
    throw new ConversionError('this is no base64')
  }
}

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** Two hexadecimal digits for each octet, nothing between them. */
export function toHex(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += HEX[octet]
  return text
}

/** What hexadecimal digits stand for; there are an even number of them, and nothing else. */
export function fromHex(digits: string): Uint8Array {
  const octets = allocate(digits.length / 2)
  for (let at = 0; at < octets.length; at++)
    octets[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)
  return octets
}
