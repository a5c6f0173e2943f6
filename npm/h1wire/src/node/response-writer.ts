// ResponseWriter: responses to a socket. What is written while requests are dealt with that came together goes out in
// one write.

import type { Duplex } from 'node:stream'
import type { Connection, ConnectionResponse, FormatOptions, RequestEvent } from '../index.js'
import { type BodyPieces, largeData, writePieces, writeWhole } from './outgoing.js'
import type { OutgoingResponse } from './server-options.js'
import { usualLines } from './usual-lines.js'

/** How many octets are put together before they are written. */
const MOST_JOINED = 65_536

export class ResponseWriter {
  readonly #connection: Connection<RequestEvent>
  readonly #socket: Duplex
  #joins = false
  #joined: Buffer[] = []
  #length = 0

  constructor(connection: Connection<RequestEvent>, socket: Duplex) {
    this.#connection = connection
    this.#socket = socket
  }

  /** From now on what is written is put together, until `flush`. */
  join(): void {
    this.#joins = true
  }

  /** Writes what was put together. */
  flush(): void {
    this.#joins = false
    if (this.#length !== 0) this.#writeJoined()
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
      this.#write(this.#connection.sendResponse(parts, usual))
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

  #write(octets: Buffer): void {
    if (octets.length === 0) return
    if (!this.#joins) {
      this.#socket.write(octets)
      return
    }
    this.#joined.push(octets)
    this.#length += octets.length
    if (this.#length >= MOST_JOINED) this.#writeJoined()
  }

  #writeJoined(): void {
    const joined = this.#joined
    if (joined.length === 0) return
    this.#socket.write(joined.length === 1 ? joined[0] : Buffer.concat(joined, this.#length))
    this.#joined = []
    this.#length = 0
  }
}

/** A message that has ended: its source is only told to stop. */
const NOBODY = { localState: 'done', sendData: () => [], sendEnd: () => Buffer.alloc(0) }
