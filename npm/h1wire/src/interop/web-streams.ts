// Parsers as web streams: octets in, events out. Nothing of Node.js, so that browsers have it too.

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
export function pass<Event extends { type: string }>(events: Event[], push: (event: Event) => unknown): void {
  for (const event of events) {
    if (event.type === 'error') throw (event as unknown as Fault).error
    push(event)
  }
}
