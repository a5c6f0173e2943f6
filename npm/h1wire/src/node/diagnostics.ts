// Every diagnostics channel of the socket layer: what it is called, and what is published on it.
//
// Publish only where `hasSubscribers` says that somebody listens: then nothing is made for nobody.

import { channel } from 'node:diagnostics_channel'

/** A server took a socket: `{ socket }`. */
export const serverConnection = channel('h1wire:server:connection')

/** A request's head was read, and the handler is about to be called: `{ request, socket }`. */
export const serverRequestStart = channel('h1wire:server:request:start')

/** A response was written to its end: `{ request, status, socket }`. */
export const serverResponseFinish = channel('h1wire:server:response:finish')

/**
 * An exchange failed: `{ error, request, socket }`. The client's fault, as an `H1Error` with `side: 'remote'`; a
 * time limit; what the handler threw; `request` is undefined if it happened before one was read.
 */
export const serverError = channel('h1wire:server:error')

/** A client is about to open a connection: `{ options }`, those of `net.connect` or `tls.connect`. */
export const clientConnect = channel('h1wire:client:connect')

/** A connection stands: `{ socket }`. */
export const clientConnected = channel('h1wire:client:connected')

/** A request's head is about to be written, for the first time: `{ request, socket }`. */
export const clientRequestStart = channel('h1wire:client:request:start')

/** A pool sends a request again, for this was in vain: `{ error, request, socket }`, those of the connection that ended. */
export const clientRequestRepeat = channel('h1wire:client:request:repeat')

/** The head of the final response was read: `{ request, response, socket }`. */
export const clientResponseStart = channel('h1wire:client:response:start')

/** Response and request have ended, or the socket has been handed over: `{ request, response, socket }`. */
export const clientResponseFinish = channel('h1wire:client:response:finish')

/**
 * An exchange failed: `{ error, request, socket }`, and `response` if its head had come. Every request that starts
 * comes to this or to `response:finish`, once; one that has not started can only fail.
 */
export const clientError = channel('h1wire:client:error')
