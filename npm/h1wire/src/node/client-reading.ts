// What a client does about a response that nobody reads, or wants, and what it waits for: whether it reads on, for how long,
// and when the connection is given up.

import type { TimeName } from './client-options.js'
import type { Exchange } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'

/** How much of a body that nobody reads, or wants, is taken from the socket to get at what lies behind it, in bytes. */
export const MOST_UNREAD = 65_536

/** Where a connection stands that has been made. */
export interface Standing {
  /** The request that is being answered. */
  readonly first: Exchange | undefined
  /** Whether something waits until it is answered: requests here or in a pool, or whoever closes. */
  readonly isContended: boolean
  /** Whether nothing is read from the socket. */
  readonly isPaused: boolean
  /** Whether a request that was sent has not been taken by the socket, or has pieces to come. */
  readonly isSending: boolean
  /** Whether requests wait to be sent. */
  readonly isWaiting: boolean
}

/** Whether nothing more is to be read. A body that nobody has begun to read is kept, up to a bound, if others wait behind it. */
export function isHeldUp({ first, isContended }: Pick<Standing, 'first' | 'isContended'>): boolean {
  const body = first?.response?.body
  if (body === undefined || body.waiting === 0 || first?.unwanted) return false
  return !(isContended && !body.used && body.waiting < MOST_UNREAD)
}

/** Whether nobody wants the rest of a response. */
export function isUnwanted({ unwanted, response }: Exchange): boolean {
  return unwanted || response?.body.isDropped === true
}

/** Whether the rest of a response is known to be short, on a connection that stays. */
export function isShort({ keepAlive, contentLength, body }: IncomingResponse): boolean {
  return keepAlive && contentLength !== null && contentLength - body.received <= MOST_UNREAD
}

/**
 * Whether to read the rest of a response that nobody wants may cost less than another connection. How long a chunked body
 * is, its server has not said: a bound in bytes and in time is for that.
 */
export function isWorthDraining({ response, answered }: Exchange): boolean {
  if (answered || response === undefined) return true
  return response.keepAlive && (response.contentLength === null || isShort(response))
}

/** Whose time is running out for now. */
export function awaited({
  first,
  isContended,
  isPaused,
  isSending,
  isWaiting,
}: Standing): TimeName | undefined {
  // One that waits to be sent waits for its body.
  if (first === undefined) return isWaiting ? undefined : 'idleTimeout'
  const { response } = first
  if (isPaused) {
    return response !== undefined && !response.body.used && isContended ? 'unreadTimeout' : undefined
  }
  // The time for a response begins when its request was sent. While that waits for a 100, its own timer runs.
  if (isSending) return 'bodyTimeout'
  if (response === undefined) return 'headersTimeout'
  return isUnwanted(first) ? 'drainTimeout' : 'bodyTimeout'
}
