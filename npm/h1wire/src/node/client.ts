// Client: requests over one connection, one behind the other, and their responses.
//
// What may be sent when, and what octets mean, is decided by the Connection. Here are the socket, the queue, time and
// back-pressure. Reading stops while nobody reads the body that is coming.

import type { Channel } from 'node:diagnostics_channel'
import type { Duplex } from 'node:stream'
import {
  type Body,
  Connection,
  type ConnectionOptions,
  type FieldSection,
  type FormatOptions,
  H1Error,
  type RequestParts,
  type ResponseEvent,
  type ResponseHead,
} from '../index.js'
import { Deadline } from './deadline.js'
import {
  clientConnected,
  clientError,
  clientRequestStart,
  clientResponseFinish,
  clientResponseStart,
} from './diagnostics.js'
import { connectFailed, socketClosed, timedOut, withReceived } from './errors.js'
import { type ClientRequest, Exchange, type Parts, type RequestOptions } from './exchange.js'
import { isIdempotent } from './idempotent.js'
import { readyEvent } from './open.js'
import { dataOf, inPieces, mustBeRead, readWhole, writePieces, writeWhole } from './outgoing.js'
import { IncomingResponse } from './response.js'

/** Options of a client. Times are in milliseconds; 0 means without end. */
export interface ClientOptions extends Omit<ConnectionOptions, 'role'> {
  /** How many requests may be on their way at a time (RFC 9112 section 9.3.2). Default 1: each waits for the one before. */
  pipelining?: number
  /** How long the connection may take to be made. Default 10,000. */
  connectTimeout?: number
  /** How long a response's head may take, from when the request was sent or the response before it was whole. Default 60,000. */
  headersTimeout?: number
  /** How long nothing may come of a body that is read, or go of one that is sent. Default 60,000. */
  bodyTimeout?: number
  /** How long the connection is kept without a request. Default 0 for a client, 4,000 in a pool. */
  idleTimeout?: number
  /** How long a body waits for the 100 that its `Expect: 100-continue` asks for. Default 1,000. */
  continueTimeout?: number
  /** How long a body that nobody has begun to read may keep other requests waiting. Default 5,000. */
  unreadTimeout?: number
}

/** What a client tells its pool. */
export interface Owner {
  /** It may take another request. */
  free(client: Client): void
  /** It takes none any more. */
  ended(client: Client): void
  /** Whether requests wait for a client. */
  readonly isWaiting: boolean
}

/** How much of a body that nobody reads, or wants, is taken from the socket to get at what lies behind it. */
const MOST_UNREAD = 65_536

/** Requests over one connection. Made by `connect`. */
export class Client {
  #socket: Duplex | undefined
  readonly #connection: Connection<ResponseEvent>
  readonly #host: string | undefined
  readonly #times: Times
  readonly #pipelining: number
  readonly #owner: Owner | undefined
  readonly #deadline: Deadline
  readonly #closed: Promise<void>
  #resolveClosed: () => void = () => {}
  /** Requests not sent yet. */
  readonly #queue: Exchange[] = []
  /** Requests sent; the first is the one being answered. */
  readonly #sent: Exchange[] = []
  /** The request whose body is being sent in pieces, or waits for a 100. */
  #sending: Exchange | undefined
  #isReady = false
  /** Nothing more is sent: why. */
  #end: H1Error | Error | undefined
  /** Whether it ends when what it was given is done. */
  #isClosing = false
  #socketError: Error | undefined
  #isInterim = false
  #isPaused = false
  /** What time is running out for. */
  #due: keyof Times = 'connectTimeout'
  #written: unknown
  #answers = 0
  #keptFor = Number.POSITIVE_INFINITY

  /** @internal Its socket comes with `attach`. */
  constructor(host: string | undefined, options: ClientOptions, owner?: Owner) {
    const { pipelining = 1, ...rest } = options
    const { times, connection } = readOptions(rest)
    if (!Number.isSafeInteger(pipelining) || pipelining < 1) {
      throw new RangeError('options.pipelining must be an integer from 1')
    }
    this.#connection = new Connection({ ...connection, role: 'client' }) as Connection<ResponseEvent>
    this.#host = host
    this.#times = times
    this.#pipelining = pipelining
    this.#owner = owner
    this.#deadline = new Deadline(() => this.#timeOut())
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#watch()
  }

  /** @internal Goes to work on this socket; without one, gives up for this reason. */
  attach(socket: Duplex | undefined, cause?: unknown): void {
    if (socket === undefined) {
      this.#fail(connectFailed(cause), () => connectFailed(cause))
      this.#resolveClosed()
      return
    }
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
    const ready = readyEvent(socket)
    if (this.#end !== undefined) socket.destroy()
    else if (socket.destroyed) this.#onClose()
    else if (ready === undefined) this.#onReady()
    else socket.once(ready, this.#onReady)
  }

  /** The socket the requests go over, once there is one. Who writes to it, or reads from it, breaks the connection. */
  get socket(): Duplex | undefined {
    return this.#socket
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
      takeRequest(request, options, resolve, reject, this.#take)
    })
  }

  /** Takes no more requests, and resolves when those it has are done and the connection is closed. */
  close(): Promise<void> {
    this.#isClosing = true
    if (this.#end === undefined) this.#closeIfDone()
    return this.#closed
  }

  /** Closes the connection at once; what is not done fails with `error`, or with `H1_CLOSED`. */
  destroy(error?: Error): void {
    this.#isClosing = true
    const closed = (): Error => error ?? new H1Error('H1_CLOSED')
    this.#fail(closed(), closed)
  }

  /** Whether it takes no more requests: it was closed, or its connection has ended. */
  get closed(): boolean {
    return this.#isClosing || this.#end !== undefined
  }

  /** How many requests it has been given whose responses are not whole. */
  get pending(): number {
    return this.#queue.length + this.#sent.length
  }

  /** @internal Whether another request can be sent, or is sent as soon as the connection stands. */
  get takesMore(): boolean {
    return this.pending < this.#pipelining
  }

  readonly #take = (exchange: Exchange): void => this.dispatch(exchange)

  /** @internal */
  dispatch(exchange: Exchange): void {
    if (exchange.aborted) {
      exchange.fail(exchange.options?.signal?.reason)
    } else if (this.closed) {
      exchange.fail(
        this.#isClosing
          ? new H1Error('H1_CLOSED')
          : received(this.#isReady ? socketClosed(this.#end) : connectFailed(this.#end), exchange),
      )
    } else {
      exchange.watch(this.#abort)
      this.#queue.push(exchange)
      this.#pump()
      this.flow()
    }
  }

  /** @internal Looks whether to read on, and for how long to wait: a pool calls it when requests wait. */
  flow(): void {
    const exchange = this.#sent[0]
    const body = exchange?.response?.body
    const isStopped =
      body !== undefined && body.waiting !== 0 && !exchange?.unwanted && !this.#readsAhead(body)
    if (isStopped !== this.#isPaused) {
      this.#isPaused = isStopped
      if (isStopped) (this.#socket as Duplex).pause()
      else (this.#socket as Duplex).resume()
    }
    this.#watch()
  }

  /** A body that nobody has begun to read is kept, up to a bound, if others wait behind it. */
  #readsAhead(body: IncomingResponse['body']): boolean {
    return this.#isContended && !body.used && body.waiting < MOST_UNREAD
  }

  get #isContended(): boolean {
    return this.#queue.length !== 0 || this.#owner?.isWaiting === true
  }

  // Sending

  #pump(): void {
    const queue = this.#queue
    while (queue.length !== 0 && this.#maySend(queue[0] as Exchange)) {
      this.#send(queue.shift() as Exchange)
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
    exchange.reused = this.#answers !== 0 || this.#sent.length !== 0
    this.#sent.push(exchange)
    if (clientRequestStart.hasSubscribers) this.#publish(clientRequestStart, exchange)
    try {
      const parts = exchange.parts(this.#host)
      const { body, trailers } = parts
      if (inPieces(body) || typeof trailers === 'function' || (exchange.expects && body != null)) {
        this.#sendPieces(exchange, parts)
      } else {
        writeWhole(this.#connection, this.#socket as Duplex, this.#head, parts as RequestParts)
      }
    } catch (error) {
      // It was refused, and nothing was written.
      this.#sent.pop()
      this.#failOne(exchange, error)
    }
  }

  readonly #head = (parts: RequestParts, options?: FormatOptions) =>
    this.#connection.sendRequest(parts, options)

  /** A head, and behind it a body that takes its time. */
  #sendPieces(exchange: Exchange, { body, trailers, ...parts }: Parts): void {
    const isWhole = !inPieces(body)
    if (isWhole && typeof trailers === 'function') {
      throw new TypeError('trailers as a function go with a body in pieces: give the fields themselves')
    }
    const fields = typeof trailers === 'function' ? undefined : trailers
    const init = { ...parts, ...(fields && { trailers: fields }), ...(isWhole && { body: body as Body }) }
    const socket = this.#socket as Duplex
    socket.write(this.#head(init, isWhole ? { body: false } : { body: false, length: 'unknown' }))
    const source = isWhole ? [dataOf(body as Body)] : body
    const upload = new AbortController()
    exchange.upload = upload
    this.#sending = exchange
    const start = () => {
      exchange.proceed = undefined
      clearTimeout(timer)
      writePieces(this.#connection, socket, source, trailers, upload.signal).then(
        () => this.#onSent(exchange),
        (error) => this.#onSendFailed(exchange, error),
      )
    }
    let timer: NodeJS.Timeout | undefined
    if (exchange.expects && this.#connection.localState === 'body') {
      exchange.proceed = start
      timer = setTimeout(start, this.#times.continueTimeout)
      // Started with a signal that was aborted, it tells the source that nobody wants it.
      upload.signal.addEventListener('abort', () => exchange.proceed?.())
    } else {
      start()
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

  // Receiving

  readonly #onData = (chunk: Buffer): void => {
    if (this.#end !== undefined) return
    try {
      this.#read(this.#connection.receive(chunk), chunk)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #read(first: ResponseEvent[], chunk: Buffer): void {
    let events: ResponseEvent[] | undefined = first
    let from = 0
    while (events !== undefined) {
      for (const event of events) {
        if (this.#end !== undefined) return
        switch (event.type) {
          case 'head':
            this.#onHead(event)
            break
          case 'body':
            this.#onBody(event.data as Buffer)
            break
          case 'end':
            this.#onMessageEnd(event.trailers)
            break
          case 'upgrade':
            this.#handOver(event.rest as Buffer)
            return
          case 'tolerated':
            this.#onTolerated(event)
            break
          default:
            this.#keep(chunk, from)
            this.#fail(event.error)
            return
        }
      }
      const held: number = this.#connection.heldBack
      events = this.#next()
      if (events !== undefined) from = Math.max(0, chunk.length - held)
    }
    this.#keep(chunk, from)
    this.#settle()
  }

  /** Does what can be done now: sends, reads on or does not, closes. */
  #settle(): void {
    if (this.#end !== undefined) return
    if (this.#queue.length !== 0) this.#pump()
    this.flow()
    if (this.#isClosing) this.#closeIfDone()
    if (this.#owner !== undefined && this.takesMore) this.#owner.free(this)
  }

  #onHead(head: ResponseHead): void {
    const exchange = this.#sent[0] as Exchange
    if (head.informational) {
      this.#isInterim = true
      const { status, reason, headers } = head
      const response = { status, reason, headers }
      exchange.informational = [...exchange.informational, response]
      exchange.options?.onInformational?.(response)
      if (status === 100) exchange.proceed?.()
      return
    }
    // A final answer in place of a 100: the body is not sent, and the connection ends with the response.
    if (exchange.proceed !== undefined) this.#stopSending(exchange)
    const response = new IncomingResponse(head, exchange, this.#onWant)
    exchange.response = response
    if (clientResponseStart.hasSubscribers) this.#publish(clientResponseStart, exchange)
    // With a switch of protocols the socket is part of the answer.
    if (!head.upgrade) exchange.resolve(response)
  }

  #onBody(data: Buffer): void {
    const exchange = this.#sent[0] as Exchange
    exchange.bodyLength += data.length
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

  #onTolerated(event: Extract<ResponseEvent, { type: 'tolerated' }>): void {
    const { name, offset, danger } = event
    const exchange = this.#sent[0]
    if (exchange === undefined) return
    if (exchange.tolerated.length === 0) exchange.tolerated = []
    exchange.tolerated.push({ name, offset, danger })
  }

  /** Goes on to the next exchange if this one is done; returns what is there of it already. */
  #next(): ResponseEvent[] | undefined {
    const exchange = this.#sent[0]
    if (exchange === undefined || !exchange.answered) return undefined
    if (this.#sending === exchange) {
      // It still sends its body, unless nothing comes from the server any more.
      if (!this.#peerIsDone) return undefined
      this.#stopSending(exchange)
    }
    exchange.unwatch()
    this.#sent.shift()
    this.#answers++
    this.#tellFinish(exchange)
    if (!this.#connection.reusable) {
      this.#finish()
      return undefined
    }
    if (this.#owner !== undefined) this.#noteKeepAlive(exchange)
    return this.#connection.nextCycle()
  }

  #stopSending(exchange: Exchange): void {
    this.#sending = undefined
    exchange.upload?.abort(
      new H1Error('H1_SOCKET_CLOSED', { advice: 'the response came before the body was sent' }),
    )
  }

  /** Whether the server's part has ended and nothing more comes from there. */
  get #peerIsDone(): boolean {
    return this.#connection.peerState === 'must-close' || this.#connection.peerState === 'closed'
  }

  /** How long the server keeps the connection, by its own word. */
  #noteKeepAlive(exchange: Exchange): void {
    const hint = exchange.response?.headers.get('Keep-Alive')
    if (hint === undefined) return
    const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s])/i.exec(hint)?.[1]
    // A second less: what is sent when it has just closed the connection is lost.
    if (seconds !== undefined) this.#keptFor = Math.max(1, Number(seconds) * 1000 - 1000)
  }

  /** Keeps what has come of a head that is not whole, to be shown with an error. */
  #keep(chunk: Buffer, from: number): void {
    const exchange = this.#sent[0]
    if (exchange === undefined || exchange.response !== undefined || from >= chunk.length) return
    exchange.received = [...exchange.received, from === 0 ? chunk : chunk.subarray(from)]
  }

  readonly #onWant = (): void => {
    if (this.#end === undefined) this.flow()
  }

  // Ending

  readonly #onReady = (): void => {
    this.#isReady = true
    if (clientConnected.hasSubscribers) clientConnected.publish({ socket: this.#socket })
    this.#settle()
  }

  readonly #onEnd = (): void => {
    // Before TLS stands, what ends it is told by what follows.
    if (this.#end !== undefined || !this.#isReady) return
    try {
      this.#read(this.#connection.receiveEnd(), NOTHING)
    } catch (error) {
      this.#fail(error as Error)
    }
    if (this.#end === undefined) this.#finish()
  }

  readonly #onError = (error: Error): void => {
    this.#socketError = error
    if ((this.#socket as Duplex).destroyed) return
    this.#fail(socketClosed(error))
  }

  readonly #onClose = (): void => {
    const cause = this.#socketError
    if (!this.#isReady) this.#fail(connectFailed(cause), () => connectFailed(cause))
    else this.#fail(socketClosed(cause))
    this.#connection.free()
    this.#resolveClosed()
  }

  #timeOut(): void {
    const due = this.#due
    const { code } = TIMES[due]
    if (code === undefined) {
      this.#finish()
    } else if (due === 'bodyTimeout' && this.#sending !== undefined && this.#isMoving()) {
      this.#watch()
    } else {
      const error = () => timedOut(code, this.#times[due])
      this.#fail(error(), due === 'connectTimeout' ? error : undefined)
    }
  }

  /** Whether the body that is sent has moved since this was asked last, or waits for its source. */
  #isMoving(): boolean {
    const { bytesWritten, writableLength, writableNeedDrain } = this.#socket as Duplex & {
      bytesWritten?: number
    }
    const before = this.#written
    this.#written = (bytesWritten ?? 0) - writableLength
    return before !== this.#written || !writableNeedDrain
  }

  /** Sets the time for what is waited for now. */
  #watch(): void {
    if (this.#end !== undefined) return
    const due = this.#awaited()
    const time = due === undefined ? 0 : this.#times[due]
    if (due !== undefined) this.#due = due
    const isKept = due === 'idleTimeout' && time !== 0
    this.#deadline.set(isKept ? Math.min(time, this.#keptFor) : time, due === 'connectTimeout')
  }

  #awaited(): keyof Times | undefined {
    if (!this.#isReady) return 'connectTimeout'
    const exchange = this.#sent[0]
    if (exchange === undefined) return 'idleTimeout'
    const { response } = exchange
    if (this.#isPaused) {
      return response !== undefined && !response.body.used && this.#isContended ? 'unreadTimeout' : undefined
    }
    if (response !== undefined) return 'bodyTimeout'
    // While it waits for a 100, its own timer runs.
    return this.#sending === exchange ? 'bodyTimeout' : 'headersTimeout'
  }

  readonly #abort = (exchange: Exchange): void => {
    const reason = exchange.options?.signal?.reason
    const waiting = this.#queue.indexOf(exchange)
    exchange.takeOver = undefined
    if (waiting !== -1) {
      this.#queue.splice(waiting, 1)
      this.#failOne(exchange, reason)
      if (this.#isClosing) this.#closeIfDone()
      return
    }
    this.#failOne(exchange, reason)
    if (this.#sending !== exchange && this.#isCheap(exchange)) {
      exchange.unwanted = true
      this.flow()
    } else {
      this.#fail(socketClosed(reason))
    }
  }

  /** Whether the rest of a response costs less to read than a new connection. */
  #isCheap({ response, bodyLength }: Exchange): boolean {
    const length = response?.contentLength
    return typeof length === 'number' && response?.keepAlive === true && length - bodyLength <= MOST_UNREAD
  }

  /** HTTP has ended, and the socket is the caller's. */
  #handOver(rest: Buffer): void {
    const exchange = this.#sent.shift() as Exchange
    const socket = this.#socket as Duplex
    this.#leave()
    socket.pause()
    const response = exchange.response as IncomingResponse
    response.switched(socket, rest)
    exchange.unwatch()
    this.#tellFinish(exchange)
    exchange.resolve(response)
    this.#stop(new H1Error('H1_CLOSED', { advice: 'its connection speaks another protocol now' }))
    this.#resolveClosed()
  }

  #closeIfDone(): void {
    if (this.pending === 0 && this.#isReady) this.#finish()
    else if (this.pending === 0) this.destroy()
  }

  /** Ends a connection on which everything was said that was begun. */
  #finish(): void {
    const socket = this.#socket as Duplex
    this.#stop(socketClosed())
    socket.end(() => socket.destroy())
    // Whatever comes now is read by nobody.
    socket.resume()
  }

  /** Ends a connection in the middle; `others` makes what requests fail with that had no part in it. */
  #fail(error: Error, others?: () => Error): void {
    if (this.#end !== undefined) return
    this.#stop(error, others)
    this.#socket?.destroy()
  }

  /** Takes no more requests; those there are fail, the first with the error itself. */
  #stop(error: Error, others = (): Error => socketClosed(error)): void {
    this.#end = error
    this.#deadline.free()
    this.#sending = undefined
    let reason = error
    for (const exchange of [...this.#sent.splice(0), ...this.#queue.splice(0)]) {
      this.#failOne(exchange, received(reason, exchange), isRepairable(reason, exchange.sent))
      reason = others()
    }
    this.#owner?.ended(this)
  }

  #failOne(exchange: Exchange, error: unknown, isRepairable = false): void {
    const wasSent = exchange.sent
    const failed = exchange.fail(error, isRepairable)
    // What was sent in vain is told, whether it goes to another connection or not.
    const isTold = failed || (wasSent && !exchange.failed)
    if (isTold && clientError.hasSubscribers) this.#publish(clientError, exchange, error)
  }

  #tellFinish(exchange: Exchange): void {
    if (clientResponseFinish.hasSubscribers && !exchange.failed) this.#publish(clientResponseFinish, exchange)
  }

  #publish(channel: Channel, { request, response }: Exchange, error?: unknown): void {
    const told = { request, ...(response && { response }), socket: this.#socket }
    channel.publish(error === undefined ? told : { error, ...told })
  }

  #leave(): void {
    const socket = this.#socket as Duplex
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('error', this.#onError)
    socket.off('close', this.#onClose)
  }
}

/** Makes an exchange of what a caller asks for; bodies that lie elsewhere are read first. */
export function takeRequest(
  request: ClientRequest,
  options: RequestOptions | undefined,
  resolve: (response: IncomingResponse) => void,
  reject: (reason: unknown) => void,
  dispatch: (exchange: Exchange) => void,
): void {
  if (typeof request !== 'object' || request === null) {
    throw new TypeError('A request is an object, such as { method, target, headers, body }')
  }
  const { body, idempotent = isIdempotent(request.method) } = request
  if (!mustBeRead(body)) {
    dispatch(new Exchange(request, idempotent, options, resolve, reject))
    return
  }
  readWhole(body).then((whole) => {
    dispatch(new Exchange({ ...request, body: whole }, idempotent, options, resolve, reject))
  }, reject)
}

/** The error, with what was received of a head that is not whole. */
function received(error: Error, exchange: Exchange): Error {
  return exchange.response === undefined ? withReceived(error, exchange.received) : error
}

/** Whether the request may go through another connection: this one just ended, or was given away before it was sent. */
function isRepairable(error: Error, sent: boolean): boolean {
  if (!(error instanceof H1Error)) return false
  const { code } = error
  return code === 'H1_SOCKET_CLOSED' || code === 'H1_RESPONSE_MISSING' || (!sent && code === 'H1_CLOSED')
}

const NOTHING = Buffer.alloc(0)

/** Every time there is: how long, by default, and what it is called when it is over. */
const TIMES = {
  connectTimeout: { by: 10_000, code: 'H1_CONNECT_TIMEOUT' },
  headersTimeout: { by: 60_000, code: 'H1_HEADERS_TIMEOUT' },
  bodyTimeout: { by: 60_000, code: 'H1_BODY_TIMEOUT' },
  idleTimeout: { by: 0, code: undefined },
  continueTimeout: { by: 1_000, code: undefined },
  unreadTimeout: { by: 5_000, code: 'H1_BODY_UNREAD' },
} as const

/** Reads the times out of the options; what is left is the connection's. */
function readOptions(options: Omit<ClientOptions, 'pipelining'>): {
  times: Times
  connection: Omit<ConnectionOptions, 'role'>
} {
  const connection: Record<string, unknown> = { ...options }
  const times = {} as Record<string, number>
  for (const [name, { by }] of Object.entries(TIMES)) {
    const time = connection[name] ?? by
    delete connection[name]
    if (typeof time !== 'number' || !(time >= 0 && time <= MOST_TIME)) {
      throw new RangeError(`options.${name} must be a number of milliseconds from 0 to ${MOST_TIME}`)
    }
    times[name] = time
  }
  return { times: times as Times, connection }
}

/** What a timer can wait for. */
const MOST_TIME = 2 ** 31 - 1

type Times = { [name in keyof typeof TIMES]: number }
