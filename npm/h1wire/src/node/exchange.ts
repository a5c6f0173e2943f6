// Exchange: a request that a client was given, from its queue to the end of its response.
//
// It keeps what belongs to the one request: what is sent, who is told, how far it has come. It does not know sockets.

import type { FieldLines, H1Error, RequestParts, Tolerated } from '../index.js'
import { lookAt } from './look.js'
import type { OutgoingBody, OutgoingTrailers } from './outgoing.js'
import type { IncomingResponse, InformationalResponse } from './response.js'

/** A request for a client to send. */
export interface ClientRequest extends Omit<RequestParts, 'body' | 'trailers'> {
  /**
   * The body: whatever `formatRequest` takes, a `Blob`, a `FormData` with files, a Node.js stream, a web stream, or
   * anything that iterates over data. One that comes in pieces is chunked, unless there is a Content-Length.
   */
  body?: OutgoingBody
  /** Trailer fields; or a function, called when the body was sent, that returns them or a promise of them. */
  trailers?: OutgoingTrailers
  /**
   * Whether the request may be repeated, and sent ahead of responses. By default what the method says (RFC 9110
   * section 9.2.2).
   */
  idempotent?: boolean
}

/** Options of one request. */
export interface RequestOptions {
  /** Aborts the request, its body and its response; the promise, or the body, then fails with the signal's reason. */
  signal?: AbortSignal | undefined
  /** Called with each 1xx response but 101 as it comes; what it throws ends the request. */
  onInformational?: ((response: InformationalResponse) => void) | undefined
}

/** An error of a request that failed before its response had come. */
export interface RequestError extends H1Error {
  /** What had come of the response, which its head's end was still missing of. Nothing, if it is empty. */
  readonly received: Buffer
}

/** What is written of a request. */
export type Parts = Omit<ClientRequest, 'idempotent'> & { headers?: FieldLines }

/** What one request has come to. */
export class Exchange {
  readonly request: ClientRequest
  readonly options: RequestOptions | undefined
  /** Whether the server wants to be asked before the body is sent. */
  expects = false
  /** Whether it may be repeated, and sent ahead. */
  readonly idempotent: boolean
  /** Whether it has begun to be written. */
  sent = false
  /** Whether it was sent behind others on its connection, answered or not. */
  reused = false
  /** What came before the final response. */
  informational: InformationalResponse[] = NOTHING
  tolerated: Tolerated[] = NOTHING
  response: IncomingResponse | undefined = undefined
  /** The response has ended. */
  answered = false
  /** There is an error in place of it, or of the rest of it. */
  failed = false
  /** Nobody wants the response any longer; it is read because that is cheaper than another connection. */
  unwanted = false
  /** Octets of the response's body that have come. */
  bodyLength = 0
  /** What has come of the response while its head is not whole. */
  received: Buffer[] = NOTHING
  /** Stops a body that is being sent in pieces. */
  upload: AbortController | undefined = undefined
  /** The body waits for a 100. */
  proceed: (() => void) | undefined = undefined
  /** Takes over in place of a failure that may be repaired, and says so. */
  takeOver: ((exchange: Exchange) => boolean) | undefined = undefined

  readonly #resolve: (response: IncomingResponse) => void
  readonly #reject: (reason: unknown) => void
  #onAbort: (() => void) | undefined = undefined
  #settled = false

  constructor(
    request: ClientRequest,
    idempotent: boolean,
    options: RequestOptions | undefined,
    resolve: (response: IncomingResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.request = request
    this.idempotent = idempotent
    this.options = options
    this.#resolve = resolve
    this.#reject = reject
  }

  /** The parts to be written, with this Host if there is none among them. */
  parts(host: string | undefined): Parts {
    const { method, target, url, version, headers, body, trailers, host: given } = this.request
    const found = lookAt(headers)
    this.expects = found.expect
    const parts: Parts = {}
    if (method !== undefined) parts.method = method
    if (target !== undefined) parts.target = target
    if (url !== undefined) parts.url = url
    if (version !== undefined) parts.version = version
    if (found.headers !== undefined) parts.headers = found.headers
    if (body !== undefined) parts.body = body
    if (trailers !== undefined) parts.trailers = trailers
    const own = given ?? (found.host || url !== undefined ? undefined : hostFor(target, method, host))
    if (own !== undefined) parts.host = own
    return parts
  }

  /** The reason of the signal, if it was aborted. */
  get aborted(): boolean {
    return this.options?.signal?.aborted === true
  }

  /** Has this called when the signal is aborted, in place of what was called before. */
  watch(onAbort: (exchange: Exchange) => void): void {
    const signal = this.options?.signal
    if (signal === undefined) return
    this.unwatch()
    this.#onAbort = () => onAbort(this)
    signal.addEventListener('abort', this.#onAbort)
  }

  unwatch(): void {
    if (this.#onAbort === undefined) return
    this.options?.signal?.removeEventListener('abort', this.#onAbort)
    this.#onAbort = undefined
  }

  /** The response is there. */
  resolve(response: IncomingResponse): void {
    this.#settled = true
    this.#resolve(response)
  }

  /**
   * There will be no response, or no more of it; another connection might help if `isRepairable`. Whether it has
   * failed by this: not if it goes to another, or had failed before.
   */
  fail(reason: unknown, isRepairable = false): boolean {
    this.unwatch()
    this.upload?.abort(reason)
    if (this.#settled) {
      this.response?.body.fail(reason as Error)
    } else if (isRepairable && this.takeOver?.(this)) {
      return false
    } else {
      this.#settled = true
      this.#reject(reason)
    }
    const isNew = !this.failed
    this.failed = true
    return isNew
  }

  /** As if it had not been sent. */
  renew(): void {
    this.upload = undefined
    this.proceed = undefined
    this.sent = false
    this.reused = false
  }

  /** Nothing has come of a response to it, not a single octet. */
  get isUntouched(): boolean {
    return this.response === undefined && this.received === NOTHING && this.informational === NOTHING
  }
}

const NOTHING: never[] = []

/** Targets in absolute form name their host themselves (RFC 9112 section 3.2). */
function hostFor(target: unknown, method: unknown, host: string | undefined): string | undefined {
  if (typeof target !== 'string') return undefined
  if (method === 'CONNECT') return target
  return target.startsWith('/') || target === '*' ? host : undefined
}
