// Upload: the body of a client's request that takes its time, behind a head that is written already.

import type { Duplex } from 'node:stream'
import type { BodySource } from './body-source.js'
import { type OutgoingTrailers, type Sender, writePieces } from './outgoing.js'

/** A body that is sent in pieces, or waits for a 100 before it is sent. */
export class Upload {
  readonly #connection: Sender
  readonly #socket: Duplex
  readonly #source: BodySource
  readonly #trailers: OutgoingTrailers | undefined
  /** Resolves when all of it was given to the socket; rejects with what went wrong. */
  readonly done: Promise<void>
  #begin: (writing: Promise<void>) => void = () => {}
  #timer: NodeJS.Timeout | undefined
  /** Whether it waits to be told to begin. */
  waits = false

  constructor(
    connection: Sender,
    socket: Duplex,
    source: BodySource,
    trailers: OutgoingTrailers | undefined,
  ) {
    this.#connection = connection
    this.#socket = socket
    this.#source = source
    this.#trailers = trailers
    this.done = new Promise((resolve) => {
      this.#begin = resolve
    })
  }

  /** Sends it. */
  start(): void {
    this.waits = false
    clearTimeout(this.#timer)
    this.#begin(writePieces(this.#connection, this.#socket, this.#source, this.#trailers))
  }

  /** Sends it when told to proceed, or after so many milliseconds; 0 means never. */
  startLater(milliseconds: number): void {
    this.waits = true
    if (milliseconds !== 0) this.#timer = setTimeout(() => this.start(), milliseconds)
  }

  /** The wait is over, if there was one. */
  proceed(): void {
    if (this.waits) this.start()
  }

  /** Nothing more of it is sent, for this reason; its source is told. */
  stop(reason: unknown): void {
    this.#source.stop(reason)
    // Whoever waits is told.
    this.proceed()
  }
}
