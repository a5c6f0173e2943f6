// What the servers answer, before it is made a response: it knows its length and can be shown.

import { STATUS_CODES } from 'node:http'
import type { IncomingRequest, OutgoingResponse } from '../../net.js'

/** What is asked. */
export type Asked = IncomingRequest

/** An answer: a body that is there, or pieces of this length, or of a length nobody knows. */
export interface Answer {
  readonly status: number
  readonly headers: readonly [string, string][]
  readonly body?: Buffer
  readonly length?: number | undefined
  readonly pieces?: (() => AsyncIterable<Buffer>) | undefined
  /** Called where no body is sent, or not all of it. */
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
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of pieces?.() ?? [body ?? Buffer.alloc(0)]) {
      count += piece.length
      yield piece
    }
  }
  const reason = STATUS_CODES[status] ?? ''
  const head = { status, reason, headers }
  const bodiless = asked.method === 'HEAD' || length === 0
  if (bodiless) await close?.()
  // The client may be gone before the first piece is asked for.
  else if (close) asked.signal.addEventListener('abort', () => close().catch(() => {}))
  return { response: bodiless ? head : { ...head, body: counted() }, headers, octets: () => count }
}
