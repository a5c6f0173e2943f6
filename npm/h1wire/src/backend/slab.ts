// Slab: memory in which messages are written one behind the other, as Node.js does it for small Buffers.
//
// What was handed out is never written again. Several messages share one piece of memory, so it must not be given
// away with one of them: it is marked for that, and where that was done all the same, it is replaced.

import { markAsUntransferable } from 'node:worker_threads'

// Octets of a piece of memory. Messages that need more than the largest share have memory of their own.
const OCTETS = 32_768
const LARGEST_SHARE = 8_192

// The class of a Buffer's views, see octets.ts.
const View = (Buffer as unknown as { [Symbol.species]: typeof Buffer })[Symbol.species] as unknown as new (
  memory: ArrayBuffer,
  offset: number,
  length: number,
) => Buffer

const NONE = Buffer.alloc(0)

export class Slab {
  /** What is written to next; empty if it was given away. */
  memory: Buffer = NONE
  /** So many of its octets are in use. */
  used = 0
  #buffer = NONE.buffer as ArrayBuffer
  readonly #renewed: ((memory: Buffer) => void) | undefined

  /** `renewed` is told of each new piece of memory before it is used. */
  constructor(renewed?: (memory: Buffer) => void) {
    this.#renewed = renewed
  }

  /** Makes room for so many octets behind those in use. */
  reserve(octets: number): void {
    if (octets > this.memory.length - this.used) this.#renew(Buffer.allocUnsafeSlow(Math.max(octets, OCTETS)))
  }

  /** Whether a message of so many octets may lie in a slab, where it keeps all of it alive. */
  shares(octets: number): boolean {
    return octets <= LARGEST_SHARE && this.memory.length <= OCTETS
  }

  /** Hands out the next octets. */
  take(octets: number): Buffer {
    this.reserve(octets)
    const at = this.used
    this.used = at + octets
    return new View(this.#buffer, at, octets)
  }

  /** Drops memory that was made for one message alone. */
  settle(): void {
    if (this.memory.length > OCTETS) this.#renew(NONE)
  }

  #renew(memory: Buffer): void {
    this.memory = memory
    this.used = 0
    this.#buffer = memory.buffer as ArrayBuffer
    if (memory !== NONE) markAsUntransferable(this.#buffer)
    this.#renewed?.(memory)
  }
}
