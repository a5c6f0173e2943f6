// Messages from parts: the safe builder's calls.
//
// Each call goes two steps, and nothing of the first may happen in the second. First everything the caller
// gave is read into strings and numbers of our own: getters, proxies, iterators and toString run then, once.
// Then build.ts has Rust check and write it.

import type { Backend } from '../backend/backend.js'
import {
  CALL_CHUNK,
  CALL_LAST_CHUNK,
  CALL_REQUEST,
  CALL_RESPONSE,
  FORMAT_ASTERISK,
  FORMAT_BODY_KNOWN,
  FORMAT_BODY_UNKNOWN,
  FORMAT_HAS_HOST,
  FORMAT_HAS_REASON,
  FORMAT_HTTP_1_0,
  FORMAT_REQUEST_HTTP_1_0,
  NOWHERE,
} from '../generated/layout.js'
import {
  type Body,
  type BodyData,
  contentLength,
  contentOf,
  isFormData,
  isPlain,
  plainLength,
  typedOf,
} from './body.js'
import { build, type Gathered, gather, lengthsOf } from './build.js'
import { H1Error } from './error.js'
import { type FieldLines, type FieldValue, gatherLines, misfit, valueText } from './lines.js'
import { textForm } from './multipart.js'
import { empty } from './octets.js'
import { refuseUnknown } from './unknown.js'
import { readUrl } from './url.js'

/** What a request is built from: `target` or `url`, and whatever else differs from the defaults. */
export interface RequestParts {
  /** The method: a token, case-sensitive. Default `'GET'`. */
  method?: string | undefined
  /** The request-target as it is written: a path, or another form that goes with the method. */
  target?: string | undefined
  /**
   * In place of `target`: where the request goes. Target and `Host` are taken from it; userinfo and fragment
   * are dropped. With CONNECT, host and port are the target.
   */
  url?: string | URL | undefined
  /**
   * `['asterisk']`: beside OPTIONS, any method but CONNECT may have the target `*`, as in SSDP (`M-SEARCH *`). Strict readers
   * refuse such a request. Default: none.
   */
  lenient?: readonly 'asterisk'[] | undefined
  /** Beside `target`: the value of `Host`, written first, in place of one among the headers. */
  host?: string | undefined
  /** The version that is written. Default `'1.1'`. */
  version?: '1.0' | '1.1' | undefined
  /** The field lines. */
  headers?: FieldLines | undefined
  /** The body; its length, or the chunked coding, is written by itself. */
  body?: Body | null | undefined
  /** Trailer field lines; with these the body is chunked. */
  trailers?: FieldLines | undefined
}

/** What a response is built from: a status, and whatever else differs from the defaults. */
export interface ResponseParts {
  /** The status code, 100 to 999. */
  status: number
  /** The reason phrase. Default: the status code's own, or none. */
  reason?: string | undefined
  /** The version that is written. Default `'1.1'`. */
  version?: '1.0' | '1.1' | undefined
  /** The field lines. */
  headers?: FieldLines | undefined
  /** The body; its length, or the chunked coding, is written by itself. */
  body?: Body | null | undefined
  /** Trailer field lines; with these the body is chunked. */
  trailers?: FieldLines | undefined
  /** The method of the request this answers: to HEAD no body is written. Default `'GET'`. */
  requestMethod?: string | undefined
  /** The version of the request this answers: 1.0 gets no chunks, trailers or 1xx. Default `'1.1'`. */
  requestVersion?: string | undefined
}

/** How much of a message is built. */
export interface FormatOptions {
  /**
   * `false`: the head alone, framed for the body that the message has; the body is counted and not copied.
   * Default `true`.
   */
  body?: boolean | undefined
  /**
   * With `body: false`, and no body given: how many octets of body the caller is going to write behind the
   * head. `'unknown'`: nobody can tell; the body is then chunked, or, in the answer to a 1.0 request, lasts
   * until the connection ends.
   */
  length?: number | 'unknown' | undefined
  /** @internal Field lines to be written behind the others, each unless there is one of its name. */
  usual?: UsualLines | undefined
}

/** Lines that a layer above writes unless its caller has. */
export type UsualLines = readonly UsualLine[]

/** A line, ready to be written. */
export interface UsualLine {
  /** The name in lower case. */
  readonly name: string
  /** Name and value behind one another, and where in it the value begins. */
  readonly text: string
  readonly valueAt: number
}

/** Chunk extensions: names with a value, or with `true` for none. */
export type ChunkExtensions =
  | Iterable<readonly [name: string, value: FieldValue | true]>
  | { readonly [name: string]: FieldValue | true }

/** Builds a request. */
export function formatRequest(backend: Backend, init: RequestParts, options?: FormatOptions): Uint8Array {
  checkRequest(init, options)
  return build(backend, gatherRequest(backend, init, options))
}

/** Builds a response. */
export function formatResponse(backend: Backend, init: ResponseParts, options?: FormatOptions): Uint8Array {
  checkResponse(init, options)
  return build(backend, gatherResponse(backend, init, options))
}

// Names are checked apart from reading, as engines then make faster code of both.

/** Throws a TypeError for a part or an option of a request that would not be read. */
export function checkRequest(init: RequestParts, options: FormatOptions | undefined): void {
  refuseOtherThanRequest(objectOf(init))
  if (options !== undefined) refuseOtherThanOptions(options)
}

/** Likewise for a response; `knowsRequest`: which request it answers is not among its parts. */
export function checkResponse(
  init: ResponseParts,
  options: FormatOptions | undefined,
  knowsRequest = false,
): void {
  refuseOtherThanResponse(objectOf(init), knowsRequest)
  if (options !== undefined) refuseOtherThanOptions(options)
}

/** Reads the parts of a request, whose names were checked. */
export function gatherRequest(
  backend: Backend,
  init: RequestParts,
  options: FormatOptions | undefined,
): Gathered {
  const { method = 'GET', target, url, lenient, host, version, headers, body, trailers } = init
  if (typeof method !== 'string') throw new TypeError(misfit('method', 'a string', method))
  const gathered = url === undefined ? fromTarget(method, target, host) : fromUrl(method, url, target, host)
  if (lenient !== undefined) gathered.flags |= lenientFlag(lenient)
  if (version !== undefined) gathered.flags |= versionFlag(version)
  if (options !== undefined) gatherOptions(gathered, options, body)
  gatherMessage(backend, gathered, headers, body, trailers, options?.usual)
  return gathered
}

/** Reads the parts of a response, whose names were checked. */
export function gatherResponse(
  backend: Backend,
  init: ResponseParts,
  options: FormatOptions | undefined,
): Gathered {
  const { status, reason, version, headers, body, trailers, requestMethod = 'GET', requestVersion } = init
  if (typeof status !== 'number') throw new TypeError(misfit('status', 'a number', status))
  if (typeof requestMethod !== 'string')
    throw new TypeError(misfit('requestMethod', 'a string', requestMethod))
  const gathered = gather(CALL_RESPONSE, '', lengthsOf(0, requestMethod.length))
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
  if (options !== undefined) gatherOptions(gathered, options, body)
  gatherMessage(backend, gathered, headers, body, trailers, options?.usual)
  return gathered
}

/** Builds a chunk: nothing if there are no octets, as an empty chunk would end the body. */
export function formatChunk(backend: Backend, data: BodyData, extensions?: ChunkExtensions): Uint8Array {
  const gathered = gather(CALL_CHUNK, '', [])
  if (extensions !== undefined) gatherExtensions(gathered, extensions)
  gathered.content = contentOf(data, 'data')
  gathered.length = contentLength(gathered.content)
  if (gathered.length === 0 && gathered.fields === 0) return empty()
  return build(backend, gathered)
}

/** Builds what ends a chunked body. */
export function formatLastChunk(backend: Backend, trailers?: FieldLines): Uint8Array {
  const gathered = gather(CALL_LAST_CHUNK, '', [])
  if (trailers !== undefined) gatherTrailers(gathered, trailers)
  return build(backend, gathered)
}

/** Reads the trailer fields of a call that has nothing else. */
export function gatherTrailers(gathered: Gathered, trailers: FieldLines): void {
  addTrailers(gathered, readTrailers(trailers))
}

function objectOf<T extends object>(init: T): T {
  if (typeof init !== 'object' || init === null) throw new TypeError(misfit('The message', 'an object', init))
  return init
}

const REQUEST_NAMES = ['method', 'target', 'url', 'lenient', 'host', 'version', 'headers', 'body', 'trailers']
const ANSWER_NAMES = ['status', 'reason', 'version', 'headers', 'body', 'trailers']
const ASKED_NAMES = ['requestMethod', 'requestVersion']
const RESPONSE_NAMES = [...ANSWER_NAMES, ...ASKED_NAMES]
const OPTION_NAMES = ['body', 'length']

// Names are compared with constants one by one, as engines do that fastest; only what is none of them is looked into.

function refuseOtherThanRequest(init: object): void {
  for (const name in init) {
    switch (name) {
      case 'method':
      case 'target':
      case 'headers':
      case 'url':
      case 'body':
      case 'host':
      case 'version':
      case 'trailers':
      case 'lenient':
        break
      default:
        refuseUnknown(init, '', REQUEST_NAMES, placeInOptions)
    }
  }
}

function refuseOtherThanResponse(init: object, knowsRequest: boolean): void {
  for (const name in init) {
    switch (name) {
      case 'status':
      case 'headers':
      case 'body':
      case 'reason':
      case 'requestMethod':
      case 'requestVersion':
      case 'version':
      case 'trailers':
        break
      default:
        if (knowsRequest) refuseUnknown(init, '', ANSWER_NAMES, placeInOptions, ASKED_NAMES)
        else refuseUnknown(init, '', RESPONSE_NAMES, placeInOptions)
    }
  }
}

function refuseOtherThanOptions(options: object): void {
  for (const name in options) {
    switch (name) {
      case 'body':
      case 'length':
      case 'usual':
        break
      default:
        refuseUnknown(options, 'options', OPTION_NAMES, undefined, ['usual'])
    }
  }
}

function placeInOptions(name: string): string | undefined {
  return name === 'length' ? 'it belongs in options, behind the message' : undefined
}

function fromTarget(method: string, target: unknown, host: unknown): Gathered {
  if (typeof target !== 'string')
    throw new TypeError(misfit('target, unless url is given,', 'a string', target))
  if (host === undefined) {
    return gather(CALL_REQUEST, method + target, lengthsOf(method.length, target.length, 0))
  }
  if (typeof host !== 'string') throw new TypeError(misfit('host', 'a string', host))
  const lengths = lengthsOf(method.length, target.length, host.length)
  const gathered = gather(CALL_REQUEST, method + target + host, lengths)
  gathered.flags = FORMAT_HAS_HOST
  return gathered
}

function fromUrl(method: string, url: unknown, target: unknown, host: unknown): Gathered {
  if (target !== undefined) throw new TypeError('target and url cannot both be given')
  if (host !== undefined) throw new TypeError('host goes with target: url has a host of its own')
  const place = readUrl(url, method)
  const lengths = lengthsOf(method.length, place.target.length, place.host.length)
  const gathered = gather(CALL_REQUEST, method + place.target + place.host, lengths)
  gathered.flags = FORMAT_HAS_HOST
  return gathered
}

function versionFlag(version: unknown): number {
  if (version === '1.1') return 0
  if (version === '1.0') return FORMAT_HTTP_1_0
  throw new H1Error('H1_FORMAT_VERSION', { part: 'version', advice: "give '1.1' or '1.0', or leave it out" })
}

function lenientFlag(lenient: unknown): number {
  if (!Array.isArray(lenient))
    throw new TypeError(misfit('lenient', "an array such as ['asterisk']", lenient))
  let flags = 0
  for (const name of lenient) {
    if (name !== 'asterisk') {
      throw new TypeError(`lenient: ${String(name)} is not for what is written: there is asterisk`)
    }
    flags = FORMAT_ASTERISK
  }
  return flags
}

/** A request may be of any version that was read; all but 1.0 count as 1.1. */
function requestVersionFlag(version: unknown): number {
  if (typeof version === 'string' && /^\d\.\d$/.test(version))
    return version === '1.0' ? FORMAT_REQUEST_HTTP_1_0 : 0
  throw new TypeError(misfit('requestVersion', "a version such as '1.1'", version))
}

function gatherOptions(gathered: Gathered, options: FormatOptions, given: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(misfit('options', 'an object', options))
  const { body, length } = options
  if (body !== undefined && typeof body !== 'boolean')
    throw new TypeError(misfit('options.body', 'a boolean', body))
  gathered.headOnly = body === false
  if (length !== undefined) gatherLength(gathered, length, given)
}

function gatherLength(gathered: Gathered, length: number | 'unknown', given: unknown): void {
  if (!gathered.headOnly)
    throw new TypeError('options.length goes with body: false, where the caller writes the body')
  if (given !== undefined && given !== null) {
    throw new TypeError('options.length cannot be given beside a body, whose length is counted')
  }
  if (length === 'unknown') {
    gathered.flags |= FORMAT_BODY_UNKNOWN
  } else if (Number.isSafeInteger(length) && length >= 0) {
    gathered.flags |= FORMAT_BODY_KNOWN
    gathered.length = length
  } else {
    throw new TypeError(
      `options.length must be an integer from 0 to 2^53-1, or 'unknown', not ${String(length)}`,
    )
  }
}

/** Reads field lines, trailers, and last the body, behind which no code of the caller runs. */
function gatherMessage(
  backend: Backend,
  gathered: Gathered,
  headers: unknown,
  body: unknown,
  trailers: unknown,
  usual: UsualLines | undefined,
): void {
  const { lengths } = gathered
  const singles = lengths.length
  if (headers !== undefined) gathered.text += gatherLines(headers, 'headers', lengths)
  if (usual !== undefined) gatherUsual(gathered, singles, usual)
  const section = trailers === undefined ? undefined : readTrailers(trailers)
  if (body !== undefined && body !== null) {
    if (!isPlain(body)) gathered.content = gatherTyped(backend, gathered, singles, body)
    else if (!gathered.headOnly) gathered.content = contentOf(body, 'body')
    const { content } = gathered
    gathered.length = content === undefined ? plainLength(body, 'body') : contentLength(content)
    gathered.flags |= FORMAT_BODY_KNOWN
  }
  gathered.fields = (lengths.length - singles) / 2
  if (section !== undefined) addTrailers(gathered, section)
}

/** Trailer fields that were read: their text, and the lengths of its parts. */
interface TrailerSection {
  readonly text: string
  readonly lengths: readonly number[]
}

function readTrailers(trailers: unknown): TrailerSection {
  const lengths: number[] = []
  return { text: gatherLines(trailers, 'trailers', lengths), lengths }
}

function addTrailers(gathered: Gathered, { text, lengths }: TrailerSection): void {
  gathered.text += text
  gathered.trailers = lengths.length / 2
  for (const length of lengths) gathered.lengths.push(length)
}

/**
 * The content of a body that has a type. The type becomes a field, unless there is a Content-Type among the
 * fields, behind so many other parts.
 */
function gatherTyped(backend: Backend, gathered: Gathered, singles: number, body: unknown) {
  const given = givenLine(gathered, singles, 'content-type')
  const { content, type } = isFormData(body)
    ? textForm(backend, body, given && { value: given.value, name: `headers[${given.index}].value` })
    : typedOf(body, 'body')
  if (given === undefined) {
    gathered.names = { typeField: (gathered.lengths.length - singles) / 2 }
    gathered.lengths.push('Content-Type'.length, type.length)
    gathered.text += `Content-Type${type}`
  } else if (given.value !== type && /^multipart\//i.test(type)) {
    throw new TypeError(
      `headers[${given.index}] is a Content-Type without the body's boundary: leave it out, or give it to multipart()`,
    )
  }
  return contentOf(content, 'body.content')
}

/** Adds lines, each unless its name is among the fields, behind so many other parts. */
function gatherUsual(gathered: Gathered, singles: number, usual: UsualLines): void {
  for (const { name, text, valueAt } of usual) {
    if (givenLine(gathered, singles, name) !== undefined) continue
    gathered.lengths.push(valueAt, text.length - valueAt)
    gathered.text += text
  }
}

/** The first line of this name, in lower case, among the fields. */
function givenLine(
  { text, lengths }: Gathered,
  singles: number,
  lower: string,
): { index: number; value: string } | undefined {
  let at = 0
  for (let part = 0; part < singles; part++) at += lengths[part] as number
  for (let part = singles; part < lengths.length; part += 2) {
    const length = lengths[part] as number
    const end = at + length
    const valueEnd = end + (lengths[part + 1] as number)
    if (length === lower.length && text.slice(at, end).toLowerCase() === lower) {
      return { index: (part - singles) / 2, value: text.slice(end, valueEnd) }
    }
    at = valueEnd
  }
  return undefined
}

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
