// The entry for Node.js: picks a backend, native where it can be had, and binds the API to it.

import { createApi } from './api.js'
import type { Backend } from './backend/backend.js'
import { nativeBackend } from './backend/native.js'
import { nodeWasmBackend } from './backend/node-wasm.js'
import type * as connection from './facade/connection.js'
import type * as events from './facade/events.js'
import type * as inspection from './facade/inspect.js'
import type * as parser from './facade/parser.js'

export * from './common.js'

const live = chooseBackend(process.env.H1WIRE_BACKEND)
const api = createApi<Buffer>(live)

/**
 * Which backend is live. `native` is chosen where the addon of this platform is installed, `wasm` otherwise;
 * the environment variable `H1WIRE_BACKEND` forces one of them.
 */
export const backend: 'native' | 'wasm' = live.name

/** Only browsers need it, where it loads the wasm module. Here everything is ready, and it does nothing. */
export async function init(_input?: unknown): Promise<void> {}

/** Makes parsers of requests: what a server receives. */
export const RequestParser = api.RequestParser
/** Reads requests: what a server receives. */
export type RequestParser = parser.RequestParser<Buffer>

/** Makes parsers of responses: what a client receives. */
export const ResponseParser = api.ResponseParser
/** Reads responses: what a client receives. */
export type ResponseParser = parser.ResponseParser<Buffer>

/** Makes connections: one end of one, octets in and octets out, the socket yours. */
export const Connection = api.Connection
/** One end of a connection. */
export type Connection<Event = events.RequestEvent<Buffer> | events.ResponseEvent<Buffer>> =
  connection.Connection<Buffer, Event>

/**
 * The request that the octets begin with; `rest` of it is what follows.
 *
 * @throws TypeError If `bytes` is no Buffer or Uint8Array, or an option is wrong (RangeError for a limit).
 * @throws H1Error The fault, if there is one before the request is whole; `H1_INCOMPLETE` if more octets could
 * make it whole.
 */
export const parseRequest = api.parseRequest

/**
 * The response that the octets begin with, be it a 1xx; `rest` of it is what follows. If its body lasts
 * until the connection ends, the octets' end is its end. `requestMethod` names the method it answers.
 *
 * @throws As `parseRequest` does.
 */
export const parseResponse = api.parseResponse

/**
 * The octets of a request: `{ method, target | url, version, headers, body, trailers }`.
 *
 * Every part is checked: a name, value, target or method that would read as something else, a code unit above
 * 0xFF, a framing field that contradicts the body are refused. Order and case of the fields are kept. Added,
 * if missing: `Host` from `url`; `Content-Length`, or `Transfer-Encoding: chunked` if there are trailers;
 * `Connection` for `Upgrade` and `TE`, if there is none at all.
 *
 * `{ body: false }` as the second argument writes the head alone, so that a large body need not be copied:
 * `socket.write(head); socket.write(body)`. The body is still counted, or `length` says how long it will be
 * (`'unknown'` if nobody can tell). A body of unknown length, or with trailers, is chunked: write it with
 * `formatChunk` and end it with `formatLastChunk(trailers)`.
 *
 * @throws TypeError If a part is not of a type that can be written; the message names it.
 * @throws RangeError If there is not enough memory.
 * @throws H1Error What was refused; `part` and `index` tell where.
 */
export const formatRequest = api.formatRequest

/**
 * The octets of a response: `{ status, reason, version, headers, body, trailers, requestMethod,
 * requestVersion }`.
 *
 * Checked as `formatRequest` does. 1xx, 204, and a 2xx to CONNECT, get neither body nor framing fields; an
 * answer to HEAD and a 304 get the fields that describe their body, but not its octets.
 *
 * With `{ body: false }`, as in `formatRequest`: to such messages no body may be written. In the answer to a 1.0
 * request a body of unknown length is written as it is, and the connection closed behind it.
 *
 * @throws As `formatRequest` does.
 */
export const formatResponse = api.formatResponse

/**
 * The octets of a chunk with this data. Without data there are none, as an empty chunk would end the body.
 * Values of extensions that are no tokens are quoted.
 *
 * @throws As `formatRequest` does.
 */
export const formatChunk = api.formatChunk

/**
 * The octets that end a chunked body: last chunk, trailer section, empty line. Fields for framing, routing,
 * authentication and the like (RFC 9110 section 6.5.1) are refused as trailers.
 *
 * @throws As `formatRequest` does.
 */
export const formatLastChunk = api.formatLastChunk

/**
 * The octets of a message exactly as told: `{ startLine, fields, eol, end, body, lastChunk, trailers, trailersEnd }`.
 * For people who test servers, clients and proxies.
 *
 * **Nothing is checked and nothing is added**: no length, no Host, no chunked coding. What comes out may be read as
 * two messages, hide a field from one reader and show it to the next, or wait for octets that never come. Let it
 * write nothing that others supplied, and send the result to no system that is not yours to test.
 *
 * Text in the head is latin-1, one octet a character; octets can be given for any part. `body` is written as it is
 * (text as UTF-8), or, as an array, in chunks of any size and shape.
 *
 * @throws TypeError If a part is neither text nor octets; the message names it.
 * @throws H1Error `H1_CODE_UNIT`, the only one, for a character above U+00FF in text that must be octets.
 */
export const formatRaw = api.formatRaw

/**
 * The request-target of a head, taken apart: `{ form, scheme, host, port, path, query }`, each part as it was sent, `undefined`
 * where there is none. Nothing is decoded, nor are dots removed or cases changed. What only a leniency lets in is let in.
 *
 * @throws TypeError If `head` has no method and target.
 * @throws H1Error `H1_TARGET` or `H1_TARGET_FORM` if it is no target (of this method).
 */
export const parseTarget = api.parseTarget

/**
 * The lines of a trailer section that may be sent (RFC 9110 section 6.5.1), as pairs: for one that was received, and is
 * passed on. `version` is that of who gets it: for `'1.0'`, which has no chunks, none are left.
 *
 * @throws TypeError If it is no section; H1Error for a name that is none.
 */
export const allowedTrailers = api.allowedTrailers

/**
 * A form, with its files, as the octets of `multipart/form-data` and their Content-Type: a body for `formatRequest`.
 * Names, line breaks and types are written as browsers do (RFC 7578). The boundary is fresh and occurs in no part;
 * with `type`, a Content-Type, it is the one named there.
 *
 * @throws TypeError If `form` is no FormData (the promise rejects, as for all that follows).
 * @throws H1Error `H1_BOUNDARY` if `type` has no boundary, or one that occurs in a part; `H1_FIELD_VALUE` for a
 * control character in a name other than a line break.
 */
export const multipart = api.multipart

/**
 * Any octets, broken or not, as a tree that holds each of them once: `{ messages, nodes, findings }`.
 *
 * Nothing in the octets makes it throw: what a parser refuses is a finding, with what is wrong, the rule, what to do, and
 * how readers differ; then the octets are read on as far as sense allows. docs/inspector.md says how far.
 *
 * Cost: linear, but far above a parser's; a node for each part of a head and of each chunk.
 *
 * @throws TypeError If `bytes` is no Buffer or Uint8Array, or an option is wrong (RangeError for a limit).
 */
export const inspect = api.inspect

/** Makes inspectors. */
export const Inspector = api.Inspector
/** Takes a stream of octets apart, in constant memory. */
export type Inspector = inspection.Inspector

/**
 * Where readers of several kinds see messages begin and end in the same octets, and where they refuse them. The kinds
 * are modelled on our leniencies and choices, and were not checked against programs. Give `kind` where octets are of
 * requests and of responses; without it, their beginning decides for all of them.
 *
 * @throws TypeError As `inspect` does.
 */
export const readings = api.readings

/**
 * Octets with a few places changed, every other octet left as it was; without edits a copy. A change is `{ part, value }`
 * of the start-line, `{ field, value }`, `{ add, value }` or `{ body }`; they are made one after the other.
 *
 * **Nothing in a change is checked, and nothing follows from it**: a Content-Length stays as it is. `inspect` the outcome.
 *
 * @throws TypeError If `bytes` or an edit is of no type that can be read.
 * @throws RangeError If there is no such message or part of a start-line.
 * @throws H1Error `H1_CODE_UNIT` for a character above U+00FF in text that must be octets.
 */
export const rewrite = api.rewrite

/** What a parser of requests reports. */
export type RequestEvent = events.RequestEvent<Buffer>
/** What a parser of responses reports. */
export type ResponseEvent = events.ResponseEvent<Buffer>
/** What a parser reports. */
export type Event = RequestEvent | ResponseEvent
/** A whole request, from a parser with `messages: true`. */
export type RequestMessage = events.RequestMessage<Buffer>
/** A whole response, from a parser with `messages: true`. */
export type ResponseMessage = events.ResponseMessage<Buffer>
/** What a parser of requests with `messages: true` reports. */
export type RequestMessageEvent = events.RequestMessageEvent<Buffer>
/** What a parser of responses with `messages: true` reports. */
export type ResponseMessageEvent = events.ResponseMessageEvent<Buffer>
/** Octets of a body. */
export type BodyEvent = events.BodyEvent<Buffer>
/** HTTP ends here. */
export type UpgradeEvent = events.UpgradeEvent<Buffer>
/** A whole request. */
export type Request = events.Request<Buffer>
/** A whole response. */
export type Response = events.Response<Buffer>

function chooseBackend(forced: string | undefined): Backend {
  switch (forced) {
    case 'native':
      return nativeBackend()
    case 'wasm':
      return nodeWasmBackend()
    case undefined:
    case '':
      try {
        return nativeBackend()
      } catch {
        return nodeWasmBackend()
      }
    default:
      throw new Error(`The environment variable H1WIRE_BACKEND must be 'native' or 'wasm', not '${forced}'`)
  }
}
