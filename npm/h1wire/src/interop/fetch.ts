// Messages as the Request and Response of Fetch (WHATWG), and those as messages.
//
// Fetch knows less of a message than is on the wire: each function says what is lost.

import type { FieldSection } from '../facade/fields.js'

/** A request that was received: parsed as a whole, or by a server. */
export interface ReceivedRequest {
  readonly method: string
  readonly target: string
  readonly headers: FieldSection
  readonly body: ReceivedBody
  /** Aborted when nobody waits for an answer any more. */
  readonly signal?: AbortSignal | undefined
}

/** A response that was received: parsed as a whole, or by a client. */
export interface ReceivedResponse {
  readonly status: number
  readonly reason: string
  readonly headers: FieldSection
  readonly body: ReceivedBody
}

/** Octets, or what gives a web stream of them. */
export type ReceivedBody = Uint8Array | { readonly stream: ReadableStream<Uint8Array> }

/** The parts of a request, for `Client.request`. */
export interface FetchedRequest {
  method: string
  url: string
  headers: Headers
  body: ReadableStream<Uint8Array> | null
}

/** The parts of a response, for a handler of `createServer`. */
export interface FetchedResponse {
  status: number
  reason: string
  headers: Headers
  body: ReadableStream<Uint8Array> | null
}

// Fetch, "null body status"; 101 cannot be made at all.
const WITHOUT_BODY: readonly number[] = [204, 205, 304]

/**
 * A received request as a `Request` of Fetch. Its URL is made of the target and, unless that is absolute, of `origin`
 * (by default `http:` and the `Host`). Its signal is aborted with that of the request, and its body can be read into
 * memory of yours (`getReader({ mode: 'byob' })`).
 *
 * Lost: case and order of the fields, the version, trailers, a body with GET or HEAD, the difference of `*` and `/*`; the
 * case of a method that Fetch knows, such as `get`.
 *
 * @throws TypeError For what Fetch cannot say: CONNECT and TRACE, a request without `origin` and `Host`, field values that
 * a leniency has let through.
 */
export function toFetchRequest(request: ReceivedRequest, origin?: string | URL): Request {
  const { method, target, headers, body, signal } = request
  const host = headers.get('Host')
  const base = origin ?? (host ? `http://${host}` : undefined)
  // Fetch takes `get` for GET, as it does with the methods it knows.
  const hasBody = !/^(?:get|head)$/i.test(method)
  // A path that begins with two slashes is no authority: it is put behind the origin, not resolved against it.
  const url =
    target.startsWith('/') && base !== undefined ? new URL(base).origin + target : new URL(target, base)
  const init = { method, headers: headers.toHeaders(), body: hasBody ? bodyOf(body) : null, duplex: 'half' }
  return new Request(url, signal === undefined ? init : { ...init, signal })
}

/**
 * A received response as a `Response` of Fetch.
 *
 * Lost: case and order of the fields, the version, trailers, 1xx responses before it, and the URL.
 *
 * @throws RangeError For a status outside of 200 to 599, such as 101; TypeError for field values that a leniency has let
 * through.
 */
export function toFetchResponse({ status, reason, headers, body }: ReceivedResponse): Response {
  const content = WITHOUT_BODY.includes(status) ? null : bodyOf(body)
  return new Response(content, { status, statusText: reason, headers: headers.toHeaders() })
}

/**
 * A `Request` of Fetch as parts of a request to be sent. Its body goes in pieces, chunked unless it has a Content-Length;
 * it is used up by that.
 *
 * Lost: fragment and userinfo of the URL; mode, credentials, cache, redirect, referrer, integrity and keepalive, which
 * are a browser's matters; the signal, which goes beside: `client.request(fromFetchRequest(one), { signal: one.signal })`.
 */
export function fromFetchRequest({ method, url, headers, body }: Request): FetchedRequest {
  return { method, url, headers, body }
}

/**
 * A `Response` of Fetch as parts of a response to be sent; its body is used up by that. Of one that `fetch()` returned, whose
 * body is decoded, Content-Encoding and the Content-Length of the coded body are left out, and so is what was about that
 * connection alone (RFC 9110 section 7.6.1).
 *
 * Lost: its type, URL and whether it was redirected.
 *
 * @throws TypeError For an error response, or one whose status Fetch hides.
 */
export function fromFetchResponse({ status, statusText, headers, body, type }: Response): FetchedResponse {
  if (status === 0) throw new TypeError(`A response of the type '${type}' has no status that could be sent`)
  // A response of one's own making is of the type 'default'.
  const kept = type === 'default' ? headers : relayed(headers, body !== null)
  return { status, reason: statusText, headers: kept, body }
}

/** Fields about one connection. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Codings that `fetch()` undoes; it leaves a body alone if there is another among them. */
const DECODED: readonly string[] = ['gzip', 'x-gzip', 'deflate', 'br']

/** The fields of a response of `fetch()` that are true of the body it gives. */
function relayed(received: Headers, hasBody: boolean): Headers {
  const headers = new Headers(received)
  const named = listOf(headers.get('connection'))
  for (const name of [...HOP_BY_HOP, ...named]) if (TOKEN.test(name)) headers.delete(name)
  const codings = listOf(headers.get('content-encoding'))
  if (hasBody && codings.length !== 0 && codings.every((coding) => DECODED.includes(coding))) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  return headers
}

function listOf(value: string | null): string[] {
  if (value === null) return []
  return value.split(',').flatMap((element) => element.trim().toLowerCase() || [])
}

const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/

function bodyOf(body: ReceivedBody): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : bytesOf(body.stream)
}

/** The same bytes as a stream that reads into its reader's memory, if that gives any, as those of Fetch do. */
function bytesOf(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      let next = await reader.read()
      while (!next.done && next.value.length === 0) next = await reader.read()
      if (next.done) {
        controller.close()
        controller.byobRequest?.respond(0)
        return
      }
      // Such a stream takes the memory of a chunk away, which may hold other chunks as well.
      controller.enqueue(new Uint8Array(next.value))
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
