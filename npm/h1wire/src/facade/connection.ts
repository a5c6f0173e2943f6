// Connections: one end of one, octets in and octets out, over a socket that is somebody else's.
//
// Who may do what when is decided in Rust. Here parts are read into calls, records into events, and the octets
// behind the peer's message are kept until `nextCycle`.

/// <reference lib="esnext.disposable" preserve="true" />

import type { Backend } from '../backend/backend.js'
import {
  AWAITS_CONTINUE,
  CALL_CHUNK,
  CALL_INFORMATIONAL,
  CALL_LAST_CHUNK,
  CYCLED,
  FORMAT_BODY_DECLARED,
  FORMAT_CYCLES,
  FORMAT_PIECES,
  MAX_HELD_BACK,
  NOWHERE,
  REUSABLE,
  ROLE_CLIENT,
  ROLE_SERVER,
  STATE_NAMES,
} from '../generated/layout.js'
import { Backlog } from './backlog.js'
import { type BodyData, contentLength, contentOf, encode } from './body.js'
import { buildOn, type Gathered, gather } from './build.js'
import type { AnyEvent } from './decode.js'
import { makeDisposable } from './dispose.js'
import { H1Error } from './error.js'
import type { RequestEvent, ResponseEvent } from './events.js'
import {
  checkRequest,
  checkResponse,
  type FormatOptions,
  gatherRequest,
  gatherResponse,
  gatherTrailers,
  type RequestParts,
  type ResponseParts,
} from './format.js'
import type { FieldLines } from './lines.js'
import { lengthOf, plainOf, unshared, view } from './octets.js'
import { type ConnectionOptions, connectionWords } from './options.js'
import { Reader } from './reader.js'

/** Where one side of a connection stands in the exchange under way. */
export type ConnectionState = (typeof STATE_NAMES)[number]

/** A response on a connection, which knows the request that it answers. */
export type ConnectionResponse = Omit<ResponseParts, 'requestMethod' | 'requestVersion'>

/**
 * One end of a connection: octets in, octets out; the socket is yours.
 *
 * What is sent is returned as octets to write; what is received becomes events. Requests and responses are
 * paired, the connection is kept alive where both sides say so, and each side's part in the exchange under way
 * is one of these states:
 *
 * - `idle`: nothing of it was sent
 * - `answering`: a server that owes a response
 * - `body`: the head was sent, the message has not ended
 * - `done`: the message has ended; when both sides are done, `nextCycle()` goes on
 * - `might-switch`: a client that asked for another protocol, until the response decides
 * - `switched`: HTTP has ended, by an upgrade or CONNECT
 * - `must-close`: the message has ended, and the connection ends with this exchange
 * - `closed`: the side has ended its half
 * - `failed`: what came from there cannot be read any further
 *
 * What the caller does wrong throws an `H1Error` with `side: 'local'` and changes nothing, `H1_WRONG_STATE`
 * where it cannot be done now. What the peer does wrong is an `error` event with `side: 'remote'`; a server that
 * has not begun to answer can still do so, with the error's `statusHint`.
 */
export interface Connection<Octets extends Uint8Array = Uint8Array, Event = unknown> {
  /** Which end this is. */
  readonly role: 'client' | 'server'

  /**
   * The octets of a request. With a body in `init` they are the whole message. Without, the message ends with
   * its head, unless the framing fields given (`Content-Length`, `Transfer-Encoding: chunked`) or
   * `options.length` speak of a body: then `sendData` and `sendEnd` follow. `{ body: false }` sends the head of a
   * message whose body then follows in the same way.
   *
   * A further request may be sent before the response to this one has come (pipelining, RFC 9112 section 9.3.2),
   * unless this one ends HTTP or asks for a switch.
   *
   * @throws As `formatRequest` does, and H1Error `H1_WRONG_STATE`.
   */
  sendRequest(init: RequestParts, options?: FormatOptions): Octets

  /**
   * The octets of a final response, or of a 101, to the request received; bodies as in `sendRequest`. To HEAD,
   * only the head. If the connection ends with it, and `init` has no Connection field, it says so; to a 1.0 client
   * it says if the connection persists.
   *
   * A client that waits for a 100 and gets this instead leaves open whether its body follows, so the connection ends
   * with it. Before any request only a status from 400 on can be sent.
   *
   * @throws As `formatResponse` does, and H1Error `H1_WRONG_STATE`; `H1_STATUS_KIND` for another 1xx.
   */
  sendResponse(init: ConnectionResponse, options?: FormatOptions): Octets

  /**
   * The octets of a 1xx response but 101, such as `{ status: 100 }`. Any number of them may precede the final one.
   *
   * @throws As `sendResponse` does; `H1_STATUS_KIND` for any other status, and for a 1.0 client
   * `H1_INFORMATIONAL_VERSION`.
   */
  sendInformational(init: ConnectionResponse): Octets

  /**
   * Octets of the body: pieces to write one behind the other, or at once with `writev` (`socket.cork`). The data
   * among them is not copied. No octets give no pieces.
   *
   * @throws TypeError If `data` is no string, view or ArrayBuffer.
   * @throws H1Error `H1_WRONG_STATE` if no body is under way; `H1_BODY_LENGTH` for more octets than announced.
   */
  sendData(data: BodyData): Octets[]

  /**
   * Ends the message: what is to be written behind its body, perhaps nothing. A message that has ended already, as
   * one without a body has, may be ended once more. `trailers` need a chunked body.
   *
   * @throws H1Error `H1_BODY_LENGTH` if octets are missing of those announced; `H1_WRONG_STATE`; as `formatLastChunk`.
   */
  sendEnd(trailers?: FieldLines): Octets

  /**
   * Reads octets, cut in any way, and returns what they complete, as a parser's `push` does. It stops behind the
   * peer's message (a server with `pipelining: n` behind the n-th request that is not answered, or one that may end
   * HTTP): what follows is kept, copied, until `nextCycle()`, up to `maxHeldBack` octets, beyond which an `error` event
   * says `H1_HELD_BACK`. Stop reading from the socket while `heldBack` is not 0.
   *
   * After the message that ends the connection a server drops what comes (RFC 9112 section 9.6).
   *
   * @throws As a parser's `push` does.
   */
  receive(chunk: Uint8Array): Event[]

  /**
   * Tells that the peer has ended its side. What is kept for `nextCycle()` is still read first. An `error` event says
   * what is missing: the rest of a message, or a response (`H1_RESPONSE_MISSING`).
   *
   * @throws As a parser's `end` does.
   */
  receiveEnd(): Event[]

  /**
   * Goes on to the next exchange and returns the events of what was kept for it. After a switch of protocols that a
   * server has granted it returns the `upgrade` event.
   *
   * A fault behind requests that were read ahead leaves these to be answered; once it is the fault's turn, a server can
   * answer that.
   *
   * @throws H1Error `H1_WRONG_STATE` unless both sides are done and the connection persists; then, or as `receive`, the
   * error told before.
   */
  nextCycle(): Event[]

  /**
   * Leaves the socket to somebody else, such as a library of another protocol that answers by itself: returns what is
   * kept behind the peer's message. As after `free()`, every other method throws `H1_FREED` from then on.
   *
   * @throws H1Error `H1_FREED`.
   */
  release(): Octets

  /** Where we stand; of a client that sends requests ahead, with the newest of them. */
  readonly localState: ConnectionState
  /** Where the peer stands; of a client whose requests are read ahead, with the newest of them. */
  readonly peerState: ConnectionState
  /** Whether another exchange may follow: the connection is idle, or `nextCycle()` can be called. */
  readonly reusable: boolean
  /** Whether the client waits for a 100 before it sends the body of the request to be answered (RFC 9110 section 10.1.1). */
  readonly awaitsContinue: boolean
  /** How many octets are kept for `nextCycle()`. */
  readonly heldBack: number
  /** @internal These octets, which `release()` returns. */
  readonly held: Octets
  /** The error told by an `error` event, if there was one. */
  readonly error: H1Error | undefined
  /** How many octets were read since the beginning; after a fault, its offset. */
  readonly bytesParsed: number

  /** Gives memory back at once, as a parser's `free` does; every other method throws `H1_FREED` from then on. */
  free(): void
  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}

/** Makes connections. */
export interface ConnectionConstructor<Octets extends Uint8Array> {
  new (options: ConnectionOptions & { role: 'client' }): Connection<Octets, ResponseEvent<Octets>>
  new (options: ConnectionOptions & { role: 'server' }): Connection<Octets, RequestEvent<Octets>>
  new (options: ConnectionOptions): Connection<Octets, RequestEvent<Octets> | ResponseEvent<Octets>>
}

/** The implementation, of which each backend has its own subclass. */
export class ConnectionEnd implements Connection {
  readonly role: 'client' | 'server'
  readonly #backend: Backend
  readonly #reader: Reader
  readonly #maxHeldBack: number
  /** Calls go on to the next exchange by themselves. */
  readonly #cycles: boolean
  /** One has, and `nextCycle` was not called yet. */
  #hasCycled = false
  #freed = false
  #ended = false
  /** What lies behind the peer's message. */
  readonly #held = new Backlog()

  /** Made by the subclass, which knows its backend. */
  constructor(backend: Backend, options: ConnectionOptions) {
    const { role, words, maxHeldBack = MAX_HELD_BACK, cycles } = connectionWords(options)
    this.role = role
    this.#backend = backend
    this.#maxHeldBack = maxHeldBack
    this.#cycles = cycles
    this.#reader = new Reader(backend, role === 'client' ? ROLE_CLIENT : ROLE_SERVER, words, false)
    this.#reader.freeWith(this)
  }

  sendRequest(init: RequestParts, options?: FormatOptions): Uint8Array {
    checkRequest(init, options)
    return this.#sendMessage(gatherRequest(this.#backend, init, options), 'sendRequest')
  }

  sendResponse(init: ConnectionResponse, options?: FormatOptions): Uint8Array {
    return this.#sendMessage(this.#response(init, options), 'sendResponse')
  }

  sendInformational(init: ConnectionResponse): Uint8Array {
    const gathered = this.#response(init, undefined)
    gathered.call = CALL_INFORMATIONAL
    return this.#send(gathered, 'sendInformational')
  }

  sendData(data: BodyData): Uint8Array[] {
    const octets = encode(contentOf(data, 'data'))
    const gathered = gather(CALL_CHUNK, '', [])
    gathered.length = contentLength(octets)
    const around = this.#send(gathered, 'sendData')
    if (gathered.length === 0) return []
    if (around.length === 0) return [octets]
    return [view(around, 0, gathered.before), octets, view(around, gathered.before, around.length)]
  }

  sendEnd(trailers?: FieldLines): Uint8Array {
    const gathered = gather(CALL_LAST_CHUNK, '', [])
    if (trailers !== undefined) gatherTrailers(gathered, trailers)
    return this.#send(gathered, 'sendEnd')
  }

  receive(chunk: Uint8Array): AnyEvent[] {
    this.#refuse()
    if (this.#ended) throw new H1Error('H1_ENDED')
    const octets = plainOf(chunk, 'chunk')
    if (this.#held.length !== 0) return this.#hold(octets, 0, [])
    return this.#read(octets)
  }

  receiveEnd(): AnyEvent[] {
    this.#refuse()
    if (this.#ended) throw new H1Error('H1_ENDED')
    this.#ended = true
    return this.#finish([])
  }

  nextCycle(): AnyEvent[] {
    if (this.#freed) throw new H1Error('H1_FREED')
    const reader = this.#reader
    if (reader.busy) throw new H1Error('H1_REENTERED')
    if (this.#hasCycled) this.#hasCycled = false
    else this.#goOn()
    if (reader.error !== undefined) {
      // The fault is the next thing to be answered, or has lost what would be next.
      if (this.peerState === 'idle') throw reader.error
      return []
    }
    let events: AnyEvent[] = []
    // A switch that was granted has still to be told, also if nothing follows it.
    if (this.#held.length !== 0 || this.localState === 'switched') events = this.#readHeld()
    return this.#ended ? this.#finish(events) : events
  }

  release(): Uint8Array {
    if (this.#freed) throw new H1Error('H1_FREED')
    const kept = this.#held.octets()
    this.free()
    return kept
  }

  get localState(): ConnectionState {
    return STATE_NAMES[this.#reader.states & 0xff] as ConnectionState
  }

  get peerState(): ConnectionState {
    return STATE_NAMES[(this.#reader.states >>> 8) & 0xff] as ConnectionState
  }

  get reusable(): boolean {
    return this.#hasCycled || ((this.#reader.states >>> 16) & REUSABLE) !== 0
  }

  get awaitsContinue(): boolean {
    return ((this.#reader.states >>> 16) & AWAITS_CONTINUE) !== 0
  }

  get heldBack(): number {
    return this.#held.length
  }

  get held(): Uint8Array {
    return this.#held.octets()
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
    this.#held.clear()
    this.#reader.free()
  }

  declare [Symbol.dispose]: () => void

  /** Which request a response answers is known here. */
  #response(init: ConnectionResponse, options: FormatOptions | undefined): Gathered {
    if (typeof init === 'object' && init !== null) {
      refuseAsked(init, 'requestMethod')
      refuseAsked(init, 'requestVersion')
    }
    checkResponse(init, options, true)
    return gatherResponse(this.#backend, init, options)
  }

  #sendMessage(gathered: Gathered, call: string): Uint8Array {
    if (gathered.content === undefined && !gathered.headOnly) {
      gathered.flags |= FORMAT_PIECES | FORMAT_BODY_DECLARED
    } else if (gathered.headOnly) {
      gathered.flags |= FORMAT_PIECES
    }
    if (this.#cycles && this.role === 'server') gathered.flags |= FORMAT_CYCLES
    return this.#send(gathered, call)
  }

  #send(gathered: Gathered, call: string): Uint8Array {
    if (this.#freed) throw new H1Error('H1_FREED')
    const reader = this.#reader
    if (reader.broken) throw reader.error
    gathered.side = 'local'
    try {
      const octets = buildOn(this.#backend, gathered, reader.handle)
      this.#note(gathered.states)
      return octets
    } catch (error) {
      throw error instanceof H1Error && error.code === 'H1_WRONG_STATE' ? this.#wrongState(call) : error
    }
  }

  /** Takes in where the two sides stand after a call. */
  #note(states: number): void {
    this.#reader.states = states & ~(CYCLED << 16)
    if (((states >>> 16) & CYCLED) !== 0) this.#hasCycled = true
  }

  #wrongState(call: string): H1Error {
    return new H1Error('H1_WRONG_STATE', {
      side: 'local',
      advice: `${call}() of a ${this.role}, where this side is '${this.localState}' and the peer '${this.peerState}'`,
    })
  }

  #refuse(): void {
    if (this.#freed) throw new H1Error('H1_FREED')
    if (this.#reader.busy) throw new H1Error('H1_REENTERED')
    if (this.#reader.error !== undefined) throw this.#reader.error
  }

  #goOn(): void {
    const reader = this.#reader
    const states = reader.broken ? NOWHERE : this.#backend.nextCycle(reader.handle)
    if (states === NOWHERE) throw reader.error ?? this.#wrongState('nextCycle')
    reader.states = states
  }

  #read(octets: Uint8Array): AnyEvent[] {
    const reader = this.#reader
    const length = lengthOf(octets)
    if (length === 0) return []
    if (reader.switched) return [{ type: 'upgrade', rest: unshared(octets) }]
    const events = reader.read(octets, length)
    const read = reader.taken
    this.#note(reader.states)
    if (read === length || reader.error !== undefined || reader.switched) return events
    return this.#hold(octets, read, events)
  }

  /** Reads what was held back, as far as it goes. */
  #readHeld(): AnyEvent[] {
    const reader = this.#reader
    const octets = this.#held.octets()
    if (reader.switched) {
      this.#held.clear()
      return octets.length === 0 ? [] : [{ type: 'upgrade', rest: octets }]
    }
    const events = reader.read(octets, octets.length)
    this.#note(reader.states)
    // What follows a fault or a switch is nobody's to read here.
    if (reader.error !== undefined || reader.switched) this.#held.clear()
    else this.#held.take(reader.taken)
    return events
  }

  /** Keeps the octets from here on, if there is room; adds an event if there is none. */
  #hold(octets: Uint8Array, from: number, events: AnyEvent[]): AnyEvent[] {
    const length = lengthOf(octets)
    if (this.#held.length + length - from > this.#maxHeldBack) {
      const offset = this.#reader.bytesRead + this.#maxHeldBack
      const error = new H1Error('H1_HELD_BACK', { offset, side: 'remote' })
      this.#reader.fail(error)
      this.#held.clear()
      events.push({ type: 'error', error })
    } else {
      this.#held.add(octets, from)
    }
    return events
  }

  /** Tells the end of input, unless something is to be read before it. */
  #finish(events: AnyEvent[]): AnyEvent[] {
    const reader = this.#reader
    if (this.#held.length !== 0 || reader.switched || reader.error !== undefined) return events
    const last = reader.finish()
    return events.length === 0 ? last : events.concat(last)
  }

  static {
    makeDisposable(ConnectionEnd.prototype)
  }
}

function refuseAsked(init: ConnectionResponse, name: keyof ResponseParts): void {
  // A property that is read costs less than a name that is looked for.
  if ((init as Partial<ResponseParts>)[name] !== undefined) {
    throw new TypeError(`${name} is not given on a connection, which knows the request`)
  }
}
