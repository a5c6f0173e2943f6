// The parsers: which call is allowed when, and what is kept between them.
//
//   open      push reads; end reads the end of input
//   switched  after an `upgrade` event: push hands out further ones; resume goes back to open
//   ended     after end: push and end throw H1_ENDED; resume still declines a switch that came before
//   failed    after an `error` event: push, end and resume throw that error
//   freed     everything but free throws H1_FREED

// For users whose `lib` has no Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Backend } from '../backend/backend.js'
import { Assembly } from './assembly.js'
import type { AnyEvent } from './decode.js'
import { makeDisposable } from './dispose.js'
import { H1Error } from './error.js'
import type { RequestEvent, RequestMessageEvent, ResponseEvent, ResponseMessageEvent } from './events.js'
import { Held } from './held.js'
import { lengthOf, plainOf, unshared } from './octets.js'
import {
  type MessagesOptions,
  methodId,
  type ParserOptions,
  parserWords,
  type ResponseParserOptions,
} from './options.js'
import { Reader } from './reader.js'

/** What parsers of requests and of responses have in common. */
export interface MessageParser<Event> {
  /**
   * Reads octets, cut in any way, and returns what they complete, in order; an empty array if nothing.
   *
   * Bad octets throw nothing: what was whole before them is followed by one `error` event, the last. Body
   * data and the `rest` of a switch are views of `chunk` or `chunk` itself: copy what is to outlive the next
   * use of its memory. Nothing else is kept of `chunk`.
   *
   * Cost: one call into the backend, however many messages there are; none for octets within a body of
   * known length.
   *
   * @param chunk - A `Buffer` or `Uint8Array`; no other thread may change it meanwhile.
   * @throws TypeError if `chunk` is something else; a string names `setEncoding` as the likely cause.
   * @throws H1Error `H1_ENDED` after `end`, `H1_FREED` after `free`, `H1_REENTERED` from inside another call;
   * after an `error` event, the error it told.
   */
  push(chunk: Uint8Array): Event[]

  /**
   * Tells the end of input: what is whole then, or an `error` event that says how much is missing (RFC 9112
   * section 8). Between messages it is clean and returns an empty array; for a response that lasts until
   * the connection ends it is that response's `end`.
   *
   * @throws H1Error As `push` does.
   */
  end(): Event[]

  /**
   * Declines the switch of protocols told by an `upgrade` event, and reads every octet handed out by `upgrade`
   * events since as HTTP; returns what that completes. For this they are copied aside, up to 1 MiB in all:
   * with more, the switch counts as accepted.
   *
   * @throws H1Error `H1_NOT_SWITCHED` if there is no switch to decline; `H1_FREED`, `H1_REENTERED` and the
   * error told before as `push` does.
   */
  resume(): Event[]

  /** The error told by an `error` event, if there was one: the same that later calls throw. */
  readonly error: H1Error | undefined

  /** How many octets were read as HTTP since the beginning; after a fault, its offset. */
  readonly bytesParsed: number

  /**
   * Gives the parser's memory back at once; without it, that happens after `end`, after an `error` event, or
   * some time after the parser was dropped. Again does no harm; every other method throws `H1_FREED` from then on.
   * A dropped parser keeps its memory, about 1 KiB, at least until the event loop turns: what is made and
   * dropped within one synchronous turn adds up, so free those. On wasm no more than 2^20 parsers can wait
   * for that: making another one throws a RangeError.
   */
  free(): void

  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}

/** Reads requests: what a server receives. */
export interface RequestParser<Octets extends Uint8Array = Uint8Array>
  extends MessageParser<RequestEvent<Octets>> {}

/** Reads responses: what a client receives. */
export interface ResponseParser<Octets extends Uint8Array = Uint8Array, Event = ResponseEvent<Octets>>
  extends MessageParser<Event> {
  /**
   * Announces the method of the next request, in the order the requests are sent: how a response's body ends
   * depends on it (RFC 9112 section 6.3). From the first call on, a response nobody announced is a fault,
   * `H1_UNEXPECTED_RESPONSE`; without any, each response is read as the answer to a GET.
   *
   * @param method - Such as `'HEAD'`; case-sensitive (RFC 9110 section 9.1).
   * @throws TypeError if it is not a string or is empty.
   * @throws H1Error `H1_FREED` after `free`, `H1_REENTERED` from inside another call.
   */
  expect(method: string): void
}

/** Makes parsers of requests; with `messages: true` each request is one event. */
export interface RequestParserConstructor<Octets extends Uint8Array> {
  new (options: ParserOptions & MessagesOptions): MessageParser<RequestMessageEvent<Octets>>
  new (options?: ParserOptions): RequestParser<Octets>
}

/** Makes parsers of responses; with `messages: true` each response is one event. */
export interface ResponseParserConstructor<Octets extends Uint8Array> {
  new (options: ResponseParserOptions & MessagesOptions): ResponseParser<Octets, ResponseMessageEvent<Octets>>
  new (options?: ResponseParserOptions): ResponseParser<Octets>
}

/** The implementation of both, of which each backend has its own subclasses. */
export class Parser<Event> implements MessageParser<Event> {
  readonly #reader: Reader
  #freed = false
  #ended = false
  /** The octets behind a switch that can still be declined. */
  #held: Held | undefined

  /** Made by the subclasses, which know backend and role. */
  constructor(backend: Backend, role: number, options: ParserOptions | undefined) {
    const { words, messages } = parserWords(options, role)
    this.#reader = new Reader(backend, role, words, false, messages ? new Assembly() : undefined)
    this.#reader.freeWith(this)
  }

  push(chunk: Uint8Array): Event[] {
    this.#refuse()
    if (this.#ended) throw new H1Error('H1_ENDED')
    const octets = plainOf(chunk, 'chunk')
    const length = lengthOf(octets)
    return (length === 0 ? [] : this.#read(octets, length)) as Event[]
  }

  end(): Event[] {
    this.#refuse()
    if (this.#ended) throw new H1Error('H1_ENDED')
    this.#ended = true
    return (this.#reader.switched ? [] : this.#reader.finish()) as Event[]
  }

  resume(): Event[] {
    this.#refuse()
    const held = this.#held
    if (held === undefined) throw new H1Error('H1_NOT_SWITCHED')
    this.#held = undefined
    const reader = this.#reader
    reader.resume()
    const octets = held.octets()
    const events = octets.length === 0 ? [] : this.#read(octets, octets.length)
    if (this.#ended && !reader.switched && reader.error === undefined) events.push(...reader.finish())
    return events as Event[]
  }

  get error(): H1Error | undefined {
    return this.#reader.error
  }

  get bytesParsed(): number {
    return this.#reader.bytesRead
  }

  free(): void {
    if (this.#freed) return
    if (this.#reader.busy) throw new H1Error('H1_REENTERED')
    this.#freed = true
    this.#held = undefined
    this.#reader.free()
  }

  declare [Symbol.dispose]: () => void

  /** For parsers of responses, which alone make it public. */
  protected announce(method: string, what: string): void {
    if (this.#freed) throw new H1Error('H1_FREED')
    if (this.#reader.busy) throw new H1Error('H1_REENTERED')
    this.#reader.expect(methodId(method, what))
  }

  #refuse(): void {
    if (this.#freed) throw new H1Error('H1_FREED')
    if (this.#reader.busy) throw new H1Error('H1_REENTERED')
    if (this.#reader.error !== undefined) throw this.#reader.error
  }

  #read(octets: Uint8Array, length: number): AnyEvent[] {
    const reader = this.#reader
    if (reader.switched) {
      const rest = unshared(octets)
      if (this.#held?.add(rest) === false) this.#held = undefined
      return [{ type: 'upgrade', rest }]
    }
    const events = reader.read(octets, length)
    if (reader.switched) {
      const last = events[events.length - 1] as AnyEvent
      const held = new Held()
      if (last.type === 'upgrade' && held.add(last.rest)) this.#held = held
    }
    return events
  }

  static {
    makeDisposable(Parser.prototype)
  }
}
