// IncomingBody: the body of a message that is being received, between the connection that feeds it and its reader.
//
// It does not know sockets or HTTP. It holds what one read of the socket gave and nobody has taken yet: the owner
// stops reading while `waiting` is not 0, and goes on when `onWant` is called.

import { type ConnectionSide, happenedOn, withReceived } from './errors.js'
import { concat } from './joined.js'
import { type FieldSection, H1Error, type RequestHead, type ResponseHead } from './library.js'

/** How `bytes()`, `text()` and `json()` guard memory. */
export interface ReadOptions {
  /** How many octets are put together at most; beyond them the promise rejects. Default 10,485,760 (10 MiB). */
  limit?: number | undefined
}

const DEFAULT_LIMIT = 10 * 1024 * 1024

/** A queue with nothing in it: never added to. */
const NONE: Buffer[] = []

/**
 * The body of a message received. It is read once, in one of these ways: as an async iterable of Buffers, whole
 * with `bytes()`, `text()` or `json()`, or as a web stream. While nobody reads, nothing more is taken from the socket
 * than the read that was under way.
 *
 * A body that ends too early, or is malformed, ends with an error, an `H1Error` where the protocol was broken; the
 * octets before that are delivered first. A body that nobody reads to its end is dropped when its message has been
 * dealt with: up to 65,536 octets are read and thrown away, and if there are more the connection is closed.
 */
export class IncomingBody implements AsyncIterable<Buffer> {
  readonly #onWant: (() => void) | undefined
  readonly #signal: AbortSignal | undefined
  readonly #connection: ConnectionSide | undefined
  /** @internal How many bytes it has by its head, 0 where there is none; undefined where that does not say. */
  readonly length: number | undefined
  /** What has come and was not taken. */
  #queue: Buffer[] = NONE
  #waiting = 0
  #dropped = 0
  #received = 0
  #readBy: string | undefined
  #isDropped = false
  #trailers: FieldSection | undefined
  #error: Error | undefined
  /** The reader that waits for the next octets, or for the end. */
  #reader: Deferred<Buffer | undefined> | undefined
  #trailersAsked: Deferred<FieldSection> | undefined
  #stream: ReadableStream<Buffer> | undefined

  /**
   * @internal `onWant` is called when a reader has taken everything and waits for more from the `connection`; an aborted
   * `signal` fails who reads on.
   */
  constructor(onWant?: () => void, signal?: AbortSignal, connection?: ConnectionSide, length?: number) {
    this.length = length
    this.#onWant = onWant
    this.#signal = signal
    this.#connection = connection
  }

  /** The octets, in Buffers as they come. To leave the loop early drops the rest of the body. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer> {
    this.#take('an iterator')
    let isLeft = false
    const iterator: AsyncIterableIterator<Buffer> = {
      next: async () => {
        const data = await this.#nextUnless(() => isLeft)
        return data === undefined ? { done: true, value: undefined } : { done: false, value: data }
      },
      return: async () => {
        isLeft = true
        this.dump()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  /**
   * All octets, in one Buffer.
   *
   * @throws H1Error `H1_BODY_TOO_LARGE` for more than `limit` octets; the fault of a body that is broken, with the octets
   * that had come as `received`; TypeError if the body has been read before. (The promise rejects.)
   */
  async bytes(options?: ReadOptions): Promise<Buffer> {
    return this.#collect('bytes()', options)
  }

  /** All octets as text in UTF-8, without a byte order mark. @throws As `bytes()` does. */
  async text(options?: ReadOptions): Promise<string> {
    const octets = this.#collect('text()', options)
    return textOf(octets instanceof Promise ? await octets : octets)
  }

  /** What the text is as JSON, which nobody checks to be a `T`. @throws SyntaxError If it is not JSON; and as `bytes()` does. */
  async json<T = unknown>(options?: ReadOptions): Promise<T> {
    const octets = this.#collect('json()', options)
    return JSON.parse(textOf(octets instanceof Promise ? await octets : octets))
  }

  /** The octets as a web stream, the same at each call; to cancel it drops the rest of the body. */
  get stream(): ReadableStream<Buffer> {
    if (this.#stream === undefined) {
      this.#take('stream')
      const source: UnderlyingDefaultSource<Buffer> = {
        pull: async (controller) => {
          const data = await this.#next()
          if (data === undefined) controller.close()
          else controller.enqueue(data)
        },
        cancel: () => this.dump(),
      }
      this.#stream = new ReadableStream(source, { highWaterMark: 0 })
    }
    return this.#stream
  }

  /**
   * The trailer section (RFC 9112 section 7.1.2), when the body has ended: nearly always an empty one. It waits for
   * ever if nobody reads the body; it rejects if the body is broken or was dropped.
   */
  get trailers(): Promise<FieldSection> {
    if (this.#trailersAsked === undefined) {
      this.#trailersAsked = new Deferred()
      // Whoever asks may look at it later, or never.
      this.#trailersAsked.promise.catch(() => {})
      this.#tellTrailers()
    }
    return this.#trailersAsked.promise
  }

  /** Whether somebody has begun to read it, in whatever way. */
  get used(): boolean {
    return this.#readBy !== undefined
  }

  /** Drops what has come and all that still comes: for a body that nobody wants, or no longer. */
  dump(): void {
    if (this.#isDropped) return
    this.#isDropped = true
    this.#readBy ??= 'dump()'
    this.#dropped += this.#waiting
    this.#queue = NONE
    this.#waiting = 0
    this.#reader?.reject(dropped())
    this.#reader = undefined
    this.#tellTrailers()
    if (!this.ended) this.#onWant?.()
  }

  /** @internal Octets that have come. */
  push(data: Buffer): void {
    this.#received += data.length
    if (this.#isDropped) {
      this.#dropped += data.length
      return
    }
    if (this.#reader === undefined) {
      // Most bodies come in one piece: an array that grows would have room for many.
      if (this.#queue.length === 0) this.#queue = [data]
      else this.#queue.push(data)
      this.#waiting += data.length
      return
    }
    const reader = this.#reader
    this.#reader = undefined
    reader.resolve(data)
  }

  /** @internal The body is whole. */
  end(trailers: FieldSection): void {
    this.#trailers = trailers
    this.#reader?.resolve(undefined)
    this.#reader = undefined
    this.#tellTrailers()
  }

  /** @internal No more will come, for this reason. Once ended or failed, it stays so. */
  fail(error: Error): void {
    if (this.ended) return
    this.#error = error
    this.#reader?.reject(error)
    this.#reader = undefined
    this.#tellTrailers()
  }

  /** @internal Whether no more will come. */
  get ended(): boolean {
    return this.#trailers !== undefined || this.#error !== undefined
  }

  /** @internal How many octets have come that nobody took: while it is not 0, no more should come. */
  get waiting(): number {
    return this.#waiting
  }

  /** @internal How many octets have come. */
  get received(): number {
    return this.#received
  }

  /** @internal Whether nobody wants it, or what is left of it. */
  get isDropped(): boolean {
    return this.#isDropped
  }

  /** @internal How many octets were dropped. */
  get dropped(): number {
    return this.#dropped
  }

  /** @internal What ended it, if it was no proper end. */
  get error(): Error | undefined {
    return this.#error
  }

  #take(reader: string): void {
    if (this.#readBy !== undefined) {
      throw new TypeError(
        `The body can be read once, and was given to ${this.#readBy}: ${reader} comes too late`,
      )
    }
    this.#readBy = reader
  }

  /** The next octets, or undefined at the end. */
  #next(): Promise<Buffer | undefined> | Buffer | undefined {
    const data = this.#queue.shift()
    if (data !== undefined) {
      // Once it is whole, nobody else looks after the signal.
      this.#signal?.throwIfAborted()
      this.#waiting -= data.length
      return data
    }
    if (this.#error !== undefined) throw this.#error
    if (this.#trailers !== undefined) return undefined
    if (this.#isDropped) throw dropped()
    if (this.#reader !== undefined) {
      // Two calls of an iterator's next() before the first was answered.
      return this.#reader.promise.then(() => this.#next())
    }
    const reader = new Deferred<Buffer | undefined>()
    this.#reader = reader
    this.#onWant?.()
    return reader.promise
  }

  /** The next octets, or undefined at the end or if the reader has left, perhaps while it was waited for. */
  async #nextUnless(hasLeft: () => boolean): Promise<Buffer | undefined> {
    if (hasLeft()) return undefined
    try {
      return await this.#next()
    } catch (error) {
      if (hasLeft()) return undefined
      throw error
    }
  }

  /** All octets, at once if they are all there. */
  #collect(reader: string, options: ReadOptions | undefined): Buffer | Promise<Buffer> {
    const limit = options?.limit ?? DEFAULT_LIMIT
    if (!(typeof limit === 'number' && limit >= 0)) throw new RangeError('limit must be a number of octets')
    this.#take(reader)
    if (this.#trailers === undefined || this.#waiting > limit) return this.#collectPieces(reader, limit)
    this.#signal?.throwIfAborted()
    const pieces = this.#queue
    const length = this.#waiting
    this.#queue = NONE
    this.#waiting = 0
    return concat(pieces, length)
  }

  async #collectPieces(reader: string, limit: number): Promise<Buffer> {
    const pieces: Buffer[] = []
    let length = 0
    for (;;) {
      const data = await this.#nextOr(pieces)
      if (data === undefined) break
      length += data.length
      if (length > limit) {
        this.dump()
        const error = new H1Error('H1_BODY_TOO_LARGE', {
          side: 'remote',
          advice: `${reader} takes ${limit} bytes here: give a larger limit, or read it piece by piece`,
        })
        throw this.#connection === undefined ? error : happenedOn(error, this.#connection)
      }
      pieces.push(data)
    }
    return concat(pieces, length)
  }

  /** The next octets; an error has those that came before. */
  async #nextOr(pieces: readonly Buffer[]): Promise<Buffer | undefined> {
    try {
      return await this.#next()
    } catch (error) {
      throw withReceived(error as Error, pieces)
    }
  }

  #tellTrailers(): void {
    if (this.#trailersAsked === undefined) return
    if (this.#trailers !== undefined) this.#trailersAsked.resolve(this.#trailers)
    else if (this.#error !== undefined) this.#trailersAsked.reject(this.#error)
    else if (this.#isDropped) this.#trailersAsked.reject(dropped())
  }
}

/** A promise and what settles it. */
class Deferred<T> {
  declare resolve: (value: T) => void
  declare reject: (error: Error) => void
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}

function textOf(octets: Buffer): string {
  const text = octets.toString()
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
}

const BYTE_ORDER_MARK = 0xfeff

function dropped(): Error {
  return new TypeError('The rest of the body was dropped')
}

/** How long the body is that a head announces. */
export function lengthOf({
  contentLength,
  chunked,
  untilClose,
}: RequestHead | ResponseHead): number | undefined {
  return chunked || untilClose ? undefined : (contentLength ?? 0)
}
