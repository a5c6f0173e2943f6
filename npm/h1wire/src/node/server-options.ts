// Options of servers: read and checked once, with their defaults.

import type { Duplex } from 'node:stream'
import { placeAmong } from '../facade/options.js'
import { refuseUnknown } from '../facade/unknown.js'
import { Clock } from './clock.js'
import type { IncomingRequest } from './incoming-request.js'
import type { ConnectionOptions, ConnectionResponse, Library } from './library.js'
import type { OutgoingBody, OutgoingTrailers } from './outgoing.js'
import type { PendingHeads } from './pending-heads.js'

/** A response to be sent: what `formatResponse` takes, and bodies that come in pieces. */
export interface OutgoingResponse extends Omit<ConnectionResponse, 'body' | 'trailers'> {
  /**
   * The body: all that `formatResponse` takes; a `FormData` with files or a `Blob`; or, in pieces that are asked for at
   * the pace at which the client reads, a Node.js stream, a web stream, an async or a sync iterable. Without a
   * Content-Length of yours, pieces are sent chunked.
   */
  body?: OutgoingBody | undefined
  /** Trailer fields, which make the body chunked; behind pieces also a function, called when they have been sent. */
  trailers?: OutgoingTrailers | undefined
  /**
   * Only with a 101 to a request that asks for another protocol, and with a 2xx to CONNECT: takes over the socket behind
   * this response, as `TakeOver` does. If the request has a body, the response waits until that has been read; one that
   * nobody has begun to read is dropped, 65,536 bytes at most. Not called if the switch does not come about: the
   * request's signal is aborted then, or the error told to `onError`.
   */
  takeOver?: ((socket: Duplex, rest: Buffer) => unknown) | undefined
}

/** Answers a request. What it throws, or rejects with, is answered with 500, and told to `onError`. */
export type Handler = (request: IncomingRequest) => OutgoingResponse | PromiseLike<OutgoingResponse>

/**
 * Takes over a socket: `rest` is what has come behind the request already. The socket has no listener of ours left; it
 * is for you to answer on it, to listen for `'error'`, and to close it.
 *
 * To decline, return `false`, or a promise of it, before you touch the socket: the handler then answers the request, and
 * HTTP goes on. If it throws or rejects, the socket is destroyed and `onError` told.
 */
export type TakeOver = (request: IncomingRequest, socket: Duplex, rest: Buffer) => unknown

/** Options of `serve`. Times are milliseconds; 0 or `Infinity` means no limit. */
export interface ServeOptions extends Omit<ConnectionOptions, 'role'> {
  /** For a head to be whole, from its first octet, or from the connection's beginning. Default 60,000; answer 408. */
  headersTimeout?: number | undefined
  /** For a request to be whole. Time in which its body is not read does not count. Default 300,000; answer 408. */
  requestTimeout?: number | undefined
  /**
   * For the next request to begin. Default 5,000. If it is given, responses say so, in whole seconds: `Keep-Alive:
   * timeout=…`.
   */
  keepAliveTimeout?: number | undefined
  /**
   * Octets a second that a body has to come at, on average over five seconds, while it is being read. Default 240; 0
   * for no limit; answer 408.
   */
  minBodyRate?: number | undefined
  /**
   * For the rest of a body that nobody wants, once its answer is written: in that time, and within 65,536 bytes, it is read
   * and dropped; otherwise the connection is closed. Default 500.
   */
  drainTimeout?: number | undefined
  /** For a client to take anything of what was written to it; what it sends meanwhile does not count. Default 60,000. */
  sendTimeout?: number | undefined
  /**
   * How many requests of a client that does not wait for responses (RFC 9112 section 9.3.2) the handler is called for at a
   * time. Responses are sent in order all the same. Default 1.
   */
  pipelining?: number | undefined
  /** Requests on one connection; the last is answered with `Connection: close`. Default `Infinity`. */
  maxRequestsPerSocket?: number | undefined
  /**
   * What becomes of requests under way when the client ends its side, which may mean that it waits for the answers and
   * sends nothing more, or that it has left: `'answer'` answers them; `'abort'` takes it for gone, aborts their signals and
   * closes the connection. Default `'answer'`.
   */
  onHalfClose?: 'answer' | 'abort' | undefined
  /**
   * Takes over the socket of a request that asks for another protocol (RFC 9110 section 7.8) and has no body; nothing
   * has been answered. Without it such a request is answered as any other.
   */
  onUpgrade?: TakeOver | undefined
  /** Takes over the socket of a CONNECT request (RFC 9110 section 9.3.6). Without it the answer is 501. */
  onConnect?: TakeOver | undefined
  /**
   * Told what went wrong: what a handler threw, what a source of pieces failed with, and, as `H1Error`s with `side:
   * 'remote'`, what a client did. Without it, what is not the client's fault is written to stderr.
   */
  onError?: ((error: unknown, request: IncomingRequest | undefined) => void) | undefined
}

/** Options of `serve` with their defaults. */
export interface ServeSettings {
  readonly library: Library
  readonly connection: ConnectionOptions & { role: 'server' }
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAliveTimeout: number
  /** How long responses say that the connection is kept; 0 where they do not. */
  readonly keepAliveSeconds: number
  readonly sendTimeout: number
  readonly drainTimeout: number
  readonly minBodyRate: number
  readonly pipelining: number
  readonly maxRequestsPerSocket: number
  readonly onHalfClose: 'answer' | 'abort'
  readonly onUpgrade: TakeOver | undefined
  readonly onConnect: TakeOver | undefined
  readonly onError: ServeOptions['onError']
  readonly clock: Clock
  /** What all connections of a server count in; none where there is no such limit. */
  readonly heads: PendingHeads | undefined
}

/** The names of these options. */
const SERVE_NAMES: readonly string[] = [
  ...[
    'headersTimeout',
    'requestTimeout',
    'keepAliveTimeout',
    'sendTimeout',
    'drainTimeout',
    'minBodyRate',
    'pipelining',
  ],
  ...[
    'maxRequestsPerSocket',
    'onHalfClose',
    'onUpgrade',
    'onConnect',
    'onError',
    'limits',
    'lenient',
    'maxHeldBack',
  ],
]

/** The names of those that only `createServer` has: its own, and those of `net.createServer` and `EventEmitter`. */
const SERVER_NAMES: readonly string[] = [
  ...['maxConnections', 'maxPendingHeads', 'timeout'],
  ...[
    'allowHalfOpen',
    'blockList',
    'captureRejections',
    'highWaterMark',
    'keepAlive',
    'keepAliveInitialDelay',
  ],
  ...['noDelay', 'pauseOnConnect'],
]

// A tick is a fraction of the shortest time that is measured, within reason.
const TICKS = 8
const SHORTEST_TICK = 20
const LONGEST_TICK = 500

// Requests that came in one read are read out of it together, so many at a time.
const READ_AHEAD = 32
const MOST_PIPELINING = 1024

/**
 * Reads the options, and copies them, so that they stay as they were when they were given.
 *
 * @throws TypeError or RangeError that names the option that is wrong, or not known.
 */
export function readServeOptions(
  library: Library,
  options: ServeOptions = {},
  ofServer = false,
): ServeSettings {
  const names = ofServer ? [...SERVE_NAMES, ...SERVER_NAMES] : SERVE_NAMES
  const places = placeAmong(names)
  refuseUnknown(options, 'options', names, (name) => {
    return places(name) ?? (SERVER_NAMES.includes(name) ? 'it is an option of createServer()' : undefined)
  })
  const { limits, lenient, maxHeldBack, pipelining = 1, onHalfClose = 'answer' } = options
  const { onUpgrade, onConnect, onError } = options
  if (onHalfClose !== 'answer' && onHalfClose !== 'abort') {
    throw new TypeError("options.onHalfClose must be 'answer' or 'abort'")
  }
  if (!Number.isSafeInteger(pipelining) || pipelining < 1 || pipelining > MOST_PIPELINING) {
    throw new RangeError(`options.pipelining must be an integer from 1 to ${MOST_PIPELINING}`)
  }
  const times = {
    headersTimeout: limitOf(options.headersTimeout, 60_000, 'headersTimeout'),
    requestTimeout: limitOf(options.requestTimeout, 300_000, 'requestTimeout'),
    keepAliveTimeout: limitOf(options.keepAliveTimeout, 5_000, 'keepAliveTimeout'),
    sendTimeout: limitOf(options.sendTimeout, 60_000, 'sendTimeout'),
  }
  const drainTimeout = limitOf(options.drainTimeout, 500, 'drainTimeout')
  // The default of that one is no reason to look at all connections more often.
  const measured = [...Object.values(times), ...(options.drainTimeout === undefined ? [] : [drainTimeout])]
  const shortest = Math.min(...measured) / TICKS
  const tick = Math.round(Math.min(Math.max(shortest, SHORTEST_TICK), LONGEST_TICK))
  const connection = {
    role: 'server',
    cycles: true,
    pipelining: Math.max(READ_AHEAD, pipelining + 1),
    ...(limits !== undefined && { limits: { ...limits } }),
    ...(lenient !== undefined && { lenient: Array.isArray(lenient) ? [...lenient] : lenient }),
    ...(maxHeldBack !== undefined && { maxHeldBack }),
  } as const
  // What is wrong among these is told now, and not when somebody connects.
  if (ofServer) new library.Connection(connection).free()
  return {
    library,
    connection,
    ...times,
    drainTimeout,
    keepAliveSeconds: secondsOf(options.keepAliveTimeout),
    minBodyRate: rateOf(options.minBodyRate),
    pipelining,
    maxRequestsPerSocket: limitOf(options.maxRequestsPerSocket, Infinity, 'maxRequestsPerSocket'),
    onHalfClose,
    onUpgrade: functionOf(onUpgrade, 'onUpgrade'),
    onConnect: functionOf(onConnect, 'onConnect'),
    onError: functionOf(onError, 'onError'),
    clock: Clock.of(tick),
    heads: undefined,
  }
}

/** The names of a response's members, and of what a response that was received knows besides. */
const RESPONSE_NAMES: readonly string[] = [
  ...['status', 'reason', 'version', 'headers', 'body', 'trailers', 'takeOver'],
]
const RECEIVED_NAMES: readonly string[] = [
  ...[
    'type',
    'contentLength',
    'keepAlive',
    'chunked',
    'untilClose',
    'upgrade',
    'expectContinue',
    'informational',
  ],
  ...['start', 'end', 'offset', 'tolerated', 'rest', 'socket', 'hasBody'],
]

/** Checks what a handler has returned. @throws TypeError If it is no response, or has members that would not be read. */
export function checkAnswer(init: OutgoingResponse): void {
  if (typeof init !== 'object' || init === null) {
    throw new TypeError("A handler returns a response, such as { status: 200, body: 'hello' }")
  }
  // Names are compared with constants one by one, as engines do that fastest.
  for (const name in init) {
    switch (name) {
      case 'status':
      case 'headers':
      case 'body':
      case 'reason':
      case 'version':
      case 'trailers':
      case 'takeOver':
        break
      default:
        if (Object.getPrototypeOf(init) === Object.prototype)
          refuseUnknown(init, '', RESPONSE_NAMES, undefined, RECEIVED_NAMES)
        return
    }
  }
}

/** A limit; none is Infinity. */
export function limitOf(value: unknown, otherwise: number, name: string): number {
  if (value === undefined) return otherwise
  const number = numberOf(value, name)
  return number === 0 ? Infinity : number
}

/** A second is the least there is. */
function secondsOf(milliseconds: number | undefined): number {
  return milliseconds === undefined || milliseconds === Infinity ? 0 : Math.floor(milliseconds / 1000)
}

function rateOf(value: unknown): number {
  return value === undefined ? 240 : numberOf(value, 'minBodyRate')
}

/** A number from 0. */
export function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new TypeError(`options.${name} must be a number`)
  if (!(value >= 0)) throw new RangeError(`options.${name} must be a number from 0, not ${value}`)
  return value
}

function functionOf<T>(value: T, name: string): T {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`options.${name} must be a function`)
  }
  return value
}
