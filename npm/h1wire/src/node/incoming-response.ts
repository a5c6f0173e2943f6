// IncomingResponse: a response as a client's caller gets it, when its head is there.

import type { Duplex } from 'node:stream'
import { showAs, shownMembers } from '../facade/shown.js'
import { IncomingBody, lengthOf } from './incoming-body.js'
import { IncomingMessage } from './incoming-message.js'
import type { FieldSection, ResponseHead, Tolerated } from './library.js'

/** A 1xx response that came before the final one (RFC 9110 section 15.2). */
export interface InformationalResponse {
  /** The status code, 100 to 199 but 101. */
  readonly status: number
  /** The reason phrase as received; may be empty. */
  readonly reason: string
  /** The field lines. */
  readonly headers: FieldSection
}

/** What came before the final response, and who may abort it. */
export interface Before {
  readonly informational: readonly InformationalResponse[]
  readonly tolerated: Tolerated[]
  readonly options: { readonly signal: AbortSignal | undefined }
}

/**
 * A response. It is handed out when its head has come; the body may still be on its way, and is read once, in one of
 * the ways of `body`, which the response has too: `for await (const data of response)`, `await response.text()`.
 */
export class IncomingResponse extends IncomingMessage {
  /** The status code, 100 to 999. */
  readonly status: number
  /** The reason phrase as received, one character an octet (latin-1); may be empty. */
  readonly reason: string
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
    super(head.version, head.headers)
    this.status = head.status
    this.reason = head.reason
    this.contentLength = head.contentLength
    this.keepAlive = head.keepAlive
    this.informational = before.informational
    this.tolerated = before.tolerated
    this.body = new IncomingBody(onWant, before.options.signal, undefined, lengthOf(head))
  }

  /** @internal HTTP has ended on the connection: here is its socket. */
  switched(socket: Duplex, rest: Buffer): void {
    const self = this as { socket: Duplex | undefined; rest: Buffer | undefined }
    self.socket = socket
    self.rest = rest
  }
}

showAs(IncomingResponse.prototype, (response) => {
  const { status, reason, headers, informational, tolerated, body, socket, rest } = response
  const { used, ended, received } = body
  return shownMembers(IncomingResponse.prototype, {
    status,
    reason,
    headers,
    body: { received, ended, used },
    ...(informational.length !== 0 && { informational }),
    ...(tolerated.length !== 0 && { tolerated }),
    ...(socket && { socket, rest }),
  })
})
