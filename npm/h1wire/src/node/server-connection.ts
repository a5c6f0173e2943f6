// ServerConnection: one socket of a server, from its first octet until it is closed or given away.
//
// It moves octets between the socket and the core's Connection, which decides all that the protocol has to say, and
// keeps order: requests go to the handler as they come, so many at a time, and are answered one after the other. What
// it decides itself is when to read from the socket (never while what was read waits for its reader), and how to close
// so that the last answer arrives.

import type { Duplex } from 'node:stream'
import {
  Connection,
  type ConnectionResponse,
  H1Error,
  type H1ErrorCode,
  type RequestEvent,
  type RequestHead,
  type ToleratedEvent,
} from '../index.js'
import * as diagnostics from './diagnostics.js'
import { isTheirs, socketClosed } from './errors.js'
import { type Exchange, IncomingRequest } from './incoming-request.js'
import { inPieces, mustBeRead, readWhole } from './outgoing.js'
import { ANSWER, FRESH, HEAD, IDLE, LINGERING, Patience, type Waiting } from './patience.js'
import { ResponseWriter } from './response-writer.js'
import type { Handler, OutgoingResponse, ServeSettings, TakeOver } from './server-options.js'

/** Octets of an unread body that are dropped to keep a connection: more, and it is closed. */
const MOST_DROPPED = 65_536

export class ServerConnection implements Exchange, Waiting {
  readonly socket: Duplex
  readonly #connection: Connection<RequestEvent>
  readonly #writer: ResponseWriter
  readonly #patience: Patience
  readonly #handler: Handler
  readonly #settings: ServeSettings
  readonly #onGone: (connection: ServerConnection) => void
  /** Requests whose responses are not written to their end: the first is being answered, the last being read. */
  readonly #requests: IncomingRequest[] = []
  /** To how many of them the handler was called. */
  #called = 0
  /** Whether the final response to the first has begun. */
  #isAnswered = false
  /** The request with whose response the connection ends, if that is known. */
  #last: IncomingRequest | undefined
  /** How many requests there have been. */
  #count = 0
  /** What the head that comes has needed. */
  readonly #tolerated: ToleratedEvent[] = []
  /** Whether something of a further request has come. */
  #hasBegun = false
  #peerEnded = false
  /** Nothing more can be read: a fault, or time that has run out. */
  #isDeaf = false
  /** A fault of which no request came. */
  #fault: H1Error | undefined
  /** Whether the next request is the last. */
  #isClosing = false
  #isPaused = false
  #isRunning = false
  #waitsForDrain = false
  /** The socket is closed, or somebody else's. */
  #isGone = false

  constructor(
    socket: Duplex,
    handler: Handler,
    settings: ServeSettings,
    onGone: (connection: ServerConnection) => void,
  ) {
    this.socket = socket
    this.#handler = handler
    this.#settings = settings
    this.#onGone = onGone
    this.#connection = new Connection(settings.connection)
    this.#writer = new ResponseWriter(this.#connection, socket)
    this.#patience = new Patience(this, socket, settings)
    socket.on('close', this.#onClose)
    socket.on('error', this.#onError)
    socket.on('drain', this.#onDrain)
    socket.on('end', this.#onEnd)
    socket.on('data', this.#onData)
    if (diagnostics.serverConnection.hasSubscribers) diagnostics.serverConnection.publish({ socket })
    // Its client has gone already, and nothing will say so.
    if (socket.destroyed) this.#leave(socketClosed())
  }

  /** Ends when what the handler was called for is answered, or the request whose head comes; at once if there is nothing. */
  close(): void {
    this.#isClosing = true
    if (this.idle) this.#linger()
    else this.#last ??= this.#requests[this.#called - 1]
  }

  /** Ends at once, whatever is under way. */
  destroy(): void {
    this.socket.destroy()
  }

  /** Whether no exchange is under way. */
  get idle(): boolean {
    const { phase } = this.#patience
    return !this.#isGone && (phase === IDLE || phase === FRESH)
  }

  get isReading(): boolean {
    const request = this.#coming
    if (this.#isDeaf || !request?.incoming?.used) return false
    return !this.#isPaused || (this.#isAnswered && request === this.#requests[0])
  }

  timeOut(code: H1ErrorCode, milliseconds?: number): void {
    const limit = milliseconds !== undefined && { advice: `it is ${milliseconds} ms` }
    this.#fail(new H1Error(code, { side: 'remote', ...limit }))
    this.#run()
  }

  giveUp(): void {
    this.#linger()
  }

  // What requests ask for

  want(request: IncomingRequest): void {
    if (this.#isGone) return
    if (this.#owes(request)) this.#invite(request)
    this.#regulate()
  }

  inform(request: IncomingRequest, init: ConnectionResponse): void {
    const isFirst = request === this.#requests[0]
    if (this.#isGone || (isFirst ? this.#isAnswered : !this.#requests.includes(request))) {
      throw new H1Error('H1_WRONG_STATE', {
        side: 'local',
        advice: 'an informational response goes before the final one, while the client is there',
      })
    }
    if (isFirst) this.#writer.informational(init)
    else request.waitForTurn(() => this.#isGone || this.#writer.informational(init))
  }

  // What happens on the socket

  readonly #onData = (data: Buffer): void => {
    this.#patience.count(data.length)
    if (this.#patience.phase === LINGERING) {
      if (this.#patience.isExhausted) this.socket.destroy()
    } else if (!this.#isDeaf) {
      try {
        this.#run(this.#connection.receive(data))
      } catch (error) {
        // Not octets: somebody has called setEncoding.
        this.#report(error, this.#requests[0])
        this.socket.destroy()
      }
    }
  }

  readonly #onEnd = (): void => {
    this.#peerEnded = true
    if (this.#patience.phase === LINGERING || this.#isDeaf) return
    this.#run(this.#connection.receiveEnd())
  }

  readonly #onDrain = (): void => {
    if (!this.#waitsForDrain) return
    this.#waitsForDrain = false
    this.#run()
  }

  /** The socket is closed next. */
  readonly #onError = (error: Error): void => {
    this.#leave(socketClosed(error))
  }

  readonly #onClose = (): void => {
    this.#leave(socketClosed())
  }

  // Reading

  /** Deals with events, and goes on as far as there is something to do. */
  #run(events?: RequestEvent[]): void {
    this.#isRunning = true
    this.#writer.join()
    if (events !== undefined) this.#take(events)
    do this.#dispatch()
    while (this.#next())
    this.#isRunning = false
    if (this.#isGone) return
    if (this.#requests.length === 0 && this.#patience.phase !== LINGERING) this.#rest()
    this.#writer.flush()
    this.#regulate()
  }

  #take(events: RequestEvent[]): void {
    const requests = this.#requests
    for (const event of events) {
      switch (event.type) {
        case 'head':
          this.#begin(event)
          break
        case 'body':
          requests[requests.length - 1]?.incoming?.push(event.data)
          break
        case 'end':
          this.#patience.waitFor(ANSWER)
          requests[requests.length - 1]?.end(event.trailers)
          break
        case 'tolerated':
          this.#tolerate(event)
          break
        case 'error':
          this.#fail(event.error)
      }
    }
    const isBetween = events[events.length - 1]?.type === 'end'
    this.#hasBegun = !isBetween || this.#connection.peerState === 'idle' || this.#connection.heldBack !== 0
  }

  #begin(head: RequestHead): void {
    const request = new IncomingRequest(head, this)
    this.#requests.push(request)
    if (this.#tolerated.length !== 0) request.tolerate(...this.#tolerated.splice(0))
    this.#patience.waitForBody()
    this.#count++
    if (this.#isClosing || this.#count === this.#settings.maxRequestsPerSocket) this.#last ??= request
  }

  /** A leniency is told ahead of the head that needed it. */
  #tolerate(event: ToleratedEvent): void {
    const request = this.#coming
    if (request === undefined) this.#tolerated.push(event)
    else request.tolerate(event)
  }

  /** The request whose body is still to come. */
  get #coming(): IncomingRequest | undefined {
    const newest = this.#requests[this.#requests.length - 1]
    return newest === undefined || newest.isWhole ? undefined : newest
  }

  /** The client broke the protocol, or what we took from it. */
  #fail(error: H1Error): void {
    this.#isDeaf = true
    const request = this.#coming
    if (request?.incoming !== undefined) {
      // Its handler is told, and answers.
      request.incoming.fail(error)
    } else {
      this.#report(error, this.#requests[0])
      if (this.#requests.length === 0 || this.#connection.peerState === 'failed') this.#fault = error
      // What would have been next is lost.
      else this.#last ??= this.#requests[this.#requests.length - 1]
    }
  }

  // Answering

  /** Calls the handler for the requests whose turn it is. */
  #dispatch(): void {
    const requests = this.#requests
    const { pipelining, onUpgrade, onConnect } = this.#settings
    while (this.#called < requests.length && this.#called < pipelining && !this.#isGone) {
      const request = requests[this.#called] as IncomingRequest
      if (this.#called !== 0 && requests[this.#called - 1] === this.#last) return
      const isConnect = request.method === 'CONNECT'
      const takeOver = isConnect ? onConnect : onUpgrade
      const isGiven = takeOver !== undefined && this.#mightSwitch(request)
      // What is given away has nothing before it.
      if (isGiven && this.#called !== 0) return
      this.#called++
      if (diagnostics.serverRequestStart.hasSubscribers) {
        diagnostics.serverRequestStart.publish({ request, socket: this.socket })
      }
      if (isGiven) this.#giveAway(request, takeOver)
      else if (isConnect) this.#answerError(request, 501, 'CONNECT is not served here')
      else this.#handle(request)
    }
  }

  /** Nothing is read behind a request that asks for a switch, so it is the newest. */
  #mightSwitch(request: IncomingRequest): boolean {
    return (
      request === this.#requests[this.#requests.length - 1] &&
      request.incoming === undefined &&
      this.#connection.peerState === 'might-switch'
    )
  }

  #handle(request: IncomingRequest): void {
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

  /** Sends the response a handler has given, when its turn has come. */
  #answer(request: IncomingRequest, init: OutgoingResponse): void {
    if (request !== this.#requests[0] && this.#requests.includes(request)) {
      request.waitForTurn(() => this.#answer(request, init))
      return
    }
    try {
      const { body } = init
      if (!this.#owes(request)) {
        if (inPieces(body)) this.#writer.giveUp(body)
        return
      }
      if (this.#connection.awaitsContinue) this.#answerInstead(request, init)
      if (mustBeRead(body)) {
        readWhole(body).then(
          (whole) => this.#answer(request, { ...init, body: whole }),
          (error) => this.#refuse(request, error),
        )
      } else if (inPieces(body)) {
        refuseSwitch(init)
        const written = this.#writer.pieces(init, body, this.#ends(request), request.signal)
        this.#isAnswered = true
        written.then(
          () => this.#finish(request, init.status),
          (error) => this.#refuse(request, error),
        )
      } else {
        this.#answerWhole(request, init)
      }
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  #answerWhole(request: IncomingRequest, init: OutgoingResponse): void {
    refuseSwitch(init)
    this.#writer.whole(init, this.#ends(request) || isTooMuch(request))
    this.#isAnswered = true
    this.#finish(request, init.status)
  }

  /**
   * A client that waits for a 100 gets a response. Where that is a success whose pieces are still to be asked for, they
   * may be made of the request's body. With any other the connection ends: the body may come, or may not.
   */
  #answerInstead(request: IncomingRequest, { status, body }: OutgoingResponse): void {
    const mayRead = inPieces(body) && status >= 200 && status < 300
    if (mayRead) this.#writer.informational(CONTINUE)
    else this.#last = request
  }

  /** The body of the request that is to be answered is wanted: a client may wait for that. */
  #invite(request: IncomingRequest): void {
    if (this.#connection.awaitsContinue && !request.incoming?.isDropped) {
      this.#writer.informational(CONTINUE)
    }
  }

  /** Whether the connection is known to end with the response to this request. */
  #ends(request: IncomingRequest): boolean {
    return request === this.#last || (this.#isDeaf && request === this.#coming)
  }

  /** Whether this request waits for its response to begin, and it is its turn. */
  #owes(request: IncomingRequest): boolean {
    return request === this.#requests[0] && !this.#isAnswered && !this.#isGone
  }

  /** What went wrong with a response: answered with an error while that can be done, else the connection is cut off. */
  #refuse(request: IncomingRequest, error: unknown): void {
    if (this.#isGone || !this.#requests.includes(request)) return
    if (request !== this.#requests[0]) {
      request.waitForTurn(() => this.#refuse(request, error))
      return
    }
    this.#report(error, request)
    if (!this.#owes(request)) {
      this.socket.destroy()
    } else if (isTheirs(error) && error.statusHint !== null) {
      this.#answerError(request, error.statusHint, error.message)
    } else {
      this.#answerError(request, 500, 'Internal Server Error')
    }
  }

  /** Answers with an error; with any but 500 the connection ends. */
  #answerError(request: IncomingRequest, status: number, message: string): void {
    if (request !== this.#requests[0]) {
      request.waitForTurn(() => this.#answerError(request, status, message))
      return
    }
    if (status !== 500) this.#last = request
    try {
      this.#answerWhole(request, { status, headers: PLAIN_TEXT, body: `${message}\n` })
    } catch {
      this.socket.destroy()
    }
  }

  /** A response is written to its end. */
  #finish(request: IncomingRequest, status: number): void {
    if (request !== this.#requests[0]) return
    if (diagnostics.serverResponseFinish.hasSubscribers) {
      diagnostics.serverResponseFinish.publish({ request, status, socket: this.socket })
    }
    const body = request.incoming
    if (body !== undefined && !body.ended && !body.used) body.dump()
    if (!this.#isRunning) this.#run()
  }

  /** Goes on to the next request, if the first is done with and the connection does not end or has to wait. */
  #next(): boolean {
    const connection = this.#connection
    const [request] = this.#requests
    if (this.#isGone || request === undefined || !this.#isAnswered) return false
    if (connection.localState === 'body') return false
    if (this.#ends(request) || !connection.reusable) {
      if (this.#isOver(request)) this.#linger()
      return false
    }
    if (this.socket.writableNeedDrain) {
      this.#waitsForDrain = true
      return false
    }
    this.#requests.shift()
    this.#called--
    this.#isAnswered = false
    if (this.#requests.length === 0) this.#patience.waitFor(IDLE)
    const events = connection.nextCycle()
    if (events.length !== 0) this.#take(events)
    const next = this.#requests[0]
    if (next !== undefined) this.#takeTurn(next)
    return true
  }

  /** It is this request's turn to be answered. */
  #takeTurn(request: IncomingRequest): void {
    if (request.incoming?.used) this.#invite(request)
    try {
      request.takeTurn()
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** Whether the connection can be closed: what is left of the request is nobody's concern. */
  #isOver(request: IncomingRequest): boolean {
    const body = request.incoming
    if (request.isWhole || body === undefined || this.#isDeaf) return true
    // Somebody still reads it.
    if (!body.isDropped) return false
    return request === this.#last || body.dropped > MOST_DROPPED || leftOf(request) > MOST_DROPPED
  }

  /** No request is under way. */
  #rest(): void {
    if (this.#fault !== undefined) this.#answerFault(this.#fault)
    else if (this.#peerEnded) this.#linger()
    else if (this.#hasBegun) this.#patience.waitFor(HEAD)
  }

  /** Answers what no request came of. */
  #answerFault(error: H1Error): void {
    const status = error.statusHint ?? 400
    try {
      this.#writer.whole({ status, headers: PLAIN_TEXT, body: `${error.message}\n` }, true)
    } catch {
      this.socket.destroy()
      return
    }
    this.#linger()
  }

  /** Reads from the socket, or does not. */
  #regulate(): void {
    const requests = this.#requests
    const waiting = requests[requests.length - 1]?.incoming?.waiting ?? 0
    const pauses =
      this.#patience.phase !== LINGERING &&
      (waiting !== 0 ||
        requests.length > this.#settings.pipelining ||
        this.#waitsForDrain ||
        this.#isDeaf ||
        this.#connection.heldBack !== 0)
    if (pauses === this.#isPaused) return
    this.#isPaused = pauses
    if (pauses) this.socket.pause()
    else this.socket.resume()
  }

  // Ending

  /** Ends our side, and drops what comes until the client ends its own: to close at once could lose the answer. */
  #linger(): void {
    if (this.#patience.phase === LINGERING) return
    this.#writer.flush()
    this.#patience.waitFor(LINGERING)
    this.socket.end()
    this.#drop(this.#isAnswered ? 1 : 0, socketClosed())
    this.#regulate()
  }

  /** The socket is somebody else's from now on. */
  #giveAway(request: IncomingRequest, takeOver: TakeOver): void {
    this.#writer.flush()
    const { socket } = this
    this.#requests.length = 0
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
    if (this.#isGone) return
    this.#detach()
    this.#connection.free()
    this.#drop(0, reason)
  }

  /** Nobody waits for responses to requests from this one on; all are forgotten. */
  #drop(from: number, reason: H1Error): void {
    for (const [index, request] of this.#requests.splice(0).entries()) {
      if (index < from) continue
      request.abort(reason)
      request.takeTurn()
    }
    this.#called = 0
  }

  #detach(): void {
    const { socket } = this
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('drain', this.#onDrain)
    socket.off('close', this.#onClose)
    this.#isGone = true
    this.#patience.end()
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

/** Octets of a body of known length that have not come. */
function leftOf({ announced, incoming }: IncomingRequest): number {
  return announced - (incoming?.received ?? 0)
}

/** Whether it is known already that what is left of the body will not be waited for. */
function isTooMuch(request: IncomingRequest): boolean {
  const body = request.incoming
  return body !== undefined && !body.ended && !body.used && leftOf(request) > MOST_DROPPED
}

function refuseSwitch({ status }: OutgoingResponse): void {
  if (status !== 101) return
  throw new TypeError('A handler cannot switch protocols: options.onUpgrade takes over the socket')
}
