// Parsers as streams: octets in, events out, for Node.js and for the web.

import { Transform } from 'node:stream'

/** What reads octets: a parser of either kind. */
export interface EventSource<Event> {
  push(chunk: Uint8Array): Event[]
  end(): Event[]
}

/** An event that ends everything. */
interface Fault {
  type: 'error'
  error: Error
}

/**
 * A `node:stream` Transform over a parser: octets are written, events are read. A fault destroys the stream with its
 * H1Error, when the events before it have been read or not: listen for `'error'`. The octets of events are views of the
 * chunks written.
 */
export function parserTransform(parser: EventSource<{ type: string }>): Transform {
  return new Transform({
    readableObjectMode: true,
    transform(chunk: Uint8Array, _encoding, done) {
      finish(() => pass(parser.push(chunk), (event) => this.push(event)), done)
    },
    flush(done) {
      finish(() => pass(parser.end(), (event) => this.push(event)), done)
    },
  })
}

/**
 * A web `TransformStream` over a parser: octets are written, events are read. A fault breaks both sides with its H1Error;
 * events that nobody has read by then are lost.
 */
export function parserStream<Event extends { type: string }>(
  parser: EventSource<Event>,
): TransformStream<Uint8Array, Event> {
  return new TransformStream<Uint8Array, Event>({
    transform: (chunk, controller) => pass(parser.push(chunk), (event) => controller.enqueue(event)),
    flush: (controller) => pass(parser.end(), (event) => controller.enqueue(event)),
  })
}

/** Hands events on; throws the fault, which is no event of a stream. */
function pass<Event extends { type: string }>(events: Event[], push: (event: Event) => unknown): void {
  for (const event of events) {
    if (event.type === 'error') throw (event as unknown as Fault).error
    push(event)
  }
}

/** Calls, and says whether that went well. */
function finish(call: () => void, done: (error?: Error | null) => void): void {
  try {
    call()
  } catch (error) {
    done(error as Error)
    return
  }
  done()
}
