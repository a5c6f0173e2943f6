// Optional members of what callers give take `undefined`, which counts as left out, also where `exactOptionalPropertyTypes`
// tells the two apart. Never run.

import {
  type ConnectionOptions,
  type ConnectionResponse,
  type Edit,
  type FormatOptions,
  formatRequest,
  type InspectOptions,
  type Limits,
  type ParserOptions,
  type RawChunk,
  type RawField,
  type RawParts,
  RequestParser,
  type RequestParts,
  type ResponseParserOptions,
  type ResponseParts,
} from 'h1wire'
import type { ConvertOptions, RequestMessage, ResponseMessage } from 'h1wire/convert'
import type {
  AgentOptions,
  AgentRequest,
  ClientOptions,
  ClientRequest,
  ConnectOptions,
  OutgoingResponse,
  PoolOptions,
  ReadOptions,
  RequestOptions,
  ServeOptions,
  ServerOptions,
  SocketOptions,
} from 'h1wire/net'
import { is, type Same } from './same.js'

/** The optional members of T that do not take `undefined`. */
type Closed<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? (undefined extends Required<T>[K] ? never : K) : never
}[keyof T]

is<Same<Closed<{ a?: number; b?: number | undefined; c: number }>, 'a'>>()

is<Same<Closed<RequestParts>, never>>()
is<Same<Closed<ResponseParts>, never>>()
is<Same<Closed<ConnectionResponse>, never>>()
is<Same<Closed<FormatOptions>, never>>()
is<Same<Closed<RawParts>, never>>()
is<Same<Closed<RawField>, never>>()
is<Same<Closed<RawChunk>, never>>()
is<Same<Closed<Limits>, never>>()
is<Same<Closed<ParserOptions>, never>>()
is<Same<Closed<ResponseParserOptions>, never>>()
is<Same<Closed<ConnectionOptions>, never>>()
is<Same<Closed<InspectOptions>, never>>()
is<Same<Closed<Edit>, never>>()

is<Same<Closed<ConvertOptions>, never>>()
is<Same<Closed<RequestMessage>, never>>()
is<Same<Closed<ResponseMessage>, never>>()

is<Same<Closed<AgentOptions>, never>>()
is<Same<Closed<AgentRequest>, never>>()
is<Same<Closed<ClientOptions>, never>>()
is<Same<Closed<ClientRequest>, never>>()
is<Same<Closed<ConnectOptions>, never>>()
is<Same<Closed<OutgoingResponse>, never>>()
is<Same<Closed<PoolOptions>, never>>()
is<Same<Closed<ReadOptions>, never>>()
is<Same<Closed<RequestOptions>, never>>()
is<Same<Closed<ServeOptions>, never>>()
// What Node.js has declared is not ours.
is<
  Same<Closed<Pick<ServerOptions, Exclude<keyof ServerOptions, keyof import('node:net').ServerOpts>>>, never>
>()
is<Same<Closed<Pick<SocketOptions, 'tls' | 'origin' | 'onread'>>, never>>()

declare const host: string | undefined
formatRequest({ target: '/', host, headers: undefined, body: undefined }, { body: undefined })
new RequestParser({ limits: undefined, lenient: undefined, chunks: undefined })
