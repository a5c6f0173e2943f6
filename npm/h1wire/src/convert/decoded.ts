// Content codings undone, in Node.js: browsers can do it only piece by piece, and later.

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** What bytes in this coding stand for, if that is at most so long; undefined if it cannot be told. */
export function decoded(octets: Uint8Array, coding: string, most: number): Uint8Array | undefined {
  const options = { maxOutputLength: most }
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return gunzipSync(octets, options)
    if (coding === 'br') return brotliDecompressSync(octets, options)
    return coding === 'deflate' ? inflateSync(octets, options) : undefined
  } catch {
    return undefined
  }
}
