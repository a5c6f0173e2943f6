// What the servers answer, before it is made a response: it knows its length and can be shown.

import { STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import type { IncomingRequest, OutgoingResponse } from '../../net.js'

/** What is asked. */
export type Asked = IncomingRequest

/** An answer: a body that is there, or pieces of this length, or of a length nobody knows. */
export interface Answer {
  readonly status: number
  readonly headers: readonly [string, string][]
  readonly body?: Buffer
  readonly length?: number | undefined
  /** Called when the server takes them over; a stream is then its to destroy. */
  readonly pieces?: (() => AsyncIterable<Buffer>) | undefined
  /** Called in place of `pieces` where no body is sent. */
  readonly close?: () => Promise<void>
}

/** A sentence. */
export function plain(status: number, text: string): Answer {
  return { status, headers: [], body: Buffer.from(`${text}\n`) }
}

/** The response, and the octets of body it has. What browsers must not guess is said. */
export async function responseOf(
  asked: Asked,
  answer: Answer,
): Promise<{ response: OutgoingResponse; headers: [string, string][]; octets: () => number }> {
  const { status, body, pieces, close } = answer
  const length = body?.length ?? answer.length
  const typed = answer.headers.some(([name]) => name === 'Content-Type')
  const headers: [string, string][] = [
    ['Date', new Date().toUTCString()],
    ...answer.headers,
    ...(typed ? [] : [['Content-Type', 'text/plain; charset=utf-8'] as [string, string]]),
    ['X-Content-Type-Options', 'nosniff'],
    ...(length === undefined ? [] : [['Content-Length', String(length)] as [string, string]]),
  ]
  let count = 0
  const counted = () =>
    countedPieces(pieces?.() ?? Readable.from([body ?? Buffer.alloc(0)]), (octets) => {
      count += octets
    })
  const reason = STATUS_CODES[status] ?? ''
  const head = { status, reason, headers }
  const bodiless = asked.method === 'HEAD' || length === 0
  if (bodiless) await close?.()
  return {
    response: bodiless ? head : { ...head, body: { [Symbol.asyncIterator]: counted } },
    headers,
    octets: () => count,
  }
}

/** The pieces, each of which is counted. A stream is destroyed when nobody wants it, also if nobody has begun to. */
function countedPieces(
  pieces: AsyncIterable<Buffer>,
  count: (octets: number) => void,
): AsyncIterator<Buffer> {
  const iterator = pieces[Symbol.asyncIterator]()
  // While it is iterated over, that is told of its errors.
  if (pieces instanceof Readable) pieces.on('error', () => {})
  return {
    async next() {
      const piece = await iterator.next()
      if (!piece.done) count(piece.value.length)
      return piece
    },
    async return(reason) {
      if (pieces instanceof Readable) pieces.destroy()
      else await iterator.return?.(reason)
      return { done: true, value: undefined }
    },
  }
}
