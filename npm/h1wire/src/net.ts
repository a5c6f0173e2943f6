// The entry `h1wire/net`: HTTP over sockets that JavaScript holds. Node.js only.

import { allowedTrailers, Connection, multipart } from './index.js'
import { createNet } from './node/net.js'

export * from './net-common.js'

const net = createNet({ Connection, allowedTrailers, multipart })

/**
 * A client over one connection: over a socket that you made, connected or still connecting (a `net.Socket`, a
 * `tls.TLSSocket`, any `Duplex`), or to where an origin (`'https://example.com'`) or options of `net.createConnection`
 * lead.
 *
 * @throws TypeError If `destination` or an option is wrong, or not known; RangeError for a number.
 */
export const connect = net.connect

/**
 * Connections to one place: an origin (`'https://example.com'`), or options of `net.createConnection` (with `origin` in
 * them, or `tls`, as they are for `connect`). Connections are made when they are needed, and closed when they were idle
 * for `idleTimeout` (4 seconds), or a second before the server would close them, where it says when (`Keep-Alive:
 * timeout=…`).
 *
 * @throws TypeError If `destination` or an option is wrong; RangeError for a number.
 */
export const pool = net.pool

/**
 * One object for requests to many origins: `agent().request({ url: 'https://example.com/' })`. It makes a pool for each origin,
 * and drops it when its connections are closed, being idle. It follows no redirects and keeps no cookies.
 *
 * @throws TypeError If an option is wrong, or not known; RangeError for a number.
 */
export const agent = net.agent

/**
 * A server: a `net.Server`, with all its methods and events, whose connections `handler` answers.
 *
 * Of the options, those of `net.createServer` are passed on; `allowHalfOpen` is true unless given, for a client that
 * ends its side behind its request must still get its answer, and so is `noDelay`.
 *
 * @throws TypeError or RangeError that names the option that is wrong.
 */
export const createServer = net.createServer

/**
 * Serves a socket that is there already: a `net.Socket`, also one of a Unix socket, a `tls.TLSSocket`, any Duplex. A
 * net.Socket should have been made with `allowHalfOpen: true` and `noDelay: true`.
 *
 * @throws TypeError or RangeError that names the option that is wrong.
 */
export const serve = net.serve
