// Backlog: bytes that are kept to be read later, in the order they came. What it costs grows with the bytes, not with
// the number of pieces they came in or were taken in.

import { allocate, view } from './octets.js'

/** Bytes put in at the end and taken from the front. */
export class Backlog {
  #memory: Uint8Array = allocate(0)
  #start = 0
  #end = 0

  /** How many bytes are kept. */
  get length(): number {
    return this.#end - this.#start
  }

  /** Keeps a copy of the bytes from one index on. */
  add(octets: Uint8Array, from: number): void {
    const added = from === 0 ? octets : view(octets, from, octets.length)
    if (this.#end + added.length > this.#memory.length) this.#grow(this.length + added.length)
    this.#memory.set(added, this.#end)
    this.#end += added.length
  }

  /** The bytes kept. They stay as they are, whatever is added or taken. */
  octets(): Uint8Array {
    return view(this.#memory, this.#start, this.#end)
  }

  /** Takes this many bytes from the front. */
  take(count: number): void {
    this.#start += count
    if (this.length === 0) this.clear()
  }

  /** Keeps nothing any more. */
  clear(): void {
    this.#memory = allocate(0)
    this.#start = 0
    this.#end = 0
  }

  /** Moves to memory of its own with room for more than this: what was handed out may still be looked at. */
  #grow(length: number): void {
    const kept = this.octets()
    this.#memory = allocate(2 * length)
    this.#memory.set(kept)
    this.#start = 0
    this.#end = kept.length
  }
}
