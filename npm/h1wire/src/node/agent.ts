// Agent: requests to any origin, over a pool for each. A pool that has no connection left is dropped.

import net from 'node:net'
import { makeAsyncDisposable } from '../facade/dispose.js'
import { showAs, shownMembers } from '../facade/shown.js'
import { CLIENT_NAMES } from './client-options.js'
import type { ClientRequest, RequestOptions } from './client-request.js'
import { placeOf, type SocketOptions } from './destination.js'
import { discard } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'
import { H1Error, type Library } from './library.js'
import { Pool, type PoolOptions, type PoolSettings, readPoolOptions } from './pool.js'
import { endBy } from './signals.js'

/** Options of an agent: those of its pools, and of their sockets. `connections` and `idleTimeout` are for each origin. */
export interface AgentOptions extends PoolOptions {
  /** How sockets are made to whatever origin: options of `net.createConnection`, `tls` and `onread`, but not where they lead. */
  sockets?: Omit<SocketOptions, 'origin' | 'host' | 'port' | 'path'> | undefined
}

/** A request by its whole URL. */
export type AgentRequest = Omit<ClientRequest, 'target' | 'url' | 'host'> & { url: string | URL }

/** The public function of this name, over this library: `net.ts` says what it does. */
export function agent(library: Library, options: AgentOptions = {}): Agent {
  return new Agent(library, options)
}

/** Pools of many origins. Made by `agent`. */
export class Agent {
  readonly #settings: PoolSettings
  readonly #sockets: AgentOptions['sockets']
  /** By origin, zone included. */
  readonly #pools = new Map<string, Pool>()
  /** Pools that were dropped, whose sockets are not closed yet. */
  readonly #ending = new Set<Pool>()
  #isClosing = false
  #tellGone: () => void = () => {}

  /** @internal */
  constructor(library: Library, options: AgentOptions) {
    this.#settings = readPoolOptions(library, options, ['sockets'])
    const { sockets } = options
    for (const name of ['origin', 'host', 'port', 'path']) {
      if (sockets && name in sockets)
        throw new TypeError(`options.sockets.${name} is given by each request's url`)
    }
    // Whoever makes pools later has them checked now.
    if (sockets !== undefined) placeOf({ ...sockets, origin: 'http://localhost' }, CLIENT_NAMES)
    this.#sockets = { ...sockets }
    const gone = new Promise<void>((resolve) => {
      this.#tellGone = resolve
    })
    endBy(this.#settings.client.signal, gone, (reason) => this.destroy(reason))
  }

  /**
   * Sends a request to the origin of its `url`, and resolves with the response when its head has come.
   *
   * @throws (The promise rejects.) TypeError if `url` is none of `http:` or `https:`; and as `Client.request`.
   */
  request(request: AgentRequest, options?: RequestOptions): Promise<IncomingResponse> {
    try {
      if (this.#isClosing) throw new H1Error('H1_CLOSED')
      return this.#poolFor(request?.url).request(request, options)
    } catch (error) {
      discard(request?.body, error)
      return Promise.reject(error)
    }
  }

  /** How many connections there are to all origins, being made or made. */
  get size(): number {
    return this.#sum((pool) => pool.size)
  }

  /** How many requests it has been given whose responses are not whole. */
  get pending(): number {
    return this.#sum((pool) => pool.pending)
  }

  /** How many connections have nothing to do. */
  get free(): number {
    return this.#sum((pool) => pool.free)
  }

  /** The origins it has connections to. */
  get origins(): string[] {
    return [...this.#pools.keys()]
  }

  /** Whether it takes no more requests: it was closed. */
  get closed(): boolean {
    return this.#isClosing
  }

  /** Takes no more requests, and resolves when those it has are done and every connection is closed. */
  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all([...this.#pools.values(), ...this.#ending].map((pool) => pool.close()))
    this.#tellGone()
  }

  /** Closes every connection at once; what is not done fails with `error`, or with `H1_CLOSED`. */
  destroy(error?: Error): void {
    this.#isClosing = true
    for (const pool of [...this.#pools.values(), ...this.#ending]) pool.destroy(error)
    this.#tellGone()
  }

  /** The same as `close()`, for `await using`. */
  declare [Symbol.asyncDispose]: () => Promise<void>

  #poolFor(url: unknown): Pool {
    const origin = originIn(url)
    const known = this.#pools.get(origin)
    if (known !== undefined) return known
    const place = placeOf({ ...this.#sockets, origin }, CLIENT_NAMES)
    // The same place can be spelt in many ways, but its zone is not said twice.
    const { host } = place.options
    const key = net.isIP(host ?? '') === 6 && host?.includes('%') ? origin : (place.origin as string)
    return this.#pools.get(key) ?? this.#make(key, place)
  }

  #make(key: string, place: ReturnType<typeof placeOf>): Pool {
    const pool: Pool = new Pool(place, this.#settings, () => this.#drop(key, pool))
    this.#pools.set(key, pool)
    return pool
  }

  /** It has no connection any more: whatever comes makes a new one. */
  #drop(key: string, pool: Pool): void {
    if (this.#pools.get(key) !== pool) return
    this.#pools.delete(key)
    this.#ending.add(pool)
    pool.close().then(() => this.#ending.delete(pool))
  }

  #sum(count: (pool: Pool) => number): number {
    let sum = 0
    for (const pool of this.#pools.values()) sum += count(pool)
    return sum
  }
}

makeAsyncDisposable(Agent.prototype)
showAs(Agent.prototype, (agent) => {
  const { origins, size, free, pending, closed } = agent
  return shownMembers(Agent.prototype, { origins, size, free, pending, closed })
})

/** What names the origin in a URL. @throws TypeError If it is no URL. */
function originIn(url: unknown): string {
  const text = typeof url === 'string' ? url : url instanceof URL ? url.href : undefined
  if (text === undefined)
    throw new TypeError("A request by an agent has a url, such as 'https://example.com/'")
  const found = ORIGIN.exec(text)
  if (found === null) throw new TypeError('url must be an absolute URL of http: or https:')
  return `${found[1]}://${found[2]}`
}

const ORIGIN = /^(https?):\/\/(?:[^/?#@]*@)?([^/?#@\\]+)/i
