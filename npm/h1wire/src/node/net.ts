// createNet(): clients and servers over a backend. What they are, `h1wire/net` describes.

import type { Duplex } from 'node:stream'
import { type Agent, type AgentOptions, agent } from './agent.js'
import type { Client } from './client.js'
import { type ConnectOptions, connect } from './connect.js'
import type { Destination, SocketOptions } from './destination.js'
import type { Library } from './library.js'
import { type Pool, type PoolOptions, pool } from './pool.js'
import { createServer, type Served, type Server, type ServerOptions, serve } from './server.js'
import type { Handler, ServeOptions } from './server-options.js'

/** What is public of the socket layer and needs a backend. */
export interface Net {
  connect(destination: Destination, options?: ConnectOptions): Client
  pool(destination: string | URL | SocketOptions, options?: PoolOptions): Pool
  agent(options?: AgentOptions): Agent
  createServer(options: ServerOptions, handler: Handler): Server
  createServer(handler: Handler): Server
  serve(socket: Duplex, handler: Handler, options?: ServeOptions): Served
}

/** Clients and servers whose connections are those of this library. */
export function createNet(library: Library): Net {
  return {
    connect: (destination, options) => connect(library, destination, options),
    pool: (destination, options) => pool(library, destination, options),
    agent: (options) => agent(library, options),
    createServer: (options: ServerOptions | Handler, handler?: Handler) =>
      createServer(library, options, handler),
    serve: (socket, handler, options) => serve(library, socket, handler, options),
  }
}
