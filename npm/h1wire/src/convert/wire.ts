// Messages as they are on the wire, read and written by the library.

import type { Api } from '../api.js'
import type { RequestEvent, ResponseEvent } from '../facade/events.js'
import { NO_OCTETS, over } from '../facade/octets.js'
import type { ParserOptions } from '../facade/options.js'
import type { RequestParser, ResponseParser } from '../facade/parser.js'
import { ConversionError } from './error.js'
import { kindOf } from './kind.js'
import { fieldValue, type Message, type Note } from './model.js'
import { concat, empty } from './octets.js'

/** What of the library is needed. */
export type Library = Pick<
  Api<Uint8Array>,
  'RequestParser' | 'ResponseParser' | 'formatRequest' | 'formatResponse'
> & {
  /** What bytes in a content coding stand for, up to so many; undefined where that cannot be told. */
  readonly decoded?: (octets: Uint8Array, coding: string, most: number) => Uint8Array | undefined
}

/** How octets are read. */
export interface Reading {
  /** What they hold, if that was said. */
  readonly kind: 'request' | 'response' | undefined
  readonly options: ParserOptions
  /** The methods that responses answer. */
  readonly methods: readonly string[]
}

type AnyParser = RequestParser<Uint8Array> | ResponseParser<Uint8Array>

/** A parser for octets that begin so. */
export function parserFor(
  library: Pick<Library, 'RequestParser' | 'ResponseParser'>,
  { kind, options, methods }: Reading,
  start: Uint8Array,
): AnyParser {
  if ((kind ?? kindOf(start)) === 'request') return new library.RequestParser(options)
  const parser = new library.ResponseParser(options)
  for (const method of methods) parser.expect(method)
  return parser
}

/** The messages that bytes hold to their end; the first fault is thrown, with its offset. */
export function* readWire(
  library: Library,
  octets: Uint8Array,
  reading: Reading,
  scheme: 'http' | 'https',
  note: Note,
): Generator<Message> {
  if (octets.length === 0) return
  const parser = parserFor(library, reading, octets)
  const collector = new Collector(scheme, reading.methods, note)
  try {
    for (const events of eventsOf(parser, octets)) {
      for (const event of events) {
        const message = collector.take(event)
        if (message !== undefined) yield message
      }
    }
  } finally {
    parser.free()
  }
}

/** So many bytes are read at once: what they hold is let go of before more is read. */
const SLICE = 1 << 18

function* eventsOf(parser: AnyParser, octets: Uint8Array): Generator<(RequestEvent | ResponseEvent)[]> {
  for (let at = 0; at < octets.length; at += SLICE) {
    const last = at + SLICE >= octets.length
    let events = parser.push(octets.subarray(at, at + SLICE))
    yield events
    // Whether a request's switch of protocols came about only its answer says: what follows is read as HTTP.
    while (!('expect' in parser) && events.at(-1)?.type === 'upgrade') {
      const before = parser.bytesParsed
      events = parser.resume()
      yield events
      if (events.length === 0 && parser.bytesParsed === before) break
    }
    if (last) yield parser.end()
  }
}

class Collector {
  private message: Message | undefined
  private pieces: Uint8Array[] = []
  private answered = 0

  constructor(
    private readonly scheme: 'http' | 'https',
    private readonly methods: readonly string[],
    private readonly note: Note,
  ) {}

  /** The message that is whole with this event. */
  take(event: RequestEvent | ResponseEvent): Message | undefined {
    if (event.type === 'error') throw event.error
    if (event.type === 'head') this.message = this.begin(event)
    if (event.type === 'body') this.pieces.push(event.data)
    if (event.type === 'upgrade' && event.rest.length > 0 && this.message?.kind === 'response') {
      this.note(`${event.rest.length} bytes behind the switch of protocols are left out`)
    }
    if (event.type !== 'end') return undefined
    const message = this.message as Message
    message.body = joined(this.pieces)
    message.trailers = [...event.trailers]
    this.pieces = []
    return message
  }

  private begin(head: Extract<RequestEvent | ResponseEvent, { type: 'head' }>): Message {
    const common = { version: head.version, headers: [...head.headers], body: empty(), trailers: [] }
    if ('method' in head) {
      const { method, target } = head
      return { kind: 'request', method, target, scheme: this.scheme, ...common }
    }
    const { status, reason, informational } = head
    const requestMethod = this.methods[this.answered]
    if (!informational) this.answered++
    return {
      kind: 'response',
      status,
      reason,
      ...(requestMethod === undefined ? {} : { requestMethod }),
      ...common,
    }
  }
}

/** Pieces behind one another; no copy where they lie so already. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces
  if (first === undefined) return empty()
  let end = first.byteOffset
  for (const piece of pieces) {
    if (piece.buffer !== first.buffer || piece.byteOffset !== end) return concat(pieces)
    end += piece.length
  }
  return over(first.buffer as ArrayBuffer, first.byteOffset, end - first.byteOffset)
}

/** The bytes of a message, checked and framed by the library. */
export function writeWire(library: Library, message: Message): Uint8Array {
  const { headers, body, trailers } = message
  const version = message.version === '1.0' ? '1.0' : '1.1'
  const parts = { version, headers, body: body.length === 0 ? null : body, trailers } as const
  if (message.kind === 'request') {
    const { method, target } = message
    return library.formatRequest({ method, target, ...parts })
  }
  const { status, reason, requestMethod = 'GET', unrecorded } = message
  return library.formatResponse({
    status,
    ...(reason === undefined ? {} : { reason }),
    // Without a length that nobody knows: only an answer to HEAD has none.
    requestMethod: unrecorded === undefined ? requestMethod : 'HEAD',
    ...parts,
  })
}

/** Throws for what no message may hold, in whatever format it is written: line ends in values and the like. */
export function checkWire(library: Library, message: Message, place: string): void {
  const headers = message.headers.filter(([name]) => !FRAMING.test(name))
  const bare = { ...message, headers, body: NO_OCTETS, trailers: [] } as Message
  if (bare.kind === 'request') bare.version = fieldValue(headers, 'Host') === undefined ? '1.0' : '1.1'
  else Object.assign(bare, { status: bare.status === 101 ? 200 : bare.status })
  try {
    writeWire(library, bare)
    if (message.trailers.length > 0)
      writeWire(library, { ...bare, headers: message.trailers.concat(bare.headers) })
  } catch (error) {
    throw new ConversionError(`${place}${(error as Error).message}`, { cause: error })
  }
}

/** What is about the body, which is not looked at: how it is framed, and whether it is awaited. */
const FRAMING = /^(content-length|transfer-encoding|trailer|expect|te|connection|upgrade)$/i
