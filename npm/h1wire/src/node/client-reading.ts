// What a client does about a response that nobody reads, or wants, and what it waits for: whether it reads on, for how long,
// and when the connection is given up.

import type { Exchange } from './exchange.js'
import type { IncomingResponse } from './incoming-response.js'

/** How much of a body that nobody reads, or wants, is taken from the socket to get at what lies behind it, in bytes. */
export const MOST_UNREAD = 65_536

/**
 * Whether nothing more is to be read while `first` is being answered. A body that nobody has begun to read is kept, up to a
 * bound, if the connection is contended: if something waits behind it.
 */
export function isHeldUp(first: Exchange, isContended: boolean): boolean {
  const body = first.response?.body
  if (body === undefined || body.waiting === 0 || first.unwanted) return false
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

/** Whose time is running out while `first` is being answered, and `isSending` says that something has not been taken by the socket. */
export function awaited(
  { response, unwanted }: Exchange,
  isSending: boolean,
): 'headersTimeout' | 'bodyTimeout' | 'drainTimeout' {
  // The time for a response begins when its request was sent. While that waits for a 100, its own timer runs.
  if (isSending) return 'bodyTimeout'
  if (response === undefined) return 'headersTimeout'
  return unwanted || response.body.isDropped ? 'drainTimeout' : 'bodyTimeout'
}
