// ReadAhead: what a client sends while nothing of it can be dealt with, read so that its leaving is noticed.
//
// A socket that is not read learns neither of an end nor of a reset. So it is read on, into memory that has a bound. Beyond
// the bound a reset is still found by writing nothing.

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** How many bytes are read ahead at most, and the read in which they are reached. */
const MOST_AHEAD = 131_072

export class ReadAhead {
  /** The client has ended its side behind what was read. */
  hasEnded = false
  readonly #socket: Duplex
  readonly #pieces: Buffer[] = []
  #length = 0

  /** Begins to read. */
  constructor(socket: Duplex) {
    this.#socket = socket
    socket.resume()
  }

  add(data: Buffer): void {
    this.#pieces.push(data)
    this.#length += data.length
    if (this.#length >= MOST_AHEAD) this.#socket.pause()
  }

  /** Finds out whether the connection was reset: an error follows if it was. */
  probe(): void {
    const socket = this.#socket
    // To write would put off a timeout that the socket has. Streams of other kinds might pass on an empty message.
    const isOurs = socket instanceof Socket && socket.writable && !socket.timeout
    if (isOurs && socket.writableLength === 0) socket.write('')
  }

  /** All that was read. */
  take(): Buffer {
    return Buffer.concat(this.#pieces.splice(0), this.#length)
  }
}
