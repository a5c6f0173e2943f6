// Words to events: makes objects of the records that one call into Rust left in the shared words.
//
// It knows the layout (layout.rs says what each word is) and nothing of calls or their order. Nothing in it
// runs code of others, so the words cannot change while it reads them.

import {
  BODY,
  CHUNKED,
  COUNT,
  END,
  END_WORDS,
  EXPECT_CONTINUE,
  FIELD_NAMES,
  FIELD_WORDS,
  FROM_CHUNK,
  HAS_LENGTH,
  HEAD_REQUEST,
  HEAD_RESPONSE,
  HEAD_WORDS,
  HINTS,
  INFORMATIONAL,
  KEEP_ALIVE,
  LENIENCIES,
  METHODS,
  NAME_LENGTH_SHIFT,
  NO_OCTET,
  RECORDS,
  SPELLED_LOWER,
  SPELLED_USUAL,
  SPELLING_SHIFT,
  TOLERATED,
  UNTIL_CLOSE,
  UPGRADE,
  UPGRADES,
} from '../generated/layout.js'
import { codeOf, H1Error } from './error.js'
import type {
  BodyEvent,
  EndEvent,
  ErrorEvent,
  RequestHead,
  RequestMessage,
  ResponseHead,
  ResponseMessage,
  ToleratedEvent,
  UpgradeEvent,
} from './events.js'
import { FieldSection, NO_FIELDS } from './fields.js'
import { copy, lengthOf, view } from './octets.js'
import type { LeniencyName } from './options.js'

type Words = Uint32Array

const NAMES: readonly string[] = FIELD_NAMES
const LOWER_NAMES: readonly string[] = FIELD_NAMES.map((name) => name.toLowerCase())

// Parts of a field's first word.
const ID_MASK = 0xff
const SPELLING_MASK = 3

/** An event of either kind of parser. */
export type AnyEvent =
  | RequestMessage
  | ResponseMessage
  | RequestHead
  | ResponseHead
  | BodyEvent
  | EndEvent
  | UpgradeEvent
  | ToleratedEvent
  | ErrorEvent

/**
 * The events, one for each record. Positions of heads and trailer sections count in `text`, those of data in `chunk`
 * from `from` on, or in `joined`; `base` is the offset of that place in the chunk since the parser began.
 */
export function decode(
  words: Words,
  text: string,
  joined: Uint8Array,
  chunk: Uint8Array,
  from: number,
  base: number,
  side?: 'remote',
): AnyEvent[] {
  const events: AnyEvent[] = new Array(words[COUNT] as number)
  let at = RECORDS
  for (let index = 0; index < events.length; index++) {
    const first = words[at] as number
    switch (first & 0xff) {
      case HEAD_REQUEST:
        events[index] = requestHead(words, at, text, base)
        at += HEAD_WORDS + FIELD_WORDS * (words[at + 7] as number)
        break
      case HEAD_RESPONSE:
        events[index] = responseHead(words, at, text, base)
        at += HEAD_WORDS + FIELD_WORDS * (words[at + 7] as number)
        break
      case BODY:
        events[index] = { type: 'body', data: dataOf(words, at, joined, chunk, from) }
        at += 3
        break
      case END: {
        const fields = words[at + 2] as number
        const trailers = section(words, at + END_WORDS, fields, text, words[at + 1] as number)
        events[index] = { type: 'end', trailers, offset: base + (words[at + 3] as number) }
        at += END_WORDS + FIELD_WORDS * fields
        break
      }
      case UPGRADE:
        events[index] = restOf(words, at, chunk, from)
        at += 2
        break
      case TOLERATED:
        events[index] = toleratedOf(words, at)
        at += 3
        break
      default:
        // Nothing stands behind an error.
        events[index] = { type: 'error', error: errorOf(words, at, text, side) }
    }
  }
  return events
}

/** The data of a record of a body. */
export function dataOf(
  words: Words,
  at: number,
  joined: Uint8Array,
  chunk: Uint8Array,
  from: number,
): Uint8Array {
  const start = words[at + 1] as number
  const end = start + (words[at + 2] as number)
  const isInChunk = (words[at] as number) >>> 8 === FROM_CHUNK
  return isInChunk ? view(chunk, from + start, from + end) : copy(joined, start, end)
}

/** The event of a record of a switch. */
export function restOf(words: Words, at: number, chunk: Uint8Array, from: number): UpgradeEvent {
  return { type: 'upgrade', rest: view(chunk, from + (words[at + 1] as number), lengthOf(chunk)) }
}

/** A number of two words. */
export function wide(words: Words, at: number): number {
  const high = words[at + 1] as number
  return high === 0 ? (words[at] as number) : high * 0x1_0000_0000 + (words[at] as number)
}

function requestHead(words: Words, at: number, text: string, base: number): RequestHead {
  const flags = (words[at] as number) >>> 8
  const start = words[at + 1] as number
  const line = words[at + 2] as number
  const targetStart = start + (words[at + 3] as number)
  const end = base + (words[at + 8] as number)
  const method = line & 0xff
  return {
    type: 'head',
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
  }
}

function responseHead(words: Words, at: number, text: string, base: number): ResponseHead {
  const flags = (words[at] as number) >>> 8
  const end = base + (words[at + 8] as number)
  const start = words[at + 1] as number
  const line = words[at + 2] as number
  return {
    type: 'head',
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
  }
}

/** A version as it is told. */
export function version(major: number, minor: number): string {
  if (major === 1) {
    if (minor === 1) return '1.1'
    if (minor === 0) return '1.0'
  }
  return `${major}.${minor}`
}

/** The section whose fields lie from `from` on; their text begins at `base`. */
export function section(
  words: Words,
  from: number,
  fields: number,
  text: string,
  base: number,
): FieldSection {
  if (fields === 0) return NO_FIELDS
  const lines: string[] = new Array(2 * fields)
  for (let at = from, to = 0; to < lines.length; at += FIELD_WORDS, to += 2) {
    lines[to] = fieldName(words, at, text, base)
    lines[to + 1] = text.substring(base + (words[at + 2] as number), base + (words[at + 3] as number))
  }
  return new FieldSection(lines)
}

function fieldName(words: Words, at: number, text: string, base: number): string {
  const first = words[at] as number
  const spelling = (first >>> SPELLING_SHIFT) & SPELLING_MASK
  if (spelling === SPELLED_USUAL) return NAMES[first & ID_MASK] as string
  if (spelling === SPELLED_LOWER) return LOWER_NAMES[first & ID_MASK] as string
  const start = base + (words[at + 1] as number)
  return text.substring(start, start + (first >>> NAME_LENGTH_SHIFT))
}

/** The event of a record of a leniency. */
export function toleratedOf(words: Words, at: number): ToleratedEvent {
  const one = LENIENCIES[(words[at] as number) >>> 8] as (typeof LENIENCIES)[number]
  return { type: 'tolerated', name: one.name, offset: wide(words, at + 1), danger: one.danger }
}

/** The names of the leniencies with these bits. */
function leniencyNames(bits: number): LeniencyName[] {
  return LENIENCIES.filter((_, number) => (bits & (1 << number)) !== 0).map(({ name }) => name)
}

/** The error of the record of one. */
export function errorOf(words: Words, at: number, text: string, side: 'remote' | undefined): H1Error {
  const code = codeOf((words[at] as number) >>> 8)
  // It comes from anywhere, and no octet is to blame.
  if (code === 'H1_INTERNAL') return new H1Error(code)
  const octet = words[at + 3] as number
  const permitting = words[at + 6] as number
  const hint = words[at + 7] as number
  const fieldStart = words[at + 8] as number
  const fieldLength = words[at + 9] as number
  return new H1Error(code, {
    offset: wide(words, at + 1),
    byte: octet === NO_OCTET ? null : octet,
    missing: wide(words, at + 4),
    ...(permitting !== 0 && { leniencies: leniencyNames(permitting) }),
    ...(hint !== 0 && { message: HINTS[hint - 1] as string }),
    ...(fieldLength !== 0 && { field: text.substring(fieldStart, fieldStart + fieldLength) }),
    ...(side && { side }),
  })
}
