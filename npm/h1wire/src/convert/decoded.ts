// Content codings undone, in Node.js: browsers can do it only piece by piece, and later.

import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** What bytes in this coding stand for, if that is at most so long; undefined if it cannot be told. */
export function decoded(octets: Uint8Array, coding: string, most: number): Uint8Array | undefined {
  const options = { maxOutputLength: most }
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return gunzipSync(octets, options)
    if (coding === 'br') return brotliDecompressSync(octets, options)
    if (coding !== 'deflate') return undefined
    // Some send it without the wrapper that RFC 9110 section 8.4.1.2 asks for.
    const wrapped = ((octets[0] ?? 0) & 15) === 8
    return wrapped ? inflateSync(octets, options) : inflateRawSync(octets, options)
  } catch {
    return undefined
  }
}
