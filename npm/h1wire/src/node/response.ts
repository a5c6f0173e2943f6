// IncomingResponse: a response as a client's caller gets it, when its head is there.

import type { Duplex } from 'node:stream'
import type { FieldSection, ResponseHead, Tolerated } from '../index.js'
import { IncomingBody, type ReadOptions } from './incoming.js'

/** A 1xx response that came before the final one (RFC 9110 section 15.2). */
export interface InformationalResponse {
  /** The status code, 100 to 199 but 101. */
  readonly status: number
  /** The reason phrase as received; may be empty. */
  readonly reason: string
  /** The field lines. */
  readonly headers: FieldSection
}

/** What came before the final response. */
export interface Before {
  readonly informational: readonly InformationalResponse[]
  readonly tolerated: Tolerated[]
}

/**
 * A response. It is handed out when its head has come; the body may still be on its way, and is read once, in one of
 * the ways of `body`, which the response has too: `for await (const data of response)`, `await response.text()`.
 */
export class IncomingResponse implements AsyncIterable<Buffer> {
  /** The status code, 100 to 999. */
  readonly status: number
  /** The reason phrase as received, one character an octet (latin-1); may be empty. */
  readonly reason: string
  /** The version as received, such as `'1.1'`. */
  readonly version: string
  /** The field lines, in order and as they were written. */
  readonly headers: FieldSection
  /** The Content-Length that frames the body; `null` where nothing of the kind does. */
  readonly contentLength: number | null
  /** Whether the server keeps the connection for further requests (RFC 9112 section 9.3). */
  readonly keepAlive: boolean
  /** The 1xx responses that came before, in order. */
  readonly informational: readonly InformationalResponse[]
  /** Which leniencies the response has made use of so far. */
  readonly tolerated: readonly Tolerated[]
  /** The body. */
  readonly body: IncomingBody
  /**
   * After a 101, or a 2xx to CONNECT: the socket, which is the caller's from now on. It is paused and nobody listens to
   * it: add a listener for `'error'` at once. `undefined` otherwise.
   */
  readonly socket: Duplex | undefined = undefined
  /** With `socket`: what the server has already sent in the other protocol, to be read before the socket. */
  readonly rest: Buffer | undefined = undefined

  /** @internal Made by a client; `onWant` is called when a reader of the body waits for more. */
  constructor(head: ResponseHead, before: Before, onWant: () => void) {
    this.status = head.status
    this.reason = head.reason
    this.version = head.version
    this.headers = head.headers
    this.contentLength = head.contentLength
    this.keepAlive = head.keepAlive
    this.informational = before.informational
    this.tolerated = before.tolerated
    this.body = new IncomingBody(onWant)
  }

  /** The trailer section, when the body has been read: see `IncomingBody`. */
  get trailers(): Promise<FieldSection> {
    return this.body.trailers
  }

  /** The octets of the body, in Buffers as they come. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer> {
    return this.body[Symbol.asyncIterator]()
  }

  /** All octets of the body. Rejects as `IncomingBody.bytes` does. */
  bytes(options?: ReadOptions): Promise<Buffer> {
    return this.body.bytes(options)
  }

  /** The body as text in UTF-8. Rejects as `IncomingBody.text` does. */
  text(options?: ReadOptions): Promise<string> {
    return this.body.text(options)
  }

  /** What the body is as JSON. Rejects as `IncomingBody.json` does. */
  json(options?: ReadOptions): Promise<unknown> {
    return this.body.json(options)
  }

  /** The body as a web stream. */
  get stream(): ReadableStream<Buffer> {
    return this.body.stream
  }

  /** Drops the body, so that the connection is free for the next request. */
  dump(): void {
    this.body.dump()
  }

  /** @internal HTTP has ended on the connection: here is its socket. */
  switched(socket: Duplex, rest: Buffer): void {
    const self = this as { socket: Duplex | undefined; rest: Buffer | undefined }
    self.socket = socket
    self.rest = rest
  }
}
