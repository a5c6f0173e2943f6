// createServer and serve: sockets that come, and sockets that are brought, given to connections of a server.

import { Server as NetServer, type ServerOpts, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { showAs, shownMembers } from '../facade/shown.js'
import type { Library } from './library.js'
import { PendingHeads } from './pending-heads.js'
import { ServerConnection } from './server-connection.js'
import {
  type Handler,
  limitOf,
  numberOf,
  readServeOptions,
  type ServeOptions,
  type ServeSettings,
} from './server-options.js'

/** Options of a server: those of `serve`, those of `net.createServer`, two that Node.js has in other places, and one for all. */
export interface ServerOptions extends ServeOptions, ServerOpts {
  /** Sockets at once; more are closed without an answer. Default: no limit. The same as `server.maxConnections`. */
  maxConnections?: number | undefined
  /**
   * Connections at once that have sent no whole head: new ones, and those in the middle of one. Of more, the one that has
   * waited longest is answered with 408, or closed if nothing has come. So all heads that come take that many times
   * `limits.maxHeadSize` at most. Default: no limit.
   */
  maxPendingHeads?: number | undefined
  /**
   * Milliseconds in which a socket may neither send nor receive an octet, whatever it is doing, before it is destroyed:
   * the limit for those who do not read what they asked for. Default 0, none.
   */
  timeout?: number | undefined
}

/** The public function of this name, over this library: `net.ts` says what it does. */
export function createServer(library: Library, options: ServerOptions | Handler, handler?: Handler): Server {
  return typeof options === 'function'
    ? new Server(library, {}, options)
    : new Server(library, options, checked(handler))
}

/** A socket that is served. */
export interface Served {
  /** Whether no request is under way. */
  readonly idle: boolean
  /** Closes it behind the response under way, or at once. */
  close(): void
  /** Destroys it, response or not. */
  destroy(): void
}

/** The public function of this name, over this library: `net.ts` says what it does. */
export function serve(library: Library, socket: Duplex, handler: Handler, options?: ServeOptions): Served {
  return new ServerConnection(socket, checked(handler), readServeOptions(library, options), () => {})
}

function checked(handler: unknown): Handler {
  if (typeof handler !== 'function') throw new TypeError('handler must be a function')
  return handler as Handler
}

/** A `net.Server` that speaks HTTP. */
export class Server extends NetServer {
  readonly #connections = new Set<ServerConnection>()
  readonly #handler: Handler
  readonly #settings: ServeSettings
  readonly #timeout: number
  /** Who waits until no socket is served any more. */
  readonly #waiting: (() => void)[] = []

  /** @internal */
  constructor(library: Library, options: ServerOptions, handler: Handler) {
    const settings = readServeOptions(library, options, true)
    const heads = limitOf(options.maxPendingHeads, Infinity, 'maxPendingHeads')
    const timeout = limitOf(options.timeout, Infinity, 'timeout')
    const { maxConnections } = options
    if (maxConnections !== undefined) numberOf(maxConnections, 'maxConnections')
    super({ noDelay: true, allowHalfOpen: true, ...options })
    this.#handler = handler
    this.#settings = { ...settings, heads: heads === Infinity ? undefined : new PendingHeads(heads) }
    this.#timeout = timeout === Infinity ? 0 : timeout
    if (maxConnections !== undefined) this.maxConnections = maxConnections
    this.on('connection', this.#take)
  }

  /**
   * Stops listening, as of any `net.Server`, and closes the connections on which no request is under way; the others are
   * closed behind their response, which says `Connection: close`. `'close'` is emitted, and `callback` called, when the
   * last socket is closed, sockets given away among them.
   */
  override close(callback?: (error?: Error) => void): this {
    super.close(callback)
    for (const connection of this.#connections) connection.close()
    return this
  }

  /**
   * The same as `close()`, and waits for the responses under way: after `timeout` milliseconds, if it is given, what is
   * left of them is cut off. Resolves when no socket is served any more. Sockets given away are their owners'.
   */
  async shutdown({ timeout = Infinity }: { timeout?: number } = {}): Promise<void> {
    if (this.listening) this.close()
    else for (const connection of this.#connections) connection.close()
    if (this.#connections.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
    })
    const timer = timeout === Infinity ? undefined : setTimeout(() => this.closeAllConnections(), timeout)
    await empty
    clearTimeout(timer)
  }

  /** The same as `shutdown()`, for `await using`: it waits for the responses under way. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  /** How many sockets are served. */
  get size(): number {
    return this.#connections.size
  }

  /** How many requests the handler was called for whose responses are not written to their end. */
  get pending(): number {
    let pending = 0
    for (const connection of this.#connections) pending += connection.pending
    return pending
  }

  /** How many connections have no request under way. */
  get free(): number {
    let free = 0
    for (const connection of this.#connections) if (connection.idle) free++
    return free
  }

  /** Closes the connections on which no request is under way. */
  closeIdleConnections(): void {
    for (const connection of this.#connections) if (connection.idle) connection.close()
  }

  /** Destroys all connections, responses under way or not. */
  closeAllConnections(): void {
    for (const connection of this.#connections) connection.destroy()
  }

  readonly #take = (socket: Socket): void => {
    // Another listener did not want it.
    if (socket.destroyed) return
    if (this.#timeout !== 0) socket.setTimeout(this.#timeout, destroy)
    this.#connections.add(new ServerConnection(socket, this.#handler, this.#settings, this.#forget))
  }

  readonly #forget = (connection: ServerConnection): void => {
    this.#connections.delete(connection)
    const { socket } = connection
    if (this.#timeout !== 0) (socket as Socket).setTimeout(0, destroy)
    if (this.#connections.size !== 0) return
    for (const done of this.#waiting.splice(0)) done()
  }
}

showAs(Server.prototype, (server) => {
  const { listening, size, free, pending } = server
  const address = server.address()
  return shownMembers(Server.prototype, {
    listening,
    ...(address !== null && { address }),
    size,
    free,
    pending,
  })
})

function destroy(this: Socket): void {
  this.destroy()
}
