// Messages on their way out: what is small goes in one write, what is large uncopied, what comes in pieces at the
// pace at which the socket takes it.
//
// It serves both ends. It must not know who waits for what: whoever owns a body's source stops it.

import type { Duplex } from 'node:stream'
import type { BodyPieces, BodySource } from './body-source.js'
import type { Body, BodyData, FieldLines, FormatOptions, Library } from './library.js'

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
  return body instanceof ReadableStream || Symbol.asyncIterator in body || Symbol.iterator in body
}

/** Whether the body must be waited for before it can be sent as one whole: its octets lie elsewhere. */
export function mustBeRead(body: unknown): body is Blob | FormData {
  // Node.js loads both classes when they are first asked for.
  return typeof body === 'object' && body !== null && (body instanceof FormData || body instanceof Blob)
}

/** The octets of a body that had to be waited for, with its type. */
export async function readWhole(body: Blob | FormData, { multipart }: Library): Promise<Body> {
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
export function largeData(body: Body | null | undefined): Memory | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const data = dataOf(body)
  const isMemory = ArrayBuffer.isView(data) || data instanceof ArrayBuffer
  return isMemory && data.byteLength >= LARGE ? (data as Memory) : undefined
}

/** What is large lies in memory. */
type Memory = ArrayBufferView<ArrayBuffer> | ArrayBuffer

/** So many bytes of a large body go in one write. */
const SLICE = 262_144

/**
 * Large data in slices, or undefined if it is one: where TLS is spoken, nothing tells how far a write under way has come, so
 * only by its parts can one see whether the peer takes it.
 */
export function slicesOf(data: Memory | undefined): Iterable<Uint8Array> | undefined {
  return data === undefined || data.byteLength <= SLICE ? undefined : sliced(data)
}

function* sliced(data: Memory): Generator<Uint8Array> {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
  for (let from = 0; from < bytes.length; from += SLICE) yield bytes.subarray(from, from + SLICE)
}

/** So many bytes, or milliseconds, are written of pieces that are there at once, before others have their turn. */
const TURN_BYTES = 131_072
const TURN_TIME = 10

/**
 * Writes a body that comes in pieces, behind its head, and ends the message; each piece is asked for when the socket
 * has taken those before, and what is there already is written before this returns. Whoever owns the socket stops the
 * source when that closes.
 *
 * A message without a body, such as the answer to HEAD, has ended already: its source is only told to stop.
 *
 * Rejects with what the source was stopped for or has failed with, or with what the core refuses: a source
 * that gives more or less than its Content-Length. The source has then been stopped, and the message, which can no
 * longer be ended, has the connection closed by whoever owns it.
 */
export async function writePieces(
  connection: Sender,
  socket: Duplex,
  source: BodySource,
  trailers: OutgoingTrailers | undefined,
): Promise<void> {
  try {
    if (connection.localState !== 'body') {
      source.stop()
      return
    }
    const flushing = source.reuses ? new Flushing() : undefined
    let written = 0
    let since = performance.now()
    for (;;) {
      const next = source.next()
      const { done, value } = next instanceof Promise ? await source.unlessStopped(next) : next
      if (done) break
      const parts = connection.sendData(value as BodyData)
      if (!writeParts(socket, parts, flushing?.begin())) {
        await source.unlessStopped(drained(socket))
      } else if (flushing?.isUnderWay && socket.writableLength !== 0) {
        // The socket still holds the piece, and the source might write over it.
        await source.unlessStopped(flushing.done())
      }
      for (const { length } of parts) written += length
      if (written >= TURN_BYTES || performance.now() - since >= TURN_TIME) {
        await source.unlessStopped(nextTurn())
        written = 0
        since = performance.now()
      }
    }
    const fields =
      typeof trailers === 'function' ? await source.unlessStopped(Promise.resolve(trailers())) : trailers
    const end = connection.sendEnd(fields)
    if (end.length !== 0) socket.write(end)
  } catch (error) {
    source.stop(error)
    throw error
  }
}

function writeParts(socket: Duplex, parts: Uint8Array[], onFlushed: Flushed | undefined): boolean {
  const last = parts.length - 1
  if (last < 0) {
    onFlushed?.()
    return true
  }
  if (last > 0) socket.cork()
  for (let at = 0; at < last; at++) socket.write(parts[at])
  const isTaken = socket.write(parts[last], onFlushed)
  if (last > 0) socket.uncork()
  return isTaken
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve)
  })
}

/** What a socket calls when it has passed on what was written. */
type Flushed = (error?: Error | null) => void

/** Counts the pieces that a socket was given and has not passed on. */
class Flushing {
  #count = 0
  #resolve: () => void = () => {}

  /** Another piece is written; what is returned is called when it was passed on. */
  begin(): Flushed {
    this.#count++
    return this.#onFlushed
  }

  get isUnderWay(): boolean {
    return this.#count !== 0
  }

  /** Resolves when all were passed on. */
  done(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** After an error the socket closes, which stops the source. */
  readonly #onFlushed = (error?: Error | null): void => {
    if (!error && --this.#count === 0) this.#resolve()
  }
}

/** Lets everything else that waits in this process have its turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
