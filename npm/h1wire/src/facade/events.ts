// What a parser reports: plain objects, told apart by `type`, always with the same properties.
//
// `Octets` is `Buffer` in Node.js and `Uint8Array` elsewhere.

import type { H1Error } from './error.js'
import type { FieldSection } from './fields.js'

/** A message's start-line and fields have been read; its `end` always follows, unless an `error` does. */
export interface Head {
  /** Tells the events apart. */
  type: 'head'
  /** The version as received, such as `'1.1'`. */
  version: string
  /** The field lines, in order and as they were written. */
  headers: FieldSection
  /** Whether the connection can carry another message after this one (RFC 9112 section 9.3). */
  keepAlive: boolean
  /**
   * The Content-Length that frames the body, in octets; `null` where nothing of the kind does: the body is
   * chunked, lasts until the connection ends, or does not exist (RFC 9112 section 6.3).
   */
  contentLength: number | null
  /** Whether the body is chunked (RFC 9112 section 7.1). */
  chunked: boolean
  /** Whether the body lasts until the connection ends. */
  untilClose: boolean
  /** Whether an `upgrade` event follows this message's `end`. */
  upgrade: boolean
  /** Whether the sender waits for a `100 Continue` before it sends the body (RFC 9110 section 10.1.1). */
  expectContinue: boolean
  /** Whether this is a 1xx response that another response follows. */
  informational: boolean
  /** Where the head begins, in bytes since the parser began: empty lines before it are not part of it. */
  start: number
  /** Where the head ends: the offset of the byte behind its empty line. */
  end: number
}

/** The head of a request (RFC 9112 section 3). */
export interface RequestHead extends Head {
  /** The method, case kept. */
  method: string
  /** The request-target as received, undecoded. */
  target: string
}

/** The head of a response (RFC 9112 section 4). */
export interface ResponseHead extends Head {
  /** The status code, 100 to 999. */
  status: number
  /** The reason phrase as received, one character an octet (latin-1); may be empty. */
  reason: string
}

/** Octets of the body, transfer coding removed. How a body is cut into events means nothing. */
export interface BodyEvent<Octets extends Uint8Array = Uint8Array> {
  /** Tells the events apart. */
  type: 'body'
  /**
   * The octets: as a rule a view of the chunk that was pushed, or that chunk itself. Copy what you keep
   * before the chunk's memory is used again or transferred, and if it is little: it keeps all of that memory.
   */
  data: Octets
}

/** The message is whole. */
export interface EndEvent {
  /** Tells the events apart. */
  type: 'end'
  /** The trailer section of a chunked body (RFC 9112 section 7.1.2), never merged into the headers. */
  trailers: FieldSection
  /** Where the message ends: the offset of the byte behind it, in bytes since the parser began. */
  offset: number
}

/**
 * HTTP ends here: after a CONNECT request, a request that asks for another protocol, a 101, or a 2xx answer
 * to CONNECT. Everything pushed from now on comes back as further events of this type. Should the switch be
 * declined, `resume()` reads the same octets as HTTP.
 */
export interface UpgradeEvent<Octets extends Uint8Array = Uint8Array> {
  /** Tells the events apart. */
  type: 'upgrade'
  /** The octets behind the message, untouched; may be empty. A view of the chunk that was pushed. */
  rest: Octets
}

/** The use of a leniency that was switched on. */
export interface Tolerated {
  /** The leniency's name. */
  name: string
  /** Offset, in octets since the parser began, where it was used. */
  offset: number
  /** What can go wrong with it. */
  danger: string
}

/** A leniency that was switched on has been used. */
export interface ToleratedEvent extends Tolerated {
  /** Tells the events apart. */
  type: 'tolerated'
}

/** A fault: the last event there is. Later calls of `push`, `end` and `resume` throw the same error. */
export interface ErrorEvent {
  /** Tells the events apart. */
  type: 'error'
  /** What is wrong, where, and by which rule. */
  error: H1Error
}

/** What a parser of either kind reports beside heads. */
export type CommonEvent<Octets extends Uint8Array = Uint8Array> =
  | BodyEvent<Octets>
  | EndEvent
  | UpgradeEvent<Octets>
  | ToleratedEvent
  | ErrorEvent

/** What a parser of requests reports. */
export type RequestEvent<Octets extends Uint8Array = Uint8Array> = RequestHead | CommonEvent<Octets>

/** What a parser of responses reports. */
export type ResponseEvent<Octets extends Uint8Array = Uint8Array> = ResponseHead | CommonEvent<Octets>

/** What one event of a whole message holds beside its head. */
export interface MessageParts<Octets extends Uint8Array = Uint8Array> {
  /** Tells the events apart. */
  type: 'message'
  /**
   * The whole body, transfer coding removed; empty if there is none. It may be a view of the chunk that was pushed: copy
   * it if you keep it beyond the next use of that chunk's memory.
   */
  body: Octets
  /** The trailer section of a chunked body (RFC 9112 section 7.1.2). */
  trailers: FieldSection
  /** Where the message ends: the offset of the byte behind it, in bytes since the parser began. */
  offset: number
}

/** A whole request, from a parser with `messages: true`. */
export interface RequestMessage<Octets extends Uint8Array = Uint8Array>
  extends Omit<RequestHead, 'type'>,
    MessageParts<Octets> {}

/** A whole response, from a parser with `messages: true`. */
export interface ResponseMessage<Octets extends Uint8Array = Uint8Array>
  extends Omit<ResponseHead, 'type'>,
    MessageParts<Octets> {}

/** What a parser of requests with `messages: true` reports. */
export type RequestMessageEvent<Octets extends Uint8Array = Uint8Array> =
  | RequestMessage<Octets>
  | UpgradeEvent<Octets>
  | ToleratedEvent
  | ErrorEvent

/** What a parser of responses with `messages: true` reports. */
export type ResponseMessageEvent<Octets extends Uint8Array = Uint8Array> =
  | ResponseMessage<Octets>
  | UpgradeEvent<Octets>
  | ToleratedEvent
  | ErrorEvent

/** A whole message beside its head. */
export interface Message<Octets extends Uint8Array = Uint8Array> {
  /** The body, transfer coding removed; empty if there is none. May be a view of the octets given. */
  body: Octets
  /** The trailer section. */
  trailers: FieldSection
  /** Which leniencies were used, each at its first use. */
  tolerated: Tolerated[]
  /** The octets behind the message: a view of the octets given. */
  rest: Octets
}

/** A whole request. */
export interface Request<Octets extends Uint8Array = Uint8Array>
  extends Omit<RequestHead, 'type'>,
    Message<Octets> {}

/** A whole response. */
export interface Response<Octets extends Uint8Array = Uint8Array>
  extends Omit<ResponseHead, 'type'>,
    Message<Octets> {}
