// ClientPatience: which time runs on a client's connection, and for how long.

import { TIMES, type TimeName, type Times } from './client-options.js'
import { Deadline } from './deadline.js'
import { timedOut } from './errors.js'
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
  #due: TimeName = 'connectTimeout'
  /** How long the server keeps an idle connection, by its own word. */
  #keptFor = Number.POSITIVE_INFINITY

  constructor(owner: Impatient, times: Times) {
    this.#owner = owner
    this.#times = times
  }

  /** Sets the time for what is waited for now. */
  watch(): void {
    const due = this.#owner.awaited()
    let time = 0
    if (due !== undefined) {
      this.#due = due
      time = this.#times[due]
      if (due === 'idleTimeout' && time > this.#keptFor) time = this.#keptFor
    }
    this.#deadline.set(time, due === 'connectTimeout')
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

  #onDue(): void {
    const due = this.#due
    const { code } = TIMES[due]
    if (code === undefined) {
      this.#owner.retire()
    } else if (due === 'bodyTimeout' && this.#owner.isMoving()) {
      this.watch()
    } else {
      const error = () => timedOut(code, this.#times[due])
      this.#owner.timeOut(error(), due === 'connectTimeout' ? error : undefined)
    }
  }
}
