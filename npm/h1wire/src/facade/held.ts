// Held: a copy of the octets behind a switch of protocols, until somebody declines the switch.

import { allocate, view } from './octets.js'

/** How many octets are kept; with more behind it, a switch counts as accepted. */
export const HELD_LIMIT = 1 << 20

/** Octets put behind one another; its memory grows with them, at most to the limit. */
export class Held {
  #memory: Uint8Array = allocate(0)
  #length = 0

  /** Whether these octets fitted; from the first time on that they did not, nothing is held. */
  add(octets: Uint8Array): boolean {
    const length = this.#length + octets.length
    if (length > HELD_LIMIT) return false
    if (length > this.#memory.length) {
      const memory = allocate(Math.min(Math.max(length, 2 * this.#memory.length), HELD_LIMIT))
      memory.set(this.octets())
      this.#memory = memory
    }
    this.#memory.set(octets, this.#length)
    this.#length = length
    return true
  }

  /** Everything held so far. */
  octets(): Uint8Array {
    return view(this.#memory, 0, this.#length)
  }
}
