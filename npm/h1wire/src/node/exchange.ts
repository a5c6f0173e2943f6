// Exchange: a request that a client was given, from its queue to the end of its response.
//
// It keeps what belongs to the one request: what is sent, who is told, how far it has come. It does not know sockets.

import { IDEMPOTENT_METHODS } from '../generated/layout.js'
import type { ResponseHead, Tolerated, ToleratedEvent } from '../index.js'
import {
  type ClientRequest,
  type Headers,
  lookAt,
  type Parts,
  partsOf,
  type RequestOptions,
} from './client-request.js'
import { withReceived } from './errors.js'
import { IncomingResponse, type InformationalResponse } from './incoming-response.js'
import { mustBeRead, readWhole } from './outgoing.js'
import type { Upload } from './upload.js'

/** Makes an exchange of what a caller asks for, and passes it on; bodies that lie elsewhere are read first. */
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
  const { body } = request
  if (!mustBeRead(body)) {
    dispatch(new Exchange(request, options, resolve, reject))
    return
  }
  readWhole(body).then((whole) => {
    dispatch(new Exchange({ ...request, body: whole }, options, resolve, reject))
  }, reject)
}

/** What one request has come to. */
export class Exchange {
  readonly request: ClientRequest
  readonly options: RequestOptions | undefined
  readonly headers: Headers
  /** Whether it may be repeated, and sent ahead (RFC 9110 section 9.2.2). */
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
  /** What has come of the response while its head is not whole. */
  received: Buffer[] = NOTHING
  /** Its body, if that is sent in pieces. */
  upload: Upload | undefined = undefined
  /** Takes over in place of a failure that may be repaired, and says so. */
  takeOver: ((exchange: Exchange) => boolean) | undefined = undefined

  readonly #resolve: (response: IncomingResponse) => void
  readonly #reject: (reason: unknown) => void
  #onAbort: (() => void) | undefined = undefined
  #settled = false

  constructor(
    request: ClientRequest,
    options: RequestOptions | undefined,
    resolve: (response: IncomingResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    const { headers, method = 'GET', idempotent = METHODS.has(method) } = request
    this.request = request
    this.options = options
    this.headers = lookAt(headers)
    this.idempotent = idempotent
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Whether it asks for another protocol (RFC 9110 sections 7.8 and 9.3.6). */
  get switches(): boolean {
    return this.headers.upgrades || this.request.method === 'CONNECT'
  }

  /** The parts to be written, with this Host if there is none among them. */
  parts(host: string | undefined): Parts {
    return partsOf(this.request, this.headers, host)
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

  /** A 1xx has come. */
  inform({ status, reason, headers }: ResponseHead): void {
    const response = { status, reason, headers }
    this.informational = [...this.informational, response]
    this.options?.onInformational?.(response)
    if (status === 100) this.upload?.proceed()
  }

  /** A leniency was used. */
  tolerate({ name, offset, danger }: ToleratedEvent): void {
    if (this.tolerated === NOTHING) this.tolerated = []
    this.tolerated.push({ name, offset, danger })
  }

  /** The final head has come; `onWant` is called when a reader of the body waits for more. */
  respond(head: ResponseHead, onWant: () => void): void {
    this.response = new IncomingResponse(head, this, onWant)
    // With a switch of protocols the socket is part of the answer.
    if (!head.upgrade) this.resolve(this.response)
  }

  /** The response is there. */
  resolve(response: IncomingResponse): void {
    this.#settled = true
    this.#resolve(response)
  }

  /** Keeps what has come of a head that is not whole, to be shown with an error. */
  keep(chunk: Buffer, from: number): void {
    if (this.response !== undefined || from >= chunk.length) return
    this.received = [...this.received, from === 0 ? chunk : chunk.subarray(from)]
  }

  /** The error, with what was received if the response's head is not whole. */
  withReceived(error: Error): Error {
    return this.response === undefined ? withReceived(error, this.received) : error
  }

  /**
   * There will be no response, or no more of it; another connection might help if `isRepairable`. Whether it has
   * failed by this: not if it goes to another, or had failed before.
   */
  fail(reason: unknown, isRepairable = false): boolean {
    this.unwatch()
    this.upload?.stop(reason)
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
    this.sent = false
    this.reused = false
  }

  /** Nothing has come of a response to it, not a single octet. */
  get isUntouched(): boolean {
    return this.response === undefined && this.received === NOTHING && this.informational === NOTHING
  }

  /** Whether the rest of the response is known to be so many octets at most, on a connection that stays. */
  isShort(most: number): boolean {
    const { response } = this
    if (response === undefined || !response.keepAlive || response.contentLength === null) return false
    return response.contentLength - response.body.received <= most
  }
}

const METHODS: ReadonlySet<string> = new Set(IDEMPOTENT_METHODS)
const NOTHING: never[] = []
