// ServerPatience: what a server waits for on a connection, and how long it does.
//
// It does not know what is done about it: its owner is asked, and told.

import type { Duplex } from 'node:stream'
import type { Clock, Ticking } from './clock.js'
import type { H1ErrorCode } from './library.js'
import type { PendingHeads, WaitsForHead } from './pending-heads.js'
import { Sending } from './sending.js'
import type { ServeSettings } from './server-options.js'

// What is waited for.
/** The first octet of all. */
export const FRESH = 0
/** The next request. */
export const IDLE = 1
/** The rest of a head. */
export const HEAD = 2
/** The rest of a request's body. */
export const BODY = 3
/** Nothing: a request is whole, and its response is not. */
export const ANSWER = 4
/** The end of what the client still sends, behind the last answer. */
export const LINGERING = 5
/** The rest of a body that nobody wants, behind its answer. */
export const DRAINING = 6

export type Phase =
  | typeof FRESH
  | typeof IDLE
  | typeof HEAD
  | typeof BODY
  | typeof ANSWER
  | typeof LINGERING
  | typeof DRAINING

/** Whose patience it is. */
export interface Waiting {
  /** Whether the body that comes is read, or dropped: only then its time counts. */
  readonly isReading: boolean
  /** A limit for a client that sends a request is reached. */
  timeOut(code: H1ErrorCode, milliseconds?: number): void
  /** A client that sends nothing has been waited for long enough. */
  giveUp(): void
  /** Now and then: to find out whether the client is still there. */
  look(): void
}

/** How many milliseconds lie between two looks. */
const LOOK_INTERVAL = 1_000

/** How long, in milliseconds, and how many octets of what a client still sends are dropped behind the last answer. */
const LINGERING_TIME = 5_000
const MOST_LINGERING = 16 * 1024 * 1024
/** How long the last answer may stand still, at most: a connection that ends has an end, whatever the options say. */
const LONGEST_STALL = 60_000
/** Over how many milliseconds the rate of a body is measured. */
const RATE_WINDOW = 5_000

export class ServerPatience implements Ticking, WaitsForHead {
  phase: Phase = FRESH
  readonly #owner: Waiting
  readonly #socket: Duplex
  readonly #settings: ServeSettings
  readonly #clock: Clock
  readonly #heads: PendingHeads | undefined
  /** Since when the phase lasts; for a body, since its head began. */
  #since: number
  /** Octets read, and milliseconds passed, in the window over which a rate is measured. */
  #read = 0
  #window = 0
  readonly #sending: Sending
  /** For how many milliseconds nothing was sent of what waits to be. */
  #stalled = 0
  #lookedAt = 0

  constructor(owner: Waiting, socket: Duplex, settings: ServeSettings) {
    this.#owner = owner
    this.#socket = socket
    this.#sending = new Sending(socket)
    this.#settings = settings
    this.#clock = settings.clock
    this.#clock.add(this)
    this.#since = this.#clock.now
    this.#heads = settings.heads
    this.#heads?.add(this)
  }

  /** Waits for this from now on. */
  waitFor(phase: Phase): void {
    if (this.phase === phase) return
    const hadHead = this.phase !== FRESH && this.phase !== HEAD
    this.phase = phase
    this.#since = this.#clock.now
    this.#read = 0
    if (phase === HEAD && hadHead) this.#heads?.add(this)
    else if (phase !== HEAD && !hadHead) this.#heads?.delete(this)
  }

  /** Waits for a body: it is part of what began with the head. */
  waitForBody(): void {
    if (this.phase !== HEAD) this.#since = this.#clock.now
    if (this.phase === HEAD || this.phase === FRESH) this.#heads?.delete(this)
    this.phase = BODY
    this.#window = 0
    this.#read = 0
  }

  /** So many octets were read. */
  count(octets: number): void {
    this.#read += octets
  }

  /** Whether a client sends on and on behind its last answer. */
  get isExhausted(): boolean {
    return this.phase === LINGERING && this.#read > MOST_LINGERING
  }

  /** Waits no more. */
  end(): void {
    this.#clock.delete(this)
    this.#heads?.delete(this)
  }

  /** Waits again. */
  goOn(): void {
    this.#clock.add(this)
  }

  expire(): void {
    if (this.phase === FRESH) this.#owner.giveUp()
    else this.#owner.timeOut('H1_HEADERS_TIMEOUT')
  }

  tick(now: number, elapsed: number): void {
    const { headersTimeout, keepAliveTimeout, drainTimeout } = this.#settings
    const isSending = this.#sending.isUnderWay
    if (isSending && this.#hasStalled(elapsed)) {
      this.#socket.destroy()
      return
    }
    if (now - this.#lookedAt >= LOOK_INTERVAL) {
      this.#lookedAt = now
      this.#owner.look()
    }
    const waited = now - this.#since - this.#clock.interval
    switch (this.phase) {
      case FRESH:
        if (waited > headersTimeout) this.#owner.giveUp()
        break
      case IDLE:
        // The last response is still on its way.
        if (isSending) this.#since = now
        else if (waited > keepAliveTimeout) this.#owner.giveUp()
        break
      case HEAD:
        if (waited > headersTimeout) this.#owner.timeOut('H1_HEADERS_TIMEOUT', headersTimeout)
        break
      case BODY:
        this.#measure(waited, elapsed)
        break
      case DRAINING:
        if (waited > drainTimeout) this.#owner.giveUp()
        break
      case LINGERING:
        if (isSending) this.#since = now
        else if (waited > LINGERING_TIME) this.#socket.destroy()
    }
  }

  /** Whether the body comes too late or too slowly, while it is waited for. */
  #measure(waited: number, elapsed: number): void {
    if (!this.#owner.isReading) {
      this.#since += elapsed
      return
    }
    const { requestTimeout, minBodyRate } = this.#settings
    this.#window += elapsed
    if (waited > requestTimeout) {
      this.#owner.timeOut('H1_REQUEST_TIMEOUT', requestTimeout)
    } else if (this.#window >= RATE_WINDOW + this.#clock.interval) {
      const isSlow = this.#read < (minBodyRate * RATE_WINDOW) / 1000
      this.#window = 0
      this.#read = 0
      if (isSlow) this.#owner.timeOut('H1_BODY_TOO_SLOW')
    }
  }

  /** Whether a client has taken nothing of what is written to it for too long. */
  #hasStalled(elapsed: number): boolean {
    const { interval } = this.#clock
    // While this process was busy with something else, nothing was sent either.
    this.#stalled = this.#sending.hasMoved() ? 0 : this.#stalled + Math.min(elapsed, 2 * interval)
    const { sendTimeout } = this.#settings
    const most = this.phase === LINGERING ? Math.min(sendTimeout, LONGEST_STALL) : sendTimeout
    return this.#stalled > most + interval
  }
}
