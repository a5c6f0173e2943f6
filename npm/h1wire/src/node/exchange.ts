// Exchange: a request that a client was given, from its queue to the end of its response.
//
// It keeps what belongs to the one request: what is sent, who is told, how far it has come. It does not know sockets.

import { IDEMPOTENT_METHODS } from '../generated/layout.js'
import { type BodyPieces, BodySource } from './body-source.js'
import {
  type ClientRequest,
  factsOf,
  type HeaderFacts,
  keepParts,
  type Parts,
  type ReadOptions,
  type RequestOptions,
  readParts,
  readRequestOptions,
} from './client-request.js'
import { type Addressee, misdirection } from './destination.js'
import { withReceived } from './errors.js'
import { IncomingResponse, type InformationalResponse } from './incoming-response.js'
import type { Library, ResponseHead, Tolerated, ToleratedEvent } from './library.js'
import { inPieces, mustBeRead, readWhole } from './outgoing.js'
import { whenAborted } from './signals.js'
import type { Upload } from './upload.js'

/** Who holds an exchange until it is done: a pool, then a client. */
export interface Holder {
  /** There will be nothing of it, for this reason: its caller gave it up, or what it is made of has failed. */
  abandon(exchange: Exchange, reason: unknown): void
  /** What it waited for has come, and it can be sent. */
  proceed(): void
}

/** Makes an exchange of what a caller asks for, and passes it on. */
export function takeRequest(
  library: Library,
  request: ClientRequest,
  options: RequestOptions | undefined,
  resolve: (response: IncomingResponse) => void,
  reject: (reason: unknown) => void,
  dispatch: (exchange: Exchange) => void,
  addressee: Addressee,
): void {
  let exchange: Exchange
  try {
    exchange = new Exchange(library, request, options, resolve, reject)
  } catch (error) {
    discard(request?.body, error)
    throw error
  }
  const { url, method } = exchange.parts
  const fault = url !== undefined && method !== 'CONNECT' ? misdirection(url, addressee) : undefined
  if (fault !== undefined) exchange.fail(fault)
  else dispatch(exchange)
  exchange.keepParts()
}

/** Where the body comes from; one that was received and is none has no framing to pass on. */
function sourceOf(body: BodyPieces, parts: Parts): BodySource | undefined {
  const source = new BodySource(body)
  if (source.length !== 0) return source
  source.stop()
  parts.body = undefined
  return undefined
}

/** Stops the source of a body that was given and will not be sent: nobody else will. */
export function discard(body: unknown, reason: unknown): void {
  if (inPieces(body)) new BodySource(body).stop(reason)
}

/** What one request has come to. */
export class Exchange {
  /** The request as it was given, for diagnostics. */
  readonly request: ClientRequest
  readonly options: ReadOptions
  readonly facts: HeaderFacts
  /** What is written. */
  readonly parts: Parts
  /** Where its body comes from, if that comes in pieces. */
  readonly source: BodySource | undefined
  /** Whether it may be repeated, and sent ahead (RFC 9110 section 9.2.2). */
  readonly idempotent: boolean
  /** Whether it has begun to be written. */
  sent = false
  /** Whether it was sent behind others on its connection, answered or not. */
  reused = false
  /** Whether it was sent before, in vain. */
  isRepeated = false
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

  readonly #library: Library
  readonly #resolve: (response: IncomingResponse) => void
  readonly #reject: (reason: unknown) => void
  #holder: Holder | undefined = undefined
  #unwatch: (() => void) | undefined = undefined
  #settled = false
  #receivedOffset = 0
  #readiness: 'new' | 'preparing' | 'ready'

  /** @throws What is wrong with the request or its options. */
  constructor(
    library: Library,
    request: ClientRequest,
    options: RequestOptions | undefined,
    resolve: (response: IncomingResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    const parts = readParts(request)
    const { body, method } = parts
    const { idempotent } = request
    this.#library = library
    this.request = request
    this.options = readRequestOptions(options)
    this.parts = parts
    this.facts = factsOf(parts.headers)
    this.idempotent = idempotent ?? (method === undefined || METHODS.has(method))
    this.source = inPieces(body) ? sourceOf(body, parts) : undefined
    this.#readiness = this.source === undefined && !mustBeRead(parts.body) ? 'ready' : 'new'
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Whether it asks for another protocol (RFC 9110 sections 7.8 and 9.3.6). */
  get switches(): boolean {
    return this.facts.upgrades || this.parts.method === 'CONNECT'
  }

  /** Whether its signal was aborted. */
  get aborted(): boolean {
    return this.options.signal?.aborted === true
  }

  /** Whether it is to be prepared before it can be sent. */
  get needsPreparing(): boolean {
    return this.#readiness === 'new'
  }

  /** Whether it can be sent. */
  get isReady(): boolean {
    return this.#readiness === 'ready'
  }

  /** Reads a body that lies elsewhere, or asks for the first piece; its holder is told the outcome. */
  prepare(): void {
    this.#readiness = 'preparing'
    this.#prepare().then(
      () => {
        this.#readiness = 'ready'
        this.#holder?.proceed()
      },
      (error) => this.#holder?.abandon(this, error),
    )
  }

  async #prepare(): Promise<void> {
    const { body } = this.parts
    if (mustBeRead(body)) {
      const whole = await readWhole(body, this.#library)
      this.parts.body = whole
    } else if (!this.facts.expects) {
      await this.source?.first(FIRST_PIECE_TIME)
    }
  }

  /** Belongs to this one from now on, who is told when the signal is aborted. */
  heldBy(holder: Holder): void {
    this.#holder = holder
    const { signal } = this.options
    if (signal === undefined || this.#unwatch !== undefined) return
    this.#unwatch = whenAborted(signal, () => this.#holder?.abandon(this, signal.reason))
  }

  /** Belongs to nobody any more. */
  release(): void {
    this.#holder = undefined
    this.#unwatch?.()
    this.#unwatch = undefined
  }

  /** Keeps what may still be written, or written again, from changes by its caller. */
  keepParts(): void {
    if (this.#settled || (this.sent && (this.takeOver === undefined || !this.idempotent))) return
    keepParts(this.parts)
    if (this.#readiness === 'new' && mustBeRead(this.parts.body)) this.prepare()
  }

  /** A 1xx has come. */
  inform({ status, reason, headers }: ResponseHead): void {
    const response = { status, reason, headers }
    this.received = NOTHING
    this.informational = [...this.informational, response]
    this.options.onInformational?.(response)
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

  /** Keeps what has come of a head that is not whole, to be shown with an error; `offset` is the chunk's on its connection. */
  keep(chunk: Buffer, from: number, offset: number): void {
    if (this.response !== undefined || from >= chunk.length) return
    if (this.received === NOTHING) {
      this.received = []
      this.#receivedOffset = offset + from
    }
    this.received.push(from === 0 ? chunk : chunk.subarray(from))
  }

  /** The error, with what was received if the response's head is not whole. */
  withReceived(error: Error): Error {
    if (this.response !== undefined) return error
    const isEmpty = this.received === NOTHING
    return withReceived(error, this.received, isEmpty ? undefined : this.#receivedOffset)
  }

  /**
   * There will be no response, or no more of it; another connection might help if `isRepairable`. Whether it has
   * failed by this: not if it goes to another, or had failed before.
   */
  fail(reason: unknown, isRepairable = false): boolean {
    this.release()
    this.upload?.stop(reason)
    if (!this.#settled && isRepairable && this.takeOver?.(this)) return false
    this.source?.stop(reason)
    if (this.#settled) {
      this.response?.body.fail(reason as Error)
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
    this.isRepeated ||= this.sent
    this.upload = undefined
    this.sent = false
    this.reused = false
  }

  /** Nothing has come of a response to it, not a single octet. */
  get isUntouched(): boolean {
    return this.response === undefined && this.received === NOTHING && this.informational === NOTHING
  }
}

const METHODS: ReadonlySet<string> = new Set(IDEMPOTENT_METHODS)
const NOTHING: never[] = []

/** How long the head waits for the first piece of the body, in milliseconds: what fails by then is not sent at all. */
const FIRST_PIECE_TIME = 500
