// ClientPatience: which time runs on a client's connection, and for how long.

import { TIMES, type TimeName, type Times } from './client-options.js'
import { Deadline } from './deadline.js'
import { socketClosed, timedOut } from './errors.js'
import type { Exchange } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'

/** Whose patience it is. */
export interface Impatient {
  /** What it waits for now; undefined for nothing that has a limit. */
  awaited(): TimeName | undefined
  /** A body that is sent has moved since this was asked last: it is given the same time again. */
  isMoving(): boolean
  /** The connection was idle for long enough. */
  retire(): void
  /** Time ran out; `others` makes what requests fail with that had no part in it. */
  timeOut(error: Error, others?: () => Error): void
}

export class ClientPatience {
  readonly #owner: Impatient
  readonly #times: Times
  readonly #deadline = new Deadline(() => this.#onDue())
  #due: TimeName | undefined
  #whose: Exchange | undefined
  /** How long the server keeps an idle connection, by its own word. */
  #keptFor = Number.POSITIVE_INFINITY

  constructor(owner: Impatient, times: Times) {
    this.#owner = owner
    this.#times = times
  }

  /**
   * Sets the time for `due`, which is waited for now: for nothing, if it is undefined; `whose` response it is about. What
   * was waited for before is given no more.
   */
  watch(due: TimeName | undefined, whose: Exchange | undefined): void {
    if (due === this.#due && whose === this.#whose) return
    this.#due = due
    this.#whose = whose
    this.#start()
  }

  /** Something has come: a body, of which more may come, is given its time again. */
  renew(): void {
    if (this.#due === 'bodyTimeout') this.#start()
  }

  /** Heeds how long the server keeps the connection, if the response says so. */
  heed({ headers }: IncomingResponse): void {
    const hint = headers.get('Keep-Alive')
    if (hint === undefined) return
    const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s])/i.exec(hint)?.[1]
    // A second less: what is sent when it has just closed the connection is lost.
    if (seconds !== undefined) this.#keptFor = Math.max(1, Number(seconds) * 1000 - 1000)
  }

  /** Waits no more. */
  end(): void {
    this.#deadline.free()
  }

  #start(): void {
    const due = this.#due
    let time = due === undefined ? 0 : this.#timeFor(due)
    if (due === 'idleTimeout' && time > this.#keptFor) time = this.#keptFor
    this.#deadline.set(time, due === 'connectTimeout')
  }

  #timeFor(due: TimeName): number {
    const own: { readonly [name in TimeName]?: number | undefined } | undefined = this.#whose?.options.times
    return own?.[due] ?? this.#times[due]
  }

  #onDue(): void {
    const due = this.#owner.awaited()
    if (due === undefined || due !== this.#due) {
      // Nobody has said that no request waits any more.
      this.watch(due, this.#whose)
      return
    }
    const { code } = TIMES[due]
    if (code === undefined) {
      this.#owner.retire()
    } else if (due === 'bodyTimeout' && this.#owner.isMoving()) {
      this.#start()
    } else {
      const time = this.#timeFor(due)
      const error = () => (due === 'drainTimeout' ? tooLong(time) : timedOut(code, time))
      this.#owner.timeOut(error(), due === 'connectTimeout' ? error : undefined)
    }
  }
}

function tooLong(milliseconds: number): Error {
  const rest = 'the rest of a response that nobody wants'
  return socketClosed(new Error(`${rest} did not come within ${milliseconds} ms (drainTimeout)`))
}
