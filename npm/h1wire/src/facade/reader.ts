// Reader: octets to events, through a backend.
//
// It makes the calls into Rust and hands body octets on without a call where Rust has said it may. It does
// not know in which order a user may call what: that is the parsers' matter.

import type { Backend, Handle } from '../backend/backend.js'
import {
  CONSUMED,
  FAILED,
  MORE,
  OPTION_MESSAGES,
  OPTION_ONE,
  PASS_HIGH,
  PASS_LOW,
  REUSABLE,
  ROLE_CLIENT,
  ROLE_SERVER,
  SHARED,
  STATES,
  STATUS,
  SWITCHED,
} from '../generated/layout.js'
import type { Assembly } from './assembly.js'
import { type AnyEvent, decode } from './decode.js'
import { decodeMessages } from './decode-messages.js'
import { H1Error } from './error.js'
import type { ErrorEvent } from './events.js'
import { empty, unshared, view } from './octets.js'

// How many octets of body are counted at most before Rust is told: small enough for a small integer.
const MOST_PASSED = 0x3fff_ffff

// From so many octets on, telling Rust their number is cheaper than showing them, or copying them into wasm.
const WORTH_PASSING = 1024

/** Reads one stream of octets. */
export class Reader {
  /** Octets read since the beginning; after a fault, its offset. */
  bytesRead = 0
  /** How many octets of a chunk the last `read` has read: all, unless HTTP has ended or a connection stopped. */
  taken = 0
  /** The fault after which there is nothing more to read. */
  error: H1Error | undefined = undefined
  /** Whether HTTP has ended with a switch of protocols. */
  switched = false
  /** Where the two sides of a connection stand, see the layout: both idle, at first. */
  states = REUSABLE << 16
  /** What calls that are not for reading are made on. */
  readonly handle: Handle
  /** Whether a fault of ours has ended everything. */
  broken = false

  readonly #backend: Backend
  /** Where a message is put together, if each is one event. */
  readonly #assembly: Assembly | undefined
  /** A connection goes on when reading has ended. */
  readonly #isConnection: boolean
  /** Octets of body that may still be handed on without a call. */
  #passable = 0
  /** Octets of body that were, and of which Rust has not been told. */
  #passed = 0

  /**
   * `options` are words as `optionWords` makes them; `one` has each call into Rust stop behind a message; with `assembly`
   * each message is one event.
   */
  constructor(
    backend: Backend,
    role: number,
    options: readonly number[],
    one: boolean,
    assembly: Assembly | undefined = undefined,
  ) {
    if (backend.busy) throw new H1Error('H1_REENTERED')
    this.#backend = backend
    const words = backend.prepare()
    for (let at = 0; at < options.length; at++) words[at] = options[at] as number
    words[OPTION_ONE] = one ? 1 : 0
    words[OPTION_MESSAGES] = assembly === undefined ? 0 : 1
    this.#assembly = assembly
    this.handle = backend.createParser(role)
    this.#isConnection = role === ROLE_CLIENT || role === ROLE_SERVER
  }

  /** Whether a call is running that has not yet read what it found in the memory all calls share. */
  get busy(): boolean {
    return this.#backend.busy
  }

  /** Reads a chunk, which must be as `plainOf` returns it; `taken` says how much of it was read. */
  read(chunk: Uint8Array, length: number): AnyEvent[] {
    const backend = this.#backend
    let octets = chunk
    let events: AnyEvent[] | undefined
    let from = 0
    backend.busy = true
    try {
      for (;;) {
        const left = length - from
        if (left !== 0 && (left < this.#passable || this.#passable >= WORTH_PASSING)) {
          const passed = left < this.#passable ? left : this.#passable
          octets = unshared(octets)
          const data = passed === length ? octets : view(octets, from, from + passed)
          if (this.#assembly === undefined) events = behind(events, [{ type: 'body', data }])
          else this.#assembly.add(data)
          from += passed
          this.#count(passed)
          if (this.#passable !== 0) break
        }
        this.#tellPassed()
        const text = from === 0 ? backend.push(this.handle, octets) : backend.push(this.handle, octets, from)
        const status = backend.words[STATUS] as number
        if (status === SHARED) {
          octets = unshared(octets)
          continue
        }
        const taken = this.#take(text, octets, from, status)
        events = events === undefined ? taken : behind(events, taken)
        from += backend.words[CONSUMED] as number
        if (status !== MORE) break
      }
      this.taken = from
      this.#assembly?.settle()
      return events ?? []
    } catch (fault) {
      throw this.#broken(fault)
    } finally {
      backend.busy = false
    }
  }

  /** Reads one message, if made for that; returns where in the chunk it ends, or -1 if it does not. */
  readOne(chunk: Uint8Array, events: AnyEvent[]): number {
    const backend = this.#backend
    let from = 0
    backend.busy = true
    try {
      for (;;) {
        const text = backend.push(this.handle, chunk, from)
        const status = backend.words[STATUS] as number
        behind(events, this.#take(text, chunk, from, status))
        from += backend.words[CONSUMED] as number
        if (events[events.length - 1]?.type === 'end') return from
        if (status !== MORE) return -1
      }
    } catch (fault) {
      throw this.#broken(fault)
    } finally {
      backend.busy = false
    }
  }

  /** Reads the end of input. */
  finish(): AnyEvent[] {
    const backend = this.#backend
    backend.busy = true
    try {
      this.#tellPassed()
      let events: AnyEvent[] | undefined
      let status: number
      do {
        const text = backend.end(this.handle)
        status = backend.words[STATUS] as number
        events = behind(events, this.#take(text, empty(), 0, status))
      } while (status === MORE)
      if (!this.#isConnection) this.free()
      return events
    } catch (fault) {
      throw this.#broken(fault)
    } finally {
      backend.busy = false
    }
  }

  /** Goes on reading HTTP after a switch that was declined. */
  resume(): void {
    this.switched = false
    this.#backend.resume(this.handle)
  }

  /** Nothing can be read behind this fault; a connection can still send. */
  fail(error: H1Error): void {
    this.error = error
    this.broken = error.code === 'H1_INTERNAL'
    this.#assembly?.clear()
    if (!this.#isConnection) this.free()
    if (!this.broken) this.bytesRead = error.offset
  }

  /** Announces the method of a request. */
  expect(methodId: number): void {
    this.#backend.expect(this.handle, methodId)
  }

  /** Has memory given back once the owner is dropped. */
  freeWith(owner: object): void {
    this.#backend.freeWith(owner, this.handle)
  }

  /** Gives memory back; nothing that reads may be called afterwards. */
  free(): void {
    this.#backend.free(this.handle)
  }

  /** Makes events of what a call left in the words. */
  #take(text: string | undefined, chunk: Uint8Array, from: number, status: number): AnyEvent[] {
    const { words, joined } = this.#backend
    const side = this.#isConnection ? 'remote' : undefined
    const assembly = this.#assembly
    const events =
      assembly === undefined
        ? decode(words, text ?? '', joined, chunk, from, this.bytesRead, side)
        : decodeMessages(words, text ?? '', joined, chunk, from, this.bytesRead, assembly)
    this.states = words[STATES] as number
    this.bytesRead += words[CONSUMED] as number
    const passable = words[PASS_LOW] as number
    this.#passable = words[PASS_HIGH] !== 0 || passable > MOST_PASSED ? MOST_PASSED : passable
    if (status > MORE) {
      if ((status & SWITCHED) !== 0) this.switched = true
      if ((status & FAILED) !== 0) this.fail((events[events.length - 1] as ErrorEvent).error)
    }
    return events
  }

  /** Counts octets of body handed on without a call. */
  #count(passed: number): void {
    this.#passable -= passed
    this.#passed += passed
    this.bytesRead += passed
  }

  #tellPassed(): void {
    if (this.#passed === 0) return
    this.#backend.skip(this.handle, this.#passed)
    this.#passed = 0
  }

  /** Something threw halfway, such as memory that could not be had: what was read is lost. */
  #broken(cause: unknown): H1Error {
    this.error = new H1Error('H1_INTERNAL', { cause })
    this.broken = true
    return this.error
  }
}

/** The events, behind those of calls before. */
function behind(before: AnyEvent[] | undefined, events: AnyEvent[]): AnyEvent[] {
  if (before === undefined) return events
  for (const event of events) before.push(event)
  return before
}
