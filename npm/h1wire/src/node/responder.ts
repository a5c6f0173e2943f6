// Responder: calls the handler for the requests of a connection, and answers each in its turn.

import type { Duplex } from 'node:stream'
import { fromFetchResponse } from '../interop/fetch.js'
import { BodySource } from './body-source.js'
import * as diagnostics from './diagnostics.js'
import { isDoneBy } from './errors.js'
import type { IncomingRequest } from './incoming-request.js'
import { IncomingResponse } from './incoming-response.js'
import type { Body, Connection, ConnectionResponse, H1Error, Library, RequestEvent } from './library.js'
import { inPieces, largeData, mustBeRead, readWhole, slicesOf } from './outgoing.js'
import type { RequestQueue } from './request-queue.js'
import type { ResponseWriter } from './response-writer.js'
import {
  checkAnswer,
  type Handler,
  type OutgoingResponse,
  type ServeSettings,
  type TakeOver,
} from './server-options.js'
import { ENDS } from './usual-lines.js'

/** Octets of an unread body that are dropped to keep a connection: more, and it is closed. */
export const MOST_DROPPED = 65_536

/**
 * How many milliseconds a response's head waits for the first piece of its body. A file that is missing is known by
 * then; who waits for events that may not come soon gets the head.
 */
const FIRST_PIECE_TIME = 500

/** Takes over the socket behind a response. */
export type SwitchTo = NonNullable<OutgoingResponse['takeOver']>

/** The connection the requests came on. */
export interface Line {
  readonly socket: Duplex
  /** Nothing more can be read. */
  readonly isDeaf: boolean
  /** A response is written to its end. */
  finish(request: IncomingRequest, status: number): void
  /** The socket becomes somebody else's, unless this declines it: `false`, or `handle` is called later. */
  offer(request: IncomingRequest, takeOver: TakeOver): boolean
  /** Sends the response, behind which the socket becomes somebody else's. @throws As the formatter; nothing is sent then. */
  switchTo(request: IncomingRequest, response: OutgoingResponse, takeOver: SwitchTo): void
  /** Something went wrong. */
  report(error: unknown, request: IncomingRequest): void
}

export class Responder {
  readonly #line: Line
  readonly #connection: Connection<RequestEvent>
  readonly #queue: RequestQueue
  readonly #writer: ResponseWriter
  readonly #handler: Handler
  readonly #settings: ServeSettings

  constructor(
    line: Line,
    connection: Connection<RequestEvent>,
    queue: RequestQueue,
    writer: ResponseWriter,
    handler: Handler,
    settings: ServeSettings,
  ) {
    this.#line = line
    this.#connection = connection
    this.#queue = queue
    this.#writer = writer
    this.#handler = handler
    this.#settings = settings
  }

  /** Calls the handler for the requests whose turn it is. */
  dispatch(): void {
    const queue = this.#queue
    const { pipelining, onUpgrade, onConnect } = this.#settings
    for (;;) {
      const request = queue.next(pipelining)
      if (request === undefined) return
      const isConnect = request.method === 'CONNECT'
      const takeOver = isConnect ? onConnect : onUpgrade
      const isGiven = takeOver !== undefined && this.#mightSwitch(request)
      // What is given away has nothing before it.
      if (isGiven && queue.called !== 0) return
      queue.called++
      if (diagnostics.serverRequestStart.hasSubscribers) {
        diagnostics.serverRequestStart.publish({ request, socket: this.#line.socket })
      }
      if (isGiven) {
        if (!this.#line.offer(request, takeOver)) this.handle(request)
      } else if (isConnect) {
        this.#answerError(request, 501, 'CONNECT is not served here')
      } else {
        this.handle(request)
      }
    }
  }

  /** It is the first request's turn to be answered. */
  takeTurn(): void {
    const request = this.#queue.first
    if (request === undefined) return
    try {
      if (request.incoming?.used) this.invite(request)
      request.takeTurn()
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** The body of the request that is to be answered is wanted: its client may wait for that. */
  invite(request: IncomingRequest): void {
    if (this.#connection.awaitsContinue && !request.incoming?.isDropped) {
      this.#writer.informational(CONTINUE)
    }
  }

  /** Whether the connection is known to end with the response to this request. */
  ends(request: IncomingRequest): boolean {
    return request === this.#queue.last || (this.#line.isDeaf && request === this.#queue.coming)
  }

  /** What is said of the connection in a response: how long it is kept goes to clients that keep it by themselves. */
  #fate(request: IncomingRequest, ends: boolean): number {
    if (ends) return ENDS
    return request.persists && request.version !== '1.0' ? this.#settings.keepAliveSeconds : 0
  }

  /** Answers what no request came of. @throws If nothing can be said any more. */
  answerFault(error: H1Error): void {
    const status = error.statusHint ?? 400
    this.#writer.whole({ status, headers: PLAIN_TEXT, body: `${error.message}\n` }, ENDS)
  }

  /** Nothing is read behind a request that asks for a switch, so it is the newest. */
  #mightSwitch(request: IncomingRequest): boolean {
    return (
      request === this.#queue.newest &&
      request.incoming === undefined &&
      this.#connection.peerState === 'might-switch'
    )
  }

  /** Calls the handler. */
  handle(request: IncomingRequest): void {
    try {
      const answer = this.#handler(request)
      if (typeof (answer as PromiseLike<OutgoingResponse> | undefined)?.then === 'function') {
        ;(answer as PromiseLike<OutgoingResponse>).then(
          (init) => this.#take(request, init),
          (error) => this.#refuse(request, error),
        )
      } else {
        this.#take(request, answer as OutgoingResponse)
      }
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** Takes the response a handler has given: what its body is read from is owned from here on. */
  #take(request: IncomingRequest, given: OutgoingResponse): void {
    let init = given
    try {
      checkAnswer(given)
      if (given instanceof IncomingResponse) init = passedOn(given, this.#settings.library)
      else if (isOfFetch(given)) init = fromFetchResponse(given)
      if (inPieces(init.body)) {
        const source = new BodySource(init.body)
        if (source.length !== 0) request.answerFrom(source)
        else init = withoutBody(init, source)
      } else if (!mustBeRead(init.body)) {
        const slices = slicesOf(largeData(init.body as Body))
        if (slices !== undefined) request.answerFrom(new BodySource(slices))
      }
    } catch (error) {
      this.#refuse(request, error)
      return
    }
    this.#answer(request, init)
  }

  /** Sends the response, when its turn has come. */
  #answer(request: IncomingRequest, init: OutgoingResponse): void {
    const queue = this.#queue
    if (request !== queue.first && queue.includes(request)) {
      request.waitForTurn(() => this.#answer(request, init))
      return
    }
    if (!queue.owes(request)) {
      request.stopAnswer(undefined)
      return
    }
    try {
      const { body, takeOver } = init
      if (takeOver !== undefined) {
        this.#answerSwitch(request, init, takeOver)
        return
      }
      refuseSwitch(request, init)
      if (this.#connection.awaitsContinue) this.#answerInstead(request, init)
      if (mustBeRead(body)) {
        readWhole(body, this.#settings.library).then(
          (whole) => this.#take(request, { ...init, body: whole }),
          (error) => this.#refuse(request, error),
        )
      } else if (request.source !== undefined) {
        this.#answerPieces(request, init, request.source)
      } else {
        this.#answerWhole(request, init)
      }
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** What the source fails with at once is still answered with an error: the head waits for the first piece. */
  #answerPieces(request: IncomingRequest, init: OutgoingResponse, source: BodySource): void {
    if (hasNoBody(request, init)) {
      source.stop()
      this.#writePieces(request, init, source)
      return
    }
    source.first(FIRST_PIECE_TIME).then(
      () => this.#writePieces(request, init, source),
      (error) => this.#refuse(request, error),
    )
  }

  #writePieces(request: IncomingRequest, init: OutgoingResponse, source: BodySource): void {
    if (!this.#queue.owes(request)) return
    try {
      const written = this.#writer.pieces(init, source, this.#fate(request, this.ends(request)))
      this.#queue.isAnswered = true
      written.then(
        () => this.#line.finish(request, init.status),
        (error) => this.#refuse(request, error),
      )
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** HTTP ends with this response, which comes behind the request's body. */
  #answerSwitch(request: IncomingRequest, init: OutgoingResponse, takeOver: SwitchTo): void {
    if (typeof takeOver !== 'function') throw new TypeError('takeOver must be a function')
    if (!isSwitch(request, init)) throw new TypeError('takeOver goes with a 101, or with a 2xx to CONNECT')
    if (init.body != null) throw new TypeError('A response that switches protocols has no body')
    const body = request.incoming
    if (body === undefined || request.isWhole) {
      this.#line.switchTo(request, init, takeOver)
      return
    }
    const whole = body.used ? body.trailers : body.bytes({ limit: MOST_DROPPED })
    whole.then(
      () => this.#answer(request, init),
      (error) => this.#refuse(request, error),
    )
  }

  #answerWhole(request: IncomingRequest, init: OutgoingResponse): void {
    this.#writer.whole(init, this.#fate(request, this.ends(request) || isTooMuch(request)))
    this.#queue.isAnswered = true
    this.#line.finish(request, init.status)
  }

  /**
   * A client that waits for a 100 gets a response. Where that is a success whose pieces are still to be asked for, they
   * may be made of the request's body. With any other the connection ends: the body may come, or may not.
   */
  #answerInstead(request: IncomingRequest, { status, body }: OutgoingResponse): void {
    const mayRead = inPieces(body) && status >= 200 && status < 300
    if (mayRead) this.#writer.informational(CONTINUE)
    else this.#queue.last = request
  }

  /** What went wrong with a response: answered with an error while that can be done, else the connection is cut off. */
  #refuse(request: IncomingRequest, error: unknown): void {
    const queue = this.#queue
    request.stopAnswer(error)
    if (!queue.includes(request)) return
    if (request !== queue.first) {
      request.waitForTurn(() => this.#refuse(request, error))
      return
    }
    this.#line.report(error, request)
    if (!queue.owes(request)) {
      this.#line.socket.destroy()
    } else if (isDoneBy(this.#line.socket, error) && error.statusHint !== null) {
      this.#answerError(request, error.statusHint, error.message)
    } else {
      this.#answerError(request, 500, 'Internal Server Error')
    }
  }

  /** Answers with an error; with any but 500 the connection ends. */
  #answerError(request: IncomingRequest, status: number, message: string): void {
    if (request !== this.#queue.first) {
      request.waitForTurn(() => this.#answerError(request, status, message))
      return
    }
    if (!this.#queue.owes(request)) return
    if (status !== 500) this.#queue.last = request
    try {
      this.#answerWhole(request, { status, headers: PLAIN_TEXT, body: `${message}\n` })
    } catch {
      this.#line.socket.destroy()
    }
  }
}

const CONTINUE: ConnectionResponse = { status: 100 }
const PLAIN_TEXT = { 'Content-Type': 'text/plain; charset=utf-8' }

/** Octets of a body of known length that have not come. */
export function leftOf({ contentLength, incoming }: IncomingRequest): number {
  return (contentLength ?? 0) - (incoming?.received ?? 0)
}

/** Whether it is known already that what is left of the body will not be waited for. */
function isTooMuch(request: IncomingRequest): boolean {
  const body = request.incoming
  if (body === undefined || body.ended || (body.used && !body.isDropped)) return false
  return leftOf(request) > MOST_DROPPED || body.dropped > MOST_DROPPED
}

/** Whether the response ends with its head (RFC 9112 section 6.3). */
function hasNoBody({ method }: IncomingRequest, { status }: OutgoingResponse): boolean {
  return method === 'HEAD' || status === 304
}

/** A response that was received, as one to be sent: with its trailers, but those that may not be sent. */
function passedOn(response: IncomingResponse, { allowedTrailers }: Library): OutgoingResponse {
  const { status, reason, headers, body } = response
  const trailers =
    body.length === undefined ? async () => allowedTrailers(await response.trailers) : undefined
  return { status, reason, headers, body, trailers }
}

/** A body that was received and is none has no framing to pass on. */
function withoutBody(init: OutgoingResponse, source: BodySource): OutgoingResponse {
  source.stop()
  const { status, reason, version, headers, takeOver } = init
  return { status, reason, version, headers, takeOver }
}

/** Whether HTTP would end with the response (RFC 9110 sections 7.8 and 9.3.6). */
function isSwitch({ method }: IncomingRequest, { status }: OutgoingResponse): boolean {
  return method === 'CONNECT' ? status >= 200 && status < 300 : status === 101
}

function refuseSwitch(request: IncomingRequest, init: OutgoingResponse): void {
  if (!isSwitch(request, init)) return
  throw new TypeError(`A ${init.status} ends HTTP here: give takeOver(socket, rest), which goes on`)
}

/** Whether it is a `Response` of Fetch, which Node.js loads when it is first asked for. */
function isOfFetch(init: object): init is Response {
  return (init as Partial<Response>).bodyUsed !== undefined
}
