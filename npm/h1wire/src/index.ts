// The entry for Node.js: picks a backend, native where it can be had, and binds the API to it.

import { createApi } from './api.js'
import type { Backend } from './backend/backend.js'
import { nativeBackend } from './backend/native.js'
import { nodeWasmBackend } from './backend/node-wasm.js'
import type * as events from './facade/events.js'
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
 * @throws TypeError If a part is not of a type that can be written; the message names it.
 * @throws RangeError If there are more than 4000 field and trailer lines.
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
 * @throws As `formatRequest` does.
 */
export const formatResponse = api.formatResponse

/**
 * The octets of a chunk with this data. Without data there are none, as an empty chunk would end the body.
 * Values of extensions that are no tokens are quoted; there may be 4000.
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

/** What a parser of requests reports. */
export type RequestEvent = events.RequestEvent<Buffer>
/** What a parser of responses reports. */
export type ResponseEvent = events.ResponseEvent<Buffer>
/** What a parser reports. */
export type Event = RequestEvent | ResponseEvent
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
