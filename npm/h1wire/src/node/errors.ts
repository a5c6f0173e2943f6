// Errors of the socket layer: what a socket or a signal said, as what a caller catches.
//
// The codes are rows of the core's table, as all are. What a source or a handler of the caller throws is passed on
// as it is, and so is the reason of an AbortSignal.

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { concat } from './joined.js'
import { H1Error, type H1ErrorCode } from './library.js'

/** Our end of a connection. */
export interface ConnectionSide {
  /** Which end is ours: the peer is the other one. */
  readonly role: 'client' | 'server'
  /** The socket. */
  readonly socket: Duplex
}

/** Where an error happened: our end of a connection, and the peer's address where it was known by then. */
export interface ErrorConnection extends ConnectionSide {
  readonly remoteAddress: string | undefined
  readonly remotePort: number | undefined
}

/**
 * An error of a connection: what its peer did, or what became of it. Where a handler uses other connections, as a proxy does,
 * `connection` tells whose error it is.
 */
export interface ConnectionError extends H1Error {
  /** Where it happened. Not enumerable, so that loggers do not print a socket. */
  readonly connection: ErrorConnection
  /** What had come of the head that was not whole; of a body, what had come of that. */
  readonly received?: Buffer
  /**
   * Where `received` begins, in bytes since the connection began, as `offset` counts: the byte at fault is
   * `received[offset - receivedOffset]`. Only with what had come of a head.
   */
  readonly receivedOffset?: number
}

/** The connection ended before its time; `cause` is what the socket said, if it said anything. */
export function socketClosed(cause?: unknown): H1Error {
  return withCause('H1_SOCKET_CLOSED', cause)
}

/** The connection never came to be. */
export function connectFailed(cause?: unknown): H1Error {
  return withCause('H1_CONNECT_FAILED', cause)
}

/** Time ran out, after so many milliseconds. */
export function timedOut(code: H1ErrorCode, milliseconds: number): H1Error {
  return new H1Error(code, { advice: `it is ${milliseconds} ms` })
}

/**
 * The error, with the octets that had come, of a head from this offset on; the reason of a caller's own is left as it is.
 */
export function withReceived(error: Error, pieces: readonly Buffer[], offset?: number): Error {
  if (!(error instanceof H1Error)) return error
  const received = concat(pieces)
  return Object.assign(error, { received, ...(offset !== undefined && { receivedOffset: offset }) })
}

/** The error, which tells on which connection it happened. */
export function happenedOn(error: H1Error, { role, socket }: ConnectionSide): ConnectionError {
  const { remoteAddress, remotePort } = socket as Partial<Socket>
  const own = { value: { role, socket, remoteAddress, remotePort }, configurable: true, writable: true }
  return Object.defineProperty(error, 'connection', own) as ConnectionError
}

/** Whether it is the doing of the peer on this socket. */
export function isDoneBy(socket: Duplex, error: unknown): error is ConnectionError {
  if (!(error instanceof H1Error) || error.side !== 'remote') return false
  return (error as { connection?: ErrorConnection }).connection?.socket === socket
}

/** Whether the connection ended before its time, so that the request may go through another one. */
export function isConnectionLost(error: Error): boolean {
  return (
    error instanceof H1Error && (error.code === 'H1_SOCKET_CLOSED' || error.code === 'H1_RESPONSE_MISSING')
  )
}

/** What caused an error of the same kind is the cause of this one too. */
function withCause(code: H1ErrorCode, given: unknown): H1Error {
  const cause = given instanceof H1Error && given.code === code ? given.cause : given
  if (cause === undefined || cause === null) return new H1Error(code)
  const { message } = cause as Partial<Error>
  return new H1Error(code, { cause, ...(message && { advice: message }) })
}
