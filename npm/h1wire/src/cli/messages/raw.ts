// Messages as octets, read and written by the library.

import {
  formatRequest,
  formatResponse,
  type RequestEvent,
  RequestParser,
  type ResponseEvent,
  type ResponseParser,
} from '../../index.js'
import { parserFor, type Reading } from '../reading.js'
import type { Message, Note } from './model.js'

/** The messages that octets hold; the first fault is thrown. */
export function readRaw(octets: Buffer, reading: Reading, scheme: 'http' | 'https', note: Note): Message[] {
  if (octets.length === 0) return []
  const parser = parserFor(reading, octets)
  const collector = new Collector(scheme, reading.methods, note)
  for (const event of collect(parser, octets)) collector.take(event)
  return collector.messages
}

function* collect(parser: RequestParser | ResponseParser, octets: Buffer) {
  yield* parser.push(octets)
  // Whether a switch came about only the answer says; what follows is read as HTTP, if it can be.
  if (parser instanceof RequestParser && parser.error === null) {
    for (let more = resumed(parser); more.length > 0; more = resumed(parser)) yield* more
  }
  yield* parser.error === null ? parser.end() : []
}

function resumed(parser: RequestParser): RequestEvent[] {
  try {
    return parser.resume()
  } catch {
    return []
  }
}

class Collector {
  readonly messages: Message[] = []
  private pieces: Buffer[] = []
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
      message.body = Buffer.concat(this.pieces)
      message.trailers = [...event.trailers]
      this.pieces = []
    }
    if (event.type === 'upgrade' && event.rest.length > 0 && message.kind === 'response') {
      this.note(`${event.rest.length} octets behind the switch of protocols are left out`)
    }
  }

  private begin(head: Extract<RequestEvent | ResponseEvent, { type: 'head' }>): Message {
    const common = {
      version: head.version,
      headers: [...head.headers],
      body: Buffer.alloc(0),
      trailers: [],
    }
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
export function writeRaw(message: Message): Buffer {
  const { headers, body, trailers } = message
  const version = message.version === '1.0' ? '1.0' : '1.1'
  const parts = { version, headers, body: body.length === 0 ? null : body, trailers } as const
  if (message.kind === 'request') {
    const { method, target } = message
    return formatRequest({ method, target, ...parts })
  }
  const { status, reason, requestMethod = 'GET' } = message
  return formatResponse({ status, ...(reason === undefined ? {} : { reason }), requestMethod, ...parts })
}
