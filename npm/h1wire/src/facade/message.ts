// One whole message at once, and what follows it.

import type { Backend } from '../backend/backend.js'
import type { AnyEvent } from './decode.js'
import { H1Error } from './error.js'
import type { Message, RequestHead, ResponseHead, Tolerated } from './events.js'
import { NO_FIELDS } from './fields.js'
import { concat, octetsOf, view } from './octets.js'
import { Reader } from './reader.js'

/** What was asked for: options as words, and the method of the request that a response answers. */
export interface Asked {
  role: number
  options: readonly number[]
  methodId?: number | undefined
}

/** The message that the octets begin with; throws an H1Error if they do not begin with a whole one. */
export function readMessage<Head extends RequestHead | ResponseHead>(
  backend: Backend,
  bytes: Uint8Array,
  asked: Asked,
): Omit<Head, 'type'> & Message {
  const octets = octetsOf(bytes, 'bytes')
  const reader = new Reader(backend, asked.role, asked.options, true)
  try {
    if (asked.methodId !== undefined) reader.expect(asked.methodId)
    const events: AnyEvent[] = []
    let ends = reader.readOne(octets, events)
    if (ends < 0 && reader.error === undefined) {
      events.push(...reader.finish())
      ends = octets.length
    }
    if (reader.error !== undefined) throw faultOf(octets, reader.error)
    return assemble<Head>(events, octets, ends)
  } finally {
    reader.free()
  }
}

function assemble<Head>(events: AnyEvent[], octets: Uint8Array, ends: number): Omit<Head, 'type'> & Message {
  let head: RequestHead | ResponseHead | undefined
  let trailers = NO_FIELDS
  const pieces: Uint8Array[] = []
  const tolerated: Tolerated[] = []
  for (const event of events) {
    if (event.type === 'head') head ??= event
    else if (event.type === 'body') pieces.push(event.data)
    else if (event.type === 'end') trailers = event.trailers
    else if (event.type === 'tolerated') {
      const { name, offset, danger } = event
      tolerated.push({ name, offset, danger })
    }
  }
  if (head === undefined) throw incomplete(octets)
  // Which kind of head there is follows from the role.
  const { type: _, ...parts } = head as unknown as Head & { type: 'head' }
  return { ...parts, body: concat(pieces), trailers, tolerated, rest: view(octets, ends, octets.length) }
}

/** The fault as it is thrown: where only the octets' end is at fault, there may be more of them. */
function faultOf(octets: Uint8Array, error: H1Error): H1Error {
  return error.code.startsWith('H1_TRUNCATED_') ? incomplete(octets, error) : error
}

function incomplete(octets: Uint8Array, cause?: H1Error): H1Error {
  const details = { offset: octets.length, missing: cause?.missing ?? 0 }
  return new H1Error('H1_INCOMPLETE', cause === undefined ? details : { ...details, cause })
}
