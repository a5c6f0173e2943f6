// Messages on their way out: what is small goes in one write, what is large uncopied, what comes in pieces at the
// pace at which the socket takes it.
//
// It serves both ends. It must not know who waits for what, nor time: a signal tells it to stop.

import type { Duplex } from 'node:stream'
import { type Body, type BodyData, type FieldLines, type FormatOptions, multipart } from '../index.js'

/** A body that comes in pieces: a Node.js stream, a web stream, anything that iterates over data. */
export type BodyPieces =
  | AsyncIterable<BodyData>
  | Iterable<BodyData>
  | ReadableStream<BodyData>
  | NodeJS.ReadableStream

/** A body as it can be given to be sent: whole, in pieces, or as a `Blob` or `FormData`, files included. */
export type OutgoingBody = Body | BodyPieces | Blob | null

/** Trailer fields, or what is asked for them when the body has been sent. */
export type OutgoingTrailers = FieldLines | (() => FieldLines | Promise<FieldLines> | undefined)

/** The side of a connection that sends; of the parts given, `body` is none that comes in pieces. */
export interface Sender {
  sendData(data: BodyData): Uint8Array[]
  sendEnd(trailers?: FieldLines): Uint8Array
  readonly localState: string
}

/** Writes the head of a message, or the whole: `sendRequest` or `sendResponse` of a connection, bound to it. */
export type SendHead<Parts> = (parts: Parts, options?: FormatOptions) => Uint8Array

// From so many octets on, two writes are cheaper than a copy.
const LARGE = 65_536

/** Whether the body comes in pieces. */
export function inPieces(body: unknown): body is BodyPieces {
  if (typeof body !== 'object' || body === null || ArrayBuffer.isView(body)) return false
  if (body instanceof URLSearchParams || body instanceof FormData) return false
  return isWebStream(body) || Symbol.asyncIterator in body || Symbol.iterator in body
}

/** Whether the body must be waited for before it can be sent as one whole: its octets lie elsewhere. */
export function mustBeRead(body: unknown): body is Blob | FormData {
  // Node.js loads both classes when they are first asked for.
  return typeof body === 'object' && body !== null && (body instanceof FormData || body instanceof Blob)
}

/** The octets of a body that had to be waited for, with its type. */
export async function readWhole(body: Blob | FormData): Promise<Body> {
  if (body instanceof FormData) return multipart(body)
  const content = await body.arrayBuffer()
  return body.type === '' ? content : { content, type: body.type }
}

/**
 * Writes a message whose body, if it has one, is whole. `false`, as `socket.write`, if the socket wants no more for
 * now.
 *
 * @throws As `send` does; nothing is written then.
 */
export function writeWhole<
  Parts extends { body?: Body | null | undefined; trailers?: FieldLines | undefined },
>(connection: Sender, socket: Duplex, send: SendHead<Parts>, parts: Parts): boolean {
  const data = largeData(parts.body)
  if (data === undefined) return socket.write(send(parts))
  const head = send(parts, { body: false })
  socket.cork()
  let taken = socket.write(head)
  if (connection.localState === 'body') {
    for (const piece of connection.sendData(data)) taken = socket.write(piece)
    const end = connection.sendEnd(parts.trailers)
    if (end.length !== 0) taken = socket.write(end)
  }
  socket.uncork()
  return taken
}

/** What a body that is whole is made of. */
export function dataOf(body: Body): BodyData {
  if (body instanceof URLSearchParams) return String(body)
  return typeof body === 'object' && 'content' in body ? body.content : (body as BodyData)
}

/** The octets of a body that is large enough not to be copied. */
export function largeData(body: Body | null | undefined): BodyData | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const data = dataOf(body)
  const isMemory = ArrayBuffer.isView(data) || data instanceof ArrayBuffer
  return isMemory && data.byteLength >= LARGE ? data : undefined
}

/**
 * Writes a body that comes in pieces, behind its head, and ends the message; each piece is asked for when the socket
 * has taken those before. `signal` stops it at any point; whoever owns the socket aborts it when that closes.
 *
 * A message without a body, such as the answer to HEAD, has ended already: its source is only told to stop.
 *
 * Rejects with the reason of the signal, with what the source failed with, or with what the core refuses: a source
 * that gives more or less than its Content-Length. The source has then been stopped, and the message, which can no
 * longer be ended, has the connection closed by whoever owns it.
 */
export async function writePieces(
  connection: Sender,
  socket: Duplex,
  pieces: BodyPieces,
  trailers: OutgoingTrailers | undefined,
  signal: AbortSignal,
): Promise<void> {
  const source = openSource(pieces)
  const stop = new Stop(signal)
  try {
    signal.throwIfAborted()
    if (connection.localState !== 'body') {
      source.stop(undefined)
      return
    }
    for (;;) {
      const { done, value } = await stop.orElse(source.next())
      if (done) break
      if (!writeParts(socket, connection.sendData(value as BodyData))) await stop.orElse(drained(socket))
    }
    const fields = typeof trailers === 'function' ? await stop.orElse(Promise.resolve(trailers())) : trailers
    const end = connection.sendEnd(fields)
    if (end.length !== 0) socket.write(end)
  } catch (error) {
    source.stop(error)
    throw error
  } finally {
    stop.free()
  }
}

function writeParts(socket: Duplex, parts: Uint8Array[]): boolean {
  if (parts.length === 1) return socket.write(parts[0])
  let taken = true
  socket.cork()
  for (const part of parts) taken = socket.write(part)
  socket.uncork()
  return taken
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve)
  })
}

/** A signal that any number of waits, one after the other, can be broken off by. */
class Stop {
  readonly #signal: AbortSignal
  #reject: ((reason: unknown) => void) | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#stop)
  }

  /** What is waited for, or the reason to stop. No race with the signal: that would keep every wait in memory. */
  orElse<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) reject(this.#signal.reason)
      this.#reject = reject
      awaited.then(resolve, reject)
    })
  }

  free(): void {
    this.#signal.removeEventListener('abort', this.#stop)
  }

  readonly #stop = (): void => this.#reject?.(this.#signal.reason)
}

/** What a body in pieces is read from. `stop` gives up what was not read, for this reason, and never throws. */
interface Source {
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>
  stop(reason: unknown): void
}

function openSource(pieces: BodyPieces): Source {
  if (isWebStream(pieces)) {
    const reader = pieces.getReader()
    return { next: () => reader.read(), stop: (reason) => void reader.cancel(reason).catch(ignore) }
  }
  const iterable = pieces as Partial<AsyncIterable<unknown> & Iterable<unknown>>
  const iterator = (iterable[Symbol.asyncIterator]?.() ??
    iterable[Symbol.iterator]?.()) as AsyncIterator<unknown>
  return {
    next: async () => iterator.next(),
    stop(reason) {
      // An iterator that waits comes to its return() when the wait is over; a stream can be told at once.
      const { destroy } = pieces as { destroy?: (error?: Error) => unknown }
      if (typeof destroy === 'function' && 'pipe' in pieces) destroy.call(pieces)
      new Promise((resolve) => resolve(iterator.return?.(reason))).catch(ignore)
    },
  }
}

function ignore(): void {}

function isWebStream(body: object): body is ReadableStream<BodyData> {
  return body instanceof ReadableStream
}
