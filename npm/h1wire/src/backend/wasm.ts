// The wasm backend: shows chunks to the wasm module through a window of its memory.
//
// One instance of the module serves all parsers of an environment. Should it trap, what it holds can no longer
// be trusted: its parsers fail with H1_INTERNAL, and the next parser made gets a fresh instance.

import { numberOf } from '../facade/error.js'
import { allocate, isShared, lengthOf, over, view } from '../facade/octets.js'
import { latin1, UTF8_OCTETS, WANTS_ASCII, writeUtf8 } from '../facade/text.js'
import {
  CONSUMED,
  COUNT,
  ERROR,
  FAILED,
  FROM_CHUNK,
  MORE,
  NO_OCTET,
  NOWHERE,
  RECORDS,
  SHARED,
  STATUS,
  TEXT_LENGTH,
  TEXT_SOURCE,
  TEXT_START,
} from '../generated/layout.js'
import { __wbg_reset_state, type InitOutput, initSync } from '../generated/wasm/h1wire.js'
import { type Backend, type Handle, MOST_ROOM } from './backend.js'
import type { Slab } from './slab.js'

// Octets of a chunk shown at first: enough for most heads. Of a body behind it, Rust then needs to see nothing.
const FIRST_LOOK = 8192

const MOST_BEGINNINGS = 2048

// In place of an id: the slab is full.
const NO_PLACE = 0xffff_ffff

/** A parser: its place in the slab, and of which instance. */
class Slot {
  constructor(
    readonly id: number,
    public instance: number,
  ) {}
}

// In place of an instance: the slot was given back.
const NO_INSTANCE = -1

/** The backend over this module, which is asked for when the first parser is made. Small messages lie in the slab, if any. */
export function wasmBackend(module: () => WebAssembly.Module, slab?: Slab): Backend {
  return new WasmBackend(module, slab)
}

class WasmBackend implements Backend {
  readonly name = 'wasm'
  busy = false
  words: Uint32Array = new Uint32Array(0)
  joined: Uint8Array = new Uint8Array(0)

  readonly #module: () => WebAssembly.Module
  readonly #slab: Slab | undefined
  /** Grows with each trap, so that nothing made before one fits what runs after it. */
  #instance = 0
  #exports: InitOutput | undefined
  // Looked up once: engines search the exports of a module anew each time.
  #push: InitOutput['push'] = () => {}
  // Views of the instance's memory; they lose their length when it grows.
  #words: Uint32Array = new Uint32Array(0)
  #memory: Uint8Array = new Uint8Array(0)
  #window: Uint8Array = new Uint8Array(0)
  /** Where format calls read their text. */
  #input: Uint8Array = new Uint8Array(0)
  /** What format calls write. */
  #formatted: Uint8Array = new Uint8Array(0)
  /** Views of its beginning, by length. */
  readonly #beginnings: Uint8Array[] = []
  #viewed: Uint8Array | undefined
  /** Octets the formatter's output has room for. */
  #room = 0
  /** Gives the places of dropped parsers back. */
  readonly #dropped = new FinalizationRegistry<Slot>((slot) => this.free(slot))

  constructor(module: () => WebAssembly.Module, slab: Slab | undefined) {
    this.#module = module
    this.#slab = slab
  }

  prepare(): Uint32Array {
    if (this.#exports === undefined) this.#start()
    else if (this.#words.length === 0) this.#look()
    return this.#words
  }

  createParser(role: number): Handle {
    let id = 0
    const instance = this.#instance
    try {
      id = (this.#exports as InitOutput).create(role) >>> 0
      // A parser with larger limits than any before it has the words enlarged.
      if (this.#haveMoved()) this.#look()
    } catch {
      this.#trapped()
    }
    if (id === NO_PLACE) throw new RangeError('Too many parsers are alive: free() those that are done')
    return new Slot(id, instance)
  }

  push(handle: Handle, chunk: Uint8Array, from = 0): string | undefined {
    const slot = handle as Slot
    if (slot.instance !== this.#instance) return this.#answerInternal()
    // Any call may have made memory grow, which empties the views.
    if (this.#words.length === 0) this.#look()
    if (isShared(chunk)) return this.#answerShared()
    const length = lengthOf(chunk)
    const left = length - from
    const most = from === 0 ? FIRST_LOOK : this.#window.length
    const shown = left < most ? left : most
    this.#window.set(shown === length ? chunk : view(chunk, from, from + shown))
    try {
      this.#push(slot.id, shown)
    } catch {
      this.#trapped()
      return this.#answerInternal()
    }
    return this.#answer(shown, shown < left)
  }

  end(handle: Handle): string | undefined {
    const slot = handle as Slot
    if (slot.instance !== this.#instance) return this.#answerInternal()
    try {
      ;(this.#exports as InitOutput).end(slot.id)
    } catch {
      this.#trapped()
      return this.#answerInternal()
    }
    return this.#answer(0, false)
  }

  resume(handle: Handle): void {
    this.#tell(handle as Slot, (exports, id) => exports.resume(id))
  }

  nextCycle(handle: Handle): number {
    const slot = handle as Slot
    if (slot.instance !== this.#instance) return NOWHERE
    try {
      return (this.#exports as InitOutput).next_cycle(slot.id) >>> 0
    } catch {
      this.#trapped()
      return NOWHERE
    }
  }

  expect(handle: Handle, methodId: number): void {
    this.#tell(handle as Slot, (exports, id) => exports.expect(id, methodId))
  }

  skip(handle: Handle, octets: number): void {
    this.#tell(handle as Slot, (exports, id) => exports.skip(id, octets >>> 0, Math.floor(octets / 2 ** 32)))
  }

  free(handle: Handle): void {
    const slot = handle as Slot
    this.#tell(slot, (exports, id) => exports.free(id))
    slot.instance = NO_INSTANCE
    this.#dropped.unregister(slot)
  }

  freeWith(owner: object, handle: Handle): void {
    this.#dropped.register(owner, handle as Slot, handle as Slot)
  }

  prepareFormat(octets: number, words: number): Uint32Array | undefined {
    this.prepare()
    if (octets > this.#room || words > this.#words.length) this.#reserve(octets, words)
    return octets > this.#room || words > this.#words.length ? undefined : this.#words
  }

  message(before: number, room: number, after: number): Uint8Array {
    const octets = before + room + after
    const message = this.#slab?.shares(octets) ? this.#slab.take(octets) : allocate(octets)
    const formatted = this.#formatted
    message.set(this.#beginning(before))
    if (after !== 0) message.set(formatted.subarray(before, before + after), before + room)
    if (formatted.length > MOST_ROOM) this.#reserve(0, 0)
    return message
  }

  /** A view of the beginning of what was written: heads are as long as others before them, and a view costs a lot. */
  #beginning(length: number): Uint8Array {
    const formatted = this.#formatted
    if (length >= MOST_BEGINNINGS) return formatted.subarray(0, length)
    if (this.#viewed !== formatted) {
      this.#viewed = formatted
      this.#beginnings.length = 0
    }
    let view = this.#beginnings[length]
    if (view === undefined) {
      view = formatted.subarray(0, length)
      this.#beginnings[length] = view
    }
    return view
  }

  /** Makes room for formatting, or gives it back. */
  #reserve(octets: number, words: number): void {
    try {
      this.#room = (this.#exports as InitOutput).format_reserve(octets, words) >>> 0
      this.#look()
    } catch {
      this.#trapped()
    }
  }

  format(text: string): number {
    return this.#build((exports) => exports.format(writeUtf8(text, this.#input)))
  }

  send(handle: Handle, text: string): number {
    const slot = handle as Slot
    if (slot.instance !== this.#instance) return numberOf('H1_INTERNAL') + 1
    return this.#build((exports) => exports.send(slot.id, writeUtf8(text, this.#input)))
  }

  #build(call: (exports: InitOutput) => number): number {
    try {
      const answer = call(this.#exports as InitOutput)
      if (this.#words.length === 0) this.#look()
      this.words = this.#words
      return answer
    } catch {
      this.#trapped()
      return numberOf('H1_INTERNAL') + 1
    }
  }

  /** A call that answers nothing; none to an instance that is no more. */
  #tell(slot: Slot, call: (exports: InitOutput, id: number) => void): void {
    if (slot.instance !== this.#instance) return
    try {
      call(this.#exports as InitOutput, slot.id)
    } catch {
      this.#trapped()
    }
  }

  /** Lays the words out for reading; returns the text. `isPart`: behind the octets shown are more, if they were all read. */
  #answer(shown: number, isPart: boolean): string | undefined {
    if (this.#words.length === 0) this.#look()
    const words = this.#words
    this.words = words
    if (isPart && words[CONSUMED] === shown) (words[STATUS] as number) |= MORE
    const length = words[TEXT_LENGTH] as number
    if (length === 0) return undefined
    const base = words[TEXT_SOURCE] === FROM_CHUNK ? this.#window.byteOffset : 0
    const start = base + (words[TEXT_START] as number)
    const isAscii = WANTS_ASCII && (this.#exports as InitOutput).text_is_ascii(shown) !== 0
    return latin1(this.#memory, start, start + length, isAscii)
  }

  /** In place of an answer: nothing was read. */
  #answerShared(): undefined {
    this.words = this.#words
    this.words[STATUS] = SHARED
  }

  /** In place of an answer: an error record. */
  #answerInternal(): undefined {
    this.words = new Uint32Array(RECORDS + 6)
    this.words[COUNT] = 1
    this.words[STATUS] = FAILED
    this.words[RECORDS] = ERROR | (numberOf('H1_INTERNAL') << 8)
    this.words[RECORDS + 3] = NO_OCTET
  }

  #start(): void {
    const module = this.#module()
    // The first call makes an instance, later ones return the one there is.
    initSync({ module })
    if (this.#instance !== 0) __wbg_reset_state()
    this.#exports = initSync({ module })
    this.#push = this.#exports.push
    this.#look()
  }

  #trapped(): void {
    this.#instance++
    this.#exports = undefined
    this.#room = 0
  }

  /** Whether the words are elsewhere than when they were last looked for. */
  #haveMoved(): boolean {
    const words = this.#words
    return words.length === 0 || (this.#exports as InitOutput).words_ptr() >>> 0 !== words.byteOffset
  }

  /** Makes the views anew. */
  #look(): void {
    const exports = this.#exports as InitOutput
    // Memory may grow in the first of these calls; only then is the buffer asked for.
    const words = exports.words_ptr() >>> 0
    const window = exports.window_ptr() >>> 0
    const joined = exports.joined_ptr() >>> 0
    const input = exports.format_input_ptr() >>> 0
    const formatted = exports.format_output_ptr() >>> 0
    const { buffer } = exports.memory
    this.#words = new Uint32Array(buffer, words, exports.words_len() >>> 0)
    this.#window = over(buffer, window, exports.window_len() >>> 0)
    this.joined = over(buffer, joined, exports.joined_len() >>> 0)
    this.#input = over(buffer, input, UTF8_OCTETS * this.#room)
    this.#formatted = over(buffer, formatted, this.#room)
    this.#memory = over(buffer, 0, buffer.byteLength)
  }
}
