// ClientLine: the requests of a client in their order, those that wait and those that were sent. It starts, ends and fails
// them, and tells of it on the diagnostics channels. What may be sent, and what comes, is its client's concern.

import type { Channel } from 'node:diagnostics_channel'
import type { Duplex } from 'node:stream'
import * as diagnostics from './diagnostics.js'
import { happenedOn, isConnectionLost, socketClosed } from './errors.js'
import type { Exchange } from './exchange.js'
import { H1Error } from './library.js'

export class ClientLine {
  /** Requests not sent yet. */
  readonly waiting: Exchange[] = []
  /** Requests sent; the first is the one being answered. */
  readonly sent: Exchange[] = []
  /** The socket they go over, for those who are told. */
  socket: Duplex | undefined
  readonly #pipelining: number
  /** How many were answered. */
  #answers = 0

  /** So many may be on their way at a time. */
  constructor(pipelining: number) {
    this.#pipelining = pipelining
  }

  /** The request that is being answered. */
  get first(): Exchange | undefined {
    return this.sent[0]
  }

  /** How many there are. */
  get pending(): number {
    return this.waiting.length + this.sent.length
  }

  /** Whether another one can be sent, or is sent as soon as the connection stands. */
  get takesMore(): boolean {
    return this.pending < this.#pipelining
  }

  /** Whether the next may be sent: behind others only what is idempotent, all of it (RFC 9112 section 9.3.2). */
  maySend({ idempotent }: Exchange): boolean {
    const { sent } = this
    if (sent.length === 0) return true
    return sent.length < this.#pipelining && idempotent && (sent[sent.length - 1] as Exchange).idempotent
  }

  /** The next is about to be sent. */
  start(): Exchange {
    const exchange = this.waiting.shift() as Exchange
    exchange.sent = true
    exchange.reused = this.#answers !== 0 || this.sent.length !== 0
    this.sent.push(exchange)
    if (!exchange.isRepeated) this.#tell(diagnostics.clientRequestStart, exchange)
    return exchange
  }

  /** The newest was refused, and nothing of it was written. */
  refuse(error: unknown): void {
    this.fail(this.sent.pop() as Exchange, error)
  }

  /** The head of the first response has come. */
  respond(): void {
    this.#tell(diagnostics.clientResponseStart, this.sent[0] as Exchange)
  }

  /** The first is done. */
  finish(): Exchange {
    const exchange = this.sent.shift() as Exchange
    exchange.release()
    this.#answers++
    if (!exchange.failed) this.#tell(diagnostics.clientResponseFinish, exchange)
    return exchange
  }

  /** Takes out one that waits; false if it does not wait. */
  withdraw(exchange: Exchange): boolean {
    const at = this.waiting.indexOf(exchange)
    if (at !== -1) this.waiting.splice(at, 1)
    return at !== -1
  }

  /** Fails one; `isRepairable` as for `Exchange.fail`. */
  fail(exchange: Exchange, reason: unknown, isRepairable = false): void {
    const wasSent = exchange.sent
    if (exchange.fail(reason, isRepairable)) this.#tell(diagnostics.clientError, exchange, reason)
    else if (wasSent && !exchange.failed) this.#tell(diagnostics.clientRequestRepeat, exchange, reason)
  }

  /** Fails them all, the first with the error itself; `others` makes what those fail with that had no part in it. */
  failAll(error: Error, others = (): Error => socketClosed(error)): void {
    let reason = error
    for (const exchange of [...this.sent.splice(0), ...this.waiting.splice(0)]) {
      this.fail(
        exchange,
        this.#ofConnection(exchange.withReceived(reason)),
        isRepairable(reason, exchange.sent),
      )
      reason = others()
    }
  }

  /** The error, which tells on which connection it happened, unless it comes from another. */
  #ofConnection(error: Error): Error {
    const { socket } = this
    if (!(error instanceof H1Error) || socket === undefined || 'connection' in error) return error
    return happenedOn(error, { role: 'client', socket })
  }

  #tell(channel: Channel, { request, response }: Exchange, error?: unknown): void {
    if (!channel.hasSubscribers) return
    const told = { request, ...(response && { response }), socket: this.socket }
    channel.publish(error === undefined ? told : { error, ...told })
  }
}

/** Whether the request may go through another connection: this one just ended, or was given away before it was sent. */
function isRepairable(error: Error, sent: boolean): boolean {
  return isConnectionLost(error) || (!sent && error instanceof H1Error && error.code === 'H1_CLOSED')
}
