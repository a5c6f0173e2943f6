// The entry for browsers, and for every runtime that is not Node.js: the API after `await init()`.

import { createApi } from './api.js'
import { wasmBackend } from './backend/wasm.js'
import type * as connection from './facade/connection.js'
import type * as events from './facade/events.js'
import type * as inspection from './facade/inspect.js'
import type * as parser from './facade/parser.js'

export * from './common.js'

let module: WebAssembly.Module | undefined

const api = createApi<Uint8Array>(
  wasmBackend(() => {
    if (module === undefined) throw new Error('h1wire is not ready: call `await init()` first')
    return module
  }),
)

/** Which backend is live. */
export const backend: 'native' | 'wasm' = 'wasm'

/**
 * Loads the wasm module, once: from `input`, or from `h1wire.wasm` beside the folder of this file. Nothing
 * that parses or builds messages can be called before. A call that fails may be repeated.
 */
export async function init(
  input?: URL | globalThis.Response | BufferSource | WebAssembly.Module,
): Promise<void> {
  module ??= await compile(input ?? new URL('../h1wire.wasm', import.meta.url))
}

/** Makes parsers of requests: what a server receives. */
export const RequestParser = api.RequestParser
/** Reads requests: what a server receives. */
export type RequestParser = parser.RequestParser
/** Makes parsers of responses: what a client receives. */
export const ResponseParser = api.ResponseParser
/** Reads responses: what a client receives. */
export type ResponseParser = parser.ResponseParser
/** Makes connections: one end of one, octets in and octets out, the socket yours. */
export const Connection = api.Connection
/** One end of a connection. */
export type Connection<Event = events.RequestEvent | events.ResponseEvent> = connection.Connection<
  Uint8Array,
  Event
>
/** The request that the octets begin with; `rest` of it is what follows. */
export const parseRequest = api.parseRequest
/** The response that the octets begin with, be it a 1xx; `rest` of it is what follows. */
export const parseResponse = api.parseResponse
/** The octets of a request; what must not go onto the wire is refused. */
export const formatRequest = api.formatRequest
/** The octets of a response; what must not go onto the wire is refused. */
export const formatResponse = api.formatResponse
/** The octets of a chunk with this data. */
export const formatChunk = api.formatChunk
/** The octets that end a chunked body: last chunk, trailer section, empty line. */
export const formatLastChunk = api.formatLastChunk
/** The octets of a message exactly as told, right or wrong: for testing readers, and for nothing else. */
export const formatRaw = api.formatRaw
/** The request-target of a head, taken apart: each part as it was sent. */
export const parseTarget = api.parseTarget
/** The lines of a trailer section that may be sent. */
export const allowedTrailers = api.allowedTrailers
/** A form, with its files, as the octets of `multipart/form-data` and their Content-Type. */
export const multipart = api.multipart
/** Any octets, broken or not, as a tree that holds each of them once, with all there is to find in them. */
export const inspect = api.inspect
/** Makes inspectors. */
export const Inspector = api.Inspector
/** Takes a stream of octets apart, in constant memory. */
export type Inspector = inspection.Inspector
/** Where readers of several kinds see messages begin and end in the same octets. */
export const readings = api.readings
/** Octets with a few places changed, every other octet left as it was. Nothing in a change is checked. */
export const rewrite = api.rewrite

/** What a parser of requests reports. */
export type RequestEvent = events.RequestEvent
/** What a parser of responses reports. */
export type ResponseEvent = events.ResponseEvent
/** What a parser reports. */
export type Event = RequestEvent | ResponseEvent
/** A whole request, from a parser with `messages: true`. */
export type RequestMessage = events.RequestMessage
/** A whole response, from a parser with `messages: true`. */
export type ResponseMessage = events.ResponseMessage
/** What a parser of requests with `messages: true` reports. */
export type RequestMessageEvent = events.RequestMessageEvent
/** What a parser of responses with `messages: true` reports. */
export type ResponseMessageEvent = events.ResponseMessageEvent
/** Octets of a body. */
export type BodyEvent = events.BodyEvent
/** HTTP ends here. */
export type UpgradeEvent = events.UpgradeEvent
/** A whole request. */
export type Request = events.Request
/** A whole response. */
export type Response = events.Response

async function compile(
  input: URL | globalThis.Response | BufferSource | WebAssembly.Module,
): Promise<WebAssembly.Module> {
  if (input instanceof WebAssembly.Module) return input
  if (input instanceof URL) return compile(await fetch(input))
  if (!(input instanceof globalThis.Response)) return WebAssembly.compile(input)
  if (!input.ok) throw new Error(`h1wire.wasm could not be loaded: ${input.status} ${input.statusText}`)
  // Whatever media type the server names, the octets are the module.
  return WebAssembly.compile(await input.arrayBuffer())
}
