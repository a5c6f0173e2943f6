// What `h1wire/net` exports alike over each backend.

export {
  type FetchedRequest,
  type FetchedResponse,
  fromFetchRequest,
  fromFetchResponse,
  type ReceivedBody,
  type ReceivedRequest,
  type ReceivedResponse,
  toFetchRequest,
  toFetchResponse,
} from './interop/fetch.js'
export { parserTransform } from './interop/node-streams.js'
export { type EventSource, parserStream } from './interop/web-streams.js'
export { Agent, type AgentOptions, type AgentRequest } from './node/agent.js'
export type { BodyPieces } from './node/body-source.js'
export { Client } from './node/client.js'
export type { ClientOptions } from './node/client-options.js'
export type { ClientRequest, RequestError, RequestOptions } from './node/client-request.js'
export type { ConnectOptions } from './node/connect.js'
export type { CreateConnection, Destination, SocketOptions } from './node/destination.js'
export type { ConnectionError, ConnectionSide, ErrorConnection } from './node/errors.js'
export { IncomingBody, type ReadOptions } from './node/incoming-body.js'
export type { IncomingMessage } from './node/incoming-message.js'
export { IncomingRequest, type RequestSocket } from './node/incoming-request.js'
export { IncomingResponse, type InformationalResponse } from './node/incoming-response.js'
export type { OutgoingBody, OutgoingTrailers } from './node/outgoing.js'
export { Pool, type PoolOptions } from './node/pool.js'
export { type Served, Server, type ServerOptions } from './node/server.js'
export type { Handler, OutgoingResponse, ServeOptions, TakeOver } from './node/server-options.js'
