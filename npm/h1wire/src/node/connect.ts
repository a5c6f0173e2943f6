// connect(): a client, over a socket of the caller's or one that is made for it.

import type { Duplex } from 'node:stream'
import { Client, type Owner } from './client.js'
import type { ClientOptions } from './client-options.js'
import { clientConnect } from './diagnostics.js'
import {
  type CreateConnection,
  canRead,
  type Destination,
  isSocket,
  openSocket,
  originOf,
  type Place,
  placeOf,
  type SocketOptions,
} from './open.js'

/** Options of `connect`. */
export interface ConnectOptions extends ClientOptions {
  /** With a socket of yours: whose `Host` requests get that have none of their own, such as `'http://example.com'`. */
  origin?: string | URL | undefined
  /** Makes the socket in place of `net.createConnection` or `tls.connect`. */
  createConnection?: CreateConnection | undefined
}

/**
 * A client over one connection: over a socket that you made, connected or still connecting (a `net.Socket`, a
 * `tls.TLSSocket`, any `Duplex`), or to where an origin (`'https://example.com'`) or options of `net.createConnection`
 * lead.
 *
 * @throws TypeError If `destination` or an option is wrong; RangeError for a number.
 */
export function connect(destination: Destination, options: ConnectOptions = {}): Client {
  const { origin, createConnection, ...rest } = options
  if (!isSocket(destination)) {
    if (origin !== undefined)
      throw new TypeError('options.origin goes with a socket: give it as the destination')
    const place = placeOf(destination)
    return connectTo(place, rest, createConnection, place.options.onread === true)
  }
  const client = new Client(origin === undefined ? undefined : originOf(origin).host, rest)
  client.attach(destination)
  return client
}

/** A client at a place that options lead to, whose socket is read with `onread` if it can be and `onread` says so. */
export function connectTo(
  place: Place,
  options: ClientOptions,
  createConnection: CreateConnection | undefined,
  onread: boolean,
  owner?: Owner,
): Client {
  const reads = onread && createConnection === undefined && canRead(place.options)
  const client = new Client(place.host, options, owner, reads)
  if (clientConnect.hasSubscribers) clientConnect.publish({ options: place.options })
  const open = reads ? (given: SocketOptions) => openSocket(given, client.receive) : openSocket
  attachMade(client, createConnection ?? ((given) => open(given)), place)
  return client
}

/** What it returns counts, and what it calls back with, and throws; whichever comes first. */
function attachMade(client: Client, createConnection: CreateConnection, { options }: Place): void {
  let isOver = false
  const attach = (error: unknown, socket: Duplex | null | undefined): void => {
    if (isOver) return
    isOver = true
    client.attach(socket ?? undefined, error)
  }
  try {
    const socket = createConnection(options, attach)
    if (socket) attach(null, socket)
  } catch (error) {
    attach(error, undefined)
  }
}
