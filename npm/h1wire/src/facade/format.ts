// Messages from parts: the safe builder's calls.
//
// Each call goes two steps, and nothing of the first may happen in the second. First everything the caller
// gave is read into strings and numbers of our own: getters, proxies, iterators and toString run then, once.
// Then the words are filled, Rust checks and writes, and the result is copied out.

import type { Backend } from '../backend/backend.js'
import {
  FORMAT_AFTER,
  FORMAT_BEFORE,
  FORMAT_BODY_HIGH,
  FORMAT_BODY_KNOWN,
  FORMAT_BODY_LOW,
  FORMAT_CARRIES_BODY,
  FORMAT_FIELDS,
  FORMAT_FLAGS,
  FORMAT_HAS_HOST,
  FORMAT_HAS_REASON,
  FORMAT_HTTP_1_0,
  FORMAT_LENGTHS,
  FORMAT_REQUEST_HTTP_1_0,
  FORMAT_STATUS,
  FORMAT_TRAILERS,
  NOWHERE,
} from '../generated/layout.js'
import { type Body, type Content, contentLength, contentOf, isForm, writeContent } from './body.js'
import { H1Error } from './error.js'
import { type FieldLines, type FieldValue, gatherLines, misfit, valueText } from './lines.js'
import { allocate, empty } from './octets.js'
import { refusal } from './refusal.js'
import { readUrl } from './url.js'

/** What a request is built from: `target` or `url`, and whatever else differs from the defaults. */
export interface RequestParts {
  /** The method: a token, case-sensitive. Default `'GET'`. */
  method?: string
  /** The request-target as it is written: a path, or another form that goes with the method. */
  target?: string
  /**
   * In place of `target`: where the request goes. Target and `Host` are taken from it; userinfo and fragment
   * are dropped. With CONNECT, host and port are the target.
   */
  url?: string | URL
  /** The version that is written. Default `'1.1'`. */
  version?: '1.0' | '1.1'
  /** The field lines. */
  headers?: FieldLines
  /** The body; its length, or the chunked coding, is written by itself. */
  body?: Body | null
  /** Trailer field lines; with these the body is chunked. */
  trailers?: FieldLines
}

/** What a response is built from: a status, and whatever else differs from the defaults. */
export interface ResponseParts {
  /** The status code, 100 to 999. */
  status: number
  /** The reason phrase. Default: the status code's own, or none. */
  reason?: string
  /** The version that is written. Default `'1.1'`. */
  version?: '1.0' | '1.1'
  /** The field lines. */
  headers?: FieldLines
  /** The body; its length, or the chunked coding, is written by itself. */
  body?: Body | null
  /** Trailer field lines; with these the body is chunked. */
  trailers?: FieldLines
  /** The method of the request this answers: to HEAD no body is written. Default `'GET'`. */
  requestMethod?: string
  /** The version of the request this answers: 1.0 gets no chunks, trailers or 1xx. Default `'1.1'`. */
  requestVersion?: string
}

/** Chunk extensions: names with a value, or with `true` for none. */
export type ChunkExtensions =
  | Iterable<readonly [name: string, value: FieldValue | true]>
  | { readonly [name: string]: FieldValue | true }

/** A call's parts, read: strings and numbers of our own, and octets. */
export interface Gathered {
  flags: number
  status: number
  /** The parts behind one another. */
  text: string
  /** Their lengths. */
  lengths: number[]
  /** How many fields, or extensions. */
  fields: number
  trailers: number
  content: Content | undefined
  /** Octets of the content. */
  length: number
}

// The most the builder adds: to a name or value on average, and to the whole.
const MOST_ADDED_TO_PART = 3
const MOST_ADDED = 512

// Field lines, trailer lines and extensions of one call; the words have room for some more.
const MOST_LINES = 4000

// A larger output area than this is not kept.
const KEPT = 1 << 16

/** Builds a request. */
export function formatRequest(backend: Backend, init: RequestParts): Uint8Array {
  const { method = 'GET', target, url, version, headers, body, trailers } = objectOf(init)
  if (typeof method !== 'string') throw new TypeError(misfit('method', 'a string', method))
  const gathered = url === undefined ? fromTarget(method, target) : fromUrl(method, url, target)
  if (version !== undefined) gathered.flags |= versionFlag(version)
  gatherMessage(gathered, headers, body, trailers)
  fill(backend, gathered)
  return take(backend, gathered, backend.formatRequest(gathered.text))
}

/** Builds a response. */
export function formatResponse(backend: Backend, init: ResponseParts): Uint8Array {
  const parts = objectOf(init)
  const { status, reason, version, headers, body, trailers, requestMethod = 'GET', requestVersion } = parts
  if (typeof status !== 'number') throw new TypeError(misfit('status', 'a number', status))
  if (typeof requestMethod !== 'string')
    throw new TypeError(misfit('requestMethod', 'a string', requestMethod))
  const gathered = gather('', [0, requestMethod.length])
  // What is no status anywhere stays none when the words make it an integer.
  gathered.status = Number.isInteger(status) && status > 0 && status < 1000 ? status : 0
  if (reason !== undefined) {
    if (typeof reason !== 'string') throw new TypeError(misfit('reason', 'a string', reason))
    gathered.flags |= FORMAT_HAS_REASON
    gathered.text = reason
    gathered.lengths[0] = reason.length
  }
  gathered.text += requestMethod
  if (version !== undefined) gathered.flags |= versionFlag(version)
  if (requestVersion !== undefined) gathered.flags |= requestVersionFlag(requestVersion)
  gatherMessage(gathered, headers, body, trailers)
  fill(backend, gathered)
  return take(backend, gathered, backend.formatResponse(gathered.text))
}

/** Builds a chunk: nothing if there are no octets, as an empty chunk would end the body. */
export function formatChunk(backend: Backend, data: Body, extensions?: ChunkExtensions): Uint8Array {
  const gathered = gather('', [])
  if (extensions !== undefined) gatherExtensions(gathered, extensions)
  gathered.content = contentOf(data, 'data')
  gathered.length = contentLength(gathered.content)
  if (gathered.length === 0 && gathered.fields === 0) return empty()
  fill(backend, gathered)
  return take(backend, gathered, backend.formatChunk(gathered.text))
}

/** Builds what ends a chunked body. */
export function formatLastChunk(backend: Backend, trailers?: FieldLines): Uint8Array {
  const gathered = gather('', [])
  gatherMessage(gathered, undefined, undefined, trailers)
  fill(backend, gathered)
  return take(backend, gathered, backend.formatLastChunk(gathered.text))
}

function gather(text: string, lengths: number[]): Gathered {
  return { flags: 0, status: 0, text, lengths, fields: 0, trailers: 0, content: undefined, length: 0 }
}

function objectOf<T extends object>(init: T): T {
  if (typeof init !== 'object' || init === null) throw new TypeError(misfit('The message', 'an object', init))
  return init
}

function fromTarget(method: string, target: unknown): Gathered {
  if (typeof target !== 'string')
    throw new TypeError(misfit('target, unless url is given,', 'a string', target))
  return gather(method + target, [method.length, target.length, 0])
}

function fromUrl(method: string, url: unknown, target: unknown): Gathered {
  if (target !== undefined) throw new TypeError('target and url cannot both be given')
  const place = readUrl(url, method)
  const gathered = gather(method + place.target + place.host, [
    method.length,
    place.target.length,
    place.host.length,
  ])
  gathered.flags = FORMAT_HAS_HOST
  return gathered
}

function versionFlag(version: unknown): number {
  if (version === '1.1') return 0
  if (version === '1.0') return FORMAT_HTTP_1_0
  throw new H1Error('H1_FORMAT_VERSION', { part: 'version' })
}

/** A request may be of any version that was read; all but 1.0 count as 1.1. */
function requestVersionFlag(version: unknown): number {
  if (typeof version === 'string' && /^\d\.\d$/.test(version))
    return version === '1.0' ? FORMAT_REQUEST_HTTP_1_0 : 0
  throw new TypeError(misfit('requestVersion', "a version such as '1.1'", version))
}

/** Reads field lines, trailers, and last the body, behind which no code of the caller runs. */
function gatherMessage(gathered: Gathered, headers: unknown, body: unknown, trailers: unknown): void {
  const { lengths } = gathered
  const singles = lengths.length
  if (headers !== undefined) gathered.text += gatherLines(headers, 'headers', lengths)
  const trailerLengths: number[] | undefined = trailers === undefined ? undefined : []
  const trailerText = trailerLengths === undefined ? '' : gatherLines(trailers, 'trailers', trailerLengths)
  if (body !== undefined && body !== null) {
    gathered.content = contentOf(body, 'body')
    gathered.length = contentLength(gathered.content)
    gathered.flags |= FORMAT_BODY_KNOWN
    if (isForm(body)) addFormType(gathered, singles)
  }
  gathered.fields = (lengths.length - singles) / 2
  if (trailerLengths !== undefined) {
    gathered.text += trailerText
    gathered.trailers = trailerLengths.length / 2
    for (const length of trailerLengths) lengths.push(length)
  }
}

/** Adds the Content-Type of a form, unless there is one among the fields, behind so many other parts. */
function addFormType(gathered: Gathered, singles: number): void {
  const { text, lengths } = gathered
  const [name, value] = FORM_TYPE
  let at = 0
  for (let part = 0; part < lengths.length; part++) {
    const end = at + (lengths[part] as number)
    const isName = part >= singles && (part - singles) % 2 === 0
    if (isName && text.slice(at, end).toLowerCase() === 'content-type') return
    at = end
  }
  lengths.push(name.length, value.length)
  gathered.text += name + value
}

const FORM_TYPE = ['Content-Type', 'application/x-www-form-urlencoded'] as const

function gatherExtensions(gathered: Gathered, extensions: unknown): void {
  if (typeof extensions !== 'object' || extensions === null) {
    throw new TypeError(
      misfit('extensions', 'an object of names and values, or iterable over pairs', extensions),
    )
  }
  const pairs = Symbol.iterator in extensions ? (extensions as Iterable<unknown>) : Object.entries(extensions)
  for (const pair of pairs) {
    const what = `extensions[${gathered.fields++}]`
    if (!Array.isArray(pair)) throw new TypeError(misfit(what, 'a pair [name, value]', pair))
    const [name, value] = pair as unknown[]
    if (typeof name !== 'string') throw new TypeError(misfit(`${what}.name`, 'a string', name))
    const text = value === true ? '' : valueText(value, `${what}.value`)
    gathered.lengths.push(name.length, value === true ? NOWHERE : text.length)
    gathered.text += name + text
  }
}

/** Fills the words. */
function fill(backend: Backend, gathered: Gathered): void {
  if (backend.busy) throw new H1Error('H1_REENTERED')
  const { text, lengths, length } = gathered
  if (gathered.fields + gathered.trailers > MOST_LINES) {
    throw new RangeError(`A message can be built of ${MOST_LINES} lines at most`)
  }
  // An extension's value may have to be escaped octet by octet.
  const room = 2 * text.length + MOST_ADDED_TO_PART * lengths.length + MOST_ADDED
  if (room > backend.formatted.length) {
    backend.reserveFormatted(room)
    if (room > backend.formatted.length) throw new RangeError('There is not enough memory for this message')
  }
  const words = backend.prepare()
  words[FORMAT_FLAGS] = gathered.flags
  words[FORMAT_STATUS] = gathered.status
  words[FORMAT_BODY_LOW] = length >>> 0
  words[FORMAT_BODY_HIGH] = length > 0xffff_ffff ? Math.floor(length / 2 ** 32) : 0
  words[FORMAT_FIELDS] = gathered.fields
  words[FORMAT_TRAILERS] = gathered.trailers
  for (let at = 0; at < lengths.length; at++) words[FORMAT_LENGTHS + at] = lengths[at] as number
}

/** Takes what a call wrote, or throws what it refused. */
function take(backend: Backend, gathered: Gathered, answer: number | undefined): Uint8Array {
  const { words, formatted } = backend
  if (answer !== 0) throw refusal(answer, words, gathered)
  const before = words[FORMAT_BEFORE] as number
  const after = words[FORMAT_AFTER] as number
  const content = words[FORMAT_CARRIES_BODY] === 1 ? gathered.content : undefined
  const behind = content === undefined ? before : before + gathered.length
  const message = allocate(behind + after)
  message.set(beginning(formatted, before))
  if (content !== undefined) writeContent(content, message, before)
  if (after !== 0) message.set(formatted.subarray(before, before + after), behind)
  if (formatted.length > KEPT) backend.reserveFormatted(0)
  return message
}

// Views of the output area's beginning, by length: heads are about as long as those before them, and to make
// a view costs more than to copy what it shows.
const beginnings: Uint8Array[] = []
const MOST_BEGINNINGS = 2048
let viewed: Uint8Array | undefined

function beginning(formatted: Uint8Array, length: number): Uint8Array {
  if (length >= MOST_BEGINNINGS) return formatted.subarray(0, length)
  if (viewed !== formatted) {
    viewed = formatted
    beginnings.length = 0
  }
  let view = beginnings[length]
  if (view === undefined) {
    view = formatted.subarray(0, length)
    beginnings[length] = view
  }
  return view
}
