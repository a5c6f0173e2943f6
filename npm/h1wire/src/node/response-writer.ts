// ResponseWriter: responses to a socket. What is written while requests are dealt with that came together goes out in
// one write.

import type { Duplex } from 'node:stream'
import type { Connection, ConnectionResponse, FormatOptions, RequestEvent } from '../index.js'
import { type BodyPieces, largeData, writePieces, writeWhole } from './outgoing.js'
import type { OutgoingResponse } from './server-options.js'
import { type Usual, usualLines } from './usual-lines.js'

type Sink = NonNullable<FormatOptions['sink']>

/** How many octets are put together before they are written. */
const MOST_JOINED = 65_536

// Small responses are written to memory of all connections, which is never used twice: what one connection writes
// without a break lies there in one piece.
const SHARED = 16_384
const MOST_IN_SHARED = 4_096
let shared = { memory: Buffer.allocUnsafeSlow(SHARED), used: 0 }
const NONE: typeof shared = { memory: Buffer.alloc(0), used: 0 }

export class ResponseWriter implements Sink {
  readonly #connection: Connection<RequestEvent>
  readonly #socket: Duplex
  #usual: Usual | undefined
  #options: FormatOptions = {}
  #joins = false
  /** Whether more is to be expected in this turn: then it is written behind it. */
  #waits = false
  #isScheduled = false
  #pieces: Buffer[] = []
  /** Octets of the pieces, and of what lies behind them in shared memory. */
  #length = 0
  #memory = NONE
  #from = 0
  #to = 0
  at = 0

  constructor(connection: Connection<RequestEvent>, socket: Duplex) {
    this.#connection = connection
    this.#socket = socket
  }

  /** From now on what is written is put together, until `flush`. */
  join(): void {
    this.#joins = true
  }

  /**
   * Writes what was put together, and from now on what comes at once. With several requests waiting for their answers,
   * which handlers may give in one turn of promises, all that is written together when that turn is over.
   */
  flush(waiting = 0): void {
    this.#joins = false
    this.#waits = waiting > 1 || (waiting === 1 && this.#isScheduled)
    if (!this.#waits) this.#writeJoined()
    else if (this.#length !== 0) this.#schedule()
  }

  /** A 1xx. */
  informational(init: ConnectionResponse): void {
    this.#write(this.#connection.sendInformational(init))
  }

  /** A response whose body is there; `ends`: it is known to be the last. */
  whole(init: OutgoingResponse, ends: boolean): void {
    const parts = init as ConnectionResponse
    const usual = usualLines(ends)
    if (largeData(parts.body) === undefined) {
      if (usual !== this.#usual) {
        this.#usual = usual
        this.#options = { ...usual, sink: this }
      }
      this.#connection.sendResponse(parts, this.#options)
      this.#written()
      return
    }
    this.#writeJoined()
    const send = (head: ConnectionResponse, options?: FormatOptions) =>
      this.#connection.sendResponse(head, { ...options, ...usual })
    writeWhole(this.#connection, this.#socket, send, parts)
  }

  /** A response whose body comes in pieces: its head at once. Resolves when all was written; see `writePieces`. */
  pieces(init: OutgoingResponse, body: BodyPieces, ends: boolean, signal: AbortSignal): Promise<void> {
    const { trailers, body: _, ...parts } = init
    const options = { body: false, length: 'unknown', ...usualLines(ends) } as const
    this.#write(this.#connection.sendResponse(parts, options))
    this.#writeJoined()
    return writePieces(this.#connection, this.#socket, body, trailers, signal)
  }

  /** A source of pieces that nobody will ask is told so. */
  giveUp(body: BodyPieces): void {
    writePieces(NOBODY, this.#socket, body, undefined, AbortSignal.abort()).catch(() => {})
  }

  reserve(length: number): Buffer {
    this.#length += length
    if (length > MOST_IN_SHARED) {
      this.#seal()
      const own = Buffer.allocUnsafe(length)
      this.#pieces.push(own)
      this.at = 0
      return own
    }
    if (shared.used + length > SHARED) shared = { memory: Buffer.allocUnsafeSlow(SHARED), used: 0 }
    if (this.#memory !== shared || this.#to !== shared.used) {
      // Another connection has written in between, or this is new memory.
      this.#seal()
      this.#memory = shared
      this.#from = shared.used
    }
    this.at = shared.used
    shared.used += length
    this.#to = shared.used
    return shared.memory
  }

  #write(octets: Buffer): void {
    this.#seal()
    this.#pieces.push(octets)
    this.#length += octets.length
    this.#written()
  }

  #written(): void {
    if (this.#length >= MOST_JOINED) this.#writeJoined()
    else if (this.#joins) return
    else if (!this.#waits) this.#writeJoined()
    else this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    process.nextTick(() => {
      this.#isScheduled = false
      this.#writeJoined()
    })
  }

  #writeJoined(): void {
    if (this.#length === 0) return
    this.#seal()
    const pieces = this.#pieces
    this.#pieces = []
    this.#socket.write(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, this.#length))
    this.#length = 0
  }

  /** What lies in shared memory is a piece. */
  #seal(): void {
    if (this.#to === this.#from) return
    this.#pieces.push(this.#memory.memory.subarray(this.#from, this.#to))
    this.#from = this.#to
    // An idle connection keeps no memory alive.
    this.#memory = NONE
  }
}

/** A message that has ended: its source is only told to stop. */
const NOBODY = { localState: 'done', sendData: () => [], sendEnd: () => Buffer.alloc(0) }
