// Look: octets to what an inspector or readings tell of them, through a backend.
//
// It makes the calls into Rust and hands each record that they leave in the shared words to who decodes it.

import type { Backend, Handle } from '../backend/backend.js'
import { CONSUMED, COUNT, ERROR, MORE, RECORDS, STATUS } from '../generated/layout.js'
import { codeOf, H1Error } from './error.js'

/** Decodes the record at `at` of the words, whose text this is, and returns where the next one begins. */
export type Decode = (words: Uint32Array, at: number, text: string) => number

/** One stream of octets that is looked at. */
export class Look {
  readonly #backend: Backend
  readonly #handle: Handle

  /** `options` are words as `optionWords` makes them. */
  constructor(backend: Backend, role: number, options: readonly number[]) {
    this.#backend = backend
    this.refuseReentry()
    const words = backend.prepare()
    for (let at = 0; at < options.length; at++) words[at] = options[at] as number
    this.#handle = backend.createParser(role)
  }

  /** Throws if another call is running, from inside of which this one comes. */
  refuseReentry(): void {
    if (this.#backend.busy) throw new H1Error('H1_REENTERED')
  }

  /** Shows octets, which must be of exactly the class that `octetsOf` returns. */
  read(octets: Uint8Array, decode: Decode): void {
    let from = 0
    this.#drain(() => {
      const text = this.#backend.push(this.#handle, octets, from)
      from += this.#backend.words[CONSUMED] as number
      return text
    }, decode)
  }

  /** Tells the end of the octets. */
  finish(decode: Decode): void {
    this.#drain(() => this.#backend.end(this.#handle), decode)
  }

  /** Announces the method of a request. */
  expect(methodId: number): void {
    this.refuseReentry()
    this.#backend.expect(this.#handle, methodId)
  }

  /** Has memory given back once the owner is dropped. */
  freeWith(owner: object): void {
    this.#backend.freeWith(owner, this.#handle)
  }

  /** Gives memory back; nothing else may be called afterwards. */
  free(): void {
    this.refuseReentry()
    this.#backend.free(this.#handle)
  }

  /** Calls until all is told. */
  #drain(call: () => string | undefined, decode: Decode): void {
    const backend = this.#backend
    this.refuseReentry()
    backend.busy = true
    try {
      do {
        const text = call() ?? ''
        const { words } = backend
        let at = RECORDS
        for (let count = words[COUNT] as number; count > 0; count--) {
          const first = words[at] as number
          if ((first & 0xff) === ERROR) throw new H1Error(codeOf(first >>> 8))
          at = decode(words, at, text)
        }
      } while ((backend.words[STATUS] as number) === MORE)
    } finally {
      backend.busy = false
    }
  }
}
