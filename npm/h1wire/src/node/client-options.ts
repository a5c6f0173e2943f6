// Options of clients: the times a client waits, and what is left for its connection.

import { placeAmong } from '../facade/options.js'
import { refuseUnknown } from '../facade/unknown.js'
import { placeInDestination } from './destination.js'
import type { ConnectionOptions, H1ErrorCode, Library } from './library.js'
import { readSignal } from './signals.js'

/** Options of a client. Times are in milliseconds; 0 means without end. */
export interface ClientOptions extends Omit<ConnectionOptions, 'role'> {
  /** Aborted, it ends everything at once, with its reason, as `destroy` does. */
  signal?: AbortSignal | null | undefined
  /** How many requests may be on their way at a time (RFC 9112 section 9.3.2). Default 1: each waits for the one before. */
  pipelining?: number | undefined
  /** How long the connection may take to be made. Default 10,000. */
  connectTimeout?: number | undefined
  /** How long a response's head may take, from when the request was sent or the response before it was whole. Default 60,000. */
  headersTimeout?: number | undefined
  /** How long nothing may come of a body that is read, or go of one that is sent. Default 60,000. */
  bodyTimeout?: number | undefined
  /** How long the connection is kept without a request. Default 0 for a client, 4,000 in a pool. */
  idleTimeout?: number | undefined
  /** How long a body waits for the 100 that its `Expect: 100-continue` asks for. Default 1,000. */
  continueTimeout?: number | undefined
  /** How long a body that nobody has begun to read may keep other requests, or `close()`, waiting. Default 5,000. */
  unreadTimeout?: number | undefined
  /**
   * How long the rest of a response that nobody wants (`dump()`, a loop that is left, an abort) may take to come, so that the
   * connection can be used again: then it is closed. Default 500.
   */
  drainTimeout?: number | undefined
}

/** A client's options, read and checked. */
export interface ClientSettings {
  readonly library: Library
  readonly signal: AbortSignal | undefined
  readonly pipelining: number
  readonly times: Times
  readonly connection: ConnectionOptions & { role: 'client' }
}

/** The name of a time. */
export type TimeName = keyof typeof TIMES

/** Every time, in milliseconds; 0 means without end. */
export type Times = { readonly [name in TimeName]: number }

/** How long each time is by default, and what it is called when it is over. */
export const TIMES = {
  connectTimeout: { by: 10_000, code: 'H1_CONNECT_TIMEOUT' },
  headersTimeout: { by: 60_000, code: 'H1_HEADERS_TIMEOUT' },
  bodyTimeout: { by: 60_000, code: 'H1_BODY_TIMEOUT' },
  idleTimeout: { by: 0, code: undefined },
  continueTimeout: { by: 1_000, code: undefined },
  unreadTimeout: { by: 5_000, code: 'H1_BODY_UNREAD' },
  drainTimeout: { by: 500, code: 'H1_SOCKET_CLOSED' },
} as const satisfies Record<string, { by: number; code: H1ErrorCode | undefined }>

/** What a timer can wait for. */
const MOST_TIME = 2 ** 31 - 1

/** The names of every client's options. */
export const CLIENT_NAMES: readonly string[] = [
  'signal',
  'pipelining',
  ...Object.keys(TIMES),
  'limits',
  'lenient',
  'maxHeldBack',
]

/** Times that a single request can have of its own. */
export const REQUEST_TIMES = [
  'headersTimeout',
  'bodyTimeout',
  'continueTimeout',
  'unreadTimeout',
  'drainTimeout',
] as const

/** The times of one request, as its caller gives them. */
export type RequestTimes = { readonly [name in (typeof REQUEST_TIMES)[number]]?: number | undefined }

/** Reads the times of one request; undefined if it has none of its own. @throws RangeError For one that is wrong. */
export function readRequestTimes(given: RequestTimes): RequestTimes | undefined {
  let times: Partial<Record<TimeName, number>> | undefined
  for (const name of REQUEST_TIMES) {
    const time = given[name]
    if (time === undefined) continue
    times ??= {}
    times[name] = checkTime(name, time)
  }
  return times
}

/**
 * Reads the options of a client, and copies them, so that they stay as they were when they were given. `others` are the names
 * that its maker takes beside them.
 *
 * @throws TypeError or RangeError that names the option that is wrong, or not known.
 */
export function readClientOptions(
  library: Library,
  options: ClientOptions,
  others: readonly string[] = [],
  idleTimeout: number = TIMES.idleTimeout.by,
): ClientSettings {
  const names = [...CLIENT_NAMES, ...others]
  const places = placeAmong(names)
  refuseUnknown(options, 'options', names, (name) => places(name) ?? placeInDestination(name))
  const signal = readSignal(options.signal)
  const { pipelining = 1, limits, lenient, maxHeldBack } = options
  if (!Number.isSafeInteger(pipelining) || pipelining < 1) {
    throw new RangeError('options.pipelining must be an integer from 1')
  }
  const connection = { role: 'client', cycles: true, limits, lenient, maxHeldBack } as const
  // Whoever makes connections later has them checked now.
  new library.Connection(connection).free()
  const copies = { limits: limits && { ...limits }, lenient: Array.isArray(lenient) ? [...lenient] : lenient }
  return {
    library,
    signal,
    pipelining,
    times: readTimes(options, idleTimeout),
    connection: { ...connection, ...copies },
  }
}

function readTimes(options: ClientOptions, idleTimeout: number): Times {
  const times = {} as Record<TimeName, number>
  for (const name of Object.keys(TIMES) as TimeName[]) {
    times[name] = checkTime(name, options[name] ?? (name === 'idleTimeout' ? idleTimeout : TIMES[name].by))
  }
  return times
}

function checkTime(name: string, time: unknown): number {
  if (typeof time !== 'number' || !(time >= 0 && time <= MOST_TIME)) {
    throw new RangeError(`options.${name} must be a number of milliseconds from 0 to ${MOST_TIME}`)
  }
  return time
}
