// ResponseWriter: responses to a socket. What is written while requests are dealt with that came together goes out in
// one write.

import type { Duplex } from 'node:stream'
import type { BodySource } from './body-source.js'
import { Joined } from './joined.js'
import type { Connection, ConnectionResponse, FormatOptions, RequestEvent } from './library.js'
import { inPieces, largeData, writePieces, writeWhole } from './outgoing.js'
import type { OutgoingResponse } from './server-options.js'
import { usualLines } from './usual-lines.js'

/** How many octets are put together before they are written. */
const MOST_JOINED = 65_536

export class ResponseWriter {
  readonly #connection: Connection<RequestEvent>
  readonly #socket: Duplex
  #joins = false
  /** Whether more is to be expected in this turn: then it is written behind it. */
  #waits = false
  #isScheduled = false
  readonly #joined = new Joined()

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
    else if (this.#joined.length !== 0) this.#schedule()
  }

  /** A 1xx. */
  informational(init: ConnectionResponse): void {
    this.#write(this.#connection.sendInformational(partsOf(init)))
  }

  /** A response whose body is there; `fate` is what is said of the connection: see `usualLines`. */
  whole(init: OutgoingResponse, fate: number): void {
    const parts = partsOf(init as ConnectionResponse)
    const usual = usualLines(fate)
    if (largeData(parts.body) === undefined) {
      this.#write(this.#connection.sendResponse(parts, usual))
      return
    }
    this.#writeJoined()
    const send = (head: ConnectionResponse, options?: FormatOptions) =>
      this.#connection.sendResponse(head, { ...options, ...usual })
    writeWhole(this.#connection, this.#socket, send, parts)
  }

  /** A response whose body comes in pieces: its head with what there is of it. Resolves when all was written; see `writePieces`. */
  pieces(init: OutgoingResponse, source: BodySource, fate: number): Promise<void> {
    const { trailers } = init
    const parts = partsOf(init as ConnectionResponse)
    const usual = usualLines(fate)
    if (inPieces(init.body)) {
      const length = (trailers === undefined ? source.length : undefined) ?? 'unknown'
      const head = { ...parts, body: undefined, trailers: undefined }
      this.#joined.add(this.#connection.sendResponse(head, { body: false, length, ...usual }))
    } else {
      // It is whole, and goes in slices.
      this.#joined.add(this.#connection.sendResponse(parts, { body: false, ...usual }))
    }
    const socket = this.#socket
    socket.cork()
    this.#writeJoined()
    const written = writePieces(this.#connection, socket, source, trailers)
    socket.uncork()
    return written
  }

  #write(octets: Buffer): void {
    this.#joined.add(octets)
    if (this.#joined.length >= MOST_JOINED) this.#writeJoined()
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
    if (this.#joined.length !== 0) this.#socket.write(this.#joined.take())
  }
}

/** What is written of a response, which may be one that was received and know more about itself. */
function partsOf(init: ConnectionResponse): ConnectionResponse {
  const { status, reason, version, headers, body, trailers } = init
  return { status, reason, version, headers, body, trailers } as ConnectionResponse
}
