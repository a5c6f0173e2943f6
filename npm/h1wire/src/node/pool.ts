// Pool: several connections to one place, requests in the order in which they came.
//
// A request goes to a connection that is free, the one used last first, else to a new one, else it waits. It is
// repeated by itself only where nothing can happen twice: it is idempotent, and the connection, which had answered
// others before, ended before a single octet of a response came (RFC 9112 section 9.3.1).

import { makeAsyncDisposable } from '../facade/dispose.js'
import { showAs, shownMembers } from '../facade/shown.js'
import type { Client, Owner } from './client.js'
import { CLIENT_NAMES, type ClientOptions, type ClientSettings, readClientOptions } from './client-options.js'
import type { ClientRequest, RequestOptions } from './client-request.js'
import { connectTo, readMaker } from './connect.js'
import { type CreateConnection, type Place, placeOf, type SocketOptions } from './destination.js'
import { type Exchange, type Holder, takeRequest } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'
import { H1Error, type Library } from './library.js'
import { endBy } from './signals.js'

/** Options of a pool: those of its clients, and how many there may be. */
export interface PoolOptions extends ClientOptions {
  /** How many connections there are at most. Default 10. */
  connections?: number | undefined
  /** Makes each socket in place of `net.createConnection` or `tls.connect`. */
  createConnection?: CreateConnection | undefined
}

/** The public function of this name, over this library: `net.ts` says what it does. */
export function pool(
  library: Library,
  destination: string | URL | SocketOptions,
  options: PoolOptions = {},
): Pool {
  const settings = readPoolOptions(library, options)
  const one = new Pool(placeOf(destination, POOL_NAMES), settings)
  endBy(settings.client.signal, one.whenGone, (reason) => one.destroy(reason))
  return one
}

const OWN_NAMES: readonly string[] = ['connections', 'createConnection']
export const POOL_NAMES: readonly string[] = [...CLIENT_NAMES, ...OWN_NAMES]

/** A pool's options, read and checked. */
export interface PoolSettings {
  readonly client: ClientSettings
  readonly createConnection: CreateConnection | undefined
  readonly connections: number
}

/** Reads the options of a pool; `others` are names that its maker takes beside them. @throws As `pool` does. */
export function readPoolOptions(
  library: Library,
  options: PoolOptions,
  others: readonly string[] = [],
): PoolSettings {
  const client = readClientOptions(library, options, [...OWN_NAMES, ...others], 4_000)
  const { connections = 10 } = options
  if (!Number.isSafeInteger(connections) || connections < 1) {
    throw new RangeError('options.connections must be an integer from 1')
  }
  return { client, createConnection: readMaker(options), connections }
}

/** A pool of connections. Made by `pool`. */
export class Pool {
  readonly #place: Place
  readonly #settings: ClientSettings
  readonly #createConnection: CreateConnection | undefined
  readonly #most: number
  readonly #clients = new Set<Client>()
  /** Clients that take no more, whose sockets are not closed yet. */
  readonly #ending = new Set<Client>()
  /** Clients that may take another request, the one used last at the end. */
  readonly #free: Client[] = []
  readonly #queue: Exchange[] = []
  readonly #owner: Owner
  /** Told when no connection is left, and nothing waits for one. */
  readonly #onEmpty: (() => void) | undefined
  /** Who waits until nothing is in the queue. */
  readonly #onDrained: (() => void)[] = []
  /** How many at the head of the queue have come back from the connection that is just ending. */
  #returned = 0
  #tellGone: () => void = () => {}
  /** @internal Resolves when it was closed or destroyed. */
  readonly whenGone = new Promise<void>((resolve) => {
    this.#tellGone = resolve
  })
  #isPumping = false
  #isClosing = false
  #isDestroyed = false

  /** @internal */
  constructor(place: Place, { client, createConnection, connections }: PoolSettings, onEmpty?: () => void) {
    this.#settings = client
    this.#createConnection = createConnection
    this.#place = place
    this.#most = connections
    this.#onEmpty = onEmpty
    const queue = this.#queue
    this.#owner = {
      free: (client) => this.#onFree(client),
      ended: (client) => this.#onEnded(client),
      get isWaiting() {
        return queue.length !== 0
      },
    }
  }

  /** The value of `Host` for requests that have none of their own. */
  get host(): string | undefined {
    return this.#place.host
  }

  /**
   * Sends a request over a connection that is free, and resolves with the response when its head has come.
   *
   * @throws (The promise rejects.) As `Client.request`.
   */
  request(request: ClientRequest, options?: RequestOptions): Promise<IncomingResponse> {
    return new Promise((resolve, reject) => {
      takeRequest(this.#settings.library, request, options, resolve, reject, this.#dispatch, this.#place)
    })
  }

  /** Takes no more requests, and resolves when those it has are done and every connection is closed. */
  async close(): Promise<void> {
    this.#isClosing = true
    do {
      if (this.#queue.length !== 0) await new Promise<void>((resolve) => this.#onDrained.push(resolve))
      // They take no more: what comes back from one of them goes to a new one.
      this.#free.length = 0
      await Promise.all([...this.#clients, ...this.#ending].map((client) => client.close()))
    } while (this.#queue.length !== 0 || this.#clients.size !== 0)
    this.#tellGone()
  }

  /** The same as `close()`, for `await using`. */
  declare [Symbol.asyncDispose]: () => Promise<void>

  /** How many connections there are, being made or made. */
  get size(): number {
    return this.#clients.size
  }

  /** How many requests it has been given whose responses are not whole. */
  get pending(): number {
    let pending = this.#queue.length
    for (const client of this.#clients) pending += client.pending
    return pending
  }

  /** How many connections have nothing to do. */
  get free(): number {
    let free = 0
    for (const client of this.#clients) if (client.state === 'free') free++
    return free
  }

  /** Whether it takes no more requests: it was closed. */
  get closed(): boolean {
    return this.#isClosing
  }

  /** Closes every connection at once; what is not done fails with `error`, or with `H1_CLOSED`. */
  destroy(error?: Error): void {
    this.#isClosing = true
    this.#isDestroyed = true
    for (const exchange of this.#queue.splice(0)) exchange.fail(error ?? new H1Error('H1_CLOSED'))
    for (const client of [...this.#clients, ...this.#ending]) client.destroy(error)
    this.#tellDrained()
    this.#tellGone()
  }

  readonly #dispatch = (exchange: Exchange): void => {
    if (exchange.aborted) {
      exchange.fail(exchange.options.signal?.reason)
    } else if (this.#isClosing) {
      exchange.fail(new H1Error('H1_CLOSED'))
    } else {
      exchange.takeOver = this.#takeOver
      exchange.heldBy(this.#holder)
      this.#queue.push(exchange)
      this.#pump()
    }
  }

  /** Gives what waits to connections, as far as there are any. */
  #pump(): void {
    // What it does can make clients free, or end them, and then it goes on by itself.
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      this.#dealOut()
    } finally {
      this.#isPumping = false
    }
    if (this.#queue.length !== 0) {
      for (const client of this.#clients) client.notice()
      return
    }
    this.#tellDrained()
    if (this.#clients.size === 0) this.#onEmpty?.()
  }

  #dealOut(): void {
    const queue = this.#queue
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      try {
        const client = this.#take(first)
        if (client === undefined) break
        queue.shift()
        client.dispatch(first)
        this.#onFree(client)
      } catch (error) {
        // Nothing will come of it, and those behind it have their turn.
        this.#abandon(first, error)
      }
    }
  }

  /** A connection for a request: one that is idle, a new one, or one that others are under way on. */
  #take(exchange: Exchange): Client | undefined {
    const free = this.#free
    const { switches } = exchange
    const last = free[free.length - 1]
    // Nearly always.
    if (last?.pending === 0 && !switches) return free.pop()
    const idle = free.findLastIndex((client) => client.pending === 0 && !(switches && client.usesOnread))
    if (idle !== -1) return idle === free.length - 1 ? free.pop() : free.splice(idle, 1)[0]
    if (switches && this.#clients.size === this.#most) {
      // One that cannot be given away makes room for one that can.
      free.findLast((client) => client.pending === 0)?.close()
    }
    if (this.#clients.size < this.#most) {
      const onread = this.#place.options.onread !== false && !switches
      const client = connectTo(this.#place, this.#settings, this.#createConnection, onread, this.#owner)
      if (!client.closed) this.#clients.add(client)
      // One that stands at once has said so.
      if (free[free.length - 1] === client) free.pop()
      return client
    }
    return exchange.idempotent && !switches ? free.pop() : undefined
  }

  #onFree(client: Client): void {
    if (client.closed || !client.takesMore) return
    // One that took more already may be idle now, which is what a request that is not idempotent waits for.
    if (!this.#free.includes(client)) this.#free.push(client)
    if (this.#queue.length !== 0) this.#pump()
  }

  #onEnded(client: Client): void {
    this.#clients.delete(client)
    this.#ending.add(client)
    client.whenGone.then(() => this.#ending.delete(client))
    const at = this.#free.indexOf(client)
    if (at !== -1) this.#free.splice(at, 1)
    this.#returned = 0
    this.#pump()
  }

  /** Puts a request first in the queue again, behind others that have just come back, if it may be sent (again). */
  readonly #takeOver = (exchange: Exchange): boolean => {
    if (this.#isDestroyed || (exchange.sent && !mayRepeat(exchange))) return false
    exchange.renew()
    exchange.heldBy(this.#holder)
    this.#queue.splice(this.#returned++, 0, exchange)
    return true
  }

  readonly #holder: Holder = {
    abandon: (exchange, reason) => {
      this.#abandon(exchange, reason)
      if (this.#queue.length === 0) this.#tellDrained()
    },
    // It is a client that sends it.
    proceed: () => {},
  }

  #abandon(exchange: Exchange, reason: unknown): void {
    const at = this.#queue.indexOf(exchange)
    if (at !== -1) this.#queue.splice(at, 1)
    exchange.fail(reason)
  }

  #tellDrained(): void {
    if (this.#onDrained.length === 0) return
    for (const resolve of this.#onDrained.splice(0)) resolve()
  }
}

makeAsyncDisposable(Pool.prototype)
showAs(Pool.prototype, (pool) => {
  const { host, size, free, pending, closed } = pool
  return shownMembers(Pool.prototype, { host, size, free, pending, closed })
})

/** Whether it cannot have been acted upon, or does no harm twice; what a source has given cannot be given again. */
function mayRepeat({ idempotent, source, isUntouched, reused }: Exchange): boolean {
  return idempotent && source === undefined && isUntouched && reused
}
