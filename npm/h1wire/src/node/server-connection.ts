// ServerConnection: one socket of a server, from its first octet until it is closed or given away.
//
// It moves octets between the socket and the core's Connection, which decides all that the protocol has to say, and
// keeps order: requests go to the handler as they come, so many at a time, and are answered one after the other. What
// it decides itself is when to read from the socket (never while what was read waits for its reader), and how to close
// so that the last answer arrives.

import type { Duplex } from 'node:stream'
import * as diagnostics from './diagnostics.js'
import { happenedOn, isDoneBy, socketClosed, withReceived } from './errors.js'
import { IncomingRequest, type RequestOwner } from './incoming-request.js'
import {
  type Connection,
  type ConnectionResponse,
  H1Error,
  type H1ErrorCode,
  type RequestEvent,
  type RequestHead,
  type ToleratedEvent,
} from './library.js'
import { ReadAhead } from './read-ahead.js'
import { Received } from './received.js'
import { RequestQueue } from './request-queue.js'
import { type Line, leftOf, MOST_DROPPED, Responder, type SwitchTo } from './responder.js'
import { ResponseWriter } from './response-writer.js'
import type { Handler, OutgoingResponse, ServeSettings, TakeOver } from './server-options.js'
import {
  ANSWER,
  DRAINING,
  FRESH,
  HEAD,
  IDLE,
  LINGERING,
  ServerPatience,
  type Waiting,
} from './server-patience.js'

export class ServerConnection implements RequestOwner, Waiting, Line {
  readonly role = 'server'
  readonly socket: Duplex
  readonly #connection: Connection<RequestEvent>
  readonly #writer: ResponseWriter
  readonly #patience: ServerPatience
  readonly #settings: ServeSettings
  readonly #onGone: (connection: ServerConnection) => void
  readonly #queue = new RequestQueue()
  readonly #responder: Responder
  /** How many requests there have been. */
  #count = 0
  /** What the head that comes has needed. */
  readonly #tolerated: ToleratedEvent[] = []
  /** Whether something of a further request has come. */
  #hasBegun = false
  /** How many bytes were read, and at which of them the newest request ended. */
  #read = 0
  #headAt = 0
  /** What has come of a head that is not whole. */
  #received: Received | undefined
  #peerEnded = false
  /** Nothing more can be read: a fault, or time that has run out. */
  isDeaf = false
  /** A fault of which no request came. */
  #fault: H1Error | undefined
  /** Whether the next request is the last. */
  #isClosing = false
  #isPaused = false
  /** What was read while it is paused, if that has lasted. */
  #ahead: ReadAhead | undefined
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
    this.#settings = settings
    this.#onGone = onGone
    this.#connection = new settings.library.Connection(settings.connection)
    this.#writer = new ResponseWriter(this.#connection, socket)
    this.#responder = new Responder(this, this.#connection, this.#queue, this.#writer, handler, settings)
    this.#patience = new ServerPatience(this, socket, settings)
    this.#listen()
    if (diagnostics.serverConnection.hasSubscribers) diagnostics.serverConnection.publish({ socket })
    // Its client has gone already, and nothing will say so.
    if (socket.destroyed) this.#leave(socketClosed())
  }

  /** Ends when what the handler was called for is answered, or the request whose head comes; at once if there is nothing. */
  close(): void {
    this.#isClosing = true
    if (this.idle) this.#linger()
    else this.#queue.endWithCalled()
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

  /** How many requests the handler was called for whose responses are not written to their end. */
  get pending(): number {
    return this.#queue.called
  }

  get isReading(): boolean {
    const request = this.#queue.coming
    if (this.isDeaf || !request?.incoming?.used) return false
    return !this.#isPaused || (this.#queue.isAnswered && request === this.#queue.first)
  }

  timeOut(code: H1ErrorCode, milliseconds?: number): void {
    const limit = milliseconds !== undefined && { advice: `it is ${milliseconds} ms` }
    this.#fail(new H1Error(code, { side: 'remote', ...limit }))
    this.#run()
  }

  giveUp(): void {
    this.#linger()
  }

  look(): void {
    if (!this.#isPaused || this.#waitsForDrain) return
    if (this.#ahead === undefined) this.#ahead = new ReadAhead(this.socket)
    else this.#ahead.probe()
  }

  // What requests ask for

  want(request: IncomingRequest): void {
    if (this.#isGone) return
    if (this.#queue.owes(request)) this.#responder.invite(request)
    this.#regulate()
  }

  inform(request: IncomingRequest, init: ConnectionResponse): void {
    const isFirst = request === this.#queue.first
    if (isFirst ? this.#queue.isAnswered : !this.#queue.includes(request)) {
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
    if (this.#ahead !== undefined) {
      this.#ahead.add(data)
      return
    }
    this.#patience.count(data.length)
    if (this.#patience.phase === LINGERING) {
      if (this.#patience.isExhausted) this.socket.destroy()
    } else if (!this.isDeaf) {
      try {
        const at = this.#read
        this.#read += data.length
        this.#run(this.#connection.receive(data), data, at)
      } catch (error) {
        // Not octets: somebody has called setEncoding.
        this.report(error, this.#queue.first)
        this.socket.destroy()
      }
    }
  }

  readonly #onEnd = (): void => {
    this.#peerEnded = true
    if (this.#patience.phase === LINGERING) return
    if (this.#settings.onHalfClose === 'abort' && this.#isAnswering) {
      this.#leave(socketClosed(new Error('the client has ended its side')))
      this.socket.destroy()
    } else if (this.#ahead !== undefined) {
      this.#ahead.hasEnded = true
    } else if (!this.isDeaf) {
      this.#run(this.#connection.receiveEnd())
    }
  }

  /** Whether there is a request whose response is not written to its end. */
  get #isAnswering(): boolean {
    const { length, isAnswered } = this.#queue
    return length > 1 || (length === 1 && (!isAnswered || this.#connection.localState === 'body'))
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
  #run(events?: RequestEvent[], data?: Buffer, at?: number): void {
    this.#isRunning = true
    this.#writer.join()
    if (events !== undefined) this.#take(events, data, at)
    do this.#responder.dispatch()
    while (this.#next())
    this.#isRunning = false
    if (this.#isGone) return
    if (this.#queue.length === 0 && this.#patience.phase !== LINGERING) this.#rest()
    this.#writer.flush(this.#queue.length)
    this.#regulate()
  }

  /** The events of these data, which begin at this byte of all. */
  #take(events: RequestEvent[], data: Buffer = NOTHING, at = 0): void {
    const queue = this.#queue
    for (const event of events) {
      switch (event.type) {
        case 'head':
          this.#begin(event)
          break
        case 'body':
          queue.newest?.incoming?.push(event.data)
          break
        case 'end':
          this.#headAt = event.offset
          this.#received = undefined
          this.#patience.waitFor(ANSWER)
          queue.newest?.end(event.trailers)
          break
        case 'tolerated':
          this.#tolerate(event)
          break
        case 'error':
          this.#hasBegun = true
          if (queue.coming === undefined) this.#keep(data, at)
          this.#fail(event.error)
          return
      }
    }
    const isBetween = events[events.length - 1]?.type === 'end'
    this.#hasBegun = !isBetween || this.#connection.peerState === 'idle' || this.#connection.heldBack !== 0
    if (this.#hasBegun && queue.coming === undefined && this.#connection.heldBack === 0) this.#keep(data, at)
  }

  /** Keeps what data, which begin at this byte of all, have of a head that is not whole. */
  #keep(data: Buffer, at: number): void {
    const from = Math.max(0, this.#headAt - at)
    if (from >= data.length) return
    const part = from === 0 ? data : data.subarray(from)
    if (this.#received === undefined) this.#received = new Received(part)
    else this.#received.add(part)
  }

  #begin(head: RequestHead): void {
    const request = new IncomingRequest(head, this)
    this.#queue.push(request)
    if (this.#tolerated.length !== 0) request.tolerate(...this.#tolerated.splice(0))
    this.#patience.waitForBody()
    this.#count++
    if (this.#isClosing || this.#count === this.#settings.maxRequestsPerSocket) this.#queue.last ??= request
  }

  /** A leniency is told ahead of the head that needed it. */
  #tolerate(event: ToleratedEvent): void {
    const request = this.#queue.coming
    if (request === undefined) this.#tolerated.push(event)
    else request.tolerate(event)
  }

  /** The client broke the protocol, or what we took from it. */
  #fail(error: H1Error): void {
    this.isDeaf = true
    happenedOn(error, this)
    const request = this.#queue.coming
    if (request?.incoming !== undefined) {
      // Its handler is told, and answers.
      request.incoming.fail(error)
    } else {
      this.report(withReceived(error, [this.#received?.bytes ?? NOTHING], this.#headAt), undefined)
      if (this.#queue.length === 0 || this.#connection.peerState === 'failed') this.#fault = error
      // What would have been next is lost.
      else this.#queue.last ??= this.#queue.newest
    }
  }

  // Order

  /** A response is written to its end. */
  finish(request: IncomingRequest, status: number): void {
    if (request !== this.#queue.first) return
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
    const queue = this.#queue
    const { first } = queue
    if (first === undefined || !queue.isAnswered || connection.localState === 'body') return false
    if (this.#responder.ends(first) || !connection.reusable) {
      if (this.#isOver(first)) this.#linger()
      else if (first.incoming?.isDropped) this.#patience.waitFor(DRAINING)
      return false
    }
    if (this.socket.writableNeedDrain) {
      this.#waitsForDrain = true
      return false
    }
    queue.shift()
    if (queue.length === 0) this.#patience.waitFor(IDLE)
    const held = connection.heldBack === 0 ? NOTHING : (connection.held as Buffer)
    const events = connection.nextCycle()
    if (events.length !== 0) this.#take(events, held, this.#read - held.length)
    this.#responder.takeTurn()
    return true
  }

  /** Whether the connection can be closed: what is left of the request is nobody's concern. */
  #isOver(request: IncomingRequest): boolean {
    const body = request.incoming
    if (request.isWhole || body === undefined || this.isDeaf) return true
    // Somebody still reads it.
    if (!body.isDropped) return false
    return request === this.#queue.last || body.dropped > MOST_DROPPED || leftOf(request) > MOST_DROPPED
  }

  /** No request is under way. */
  #rest(): void {
    if (this.#fault !== undefined) this.#answerFault(this.#fault)
    else if (this.#peerEnded) this.#linger()
    else if (this.#hasBegun) this.#patience.waitFor(HEAD)
  }

  /** Answers what no request came of. */
  #answerFault(error: H1Error): void {
    try {
      this.#responder.answerFault(error)
    } catch {
      this.socket.destroy()
      return
    }
    this.#linger()
  }

  /** Reads from the socket, or does not. */
  #regulate(): void {
    // It is done when all has been dealt with.
    if (this.#isRunning) return
    const queue = this.#queue
    const body = queue.newest?.incoming
    const isUnread =
      body !== undefined && (body.waiting !== 0 || (!body.ended && body.dropped > MOST_DROPPED))
    const pauses =
      this.#patience.phase !== LINGERING &&
      (isUnread ||
        queue.length > this.#settings.pipelining ||
        this.#waitsForDrain ||
        this.isDeaf ||
        this.#connection.heldBack !== 0)
    if (pauses === this.#isPaused) return
    this.#isPaused = pauses
    if (pauses) this.socket.pause()
    else if (this.#ahead === undefined) this.socket.resume()
    else this.#catchUp(this.#ahead)
  }

  /** Deals with what was read ahead, and then reads on. */
  #catchUp(ahead: ReadAhead): void {
    this.#ahead = undefined
    const data = ahead.take()
    // Behind its end nothing can come.
    if (data.length !== 0) this.#onData(data)
    if (ahead.hasEnded && !this.#isGone) this.#onEnd()
    if (!this.#isGone && !this.#isPaused) this.socket.resume()
  }

  // Ending

  /** Ends our side, and drops what comes until the client ends its own: to close at once could lose the answer. */
  #linger(): void {
    if (this.#patience.phase === LINGERING) return
    this.#writer.flush()
    this.#patience.waitFor(LINGERING)
    this.socket.end()
    // The first is answered, if there is one.
    if (this.#queue.isAnswered) this.#queue.shift()
    this.#queue.drop(happenedOn(socketClosed(), this))
    this.#regulate()
  }

  /** Whether somebody takes the socket over, or has still to decide: then the handler is called later, if at all. */
  offer(request: IncomingRequest, takeOver: TakeOver): boolean {
    this.#writer.flush()
    const { socket } = this
    this.#unlisten()
    let answer: unknown
    try {
      answer = takeOver(request, socket, this.#behind)
    } catch (error) {
      this.#letGo()
      this.#failTaking(request, error)
      return true
    }
    if (answer === false) {
      this.#listen()
      return false
    }
    if (isThenable(answer)) this.#awaitDecision(request, answer)
    else this.#letGo()
    return true
  }

  #awaitDecision(request: IncomingRequest, decision: PromiseLike<unknown>): void {
    const { socket } = this
    this.#patience.end()
    // Until somebody has decided to listen, an error would end the process.
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
    const decide = (then: () => void) => {
      socket.off('error', this.#onError)
      socket.off('close', this.#onClose)
      if (!this.#isGone) then()
    }
    decision.then(
      (answer) => decide(() => (answer === false ? this.#takeBack(request) : this.#letGo())),
      (error) => {
        decide(() => this.#letGo())
        this.#failTaking(request, error)
      },
    )
  }

  #takeBack(request: IncomingRequest): void {
    this.#listen()
    this.#patience.goOn()
    this.#responder.handle(request)
  }

  switchTo(request: IncomingRequest, init: OutgoingResponse, takeOver: SwitchTo): void {
    this.#writer.whole(init, 0)
    this.#writer.flush()
    const { socket } = this
    this.#unlisten()
    const rest = this.#behind
    this.#letGo()
    if (diagnostics.serverResponseFinish.hasSubscribers) {
      diagnostics.serverResponseFinish.publish({ request, status: init.status, socket })
    }
    try {
      const taken = takeOver(socket, rest)
      if (isThenable(taken)) taken.then(undefined, (error) => this.#failTaking(request, error))
    } catch (error) {
      this.#failTaking(request, error)
    }
  }

  #failTaking(request: IncomingRequest, error: unknown): void {
    this.report(error, request)
    this.socket.on('error', () => {})
    this.socket.destroy()
  }

  /** What has come behind the newest request. */
  get #behind(): Buffer {
    const { held } = this.#connection
    return this.#ahead === undefined ? (held as Buffer) : Buffer.concat([held, this.#ahead.take()])
  }

  /** The socket is somebody else's. */
  #letGo(): void {
    this.#queue.clear()
    this.#end()
    this.#connection.free()
  }

  /** The socket is closed. */
  #leave(reason: H1Error): void {
    if (this.#isGone) return
    this.#unlisten()
    // What the socket may still say is heard by nobody.
    this.socket.on('error', this.#onError)
    this.#end()
    this.#connection.free()
    this.#queue.drop(happenedOn(reason, this))
  }

  #end(): void {
    this.#isGone = true
    this.#patience.end()
    this.#onGone(this)
  }

  #listen(): void {
    const { socket } = this
    socket.on('close', this.#onClose)
    socket.on('error', this.#onError)
    socket.on('drain', this.#onDrain)
    socket.on('end', this.#onEnd)
    socket.on('data', this.#onData)
    if (this.#isPaused) socket.pause()
    else socket.resume()
  }

  #unlisten(): void {
    const { socket } = this
    socket.off('close', this.#onClose)
    socket.off('error', this.#onError)
    socket.off('drain', this.#onDrain)
    socket.off('end', this.#onEnd)
    socket.off('data', this.#onData)
    // It flows again when somebody listens.
    const stream = socket as { readableFlowing: boolean | null }
    stream.readableFlowing = null
  }

  report(error: unknown, request: IncomingRequest | undefined): void {
    if (diagnostics.serverError.hasSubscribers) {
      diagnostics.serverError.publish({ error, request, socket: this.socket })
    }
    const { onError } = this.#settings
    if (onError === undefined) {
      if (!isDoneBy(this.socket, error)) console.error(error)
      return
    }
    // What it throws must not keep a request from its answer.
    try {
      const told: unknown = onError(error, request)
      if (isThenable(told)) told.then(undefined, console.error)
    } catch (thrown) {
      console.error(thrown)
    }
  }
}

const NOTHING = Buffer.alloc(0)

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}
