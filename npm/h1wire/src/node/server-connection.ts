// ServerConnection: one socket of a server, from its first octet until it is closed or given away.
//
// It moves octets between the socket and the core's Connection, which decides all that the protocol has to say, and
// keeps order: one request at a time, its handler, its response, the next. What it decides itself is when to read
// from the socket (never while what was read waits for its reader), when time has run out, and how to close so that
// the last answer arrives.

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  Connection,
  type ConnectionResponse,
  type FormatOptions,
  H1Error,
  type H1ErrorCode,
  type RequestEvent,
  type RequestHead,
  type ToleratedEvent,
} from '../index.js'
import type { Clock, Ticking } from './clock.js'
import * as diagnostics from './diagnostics.js'
import { socketClosed } from './errors.js'
import { type Exchange, IncomingRequest } from './incoming-request.js'
import {
  type BodyPieces,
  inPieces,
  largeData,
  mustBeRead,
  readWhole,
  writePieces,
  writeWhole,
} from './outgoing.js'
import type { Handler, OutgoingResponse, ServeSettings, TakeOver } from './server-options.js'
import { usualLines } from './usual-lines.js'

// What is under way.
/** Nothing has come at all. */
const FRESH = 0
/** Between two requests. */
const IDLE = 1
/** In a head. */
const HEAD = 2
/** The request's body is still to come, whatever has become of its answer. */
const BODY = 3
/** The request is whole, and its response is not. */
const ANSWER = 4
/** The last answer is written, and what still comes is dropped so that the answer can arrive. */
const LINGERING = 5
/** The socket is closed, or somebody else's. */
const GONE = 6

/** Octets of an unread body that are dropped to keep a connection: more, and it is closed. */
const MOST_DROPPED = 65_536
/** How long, in milliseconds, and how many octets of what a client still sends are dropped behind the last answer. */
const LINGERING_TIME = 5_000
const MOST_LINGERING = 16 * 1024 * 1024
/** Over how many milliseconds the rate of a body is measured. */
const RATE_WINDOW = 5_000
/** How many octets of responses to pipelined requests are put together before they are written. */
const MOST_JOINED = 65_536

export class ServerConnection implements Exchange, Ticking {
  readonly socket: Duplex
  readonly #connection: Connection<RequestEvent>
  readonly #handler: Handler
  readonly #settings: ServeSettings
  readonly #clock: Clock
  readonly #onGone: (connection: ServerConnection) => void
  #phase: number = FRESH
  /** The request that is read, answered, or both. */
  #request: IncomingRequest | undefined
  /** Whether its handler is still to be called. */
  #isNew = false
  /** Whether its final response has begun. */
  #isAnswered = false
  /** What the head that comes has needed. */
  readonly #tolerated: ToleratedEvent[] = []
  /** How many octets its head announced. */
  #announced = 0
  #requests = 0
  /** Whether the connection ends with the response to the request under way. */
  #isLast = false
  #peerEnded = false
  /** Nothing more can be read: a fault, or time that has run out. */
  #isDeaf = false
  #isPaused = false
  /** Whether the socket's own timer runs, because there is something to send. */
  #isWatched = false
  #waitsForDrain = false
  /** Octets of responses that are written when the requests at hand are done. */
  #joined: Buffer[] = []
  #joinedLength = 0
  #isRunning = false
  /** Since when the phase lasts; for a body, since its head began. */
  #since: number
  /** Octets read, and milliseconds passed, in the window over which a rate is measured. */
  #read = 0
  #window = 0

  constructor(
    socket: Duplex,
    handler: Handler,
    settings: ServeSettings,
    onGone: (connection: ServerConnection) => void,
  ) {
    this.socket = socket
    this.#handler = handler
    this.#settings = settings
    this.#clock = settings.clock
    this.#onGone = onGone
    this.#connection = new Connection(settings.connection)
    this.#clock.add(this)
    this.#since = this.#clock.now
    socket.on('close', this.#onClose)
    socket.on('error', this.#onError)
    socket.on('drain', this.#onDrain)
    socket.on('end', this.#onEnd)
    socket.on('data', this.#onData)
    if (diagnostics.serverConnection.hasSubscribers) diagnostics.serverConnection.publish({ socket })
    // Its client has gone already, and nothing will say so.
    if (socket.destroyed) this.#leave(socketClosed())
  }

  /** Ends when the exchange under way is over, at once if there is none. */
  close(): void {
    this.#isLast = true
    if (this.#phase === IDLE || this.#phase === FRESH) this.#linger()
  }

  /** Ends at once, whatever is under way. */
  destroy(): void {
    this.socket.destroy()
  }

  /** Whether no exchange is under way. */
  get idle(): boolean {
    return this.#phase === IDLE || this.#phase === FRESH
  }

  want(request: IncomingRequest): void {
    if (request !== this.#request || this.#phase === GONE) return
    const connection = this.#connection
    if (connection.awaitsContinue && !this.#isAnswered && !request.incoming?.isDropped) {
      this.#write(connection.sendInformational(CONTINUE))
    }
    this.#regulate()
  }

  inform(request: IncomingRequest, init: ConnectionResponse): void {
    if (request !== this.#request || this.#isAnswered || this.#phase === GONE) {
      throw new H1Error('H1_WRONG_STATE', {
        side: 'local',
        advice: 'an informational response goes before the final one, while the client is there',
      })
    }
    this.#write(this.#connection.sendInformational(init))
  }

  tick(now: number, elapsed: number): void {
    const { headersTimeout, keepAliveTimeout } = this.#settings
    const isSending = this.socket.writableLength !== 0
    if (isSending !== this.#isWatched) this.#watch(isSending)
    const waited = now - this.#since - this.#clock.interval
    switch (this.#phase) {
      case FRESH:
        if (waited > headersTimeout) this.#linger()
        break
      case IDLE:
        // The last response is still on its way.
        if (isSending) this.#since = now
        else if (waited > keepAliveTimeout) this.#linger()
        break
      case HEAD:
        if (waited > headersTimeout) this.#timeOut('H1_HEADERS_TIMEOUT', headersTimeout)
        break
      case BODY:
        this.#measure(waited, elapsed)
        break
      case LINGERING:
        if (isSending) this.#since = now
        else if (waited > LINGERING_TIME) this.socket.destroy()
    }
  }

  readonly #onData = (data: Buffer): void => {
    this.#read += data.length
    if (this.#phase === LINGERING) {
      if (this.#read > MOST_LINGERING) this.socket.destroy()
    } else if (!this.#isDeaf) {
      try {
        this.#run(this.#connection.receive(data))
      } catch (error) {
        // Not octets: somebody has called setEncoding.
        this.#report(error, this.#request)
        this.socket.destroy()
      }
    }
  }

  readonly #onEnd = (): void => {
    this.#peerEnded = true
    if (this.#phase === LINGERING || this.#isDeaf) return
    this.#run(this.#connection.receiveEnd())
  }

  readonly #onDrain = (): void => {
    if (!this.#waitsForDrain) return
    this.#waitsForDrain = false
    this.#run(this.#next())
  }

  /** The socket is closed next. */
  readonly #onError = (error: Error): void => {
    this.#leave(socketClosed(error))
  }

  readonly #onClose = (): void => {
    this.#leave(socketClosed())
  }

  readonly #onStalled = (): void => {
    this.socket.destroy()
  }

  /** Deals with events, and with those of the requests behind them that are there already. */
  #run(events: RequestEvent[] | undefined): void {
    let left = events
    this.#isRunning = true
    while (left !== undefined) {
      for (const event of left) this.#take(event)
      if (this.#isNew) this.#dispatch()
      left = this.#next()
    }
    this.#isRunning = false
    if (this.#phase === GONE) return
    if (this.#request === undefined && this.#phase !== LINGERING) this.#rest()
    this.#flush()
    this.#regulate()
  }

  #take(event: RequestEvent): void {
    switch (event.type) {
      case 'head':
        this.#begin(event)
        break
      case 'body':
        this.#request?.incoming?.push(event.data)
        break
      case 'end':
        this.#phase = ANSWER
        this.#request?.end(event.trailers)
        break
      case 'tolerated':
        this.#tolerate(event)
        break
      case 'error':
        this.#fault(event.error)
    }
  }

  #begin(head: RequestHead): void {
    this.#request = new IncomingRequest(head, this)
    if (this.#tolerated.length !== 0) this.#request.tolerate(...this.#tolerated.splice(0))
    this.#isNew = true
    this.#isAnswered = false
    this.#announced = head.contentLength ?? 0
    if (this.#phase !== HEAD) this.#since = this.#clock.now
    this.#phase = BODY
    this.#window = 0
    this.#read = 0
    this.#requests++
    if (this.#requests >= this.#settings.maxRequestsPerSocket) this.#isLast = true
  }

  /** A leniency is told ahead of the head that needed it. */
  #tolerate(event: ToleratedEvent): void {
    if (this.#request === undefined) this.#tolerated.push(event)
    else this.#request.tolerate(event)
  }

  #dispatch(): void {
    const request = this.#request as IncomingRequest
    this.#isNew = false
    if (diagnostics.serverRequestStart.hasSubscribers) {
      diagnostics.serverRequestStart.publish({ request, socket: this.socket })
    }
    const { onConnect, onUpgrade } = this.#settings
    if (request.method === 'CONNECT') {
      if (onConnect !== undefined) this.#giveAway(request, onConnect)
      else this.#answerError(request, 501, 'CONNECT is not served here')
      return
    }
    if (
      onUpgrade !== undefined &&
      this.#connection.peerState === 'might-switch' &&
      request.incoming === undefined
    ) {
      this.#giveAway(request, onUpgrade)
      return
    }
    try {
      const answer = this.#handler(request)
      if (typeof (answer as PromiseLike<OutgoingResponse> | undefined)?.then === 'function') {
        ;(answer as PromiseLike<OutgoingResponse>).then(
          (init) => this.#answer(request, init),
          (error) => this.#refuse(request, error),
        )
      } else {
        this.#answer(request, answer as OutgoingResponse)
      }
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** Sends the response a handler has given. */
  #answer(request: IncomingRequest, init: OutgoingResponse): void {
    try {
      const { body } = init
      if (!this.#owes(request)) {
        if (inPieces(body)) this.#giveUp(body)
        return
      }
      if (this.#connection.awaitsContinue) this.#answerInstead(init)
      if (typeof body !== 'object' || body === null || ArrayBuffer.isView(body)) {
        this.#answerWhole(request, init)
      } else if (inPieces(body)) {
        this.#answerInPieces(request, init, body)
      } else if (mustBeRead(body)) {
        readWhole(body).then(
          (whole) => this.#answer(request, { ...init, body: whole }),
          (error) => this.#refuse(request, error),
        )
      } else {
        this.#answerWhole(request, init)
      }
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /**
   * A client that waits for a 100 gets a response. Where that is a success whose pieces are still to be asked for, they
   * may be made of the request's body. With any other the connection ends: the body may come, or may not.
   */
  #answerInstead({ status, body }: OutgoingResponse): void {
    const mayRead = inPieces(body) && status >= 200 && status < 300
    if (mayRead) this.#write(this.#connection.sendInformational(CONTINUE))
    else this.#isLast = true
  }

  #answerWhole(request: IncomingRequest, init: OutgoingResponse): void {
    refuseSwitch(init)
    const parts = init as ConnectionResponse
    const usual = usualLines(this.#ends || this.#isTooMuch(request))
    if (largeData(parts.body) === undefined) {
      this.#write(this.#connection.sendResponse(parts, { usual }))
    } else {
      this.#flush()
      const send = (head: ConnectionResponse, options?: FormatOptions) =>
        this.#connection.sendResponse(head, { ...options, usual })
      writeWhole(this.#connection, this.socket, send, parts)
    }
    this.#isAnswered = true
    this.#finish(request, parts.status)
  }

  #answerInPieces(request: IncomingRequest, init: OutgoingResponse, pieces: BodyPieces): void {
    refuseSwitch(init)
    const { trailers, body: _, ...parts } = init
    const usual = usualLines(this.#ends)
    this.#write(this.#connection.sendResponse(parts, { body: false, length: 'unknown', usual }))
    this.#isAnswered = true
    this.#flush()
    writePieces(this.#connection, this.socket, pieces, trailers, request.signal).then(
      () => this.#finish(request, parts.status),
      (error) => this.#refuse(request, error),
    )
  }

  /** A source of pieces that nobody will ask is told so. */
  #giveUp(pieces: BodyPieces): void {
    writePieces(NOBODY, this.socket, pieces, undefined, AbortSignal.abort()).catch(() => {})
  }

  /** Whether it is known already that what is left of the body will not be waited for. */
  #isTooMuch(request: IncomingRequest): boolean {
    const body = request.incoming
    return body !== undefined && !body.ended && !body.used && this.#announced - body.received > MOST_DROPPED
  }

  /** Whether the connection is known to end with this response. */
  get #ends(): boolean {
    return this.#isLast || this.#isDeaf
  }

  /** What went wrong with a response: answered with an error while that can be done, else the connection is cut off. */
  #refuse(request: IncomingRequest, error: unknown): void {
    if (request !== this.#request || this.#phase === GONE) return
    this.#report(error, request)
    if (!this.#owes(request)) {
      this.socket.destroy()
      return
    }
    if (isTheirs(error) && error.statusHint !== null) {
      this.#answerError(request, error.statusHint, error.message)
    } else {
      this.#answerError(request, 500, 'Internal Server Error')
    }
  }

  #answerError(request: IncomingRequest, status: number, message: string): void {
    if (status !== 500) this.#isLast = true
    try {
      this.#answerWhole(request, { status, headers: PLAIN_TEXT, body: `${message}\n` })
    } catch {
      this.socket.destroy()
    }
  }

  /** Whether this request waits for its response to begin. */
  #owes(request: IncomingRequest): boolean {
    return request === this.#request && !this.#isAnswered && this.#phase !== GONE
  }

  /** A response is written to its end. */
  #finish(request: IncomingRequest, status: number): void {
    if (request !== this.#request) return
    if (diagnostics.serverResponseFinish.hasSubscribers) {
      diagnostics.serverResponseFinish.publish({ request, status, socket: this.socket })
    }
    const body = request.incoming
    if (body !== undefined && !body.ended && !body.used) body.dump()
    if (!this.#isRunning) this.#run(this.#next())
  }

  /** The events of the next request, if its turn has come; none, if the connection ends or has to wait. */
  #next(): RequestEvent[] | undefined {
    const connection = this.#connection
    if (this.#phase === GONE || this.#phase === LINGERING || !this.#isAnswered) return undefined
    if (connection.localState === 'body') return undefined
    if (this.#ends || !connection.reusable) {
      if (this.#isOver(connection)) this.#linger()
      return undefined
    }
    if (this.#joinedLength >= MOST_JOINED) this.#flush()
    if (this.socket.writableNeedDrain) {
      this.#waitsForDrain = true
      return undefined
    }
    this.#request = undefined
    this.#isAnswered = false
    this.#phase = IDLE
    this.#since = this.#clock.now
    this.#read = connection.heldBack
    return connection.nextCycle()
  }

  /** Whether the connection can be closed: what is left of the request is nobody's concern. */
  #isOver(connection: Connection<RequestEvent>): boolean {
    if (connection.peerState !== 'body') return true
    const body = this.#request?.incoming
    if (body === undefined || this.#isDeaf) return true
    // Somebody still reads it.
    if (!body.isDropped) return false
    return this.#isLast || body.dropped > MOST_DROPPED || this.#announced - body.received > MOST_DROPPED
  }

  /** No request is under way. */
  #rest(): void {
    if (this.#peerEnded) {
      this.#linger()
    } else if (this.#phase !== HEAD && this.#read !== 0) {
      this.#phase = HEAD
      this.#since = this.#clock.now
    }
  }

  /** The client broke the protocol, or what we took from it. */
  #fault(error: H1Error): void {
    this.#isDeaf = true
    const request = this.#request
    if (request === undefined) {
      this.#report(error, undefined)
      this.#answerFault(error)
    } else if (request.incoming !== undefined && !request.incoming.ended) {
      // Its handler is told, and answers.
      request.incoming.fail(error)
    } else {
      this.#report(error, request)
    }
  }

  /** Answers what no request came of. */
  #answerFault(error: H1Error): void {
    const status = error.statusHint ?? 400
    const parts = { status, headers: PLAIN_TEXT, body: `${error.message}\n` }
    try {
      this.#write(this.#connection.sendResponse(parts, { usual: usualLines(true) }))
    } catch {
      this.socket.destroy()
      return
    }
    this.#linger()
  }

  #timeOut(code: H1ErrorCode, milliseconds?: number): void {
    const limit = milliseconds !== undefined && { advice: `it is ${milliseconds} ms` }
    this.#fault(new H1Error(code, { side: 'remote', ...limit }))
    this.#run(this.#next())
  }

  /** A client that takes nothing of what is written to it is given so long. */
  #watch(isSending: boolean): void {
    const socket = this.socket as Partial<Socket>
    const { sendTimeout } = this.#settings
    if (sendTimeout === Infinity || socket.setTimeout === undefined) return
    // The owner's own limit is not touched.
    if (isSending && socket.timeout) return
    this.#isWatched = isSending
    socket.setTimeout(isSending ? sendTimeout : 0, this.#onStalled)
  }

  /** Whether the body comes too late or too slowly, while it is waited for. */
  #measure(waited: number, elapsed: number): void {
    const { requestTimeout, minBodyRate } = this.#settings
    if (this.#isDeaf || (this.#isPaused && !this.#isAnswered)) {
      this.#since += elapsed
      return
    }
    this.#window += elapsed
    if (waited > requestTimeout) {
      this.#timeOut('H1_REQUEST_TIMEOUT', requestTimeout)
    } else if (this.#window >= RATE_WINDOW + this.#clock.interval) {
      if (this.#read < (minBodyRate * RATE_WINDOW) / 1000) {
        this.#timeOut('H1_BODY_TOO_SLOW')
      }
      this.#window = 0
      this.#read = 0
    }
  }

  /** Writes, together with what else is written before all requests at hand are done. */
  #write(octets: Buffer): void {
    if (octets.length === 0) return
    if (!this.#isRunning) {
      this.socket.write(octets)
      return
    }
    this.#joined.push(octets)
    this.#joinedLength += octets.length
  }

  #flush(): void {
    const joined = this.#joined
    if (joined.length === 0) return
    this.#joined = []
    this.socket.write(joined.length === 1 ? joined[0] : Buffer.concat(joined, this.#joinedLength))
    this.#joinedLength = 0
  }

  /** Reads from the socket, or does not. */
  #regulate(): void {
    const waiting = this.#request?.incoming?.waiting ?? 0
    const pauses =
      this.#phase !== LINGERING &&
      (waiting !== 0 || this.#waitsForDrain || this.#isDeaf || this.#connection.heldBack !== 0)
    if (pauses === this.#isPaused) return
    this.#isPaused = pauses
    if (pauses) this.socket.pause()
    else this.socket.resume()
  }

  /** Ends our side, and drops what comes until the client ends its own: to close at once could lose the answer. */
  #linger(): void {
    if (this.#phase === LINGERING) return
    this.#flush()
    this.#phase = LINGERING
    this.#since = this.#clock.now
    this.#read = 0
    this.#request = undefined
    this.socket.end()
    this.#regulate()
  }

  /** The socket is somebody else's from now on. */
  #giveAway(request: IncomingRequest, takeOver: TakeOver): void {
    this.#flush()
    const { socket } = this
    if (this.#isWatched) this.#watch(false)
    this.#detach()
    socket.off('error', this.#onError)
    const rest = this.#connection.release()
    // It flows again when somebody listens.
    const stream = socket as { readableFlowing: boolean | null }
    stream.readableFlowing = null
    try {
      takeOver(request, socket, rest)
    } catch (error) {
      this.#report(error, request)
      socket.destroy()
    }
  }

  /** The socket is closed. */
  #leave(reason: H1Error): void {
    if (this.#phase === GONE) return
    const request = this.#request
    this.#detach()
    this.#connection.free()
    request?.abort(reason)
  }

  #detach(): void {
    const { socket } = this
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('drain', this.#onDrain)
    socket.off('close', this.#onClose)
    this.#phase = GONE
    this.#request = undefined
    this.#clock.delete(this)
    this.#onGone(this)
  }

  #report(error: unknown, request: IncomingRequest | undefined): void {
    if (diagnostics.serverError.hasSubscribers) {
      diagnostics.serverError.publish({ error, request, socket: this.socket })
    }
    const { onError } = this.#settings
    if (onError !== undefined) onError(error, request)
    else if (!isTheirs(error)) console.error(error)
  }
}

const CONTINUE = { status: 100 }
const PLAIN_TEXT = { 'Content-Type': 'text/plain; charset=utf-8' }
/** A message that has ended: its source is only told to stop. */
const NOBODY = { localState: 'done', sendData: () => [], sendEnd: () => Buffer.alloc(0) }

/** Whether it is the client's doing. */
function isTheirs(error: unknown): error is H1Error {
  return error instanceof H1Error && error.side === 'remote'
}

function refuseSwitch({ status }: OutgoingResponse): void {
  if (status !== 101) return
  throw new TypeError('A handler cannot switch protocols: options.onUpgrade takes over the socket')
}
