// Messages as they are on the wire, read and written by the library.

import type { Api } from '../api.js'
import type { RequestEvent, ResponseEvent } from '../facade/events.js'
import type { ParserOptions } from '../facade/options.js'
import type { RequestParser, ResponseParser } from '../facade/parser.js'
import { kindOf } from './kind.js'
import type { Message, Note } from './model.js'
import { concat, empty } from './octets.js'

/** What of the library is needed. */
export type Library = Pick<
  Api<Uint8Array>,
  'RequestParser' | 'ResponseParser' | 'formatRequest' | 'formatResponse'
>

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

/** The messages that octets hold; the first fault is thrown. */
export function readWire(
  library: Library,
  octets: Uint8Array,
  reading: Reading,
  scheme: 'http' | 'https',
  note: Note,
): Message[] {
  if (octets.length === 0) return []
  const parser = parserFor(library, reading, octets)
  const collector = new Collector(scheme, reading.methods, note)
  for (const event of collect(parser, octets)) collector.take(event)
  return collector.messages
}

function* collect(parser: AnyParser, octets: Uint8Array) {
  yield* parser.push(octets)
  // Whether a switch came about only the answer says; what follows is read as HTTP, if it can be.
  if (!('expect' in parser) && parser.error === null) {
    for (let more = resumed(parser); more.length > 0; more = resumed(parser)) yield* more
  }
  yield* parser.error === null ? parser.end() : []
}

function resumed(parser: RequestParser<Uint8Array>): RequestEvent[] {
  try {
    return parser.resume()
  } catch {
    return []
  }
}

class Collector {
  readonly messages: Message[] = []
  private pieces: Uint8Array[] = []
  private answered = 0

  constructor(
    private readonly scheme: 'http' | 'https',
    private readonly methods: readonly string[],
    private readonly note: Note,
  ) {}

  take(event: RequestEvent | ResponseEvent): void {
    const message = this.messages.at(-1) as Message
    if (event.type === 'error') throw event.error
    if (event.type === 'head') this.messages.push(this.begin(event))
    if (event.type === 'body') this.pieces.push(event.data)
    if (event.type === 'end') {
      message.body = concat(this.pieces)
      message.trailers = [...event.trailers]
      this.pieces = []
    }
    if (event.type === 'upgrade' && event.rest.length > 0 && message.kind === 'response') {
      this.note(`${event.rest.length} octets behind the switch of protocols are left out`)
    }
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

/** The octets of a message, checked and framed by the library. */
export function writeWire(library: Library, message: Message): Uint8Array {
  const { headers, body, trailers } = message
  const version = message.version === '1.0' ? '1.0' : '1.1'
  const parts = { version, headers, body: body.length === 0 ? null : body, trailers } as const
  if (message.kind === 'request') {
    const { method, target } = message
    return library.formatRequest({ method, target, ...parts })
  }
  const { status, reason, requestMethod = 'GET' } = message
  return library.formatResponse({
    status,
    ...(reason === undefined ? {} : { reason }),
    requestMethod,
    ...parts,
  })
}
