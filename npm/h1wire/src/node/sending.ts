// Sending: whether what was written to a socket is on its way.
//
// Only bytes that went out count. Activity of the socket does not: a peer that sends now and then and reads nothing would
// seem to take what it is sent.

import type { Duplex } from 'node:stream'

/** What sockets know beside what every stream does. */
type Socket = Duplex & {
  readonly bytesWritten?: number
  /** How much of a write under way libuv still holds: a large buffer goes out bit by bit, and is `bytesWritten` at once. */
  readonly _handle?: { readonly writeQueueSize?: number } | null
}

export class Sending {
  readonly #socket: Socket
  /** How much was sent when that was asked last, and how much was held of a write under way. */
  #sent = 0
  #held = 0

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  /** Whether something waits to be sent. */
  get isUnderWay(): boolean {
    return this.#socket.writableLength !== 0
  }

  /** Whether anything was sent since this was asked last. */
  hasMoved(): boolean {
    const { bytesWritten = 0, writableLength, _handle } = this.#socket
    const sent = bytesWritten - writableLength
    const held = _handle?.writeQueueSize ?? 0
    const hasMoved = sent !== this.#sent || held !== this.#held
    this.#sent = sent
    this.#held = held
    return hasMoved
  }
}
