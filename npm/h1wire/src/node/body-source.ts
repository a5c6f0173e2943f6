// BodySource: where a body in pieces comes from, from the moment it is given until it has ended or is stopped.
//
// Whoever makes one owns the source: it is listened to, or locked, at once, so that one that fails while it waits ends no
// process, and `stop` gives it up, once, on every way out. It knows neither connections nor sockets.

import { Readable } from 'node:stream'
import { IncomingBody } from './incoming-body.js'
import { IncomingMessage } from './incoming-message.js'
import type { BodyData } from './library.js'

/** A body that comes in pieces: a Node.js stream, a web stream, anything that iterates over data. */
export type BodyPieces =
  | AsyncIterable<BodyData>
  | Iterable<BodyData>
  | ReadableStream<BodyData>
  | NodeJS.ReadableStream

/** A piece, or the end: what iterators return. */
export interface Piece {
  readonly done?: boolean | undefined
  readonly value?: unknown
}

export class BodySource {
  /**
   * Whether a piece may be overwritten when the next is asked for: a generator may fill one buffer again and again, while
   * streams give their pieces away.
   */
  readonly reuses: boolean
  /** How many bytes it has, if it was received by us and its head said so: it is passed on with the framing it came with. */
  readonly length: number | undefined
  readonly #next: () => Piece | Promise<Piece>
  readonly #giveUp: (reason: unknown) => void
  /** What was asked for ahead, by `first`. */
  #first: Piece | Promise<Piece> | undefined
  /** It has ended, failed or was stopped: nothing is asked of it any more. */
  #isOver = false
  #stopped: { readonly reason: unknown } | undefined
  /** Breaks off what is waited for. */
  #reject: ((reason: unknown) => void) | undefined

  /**
   * Takes what the body is read from.
   *
   * @throws TypeError If somebody else reads it, or has read it; and what its iterator's maker throws.
   */
  constructor(pieces: BodyPieces) {
    const received = pieces instanceof IncomingMessage ? pieces.body : pieces
    if (received instanceof IncomingBody) this.length = received.length
    const { next, stop, reuses } = readerOf(pieces)
    this.#next = next
    this.#giveUp = stop
    this.reuses = reuses
  }

  /**
   * Asks for the first piece, which `next` returns then. Resolves when it is there, or the end, or so many milliseconds
   * have passed. Rejects with what the source fails with by then, or with the reason it is stopped for.
   */
  async first(milliseconds: number): Promise<void> {
    const asked = this.#ask()
    this.#first = asked
    if (!(asked instanceof Promise)) return
    const isThere = asked.then((piece) => {
      if (this.#first === asked) this.#first = piece
    })
    let timer: NodeJS.Timeout | undefined
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds)
    })
    try {
      await this.unlessStopped(Promise.race([isThere, elapsed]))
    } finally {
      clearTimeout(timer)
    }
  }

  /** The next piece, at once if it is there. @throws What the source fails with, or the reason it was stopped for. */
  next(): Piece | Promise<Piece> {
    const first = this.#first
    if (first === undefined) return this.#ask()
    this.#first = undefined
    if (this.#stopped !== undefined) throw this.#stopped.reason
    return first
  }

  /**
   * What is waited for, or the reason the source is stopped for; one at a time. No race of promises: that would keep
   * every wait in memory as long as the source.
   */
  unlessStopped<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) reject(this.#stopped.reason)
      this.#reject = reject
      awaited.then(resolve, reject)
    })
  }

  /** Nobody reads it any further, for this reason. Never throws; does nothing once the source is over. */
  stop(reason?: unknown): void {
    if (this.#stopped !== undefined) return
    this.#stopped = { reason }
    if (!this.#isOver) {
      this.#isOver = true
      this.#giveUp(reason)
    }
    this.#reject?.(reason)
  }

  #ask(): Piece | Promise<Piece> {
    if (this.#stopped !== undefined) throw this.#stopped.reason
    // One that throws is done with.
    this.#isOver = true
    const piece = this.#next()
    this.#isOver = false
    if (piece instanceof Promise) piece.then(this.#note, this.#onFailed)
    else this.#note(piece)
    return piece
  }

  readonly #note = ({ done }: Piece): void => {
    if (done) this.#isOver = true
  }

  /** Whoever waits for the piece is told by its promise. */
  readonly #onFailed = (): void => {
    this.#isOver = true
  }
}

/** What a source is read with. `stop` gives up what was not read, for this reason, and never throws. */
interface Reader {
  readonly next: () => Piece | Promise<Piece>
  readonly stop: (reason: unknown) => void
  readonly reuses: boolean
}

function readerOf(pieces: BodyPieces): Reader {
  if (pieces instanceof ReadableStream) return webReader(pieces)
  if ('pipe' in pieces && typeof pieces.on === 'function') return streamReader(pieces)
  return iteratorReader(pieces as AsyncIterable<unknown> | Iterable<unknown>)
}

function webReader(stream: ReadableStream): Reader {
  if (stream.locked || Readable.isDisturbed(stream as unknown as Readable)) throw used('web stream')
  const reader = stream.getReader()
  return {
    next: () => reader.read() as Promise<Piece>,
    stop: (reason) => void reader.cancel(reason).catch(ignore),
    reuses: false,
  }
}

function streamReader(stream: NodeJS.ReadableStream): Reader {
  const { readableEnded, destroy } = stream as Partial<Readable>
  if (readableEnded) throw used('stream')
  // For good: what is stopped may still fail.
  let failure: { readonly error: unknown } | undefined
  stream.on('error', (error: unknown) => {
    failure ??= { error }
    destroy?.call(stream)
  })
  const iterator = stream[Symbol.asyncIterator]()
  return {
    next() {
      if (failure !== undefined) throw failure.error
      return iterator.next()
    },
    stop() {
      if (destroy !== undefined) destroy.call(stream)
      else iterator.return?.().catch(ignore)
    },
    reuses: false,
  }
}

function iteratorReader(pieces: AsyncIterable<unknown> | Iterable<unknown>): Reader {
  const given = pieces as Partial<AsyncIterable<unknown> & Iterable<unknown>>
  const iterator = (given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]?.()) as AnyIterator
  return {
    next() {
      const piece = iterator.next()
      return 'then' in piece ? Promise.resolve(piece) : piece
    },
    // One that waits comes to its return() when the wait is over.
    stop: (reason) => void new Promise((resolve) => resolve(iterator.return?.(reason))).catch(ignore),
    reuses: true,
  }
}

/** An iterator of one kind or the other. */
interface AnyIterator {
  next(): Piece | PromiseLike<Piece>
  return?(value: unknown): unknown
}

function used(what: string): TypeError {
  return new TypeError(
    `The body is a ${what} that somebody else reads, or has read: give one that was not read yet`,
  )
}

function ignore(): void {}
