// Assembly: a message that is told as one event, while its body still comes.
//
// Until the message is whole nobody else has it. Body data is pointed at for as long as the chunk it lies in may be,
// and copied when the call ends; a body that came with one call is a view of its chunk.

import { Backlog } from './backlog.js'
import type { RequestMessage, ResponseMessage } from './events.js'
import type { FieldSection } from './fields.js'
import { concat, copy, NO_OCTETS } from './octets.js'

type AnyMessage = RequestMessage | ResponseMessage

/** Puts one message after another together. */
export class Assembly {
  #message: AnyMessage | undefined
  /** What came in earlier calls. */
  readonly #kept = new Backlog()
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
    for (const piece of this.#pieces) this.#kept.add(piece, 0)
    this.#pieces = []
  }

  /** Nothing more will come of the message. */
  clear(): void {
    this.#message = undefined
    if (this.#kept.length !== 0) this.#kept.clear()
    if (this.#pieces.length !== 0) this.#pieces = []
  }

  /** The whole body, in memory that holds no more than it. */
  #body(): Uint8Array {
    const [kept, pieces] = [this.#kept, this.#pieces]
    if (kept.length === 0) return pieces.length === 0 ? NO_OCTETS : concat(pieces)
    return pieces.length === 0 ? copy(kept.octets(), 0, kept.length) : concat([kept.octets(), ...pieces])
  }
}
