// Requests as a client's caller gives them, and the parts that are written of them.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { refuseUnknown } from '../facade/unknown.js'
import { REQUEST_TIMES, type RequestTimes, readRequestTimes } from './client-options.js'
import type { ErrorConnection } from './errors.js'
import type { InformationalResponse } from './incoming-response.js'
import type { FieldLines, FieldValues, H1Error, RequestParts } from './library.js'
import type { OutgoingBody, OutgoingTrailers } from './outgoing.js'
import { readSignal } from './signals.js'

/** A request for a client to send. */
export interface ClientRequest extends Omit<RequestParts, 'headers' | 'body' | 'trailers'> {
  /** Field lines, as `formatRequest` takes them, or headers of `node:http`. */
  headers?: FieldLines | IncomingHttpHeaders | OutgoingHttpHeaders | undefined
  /**
   * The body: whatever `formatRequest` takes, a `Blob`, a `FormData` with files, a Node.js stream, a web stream, or
   * anything that iterates over data. One that comes in pieces is chunked, unless there is a Content-Length. A message that
   * was received passes its body on, with the length it came with.
   */
  body?: OutgoingBody | undefined
  /** Trailer fields; or a function, called when the body was sent, that returns them or a promise of them. */
  trailers?: OutgoingTrailers | undefined
  /**
   * Whether the request may be repeated, and sent ahead of responses. By default what the method says (RFC 9110
   * section 9.2.2).
   */
  idempotent?: boolean | undefined
}

/** Options of one request. Times, in milliseconds, are in place of its client's or pool's; 0 means without end. */
export interface RequestOptions {
  /** Aborts the request, its body and its response; the promise, or the body, then fails with the signal's reason. */
  signal?: AbortSignal | null | undefined
  /** Called with each 1xx response but 101 as it comes; what it throws ends the request. */
  onInformational?: ((response: InformationalResponse) => void) | undefined
  /** How long the response's head may take. */
  headersTimeout?: number | undefined
  /** How long nothing may come of the response's body while it is read, or go of the request's. */
  bodyTimeout?: number | undefined
  /** How long the body waits for the 100 that `Expect: 100-continue` asks for. */
  continueTimeout?: number | undefined
  /** How long a response that nobody has begun to read may keep other requests waiting. */
  unreadTimeout?: number | undefined
  /** How long the rest of a response that nobody wants may take to come before the connection is closed. */
  drainTimeout?: number | undefined
}

/** Options of a request that were read. */
export interface ReadOptions {
  readonly signal: AbortSignal | undefined
  readonly onInformational: RequestOptions['onInformational']
  /** Times in place of the client's. */
  readonly times: RequestTimes | undefined
}

const REQUEST_OPTION_NAMES: readonly string[] = ['signal', 'onInformational', ...REQUEST_TIMES]
const NO_OPTIONS: ReadOptions = { signal: undefined, onInformational: undefined, times: undefined }

/** Reads the options of a request. @throws TypeError For one that is wrong, or not known. */
export function readRequestOptions(options: RequestOptions | undefined): ReadOptions {
  if (options === undefined) return NO_OPTIONS
  refuseUnknown(options, 'options', REQUEST_OPTION_NAMES)
  const { signal, onInformational } = options
  if (onInformational !== undefined && typeof onInformational !== 'function') {
    throw new TypeError('options.onInformational must be a function')
  }
  return { signal: readSignal(signal), onInformational, times: readRequestTimes(options) }
}

/** An error of a request that failed before its response had come. */
export interface RequestError extends H1Error {
  /** What had come of the response, which its head's end was still missing of. Nothing, if it is empty. */
  readonly received: Buffer
  /**
   * Where `received` begins, in bytes since the connection began, as `offset` counts: the byte at fault is
   * `received[offset - receivedOffset]`. Only if something had come.
   */
  readonly receivedOffset?: number
  /** Where it happened, if a connection had been made. Not enumerable, so that loggers do not print a socket. */
  readonly connection?: ErrorConnection
}

/** What is written of a request, read when it was given. It has one shape, which costs less to read. */
export interface Parts {
  readonly method: string | undefined
  readonly target: string | undefined
  url: string | URL | undefined
  lenient: RequestParts['lenient']
  /** Filled in when it is written, unless the request has one. */
  host: string | undefined
  readonly version: RequestParts['version']
  headers: FieldLines | undefined
  /** Filled in when it was read, of a body that lies elsewhere. */
  body: OutgoingBody | undefined
  trailers: OutgoingTrailers | undefined
}

/** What a client must know of the headers it is given, found by their names alone. */
export interface HeaderFacts {
  readonly hasHost: boolean
  /** Whether they say how the body is framed. */
  readonly hasFraming: boolean
  /** Whether the server is asked before the body is sent. */
  readonly expects: boolean
  /** Whether another protocol is asked for. */
  readonly upgrades: boolean
}

/** Reads a request, each member once, but `idempotent`. @throws TypeError For a member that is not known. */
export function readParts(request: ClientRequest): Parts {
  if (typeof request !== 'object' || request === null) {
    throw new TypeError('A request is an object, such as { method, target, headers, body }')
  }
  refuseOthers(request)
  const { method, target, url, lenient, host, version, headers, body, trailers } = request
  // What is undefined among headers of node:http is refused by whoever writes it.
  const lines = readable(headers as FieldLines | undefined)
  return { method, target, url, lenient, host, version, headers: lines, body, trailers } as Parts
}

/** Has parts keep copies of what their caller could still change. The bytes of a body are not copied. */
export function keepParts(parts: Parts): void {
  const { url, lenient, headers, body, trailers } = parts
  if (headers !== undefined) parts.headers = copyOf(headers)
  if (typeof url === 'object') parts.url = String(url)
  if (lenient !== undefined && Array.isArray(lenient)) parts.lenient = [...lenient]
  if (typeof body === 'object' && body instanceof URLSearchParams) parts.body = new URLSearchParams(body)
  if (typeof trailers === 'object') parts.trailers = copyOf(readable(trailers))
}

/** The value of Host for a request that has none, to this destination; targets in absolute form name it themselves (RFC 9112 section 3.2). */
export function hostFor({ target, method, url }: Parts, { hasHost }: HeaderFacts, host: string | undefined) {
  if (hasHost || url !== undefined || typeof target !== 'string') return undefined
  if (method === 'CONNECT') return target
  return target.startsWith('/') || target === '*' ? host : undefined
}

const NO_HEADERS: HeaderFacts = { hasHost: false, hasFraming: false, expects: false, upgrades: false }

const NAMES: readonly string[] = [
  ...['method', 'target', 'url', 'lenient', 'host', 'version', 'headers', 'body', 'trailers', 'idempotent'],
]

// Names are compared with constants one by one, as engines do that fastest. A message that was received knows more of itself.
function refuseOthers(request: object): void {
  for (const name in request) {
    switch (name) {
      case 'method':
      case 'target':
      case 'headers':
      case 'url':
      case 'body':
      case 'host':
      case 'version':
      case 'trailers':
      case 'lenient':
      case 'idempotent':
        break
      default:
        if (Object.getPrototypeOf(request) === Object.prototype) refuseUnknown(request, '', NAMES, place)
        return
    }
  }
}

function place(name: string): string | undefined {
  return REQUEST_OPTION_NAMES.includes(name) ? 'it belongs in options, behind the request' : undefined
}

/** Headers in a form that can be read more than once. */
function readable(headers: FieldLines | undefined): FieldLines | undefined {
  if (typeof headers !== 'object' || headers === null) return headers
  return Symbol.iterator in headers && !Array.isArray(headers)
    ? Array.from(headers as Iterable<readonly string[]>)
    : headers
}

/** Looks through the names of headers that were read; values are not touched. */
export function factsOf(lines: FieldLines | undefined): HeaderFacts {
  if (lines === undefined) return NO_HEADERS
  const facts = { hasHost: false, hasFraming: false, expects: false, upgrades: false }
  if (Array.isArray(lines)) {
    // What is no pair is refused by whoever writes it.
    for (const pair of lines) if (typeof pair === 'object' && pair !== null) note(facts, pair[0])
  } else if (typeof lines === 'object') {
    for (const name in lines) note(facts, name)
  }
  return facts
}

type Facts = { -readonly [name in keyof HeaderFacts]: HeaderFacts[name] }

function note(facts: Facts, name: unknown): void {
  if (typeof name !== 'string') return
  if (name.length === 4) facts.hasHost ||= name.toLowerCase() === 'host'
  else if (name.length === 6) facts.expects ||= name.toLowerCase() === 'expect'
  else if (name.length === 14) facts.hasFraming ||= name.toLowerCase() === 'content-length'
  else if (name.length === 17) facts.hasFraming ||= name.toLowerCase() === 'transfer-encoding'
  else if (name.length === 7) facts.upgrades ||= name.toLowerCase() === 'upgrade'
}

/** The lines, in containers of our own. */
function copyOf(lines: FieldLines | undefined): FieldLines | undefined {
  if (typeof lines !== 'object' || lines === null) return lines
  if (Array.isArray(lines)) return lines.map((pair) => (Array.isArray(pair) ? pair.map(ownValue) : pair))
  const copy = { ...lines } as Record<string, FieldValues>
  for (const name in copy) {
    const value = copy[name]
    if (typeof value === 'object') copy[name] = ownValue(value) as FieldValues
  }
  return copy
}

function ownValue(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : value
}
