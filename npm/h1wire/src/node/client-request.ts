// Requests as a client's caller gives them, and the parts that are written of them.

import type { FieldLines, H1Error, RequestParts } from '../index.js'
import type { InformationalResponse } from './incoming-response.js'
import type { OutgoingBody, OutgoingTrailers } from './outgoing.js'

/** A request for a client to send. */
export interface ClientRequest extends Omit<RequestParts, 'body' | 'trailers'> {
  /**
   * The body: whatever `formatRequest` takes, a `Blob`, a `FormData` with files, a Node.js stream, a web stream, or
   * anything that iterates over data. One that comes in pieces is chunked, unless there is a Content-Length.
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
export type Parts = Omit<ClientRequest, 'idempotent'>

/** What a client must know of the headers it is given, found by their names alone. */
export interface Headers {
  /** In a form that can be read again. */
  readonly lines: FieldLines | undefined
  readonly hasHost: boolean
  /** Whether the server is asked before the body is sent. */
  readonly expects: boolean
  /** Whether another protocol is asked for. */
  readonly upgrades: boolean
}

/** Looks through the names; values are not touched. What can be iterated over only once is copied. */
export function lookAt(headers: FieldLines | undefined): Headers {
  if (typeof headers !== 'object' || headers === null) return NO_HEADERS
  const found = { lines: headers, hasHost: false, expects: false, upgrades: false }
  if (!(Symbol.iterator in headers)) {
    for (const name in headers) note(found, name)
    return found
  }
  const pairs = Array.isArray(headers) ? headers : Array.from(headers)
  found.lines = pairs
  for (const pair of pairs) {
    // What is no pair is refused by whoever writes it.
    if (typeof pair === 'object' && pair !== null) note(found, pair[0])
  }
  return found
}

/** The parts to be written, with this Host if the request has none. They have one shape, which costs less to read. */
export function partsOf(request: ClientRequest, headers: Headers, host: string | undefined): Parts {
  const { method, target, url, lenient, version, body, trailers, host: given } = request
  const own = given ?? (headers.hasHost || url !== undefined ? undefined : hostFor(target, method, host))
  return { method, target, url, lenient, host: own, version, headers: headers.lines, body, trailers } as Parts
}

const NO_HEADERS: Headers = { lines: undefined, hasHost: false, expects: false, upgrades: false }

type Found = { -readonly [name in keyof Headers]: Headers[name] }

function note(found: Found, name: unknown): void {
  if (typeof name !== 'string') return
  if (name.length === 4) found.hasHost ||= name.toLowerCase() === 'host'
  else if (name.length === 6) found.expects ||= name.toLowerCase() === 'expect'
  else if (name.length === 7) found.upgrades ||= name.toLowerCase() === 'upgrade'
}

/** Targets in absolute form name their host themselves (RFC 9112 section 3.2). */
function hostFor(target: unknown, method: unknown, host: string | undefined): string | undefined {
  if (typeof target !== 'string') return undefined
  if (method === 'CONNECT') return target
  return target.startsWith('/') || target === '*' ? host : undefined
}
