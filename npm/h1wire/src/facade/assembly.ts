// Assembly: a message that is told as one event, while its body still comes.
//
// Until the message is whole nobody else has it. Body data is pointed at for as long as the chunk it lies in may be,
// and copied when the call ends; a body that came with one call is a view of its chunk.

import type { RequestMessage, ResponseMessage } from './events.js'
import type { FieldSection } from './fields.js'
import { allocate, NO_OCTETS, view } from './octets.js'

type AnyMessage = RequestMessage | ResponseMessage

/** Puts one message after another together. */
export class Assembly {
  #message: AnyMessage | undefined
  /** What came in earlier calls, and how many bytes of it are used. */
  #memory: Uint8Array = NO_OCTETS
  #used = 0
  /** What came in this call. */
  #pieces: Uint8Array[] = []

  /** A message's head is read. */
  begin(message: AnyMessage): void {
    this.#message = message
  }

  /** Data of its body. */
  add(data: Uint8Array): void {
    this.#pieces.push(data)
  }

  /** The message is whole, and ends at this offset. */
  end(trailers: FieldSection, offset: number): AnyMessage {
    const message = this.#message as AnyMessage
    message.body = this.#body()
    message.trailers = trailers
    message.offset = offset
    this.clear()
    return message
  }

  /** The call ends: the chunk's memory is the caller's again. */
  settle(): void {
    if (this.#pieces.length === 0) return
    const length = this.#used + this.#added()
    if (length > this.#memory.length) {
      const memory = allocate(Math.max(length, 2 * this.#memory.length))
      memory.set(this.#kept())
      this.#memory = memory
    }
    this.#append(this.#memory)
    this.#used = length
    this.#pieces = []
  }

  /** Nothing more will come of the message. */
  clear(): void {
    this.#message = undefined
    this.#memory = NO_OCTETS
    this.#used = 0
    if (this.#pieces.length !== 0) this.#pieces = []
  }

  /** The whole body, in memory that holds no more than it. */
  #body(): Uint8Array {
    if (this.#used === 0 && this.#pieces.length <= 1) return this.#pieces[0] ?? NO_OCTETS
    const body = allocate(this.#used + this.#added())
    body.set(this.#kept())
    this.#append(body)
    return body
  }

  #kept(): Uint8Array {
    return view(this.#memory, 0, this.#used)
  }

  #added(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.length, 0)
  }

  /** Writes what came in this call behind what came before. */
  #append(memory: Uint8Array): void {
    let at = this.#used
    for (const piece of this.#pieces) {
      memory.set(piece, at)
      at += piece.length
    }
  }
}
