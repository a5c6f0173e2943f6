// ClientSocket: the socket of a client, from its connecting until it is closed or given away.
//
// It knows nothing of HTTP: it says when the socket stands, what comes, and how it ended.

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Sessions } from './destination.js'
import { endSocket } from './ending.js'
import { readyEvent } from './open.js'
import { type Restful, restSoon } from './resting.js'
import { Sending } from './sending.js'

/** Who is told what happens on the socket. */
export interface SocketOwner {
  /** It can be written to. */
  onReady(): void
  /** Octets have come. */
  onData(chunk: Buffer): void
  /** The peer has ended its side. */
  onEnd(): void
  /** It has taken what it had not. */
  onDrain(): void
  /** It is broken, though not closed. */
  onBroken(error: Error): void
  /** It is closed; with what it said before, if it said anything. */
  onClose(error: Error | undefined): void
}

/** A socket that is read from, until it is left. */
export class ClientSocket implements Restful {
  readonly stream: Duplex
  readonly #owner: SocketOwner
  readonly #sending: Sending
  readonly #sessions: Sessions | undefined
  #isReady = false
  #isPaused = false
  /** Whether it keeps the process going, whether it is to, and whether that is looked at soon. */
  #isHeld = true
  #hasWork = true
  #rests = false
  #error: Error | undefined

  /** The TLS session that is agreed upon is left in `sessions`. */
  constructor(stream: Duplex, owner: SocketOwner, sessions: Sessions | undefined) {
    this.#sessions = sessions
    this.stream = stream
    this.#owner = owner
    this.#sending = new Sending(stream)
  }

  /** Begins; the owner may be told at once that it stands, or is closed. */
  open(): void {
    const { stream } = this
    stream.on('data', this.#onData)
    stream.on('end', this.#onEnd)
    stream.on('drain', this.#owner.onDrain)
    stream.on('error', this.#onError)
    stream.on('close', this.#onClose)
    if (this.#sessions !== undefined) stream.on('session', this.#onSession)
    const ready = readyEvent(stream)
    // One that was given away by somebody else is paused.
    if (stream.isPaused()) stream.resume()
    if (stream.destroyed) this.#onClose()
    else if (ready === undefined) this.#onReady()
    else stream.once(ready, this.#onReady)
  }

  /** Whether it can be written to. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Whether nothing is read. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Reads on, or does not. */
  pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (isPaused) this.stream.pause()
    else this.stream.resume()
  }

  /** Keeps the process going, or soon does not. */
  hold(hasWork: boolean): void {
    this.#hasWork = hasWork
    if (hasWork && !this.#isHeld) {
      this.#isHeld = true
      ;(this.stream as Partial<Socket>).ref?.()
    } else if (!hasWork && this.#isHeld && !this.#rests) {
      this.#rests = true
      restSoon(this)
    }
  }

  letGo(): void {
    this.#rests = false
    if (this.#hasWork) return
    this.#isHeld = false
    ;(this.stream as Partial<Socket>).unref?.()
  }

  /** Whether what is sent has moved since this was asked last, or nothing waits to be. */
  isMoving(): boolean {
    return this.#sending.hasMoved() || !this.isFull
  }

  /** Whether it has not taken all that was written. */
  get isFull(): boolean {
    return this.stream.writableNeedDrain
  }

  /** Ends it when all is sent; whatever comes now is read by nobody. */
  end(): void {
    endSocket(this.stream)
  }

  /** Leaves it to somebody else: paused, with no listener of ours. */
  leave(): Duplex {
    const { stream } = this
    stream.off('data', this.#onData)
    stream.off('end', this.#onEnd)
    stream.off('drain', this.#owner.onDrain)
    stream.off('error', this.#onError)
    stream.off('close', this.#onClose)
    stream.off('session', this.#onSession)
    stream.pause()
    this.hold(true)
    return stream
  }

  readonly #onReady = (): void => {
    this.#isReady = true
    this.#owner.onReady()
  }

  readonly #onData = (chunk: Buffer): void => this.#owner.onData(chunk)

  readonly #onEnd = (): void => {
    // Before TLS stands, what ends it is told by what follows.
    if (this.#isReady) this.#owner.onEnd()
  }

  readonly #onError = (error: Error): void => {
    this.#error = error
    // It may be the session that makes a connection fail.
    if (!this.#isReady && this.#sessions !== undefined) this.#sessions.last = undefined
    // Most sockets close themselves, and say so next.
    if (!this.stream.destroyed) this.#owner.onBroken(error)
  }

  readonly #onSession = (session: Buffer): void => {
    if (this.#sessions !== undefined) this.#sessions.last = session
  }

  readonly #onClose = (): void => this.#owner.onClose(this.#error)
}
