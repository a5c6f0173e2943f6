// One call of the builder: parts that were read are handed to Rust, and what it wrote is copied out.
//
// Nothing here may run code of the caller: the words and the output are shared with Rust and with every other
// call. So everything arrives as strings and numbers of our own, and as octets.

import type { Backend, Handle } from '../backend/backend.js'
import {
  FORMAT_AFTER,
  FORMAT_BEFORE,
  FORMAT_BODY_HIGH,
  FORMAT_BODY_LOW,
  FORMAT_CALL,
  FORMAT_CARRIES_BODY,
  FORMAT_CHUNKS,
  FORMAT_FIELDS,
  FORMAT_FLAGS,
  FORMAT_HEAD,
  FORMAT_LENGTHS,
  FORMAT_STATES,
  FORMAT_STATUS,
  FORMAT_TRAILERS,
} from '../generated/layout.js'
import { type Content, writeContent } from './body.js'
import { H1Error } from './error.js'
import { refusal } from './refusal.js'

/** A call's parts, read: strings and numbers of our own, and octets. */
export interface Gathered {
  /** What to build. */
  call: number
  flags: number
  status: number
  /** The parts behind one another. */
  text: string
  /** Their lengths. */
  lengths: number[]
  /** How many fields, or extensions. */
  fields: number
  trailers: number
  /** How many chunks of a raw message. */
  chunks: number
  content: Content | undefined
  /** Octets of the content. */
  length: number
  /** Whether only the head is wanted. */
  headOnly: boolean
  /** Octets that may be written beside those of the parts and the usual additions. */
  extra: number
  /** What to call parts that are not named by their place. */
  names: Names
  /** Who is at fault if it is refused; only on a connection. */
  side: 'local' | undefined
  /** Once written: octets before the body. */
  before: number
  /** Once written, on a connection: where its two sides stand. */
  states: number
}

/** What errors call parts. */
export interface Names {
  /** Index of the field that the body's type became. */
  typeField?: number
  /** An entry of a form. */
  entry?: string
  /** What named a form's boundary. */
  boundary?: string | undefined
  /** Every part of a raw message, in the order of the lengths. */
  raw?: string[]
}

/** The parts of a call, none of them read yet but these. */
export function gather(call: number, text: string, lengths: number[]): Gathered {
  return {
    call,
    flags: 0,
    status: 0,
    text,
    lengths,
    fields: 0,
    trailers: 0,
    chunks: 0,
    content: undefined,
    length: 0,
    headOnly: false,
    extra: 0,
    names: NO_NAMES,
    side: undefined,
    before: 0,
    states: 0,
  }
}

const NO_NAMES: Names = {}

// An array that was used for lengths, to be used again: it has room already. Nobody holds it.
let spare: number[] | undefined
const MOST_SPARE = 64

/** The lengths of a message's first parts, in an array that those of others go behind. */
export function lengthsOf(first: number, second: number, third?: number): number[] {
  const lengths = spare ?? []
  spare = undefined
  // Popped, as engines set an array's length slowly.
  while (lengths.length > 3) lengths.pop()
  lengths[0] = first
  lengths[1] = second
  if (third !== undefined) lengths[2] = third
  else if (lengths.length === 3) lengths.pop()
  return lengths
}

// The most the builder adds: to a name or value on average, and to the whole.
const MOST_ADDED_TO_PART = 3
const MOST_ADDED = 512

/** Has Rust write the message; throws what it refuses. */
export function build(backend: Backend, gathered: Gathered): Uint8Array {
  if (backend.busy) throw new H1Error('H1_REENTERED')
  fill(backend, gathered)
  return take(backend, gathered, backend.format(gathered.text))
}

/** Likewise, and sends it on a connection. */
export function buildOn(backend: Backend, gathered: Gathered, handle: Handle): Uint8Array {
  if (backend.busy) throw new H1Error('H1_REENTERED')
  fill(backend, gathered)
  return take(backend, gathered, backend.send(handle, gathered.text))
}

/** Has Rust answer in the words, which are to be read before anything else is called; throws what it refuses. */
export function ask(backend: Backend, gathered: Gathered): Uint32Array {
  if (backend.busy) throw new H1Error('H1_REENTERED')
  fill(backend, gathered)
  const answer = backend.format(gathered.text)
  const { words } = backend
  if (answer !== 0) throw refusal(answer, words, gathered)
  return words
}

function fill(backend: Backend, gathered: Gathered): void {
  const { text, lengths, length } = gathered
  // An extension's value may have to be escaped octet by octet.
  const room = 2 * text.length + MOST_ADDED_TO_PART * lengths.length + MOST_ADDED + gathered.extra
  const words = backend.prepareFormat(room, FORMAT_LENGTHS + lengths.length)
  if (words === undefined) throw new RangeError('There is not enough memory for this message')
  words[FORMAT_CALL] = gathered.call
  words[FORMAT_FLAGS] = gathered.flags
  words[FORMAT_STATUS] = gathered.status
  words[FORMAT_BODY_LOW] = length >>> 0
  words[FORMAT_BODY_HIGH] = length > 0xffff_ffff ? Math.floor(length / 2 ** 32) : 0
  words[FORMAT_FIELDS] = gathered.fields
  words[FORMAT_TRAILERS] = gathered.trailers
  words[FORMAT_CHUNKS] = gathered.chunks
  for (let at = 0; at < lengths.length; at++) words[FORMAT_LENGTHS + at] = lengths[at] as number
}

/** Takes what a call wrote, or throws what it refused. */
function take(backend: Backend, gathered: Gathered, answer: number | undefined): Uint8Array {
  const { words } = backend
  if (answer !== 0) throw refusal(answer, words, gathered)
  const { headOnly } = gathered
  const before = words[headOnly ? FORMAT_HEAD : FORMAT_BEFORE] as number
  gathered.before = before
  gathered.states = words[FORMAT_STATES] as number
  const after = headOnly ? 0 : (words[FORMAT_AFTER] as number)
  const content = words[FORMAT_CARRIES_BODY] === 1 && !headOnly ? gathered.content : undefined
  const message = backend.message(before, content === undefined ? 0 : gathered.length, after)
  if (content !== undefined) writeContent(content, message, before)
  if (gathered.lengths.length <= MOST_SPARE) spare = gathered.lengths
  return message
}
