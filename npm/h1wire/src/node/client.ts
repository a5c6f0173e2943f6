// Client: requests over one connection, one behind the other, and their responses.
//
// What may be sent when, and what octets mean, is decided by the Connection. Here are the queue, time and
// back-pressure. Reading stops while nobody reads the body that is coming.

import type { Channel } from 'node:diagnostics_channel'
import type { Duplex } from 'node:stream'
import { makeAsyncDisposable } from '../facade/dispose.js'
import { showAs, shownMembers } from '../facade/shown.js'
import { Connection, type FieldSection, H1Error, type ResponseEvent, type ResponseHead } from '../index.js'
import type { ClientSettings, TimeName } from './client-options.js'
import { ClientPatience } from './client-patience.js'
import { awaited, isHeldUp, isShort, isUnwanted, isWorthDraining, MOST_UNREAD } from './client-reading.js'
import type { ClientRequest, RequestOptions } from './client-request.js'
import { ClientSocket } from './client-socket.js'
import type { Addressee } from './destination.js'
import {
  clientConnected,
  clientError,
  clientRequestRepeat,
  clientRequestStart,
  clientResponseFinish,
  clientResponseStart,
} from './diagnostics.js'
import { connectFailed, isConnectionLost, socketClosed } from './errors.js'
import { type Exchange, type Holder, takeRequest } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'
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
  readonly #connection: Connection<ResponseEvent>
  readonly #writer: RequestWriter
  readonly #patience: ClientPatience
  readonly #pipelining: number
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
  /** Requests not sent yet. */
  readonly #queue: Exchange[] = []
  /** Requests sent; the first is the one being answered. */
  readonly #sent: Exchange[] = []
  /** The request whose body is being sent in pieces, or waits for a 100. */
  #sending: Exchange | undefined
  #isInterim = false
  /** How many bytes have come, and at which of them the last response ended. */
  #received = 0
  #headAt = 0
  /** How many responses were whole. */
  #answers = 0
  /** Whether it ends when what it was given is done. */
  #isClosing = false
  /** Nothing more is sent: why. */
  #end: H1Error | Error | undefined

  /** @internal Its socket comes with `attach`. */
  constructor(addressee: Addressee, settings: ClientSettings, owner?: Owner, usesOnread = false) {
    const { pipelining, times, connection } = settings
    this.#connection = new Connection(connection)
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
    this.#pipelining = pipelining
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
    this.#socket = new ClientSocket(socket, {
      onReady: () => this.#onReady(),
      onData: this.receive,
      onEnd: () => this.#onEnd(),
      onDrain: () => this.#watch(),
      onBroken: (error) => this.#fail(socketClosed(error)),
      onClose: (error) => this.#onClose(error),
    })
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
      takeRequest(request, options, resolve, reject, this.#take, this.#addressee)
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
    return this.#queue.length + this.#sent.length
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
    return this.pending < this.#pipelining
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
      this.#queue.push(exchange)
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
    const first = this.#sent[0]
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
    return (
      this.#queue.length !== 0 || this.#sent.length > 1 || this.#isClosing || this.#owner?.isWaiting === true
    )
  }

  get #isSending(): boolean {
    return this.#sending !== undefined || this.#socket?.isFull === true
  }

  // Sending

  #pump(): void {
    const queue = this.#queue
    for (let first = queue[0]; first !== undefined && this.#maySend(first); first = queue[0]) {
      if (first.needsPreparing) first.prepare()
      if (!first.isReady) return
      queue.shift()
      this.#send(first)
    }
  }

  #maySend(exchange: Exchange): boolean {
    if (!this.#isReady || this.#sending !== undefined || this.#end !== undefined) return false
    const sent = this.#sent
    if (sent.length === 0) return true
    if (sent.length >= this.#pipelining || !exchange.idempotent) return false
    return (sent[sent.length - 1] as Exchange).idempotent && this.#connection.localState === 'done'
  }

  #send(exchange: Exchange): void {
    exchange.sent = true
    const { stream } = this.#socket as ClientSocket
    exchange.reused = this.#answers !== 0 || this.#sent.length !== 0
    this.#sent.push(exchange)
    if (clientRequestStart.hasSubscribers && !exchange.isRepeated) this.#publish(clientRequestStart, exchange)
    try {
      if (this.usesOnread && exchange.switches) throw new TypeError(NO_SWITCH)
      const upload = this.#writer.write(exchange, stream)
      if (upload === undefined) return
      exchange.upload = upload
      this.#sending = exchange
      upload.done.then(
        () => this.#onSent(exchange),
        (error) => this.#onSendFailed(exchange, error),
      )
    } catch (error) {
      // It was refused, and nothing was written.
      this.#sent.pop()
      this.#failOne(exchange, error)
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
    this.#failOne(exchange, error)
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
        if (this.#sent[0]?.answered && event.type !== 'upgrade') this.#complete()
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
            this.#sent[0]?.tolerate(event)
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
    this.#sent[0]?.keep(chunk, Math.max(0, this.#headAt - (this.#received - chunk.length)))
  }

  #onHead(head: ResponseHead): void {
    const exchange = this.#sent[0] as Exchange
    if (head.informational) {
      this.#isInterim = true
      exchange.inform(head)
      return
    }
    // A final answer in place of a 100: the body is not sent, and the connection ends with the response.
    if (exchange.upload?.waits) this.#stopSending(exchange)
    exchange.respond(head, this.#onWant)
    if (clientResponseStart.hasSubscribers) this.#publish(clientResponseStart, exchange)
  }

  #onBody(data: Buffer): void {
    const exchange = this.#sent[0] as Exchange
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
    const exchange = this.#sent[0] as Exchange
    exchange.answered = true
    exchange.response?.body.end(trailers)
  }

  /** Goes on to the next exchange if this one is done; returns what is there of it already. */
  #next(): ResponseEvent[] | undefined {
    const exchange = this.#sent[0]
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
    const exchange = this.#sent.shift() as Exchange
    exchange.release()
    this.#answers++
    this.#tellFinish(exchange)
    if (this.#owner !== undefined) this.#patience.heed(exchange.response as IncomingResponse)
  }

  /** Does what can be done now: sends, reads on or does not, closes. */
  #settle(): void {
    if (this.#end !== undefined) return
    if (this.#queue.length !== 0) this.#pump()
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
    this.#patience.watch(this.#awaited(), this.#sent[0])
  }

  /** Whose time is running out for now. */
  #awaited(): TimeName | undefined {
    if (!this.#isReady) return 'connectTimeout'
    const first = this.#sent[0]
    // One that waits to be sent waits for its body.
    if (first === undefined) return this.#queue.length === 0 ? 'idleTimeout' : undefined
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
    const waiting = this.#queue.indexOf(exchange)
    exchange.takeOver = undefined
    this.#failOne(exchange, reason)
    if (waiting !== -1) {
      this.#queue.splice(waiting, 1)
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
    const exchange = this.#sent.shift() as Exchange
    const response = exchange.response as IncomingResponse
    response.switched((this.#socket as ClientSocket).leave(), rest)
    exchange.release()
    this.#tellFinish(exchange)
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

  /** Takes no more requests; those there are fail, the first with the error itself. */
  #stop(error: Error, others = (): Error => socketClosed(error)): void {
    this.#end = error
    this.#patience.end()
    this.#sending = undefined
    let reason = error
    for (const exchange of [...this.#sent.splice(0), ...this.#queue.splice(0)]) {
      this.#failOne(exchange, exchange.withReceived(reason), isRepairable(reason, exchange.sent))
      reason = others()
    }
    this.#owner?.ended(this)
  }

  #failOne(exchange: Exchange, error: unknown, isRepairable = false): void {
    const wasSent = exchange.sent
    if (exchange.fail(error, isRepairable)) {
      if (clientError.hasSubscribers) this.#publish(clientError, exchange, error)
    } else if (wasSent && !exchange.failed && clientRequestRepeat.hasSubscribers) {
      this.#publish(clientRequestRepeat, exchange, error)
    }
  }

  #tellFinish(exchange: Exchange): void {
    if (clientResponseFinish.hasSubscribers && !exchange.failed) this.#publish(clientResponseFinish, exchange)
  }

  #publish(channel: Channel, { request, response }: Exchange, error?: unknown): void {
    const told = { request, ...(response && { response }), socket: this.socket }
    channel.publish(error === undefined ? told : { error, ...told })
  }
}

makeAsyncDisposable(Client.prototype)
showAs(Client.prototype, (client) => {
  const { host, state, pending } = client
  return shownMembers(Client.prototype, { host, state, pending })
})

/** Whether the request may go through another connection: this one just ended, or was given away before it was sent. */
function isRepairable(error: Error, sent: boolean): boolean {
  return isConnectionLost(error) || (!sent && error instanceof H1Error && error.code === 'H1_CLOSED')
}

const NOTHING = Buffer.alloc(0)
const NO_SWITCH =
  'A request that asks for another protocol needs a socket that can be given away: leave out onread'
