// A message built from parts, with a body that may come in pieces.

import {
  type FieldLines,
  formatChunk,
  formatLastChunk,
  formatRequest,
  formatResponse,
  RequestParser,
  type RequestParts,
  ResponseParser,
  type ResponseParts,
} from '../index.js'
import { IoError } from './failure.js'
import type { GivenBody } from './parts.js'

type Parts = (Omit<RequestParts, 'body' | 'trailers'> | Omit<ResponseParts, 'body' | 'trailers'>) & {
  trailers?: FieldLines
}

/** The octets of a message; what is wrong with its parts is thrown before any come. */
export function built(parts: Parts, body: GivenBody | undefined): () => AsyncIterable<Buffer> {
  if (body === undefined || 'octets' in body) {
    const octets = format(parts, body?.octets)
    return async function* () {
      yield octets
    }
  }
  const { pieces, length } = body
  const head = format(parts, undefined, length)
  const { trailers } = parts
  if (isChunked(head, 'status' in parts)) {
    return async function* () {
      yield head
      for await (const piece of pieces()) yield formatChunk(piece)
      yield formatLastChunk(trailers)
    }
  }
  return async function* () {
    yield head
    yield* counted(pieces(), length)
  }
}

function format(parts: Parts, body?: Buffer, length?: number | 'unknown'): Buffer {
  const whole = { ...parts, ...(body === undefined ? {} : { body }) }
  const options = length === undefined ? {} : { body: false, length }
  return 'status' in whole ? formatResponse(whole, options) : formatRequest(whole, options)
}

function isChunked(head: Buffer, response: boolean): boolean {
  const parser = response ? new ResponseParser() : new RequestParser()
  const [event] = parser.push(head)
  parser.free()
  return event?.type === 'head' && event.chunked
}

/** A file that grows or shrinks while it is read would break the message that announced its length. */
async function* counted(pieces: AsyncIterable<Buffer>, length: number | 'unknown'): AsyncGenerator<Buffer> {
  let count = 0
  for await (const piece of pieces) {
    count += piece.length
    if (length !== 'unknown' && count > length) break
    yield piece
  }
  if (length !== 'unknown' && count !== length) throw new IoError('the file has changed while it was read')
}
