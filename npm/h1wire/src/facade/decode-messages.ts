// Words to messages: one object for each message that is whole, of the records that one call into Rust left.
//
// The records are those of `decode`, but that a head whose message has no body stands for its end as well. As there,
// nothing runs code of others.

import {
  BODY,
  CHUNKED,
  COUNT,
  END,
  END_WORDS,
  EXPECT_CONTINUE,
  FIELD_WORDS,
  HAS_LENGTH,
  HEAD_REQUEST,
  HEAD_RESPONSE,
  HEAD_WORDS,
  INFORMATIONAL,
  IS_WHOLE,
  KEEP_ALIVE,
  METHODS,
  RECORDS,
  TOLERATED,
  UNTIL_CLOSE,
  UPGRADE,
  UPGRADES,
} from '../generated/layout.js'
import type { Assembly } from './assembly.js'
import { type AnyEvent, dataOf, errorOf, restOf, section, toleratedOf, version, wide } from './decode.js'
import type { RequestMessage, ResponseMessage } from './events.js'
import { NO_FIELDS } from './fields.js'
import { NO_OCTETS } from './octets.js'

type Words = Uint32Array

/** The events; a message that is not whole is left in `assembly`. The other arguments are those of `decode`. */
export function decodeMessages(
  words: Words,
  text: string,
  joined: Uint8Array,
  chunk: Uint8Array,
  from: number,
  base: number,
  assembly: Assembly,
): AnyEvent[] {
  const events: AnyEvent[] = new Array(words[COUNT] as number)
  let told = 0
  let at = RECORDS
  for (let left = events.length; left > 0; left--) {
    const first = words[at] as number
    switch (first & 0xff) {
      case HEAD_REQUEST:
      case HEAD_RESPONSE: {
        const isRequest = (first & 0xff) === HEAD_REQUEST
        const message = isRequest
          ? requestMessage(words, at, text, base)
          : responseMessage(words, at, text, base)
        if (((first >>> 8) & IS_WHOLE) !== 0) events[told++] = message
        else assembly.begin(message)
        at += HEAD_WORDS + FIELD_WORDS * (words[at + 7] as number)
        break
      }
      case BODY:
        assembly.add(dataOf(words, at, joined, chunk, from))
        at += 3
        break
      case END: {
        const fields = words[at + 2] as number
        const trailers = section(words, at + END_WORDS, fields, text, words[at + 1] as number)
        events[told++] = assembly.end(trailers, base + (words[at + 3] as number))
        at += END_WORDS + FIELD_WORDS * fields
        break
      }
      case UPGRADE:
        events[told++] = restOf(words, at, chunk, from)
        at += 2
        break
      case TOLERATED:
        events[told++] = toleratedOf(words, at)
        at += 3
        break
      default:
        // Nothing stands behind an error.
        events[told++] = { type: 'error', error: errorOf(words, at, text, undefined) }
    }
  }
  // Of a message with a body, several records make one event. Popping is faster than to set the length.
  while (events.length > told) events.pop()
  return events
}

// A head's members stand here once more: to copy them from a head, or to add to one, costs more than to make it anew.
function requestMessage(words: Words, at: number, text: string, base: number): RequestMessage {
  const flags = (words[at] as number) >>> 8
  const start = words[at + 1] as number
  const line = words[at + 2] as number
  const targetStart = start + (words[at + 3] as number)
  const method = line & 0xff
  const end = base + (words[at + 8] as number)
  return {
    type: 'message',
    method: method === 0 ? text.substring(start, targetStart - 1) : (METHODS[method] as string),
    target: text.substring(targetStart, start + (words[at + 4] as number)),
    version: version(line >>> 16, (line >>> 8) & 0xff),
    headers: section(words, at + HEAD_WORDS, words[at + 7] as number, text, start),
    keepAlive: (flags & KEEP_ALIVE) !== 0,
    contentLength: (flags & HAS_LENGTH) === 0 ? null : wide(words, at + 5),
    chunked: (flags & CHUNKED) !== 0,
    untilClose: (flags & UNTIL_CLOSE) !== 0,
    upgrade: (flags & UPGRADES) !== 0,
    expectContinue: (flags & EXPECT_CONTINUE) !== 0,
    informational: false,
    start: end - (words[at + 9] as number),
    end,
    body: NO_OCTETS,
    trailers: NO_FIELDS,
    offset: end,
  }
}

function responseMessage(words: Words, at: number, text: string, base: number): ResponseMessage {
  const flags = (words[at] as number) >>> 8
  const start = words[at + 1] as number
  const line = words[at + 2] as number
  const end = base + (words[at + 8] as number)
  return {
    type: 'message',
    version: version(line >>> 24, (line >>> 16) & 0xff),
    status: line & 0xffff,
    reason: text.substring(start + (words[at + 3] as number), start + (words[at + 4] as number)),
    headers: section(words, at + HEAD_WORDS, words[at + 7] as number, text, start),
    keepAlive: (flags & KEEP_ALIVE) !== 0,
    contentLength: (flags & HAS_LENGTH) === 0 ? null : wide(words, at + 5),
    chunked: (flags & CHUNKED) !== 0,
    untilClose: (flags & UNTIL_CLOSE) !== 0,
    upgrade: (flags & UPGRADES) !== 0,
    expectContinue: false,
    informational: (flags & INFORMATIONAL) !== 0,
    start: end - (words[at + 9] as number),
    end,
    body: NO_OCTETS,
    trailers: NO_FIELDS,
    offset: end,
  }
}
