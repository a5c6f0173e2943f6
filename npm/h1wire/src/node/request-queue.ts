// RequestQueue: the requests of a connection whose responses are not written to their end, in order.

import type { IncomingRequest } from './incoming-request.js'
import type { H1Error } from './library.js'

export class RequestQueue {
  readonly #requests: IncomingRequest[] = []
  /** How many of them, from the first on, the handler was called for. */
  called = 0
  /** Whether the final response to the first has begun. */
  isAnswered = false
  /** The request with whose response the connection ends, if that is known. */
  last: IncomingRequest | undefined

  get length(): number {
    return this.#requests.length
  }

  /** The one that is answered, or is next. */
  get first(): IncomingRequest | undefined {
    return this.#requests[0]
  }

  /** The one whose head came last. */
  get newest(): IncomingRequest | undefined {
    return this.#requests[this.#requests.length - 1]
  }

  /** The one whose body is still to come. */
  get coming(): IncomingRequest | undefined {
    const { newest } = this
    return newest === undefined || newest.isWhole ? undefined : newest
  }

  /** The next to call the handler for, if it may be called for so many at a time; none behind the last. */
  next(most: number): IncomingRequest | undefined {
    const { called } = this
    if (called >= most || (called !== 0 && this.#requests[called - 1] === this.last)) return undefined
    return this.#requests[called]
  }

  /** What the handler was called for ends the connection. */
  endWithCalled(): void {
    this.last ??= this.#requests[this.called - 1]
  }

  includes(request: IncomingRequest): boolean {
    return this.#requests.includes(request)
  }

  /** Whether this request waits for its response to begin, and it is its turn. */
  owes(request: IncomingRequest): boolean {
    return request === this.#requests[0] && !this.isAnswered
  }

  push(request: IncomingRequest): void {
    this.#requests.push(request)
  }

  /** The first is done with. */
  shift(): void {
    this.#requests.shift()
    this.called--
    this.isAnswered = false
  }

  /** Forgets all of them, and returns them. */
  clear(): IncomingRequest[] {
    this.called = 0
    return this.#requests.splice(0)
  }

  /** Forgets all of them: nobody waits for their responses any more. */
  drop(reason: H1Error): void {
    for (const request of this.clear()) {
      request.abort(reason)
      request.takeTurn()
    }
  }
}
