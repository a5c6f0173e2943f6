// Client: requests over one connection, one behind the other, and their responses.
//
// What may be sent when, and what octets mean, is decided by the Connection; in which order, by the ClientLine; who is
// waited for, in client-reading.ts. Here is what happens when something is given, comes, or has taken too long.

import type { Duplex } from 'node:stream'
import { makeAsyncDisposable } from '../facade/dispose.js'
import { showAs, shownMembers } from '../facade/shown.js'
import { ClientLine } from './client-line.js'
import type { ClientSettings, TimeName } from './client-options.js'
import { ClientPatience } from './client-patience.js'
import { awaited, isHeldUp, isShort, isUnwanted, isWorthDraining, MOST_UNREAD } from './client-reading.js'
import type { ClientRequest, RequestOptions } from './client-request.js'
import { ClientSocket } from './client-socket.js'
import type { Addressee } from './destination.js'
import { clientConnected } from './diagnostics.js'
import { connectFailed, socketClosed } from './errors.js'
import { type Exchange, type Holder, takeRequest } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'
import {
  type Connection,
  type FieldSection,
  H1Error,
  type Library,
  type ResponseEvent,
  type ResponseHead,
} from './library.js'
import { RequestWriter } from './request-writer.js'

/** What a client tells its pool. */
export interface Owner {
  /** It may take another request. */
  free(client: Client): void
  /** It takes none any more. */
  ended(client: Client): void
  /** Whether requests wait for a client. */
  readonly isWaiting: boolean
}

/** Requests over one connection. Made by `connect`. */
export class Client {
  readonly #addressee: Addressee
  readonly #library: Library
  readonly #connection: Connection<ResponseEvent>
  readonly #writer: RequestWriter
  readonly #patience: ClientPatience
  readonly #owner: Owner | undefined
  /** @internal Whether its socket is read with `onread`, and cannot be given away. */
  readonly usesOnread: boolean
  readonly #closed: Promise<void>
  readonly #holder: Holder = {
    abandon: (exchange, reason) => this.#abandon(exchange, reason),
    proceed: () => this.#settle(),
  }
  #resolveClosed: () => void = () => {}
  #socket: ClientSocket | undefined
  #isReady = false
  readonly #line: ClientLine
  /** The request whose body is being sent in pieces, or waits for a 100. */
  #sending: Exchange | undefined
  #isInterim = false
  /** How many bytes have come, and at which of them the last response ended. */
  #received = 0
  #headAt = 0
  /** Whether it ends when what it was given is done. */
  #isClosing = false
  /** Nothing more is sent: why. */
  #end: H1Error | Error | undefined

  /** @internal Its socket comes with `attach`. */
  constructor(addressee: Addressee, settings: ClientSettings, owner?: Owner, usesOnread = false) {
    const { library, pipelining, times, connection } = settings
    this.#library = library
    this.#connection = new library.Connection(connection)
    const { continueTimeout } = times
    this.#writer = new RequestWriter(this.#connection, {
      host: addressee.host,
      pipelines: pipelining > 1,
      continueTimeout,
    })
    this.#patience = new ClientPatience(
      {
        awaited: () => this.#awaited(),
        isMoving: () => this.#isSending && this.#socket?.isMoving() === true,
        retire: () => this.#finish(),
        timeOut: (error, others) => this.#fail(error, others),
      },
      times,
    )
    this.#addressee = addressee
    this.#line = new ClientLine(pipelining)
    this.#owner = owner
    this.usesOnread = usesOnread
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#watch()
  }

  /** @internal Goes to work on this socket; without one, gives up for this reason. */
  attach(socket: Duplex | undefined, cause?: unknown): void {
    if (socket === undefined) {
      this.#fail(connectFailed(cause), () => connectFailed(cause))
      return
    }
    this.#socket = new ClientSocket(
      socket,
      {
        onReady: () => this.#onReady(),
        onData: this.receive,
        onEnd: () => this.#onEnd(),
        onDrain: () => this.#watch(),
        onBroken: (error) => this.#fail(socketClosed(error)),
        onClose: (error) => this.#onClose(error),
      },
      this.#addressee.sessions,
    )
    this.#line.socket = socket
    this.#socket.open()
    if (this.#end !== undefined) socket.destroy()
  }

  /** The socket the requests go over, once there is one. Who writes to it, or reads from it, breaks the connection. */
  get socket(): Duplex | undefined {
    return this.#socket?.stream
  }

  /**
   * Sends a request when those before it are done, and resolves with the response when its head has come. Without a
   * `Host` of its own, a request with a `target` gets that of the client's destination.
   *
   * @throws (The promise rejects.) The signal's reason; an H1Error of the request, `side: 'local'`, or TypeError, as
   * `Connection.sendRequest` throws; what the body's source fails with; else a `RequestError`: an H1Error with what was
   * `received`, such as `H1_CONNECT_FAILED`, `H1_CONNECT_TIMEOUT`, `H1_HEADERS_TIMEOUT`, `H1_SOCKET_CLOSED`,
   * `H1_RESPONSE_MISSING`, or what is wrong with the response.
   */
  request(request: ClientRequest, options?: RequestOptions): Promise<IncomingResponse> {
    return new Promise((resolve, reject) => {
      takeRequest(this.#library, request, options, resolve, reject, this.#take, this.#addressee)
    })
  }

  /** Takes no more requests, and resolves when those it has are done and the connection is closed. */
  close(): Promise<void> {
    this.#isClosing = true
    this.#socket?.hold(true)
    if (this.#end === undefined) {
      this.#closeIfDone()
      this.#flow()
    }
    return this.#closed
  }

  /** The same as `close()`, for `await using`. */
  declare [Symbol.asyncDispose]: () => Promise<void>

  /** Closes the connection at once; what is not done fails with `error`, or with `H1_CLOSED`. */
  destroy(error?: Error): void {
    this.#isClosing = true
    const closed = (): Error => error ?? new H1Error('H1_CLOSED')
    this.#fail(closed(), closed)
    // One that is ending has failed already.
    this.#socket?.stream.destroy()
  }

  /** Whether it takes no more requests: it was closed, or its connection has ended. */
  get closed(): boolean {
    return this.#isClosing || this.#end !== undefined
  }

  /** How many requests it has been given whose responses are not whole. */
  get pending(): number {
    return this.#line.pending
  }

  /** The value of `Host` for requests that have none of their own. */
  get host(): string | undefined {
    return this.#addressee.host
  }

  /** Where it stands. Free: it can send another request at once. */
  get state(): 'connecting' | 'free' | 'busy' | 'closing' | 'closed' {
    if (this.#end !== undefined) return 'closed'
    if (this.#isClosing) return 'closing'
    if (!this.#isReady) return 'connecting'
    return this.pending === 0 ? 'free' : 'busy'
  }

  /** @internal Resolves when its socket is closed, or was given away. */
  get whenGone(): Promise<void> {
    return this.#closed
  }

  /** @internal Whether another request can be sent, or is sent as soon as the connection stands. */
  get takesMore(): boolean {
    return this.#line.takesMore
  }

  readonly #take = (exchange: Exchange): void => this.dispatch(exchange)

  /** @internal */
  dispatch(exchange: Exchange): void {
    if (exchange.aborted) {
      exchange.fail(exchange.options.signal?.reason)
    } else if (this.#isClosing) {
      exchange.fail(new H1Error('H1_CLOSED'))
    } else if (this.#end !== undefined) {
      exchange.fail(exchange.withReceived(this.#isReady ? socketClosed(this.#end) : connectFailed(this.#end)))
    } else {
      exchange.heldBy(this.#holder)
      this.#line.waiting.push(exchange)
      this.#pump()
      this.#flow()
    }
  }

  /** @internal Requests wait for a client. Only one that does not read has something to decide by that. */
  notice(): void {
    if (this.#socket?.isPaused) this.#flow()
  }

  /** Looks whether to read on, and for how long to wait. */
  #flow(): void {
    if (this.#end !== undefined) return
    const { first } = this.#line
    if (first?.response === undefined) {
      this.#socket?.pause(false)
    } else if (isUnwanted(first) && !isWorthDraining(first) && this.#sending !== first) {
      this.#fail(
        socketClosed(new Error('nobody wants the rest of a response, which is long or ends with it')),
      )
      return
    } else {
      this.#socket?.pause(isHeldUp(first, this.#isContended))
    }
    this.#watch()
  }

  /** Whether something waits until the request that is being answered is done: others, or whoever closes. */
  get #isContended(): boolean {
    const { waiting, sent } = this.#line
    return waiting.length !== 0 || sent.length > 1 || this.#isClosing || this.#owner?.isWaiting === true
  }

  get #isSending(): boolean {
    return this.#sending !== undefined || this.#socket?.isFull === true
  }

  // Sending

  #pump(): void {
    const { waiting } = this.#line
    for (let first = waiting[0]; first !== undefined && this.#maySend(first); first = waiting[0]) {
      if (first.needsPreparing) first.prepare()
      if (!first.isReady) return
      this.#send(this.#line.start())
    }
  }

  #maySend(exchange: Exchange): boolean {
    if (!this.#isReady || this.#sending !== undefined || this.#end !== undefined) return false
    if (!this.#line.maySend(exchange)) return false
    return this.#line.first === undefined || this.#connection.localState === 'done'
  }

  #send(exchange: Exchange): void {
    try {
      if (this.usesOnread && exchange.switches) throw new TypeError(NO_SWITCH)
      const upload = this.#writer.write(exchange, (this.#socket as ClientSocket).stream)
      if (upload === undefined) return
      exchange.upload = upload
      this.#sending = exchange
      upload.done.then(
        () => this.#onSent(exchange),
        (error) => this.#onSendFailed(exchange, error),
      )
    } catch (error) {
      this.#line.refuse(error)
    }
  }

  #onSent(exchange: Exchange): void {
    if (this.#sending !== exchange) return
    this.#sending = undefined
    if (exchange.answered) this.#read(this.#next() ?? [], NOTHING)
    this.#settle()
  }

  #onSendFailed(exchange: Exchange, error: unknown): void {
    if (this.#sending !== exchange) return
    this.#sending = undefined
    // The message cannot be ended any more, and so nothing can follow it.
    this.#line.fail(exchange, error)
    this.#fail(socketClosed(error))
  }

  #stopSending(exchange: Exchange): void {
    this.#sending = undefined
    exchange.upload?.stop(
      new H1Error('H1_SOCKET_CLOSED', { advice: 'the response came before the body was sent' }),
    )
  }

  // Receiving

  /** @internal Octets have come. */
  readonly receive = (chunk: Buffer): void => {
    if (this.#end !== undefined) return
    this.#received += chunk.length
    try {
      this.#read(this.#connection.receive(chunk), chunk)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #read(first: ResponseEvent[], chunk: Buffer): void {
    if (first.length !== 0) this.#patience.renew()
    let events: ResponseEvent[] | undefined = first
    while (events !== undefined) {
      for (const event of events) {
        if (this.#end !== undefined) return
        // The connection has gone on to the next exchange by itself; a switch belongs to the one it ended with.
        if (this.#line.first?.answered && event.type !== 'upgrade') this.#complete()
        switch (event.type) {
          case 'head':
            this.#onHead(event)
            break
          case 'body':
            this.#onBody(event.data as Buffer)
            break
          case 'end':
            this.#headAt = event.offset
            this.#onMessageEnd(event.trailers)
            break
          case 'upgrade':
            this.#handOver(event.rest as Buffer)
            return
          case 'tolerated':
            this.#line.first?.tolerate(event)
            break
          default:
            this.#keep(chunk)
            this.#fail(event.error)
            return
        }
      }
      events = this.#next()
    }
    this.#keep(chunk)
    this.#settle()
  }

  /** Keeps what a chunk has of a head that is not whole. */
  #keep(chunk: Buffer): void {
    const offset = this.#received - chunk.length
    this.#line.first?.keep(chunk, Math.max(0, this.#headAt - offset), offset)
  }

  #onHead(head: ResponseHead): void {
    const exchange = this.#line.first as Exchange
    if (head.informational) {
      this.#isInterim = true
      exchange.inform(head)
      return
    }
    // A final answer in place of a 100: the body is not sent, and the connection ends with the response.
    if (exchange.upload?.waits) this.#stopSending(exchange)
    exchange.respond(head, this.#onWant)
    this.#line.respond()
  }

  #onBody(data: Buffer): void {
    const exchange = this.#line.first as Exchange
    if (exchange.unwanted) return
    const { body } = exchange.response as IncomingResponse
    body.push(data)
    if (body.dropped > MOST_UNREAD)
      this.#fail(socketClosed(new Error('more of a body came than is read and dropped')))
  }

  #onMessageEnd(trailers: FieldSection): void {
    if (this.#isInterim) {
      this.#isInterim = false
      return
    }
    const exchange = this.#line.first as Exchange
    exchange.answered = true
    exchange.response?.body.end(trailers)
  }

  /** Goes on to the next exchange if this one is done; returns what is there of it already. */
  #next(): ResponseEvent[] | undefined {
    const exchange = this.#line.first
    if (exchange === undefined || !exchange.answered) return undefined
    if (this.#sending === exchange) {
      // It still sends its body, unless nothing comes from the server any more.
      const { peerState } = this.#connection
      if (peerState !== 'must-close' && peerState !== 'closed') return undefined
      this.#stopSending(exchange)
    }
    this.#complete()
    if (this.#connection.reusable) return this.#connection.nextCycle()
    this.#finish()
    return undefined
  }

  /** The first exchange is done. */
  #complete(): void {
    const { response } = this.#line.finish()
    if (this.#owner !== undefined) this.#patience.heed(response as IncomingResponse)
  }

  /** Does what can be done now: sends, reads on or does not, closes. */
  #settle(): void {
    if (this.#end !== undefined) return
    if (this.#line.waiting.length !== 0) this.#pump()
    this.#flow()
    if (this.#end !== undefined) return
    if (this.#isClosing) this.#closeIfDone()
    if (this.#owner !== undefined && this.takesMore) this.#owner.free(this)
  }

  readonly #onWant = (): void => this.#flow()

  // Time

  #watch(): void {
    if (this.#end !== undefined) return
    // An idle connection does not keep the process going.
    if (this.#isReady) this.#socket?.hold(this.#isClosing || this.pending !== 0)
    this.#patience.watch(this.#awaited(), this.#line.first)
  }

  /** Whose time is running out for now. */
  #awaited(): TimeName | undefined {
    if (!this.#isReady) return 'connectTimeout'
    const { first, waiting } = this.#line
    // One that waits to be sent waits for its body.
    if (first === undefined) return waiting.length === 0 ? 'idleTimeout' : undefined
    if (!this.#socket?.isPaused) return awaited(first, this.#isSending)
    return first.response?.body.used === false && this.#isContended ? 'unreadTimeout' : undefined
  }

  // Ending

  #onReady(): void {
    if (this.#end !== undefined) return
    this.#isReady = true
    if (clientConnected.hasSubscribers) clientConnected.publish({ socket: this.socket })
    this.#settle()
  }

  #onEnd(): void {
    if (this.#end !== undefined) return
    try {
      this.#read(this.#connection.receiveEnd(), NOTHING)
    } catch (error) {
      this.#fail(error as Error)
    }
    if (this.#end === undefined) this.#finish()
  }

  #onClose(cause: Error | undefined): void {
    if (!this.#isReady) this.#fail(connectFailed(cause), () => connectFailed(cause))
    else this.#fail(socketClosed(cause))
    this.#onGone()
  }

  #onGone(): void {
    this.#connection.free()
    this.#resolveClosed()
  }

  #abandon(exchange: Exchange, reason: unknown): void {
    const hasWaited = this.#line.withdraw(exchange)
    exchange.takeOver = undefined
    this.#line.fail(exchange, reason)
    if (hasWaited) {
      // Others may have waited behind it.
      this.#settle()
    } else if (this.#sending !== exchange && exchange.response && isShort(exchange.response)) {
      // To read the rest costs less than a new connection.
      exchange.unwanted = true
      this.#flow()
    } else {
      this.#fail(socketClosed(reason))
    }
  }

  /** HTTP has ended, and the socket is the caller's. */
  #handOver(rest: Buffer): void {
    const exchange = this.#line.first as Exchange
    const response = exchange.response as IncomingResponse
    response.switched((this.#socket as ClientSocket).leave(), rest)
    this.#line.finish()
    this.#socket = undefined
    exchange.resolve(response)
    this.#stop(new H1Error('H1_CLOSED', { advice: 'its connection speaks another protocol now' }))
    this.#resolveClosed()
  }

  #closeIfDone(): void {
    if (this.pending !== 0) return
    if (this.#isReady) this.#finish()
    else this.destroy()
  }

  /** Ends a connection on which everything was said that was begun. */
  #finish(): void {
    this.#stop(socketClosed())
    this.#socket?.end()
  }

  /** Ends a connection in the middle; `others` makes what requests fail with that had no part in it. */
  #fail(error: Error, others?: () => Error): void {
    if (this.#end !== undefined) return
    this.#stop(error, others)
    if (this.#socket === undefined) this.#onGone()
    else this.#socket.stream.destroy()
  }

  /** Takes no more requests; those there are fail, as `ClientLine.failAll` has it. */
  #stop(error: Error, others?: () => Error): void {
    this.#end = error
    this.#patience.end()
    this.#sending = undefined
    this.#line.failAll(error, others)
    this.#owner?.ended(this)
  }
}

makeAsyncDisposable(Client.prototype)
showAs(Client.prototype, (client) => {
  const { host, state, pending } = client
  return shownMembers(Client.prototype, { host, state, pending })
})

const NOTHING = Buffer.alloc(0)
const NO_SWITCH =
  'A request that asks for another protocol needs a socket that can be given away: leave out onread'
