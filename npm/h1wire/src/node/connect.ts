// connect(): a client, over a socket of the caller's or one that is made for it.

import type { Duplex } from 'node:stream'
import { Client, type Owner } from './client.js'
import { CLIENT_NAMES, type ClientOptions, type ClientSettings, readClientOptions } from './client-options.js'
import {
  type Addressee,
  type CreateConnection,
  type Destination,
  isSocket,
  originOf,
  type Place,
  placeOf,
} from './destination.js'
import { clientConnect } from './diagnostics.js'
import type { Library } from './library.js'
import { canRead, openSocket } from './open.js'
import { endBy } from './signals.js'

/** Options of `connect`. */
export interface ConnectOptions extends ClientOptions {
  /** With a socket of yours: whose `Host` requests get that have none of their own, such as `'http://example.com'`. */
  origin?: string | URL | undefined
  /** Makes the socket in place of `net.createConnection` or `tls.connect`. */
  createConnection?: CreateConnection | undefined
}

/** The public function of this name, over this library: `net.ts` says what it does. */
export function connect(library: Library, destination: Destination, options: ConnectOptions = {}): Client {
  if (isSocket(destination)) return connectOver(library, destination, options)
  if (options?.origin !== undefined)
    throw new TypeError('options.origin goes with a socket: give it as the destination')
  const place = placeOf(destination, CONNECT_NAMES)
  const settings = readClientOptions(library, options, ['createConnection'])
  return ended(connectTo(place, settings, readMaker(options), place.options.onread === true), settings)
}

function connectOver(library: Library, socket: Duplex, options: ConnectOptions): Client {
  if (options?.createConnection !== undefined)
    throw new TypeError('options.createConnection makes a socket, and the destination is one: leave it out')
  const settings = readClientOptions(library, options, ['origin'])
  const client = new Client(addresseeOf(options.origin), settings)
  client.attach(socket)
  return ended(client, settings)
}

function ended(client: Client, { signal }: ClientSettings): Client {
  endBy(signal, client.whenGone, (reason) => client.destroy(reason))
  return client
}

function addresseeOf(origin: string | URL | undefined): Addressee {
  if (origin === undefined) return { host: undefined, origin, isSecure: undefined, sessions: undefined }
  const { host, text, isSecure } = originOf(origin)
  return { host, origin: text, isSecure, sessions: undefined }
}

/** What makes sockets by these options. */
export function readMaker({ createConnection }: ConnectOptions): CreateConnection | undefined {
  if (createConnection !== undefined && typeof createConnection !== 'function')
    throw new TypeError('options.createConnection must be a function')
  return createConnection
}

/** A client at a place that options lead to, whose socket is read with `onread` if it can be and `onread` says so. */
export function connectTo(
  place: Place,
  settings: ClientSettings,
  createConnection: CreateConnection | undefined,
  onread: boolean,
  owner?: Owner,
): Client {
  const usesOnread = onread && createConnection === undefined && canRead(place.options)
  const client = new Client(place, settings, owner, usesOnread)
  if (clientConnect.hasSubscribers) clientConnect.publish({ options: place.options })
  const onData = usesOnread ? client.receive : undefined
  attachMade(client, createConnection ?? ((given) => openSocket(given, place.sessions, onData)), place)
  return client
}

/** What it returns counts, and what it calls back with, and throws; whichever comes first. */
function attachMade(client: Client, createConnection: CreateConnection, { options }: Place): void {
  let isOver = false
  const attach = (error: unknown, socket?: unknown): void => {
    if (isOver) return
    isOver = true
    if (isSocket(socket)) client.attach(socket)
    else client.attach(undefined, error ?? new TypeError('createConnection gave no socket'))
  }
  try {
    const made: unknown = createConnection(options, attach)
    if (isSocket(made)) attach(null, made)
    else if (made !== undefined && made !== null) attach(new TypeError(NO_SOCKET))
  } catch (error) {
    attach(error)
  }
}

const CONNECT_NAMES: readonly string[] = [...CLIENT_NAMES, 'createConnection']

const NO_SOCKET =
  'createConnection must return a socket, or return nothing and call back with one; it returned something else'
