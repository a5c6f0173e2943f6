// Octet by octet through the parsers: each end of the connection reads what the other sent, as in an application.

import { type Event, inspect, RequestParser, ResponseParser } from 'h1wire'
import { type How, STATES, type Step, type Steps } from './protocol.js'

/** What the parsers report, and behind which octet. */
export function stepThrough(octets: Uint8Array, { kind, lenient }: How): Steps {
  const steps: Step[] = []
  const states = new Uint8Array(octets.length + 1)
  const requests = new RequestParser({ lenient })
  const responses = new ResponseParser({ lenient })
  const state = new Map<unknown, (typeof STATES)[number]>()
  // A parser counts the octets that it was given, the page those of both sides.
  const given = new Map<unknown, number[]>([
    [requests, []],
    [responses, []],
  ])
  const read = (parser: typeof requests | typeof responses, octet: Uint8Array | undefined, at: number) => {
    const before = state.get(parser) ?? 'between messages'
    states[at] = STATES.indexOf(before)
    if (before === 'stopped' || before === 'switched') return
    if (octet) given.get(parser)?.push(at - 1)
    let now: (typeof STATES)[number] = octet && before === 'between messages' ? 'in a head' : before
    for (const event of octet ? parser.push(octet) : parser.end()) {
      steps.push({ octets: at, type: event.type, says: describe(event, given.get(parser) ?? []) })
      if (event.type === 'head' && 'method' in event && kind === 'auto') responses.expect(event.method)
      now = NEXT[event.type] ?? now
    }
    state.set(parser, now)
    states[at] = STATES.indexOf(now)
  }
  const sides = sidesOf(octets, kind, lenient)
  let side = 0
  for (let at = 0; at < octets.length; at++) {
    while (side + 1 < sides.length && (sides[side + 1]?.start ?? 0) <= at) side++
    read(sides[side]?.kind === 'response' ? responses : requests, octets.subarray(at, at + 1), at + 1)
  }
  const seen = new Set(sides.map((one) => one.kind))
  if (seen.has('request')) read(requests, undefined, octets.length)
  if (seen.has('response')) read(responses, undefined, octets.length)
  return { steps, states }
}

/** The state that an event leaves a parser in. */
const NEXT: Partial<Record<Event['type'], (typeof STATES)[number]>> = {
  head: 'in a body',
  end: 'between messages',
  error: 'stopped',
  upgrade: 'switched',
}

// Who sent which octets; what lies between messages belongs to the one before.
function sidesOf(octets: Uint8Array, kind: How['kind'], lenient: How['lenient']) {
  if (kind !== 'auto') return [{ kind, start: 0 }]
  const { messages } = inspect(octets, { kind, lenient })
  return messages.length > 0 ? messages : [{ kind: 'request', start: 0 } as const]
}

function describe(event: Event, given: number[]): string {
  switch (event.type) {
    case 'head':
      return 'method' in event ? `${event.method} ${event.target}` : `${event.status} ${event.reason}`
    case 'body':
      return `${event.data.length} ${event.data.length === 1 ? 'octet' : 'octets'}`
    case 'end':
      return event.trailers.size > 0 ? `with ${event.trailers.size} trailer fields` : 'of the message'
    case 'error':
      return `${event.error.code} at octet ${given[event.error.offset ?? 0] ?? 'the end'}`
    case 'tolerated':
      return event.name
    case 'upgrade':
      return 'HTTP ends here'
  }
}
