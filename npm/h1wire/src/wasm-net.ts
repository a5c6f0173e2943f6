// The entry `h1wire/wasm/net`: the API of `h1wire/net`, always over WebAssembly.

import { createNet } from './node/net.js'
import { allowedTrailers, Connection, multipart } from './wasm.js'

export * from './net-common.js'

const net = createNet({ Connection, allowedTrailers, multipart })

/** A client over one connection. */
export const connect = net.connect

/** Connections to one place. */
export const pool = net.pool

/** One object for requests to many origins. */
export const agent = net.agent

/** A `net.Server` whose connections a handler answers. */
export const createServer = net.createServer

/** Serves a socket that is there already. */
export const serve = net.serve
