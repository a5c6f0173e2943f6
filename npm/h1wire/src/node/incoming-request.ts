// IncomingRequest: a request as its handler sees it. It asks its connection for everything that happens on the socket.

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { showAs, shownMembers } from '../facade/shown.js'
import type { BodySource } from './body-source.js'
import type { ConnectionSide } from './errors.js'
import { IncomingBody, lengthOf } from './incoming-body.js'
import { IncomingMessage } from './incoming-message.js'
import type { ConnectionResponse, FieldSection, RequestHead, Tolerated } from './library.js'

/**
 * The socket of a request: any `Duplex`, with the addresses that sockets have, and what TLS knows of the client. They are
 * undefined where the stream is of another kind.
 */
export type RequestSocket = Duplex &
  Partial<
    Pick<
      Socket,
      | 'remoteAddress'
      | 'remotePort'
      | 'remoteFamily'
      | 'localAddress'
      | 'localPort'
      | 'localFamily'
      | 'bytesRead'
      | 'bytesWritten'
    >
  > &
  Partial<
    Pick<
      TLSSocket,
      'encrypted' | 'authorized' | 'alpnProtocol' | 'getPeerCertificate' | 'getProtocol' | 'getCipher'
    >
  >

/** What a request asks of the connection it came on. */
export interface RequestOwner extends ConnectionSide {
  /** The request's body is wanted. */
  want(request: IncomingRequest): void
  /** Sends a 1xx. */
  inform(request: IncomingRequest, init: ConnectionResponse): void
}

const NOTHING_TOLERATED: readonly Tolerated[] = []

/**
 * A request, as a handler is given it when its head has come. The body is read once, in one of the ways of `body`, which
 * the request has too: `for await (const data of request)`, `await request.text()`.
 */
export class IncomingRequest extends IncomingMessage {
  /** The method, case kept. */
  readonly method: string
  /** The request-target as received, undecoded: as a rule a path with its query. */
  readonly target: string
  /** @internal Whether the client keeps the connection. */
  readonly persists: boolean
  readonly #exchange: RequestOwner
  #body: IncomingBody | undefined
  #trailers: FieldSection | undefined
  #controller: AbortController | undefined
  #gone: Error | undefined
  #tolerated: Tolerated[] | undefined
  #turn: (() => void)[] | undefined
  /** @internal What the response's body is read from, if it comes in pieces. */
  source: BodySource | undefined
  /** The Content-Length that frames the body; `null` where none does: it is chunked, or there is none. */
  readonly contentLength: number | null
  /** Whether the body is chunked. */
  readonly chunked: boolean
  /** Whether there is a body: it is chunked, or its Content-Length is not 0. */
  readonly hasBody: boolean

  /** @internal */
  constructor(head: RequestHead, exchange: RequestOwner) {
    super(head.version, head.headers)
    this.method = head.method
    this.target = head.target
    this.contentLength = head.contentLength
    this.chunked = head.chunked
    this.persists = head.keepAlive
    this.#exchange = exchange
    const length = lengthOf(head)
    this.hasBody = length !== 0
    if (this.hasBody) this.#body = new IncomingBody(() => exchange.want(this), undefined, exchange, length)
  }

  /** The socket the request came on: for its addresses, or its certificate. Its octets belong to the connection. */
  get socket(): RequestSocket {
    return this.#exchange.socket
  }

  /**
   * The body; empty if there is none. If the client waits for a `100 Continue` (RFC 9110 section 10.1.1), it is sent
   * when the body is first read. A response in its place is sent with `Connection: close`.
   */
  get body(): IncomingBody {
    if (this.#body === undefined) {
      this.#body = new IncomingBody(undefined, undefined, undefined, 0)
      if (this.#trailers !== undefined) this.#body.end(this.#trailers)
    }
    return this.#body
  }

  /**
   * Aborted when nobody waits for the response any more: the connection is gone before it was written to its end, or ends
   * with a response before it. A client that has only ended its side waits, unless `onHalfClose` says otherwise.
   */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#gone !== undefined) this.#controller.abort(this.#gone)
    }
    return this.#controller.signal
  }

  /** The leniencies that the request has needed so far, in the order of their first use. */
  get tolerated(): readonly Tolerated[] {
    return this.#tolerated ?? NOTHING_TOLERATED
  }

  /**
   * Sends a 1xx response but 101 ahead of the final one, such as `{ status: 103, headers: { Link } }`.
   *
   * @throws H1Error `H1_WRONG_STATE` if the final response has begun, or nobody is there; and as `formatResponse`.
   */
  sendInformational(init: ConnectionResponse): void {
    this.#exchange.inform(this, init)
  }

  /** @internal The body that comes, if the request has one. */
  get incoming(): IncomingBody | undefined {
    return this.#body
  }

  /** @internal Whether all of it has come. */
  get isWhole(): boolean {
    return this.#trailers !== undefined
  }

  /** @internal Has this done when the responses to the requests before it are written, or nobody waits any more. */
  waitForTurn(action: () => void): void {
    this.#turn ??= []
    this.#turn.push(action)
  }

  /** @internal It is its turn. */
  takeTurn(): void {
    const turn = this.#turn
    this.#turn = undefined
    if (turn !== undefined) for (const action of turn) action()
  }

  /** @internal All of it has come. */
  end(trailers: FieldSection): void {
    this.#trailers = trailers
    this.#body?.end(trailers)
  }

  /** @internal The response's body comes from there: it is stopped if nobody waits for it. */
  answerFrom(source: BodySource): void {
    this.source = source
    if (this.#gone !== undefined) source.stop(this.#gone)
  }

  /** @internal The response's body is not sent, or no further. */
  stopAnswer(reason: unknown): void {
    this.source?.stop(reason)
  }

  /** @internal Nobody waits for the response any more. */
  abort(error: Error): void {
    this.#gone = error
    this.source?.stop(error)
    this.#body?.fail(error)
    this.#controller?.abort(error)
  }

  /** @internal */
  tolerate(...uses: Tolerated[]): void {
    this.#tolerated ??= []
    this.#tolerated.push(...uses)
  }
}

showAs(IncomingRequest.prototype, (request) => {
  const { method, target, version, headers, contentLength, chunked, incoming, tolerated } = request
  return shownMembers(IncomingRequest.prototype, {
    method,
    target,
    version,
    headers,
    contentLength,
    chunked,
    ...(incoming && { body: { received: incoming.received, ended: incoming.ended, used: incoming.used } }),
    ...(tolerated.length !== 0 && { tolerated }),
  })
})
