// Joined: octets put together until they are written at once.
//
// Messages formatted one after the other lie side by side in memory (see slab.ts): such are one piece without a copy.

export class Joined {
  /** Octets that wait to be written. */
  length = 0
  readonly #pieces: Buffer[] = []
  /** Where the piece begins that may still grow, and how long it is. */
  #last: Buffer | undefined
  #lastLength = 0

  /** Adds octets behind the others. */
  add(octets: Buffer): void {
    this.length += octets.length
    if (this.#last !== undefined) {
      const { buffer, byteOffset } = this.#last
      if (byteOffset + this.#lastLength === octets.byteOffset && buffer === octets.buffer) {
        this.#lastLength += octets.length
        return
      }
      this.#pieces.push(this.#piece(this.#last))
    }
    this.#last = octets
    this.#lastLength = octets.length
  }

  /** All of them, of which there are some; none are left. */
  take(): Buffer {
    const last = this.#piece(this.#last as Buffer)
    const { length } = this
    this.length = 0
    this.#last = undefined
    return concat([...this.#pieces.splice(0), last], length)
  }

  #piece(first: Buffer): Buffer {
    const length = this.#lastLength
    return length === first.length ? first : Buffer.from(first.buffer, first.byteOffset, length)
  }
}

/** Pieces as one: itself, if there is one. */
export function concat(pieces: readonly Buffer[], length?: number): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, length)
}
