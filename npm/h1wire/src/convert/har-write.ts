// Messages written as an HTTP Archive, HAR 1.2.

import { VERSION } from '../version.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import {
  type Fields,
  fieldValue,
  type Message,
  pathOf,
  type RequestMessage,
  type ResponseMessage,
  urlOf,
} from './model.js'
import { isFinal } from './pairs.js'
import { isText, jsonBase64, jsonText } from './pieces.js'

/** An entry for each request, with the response that comes behind it. */
export function* writeHar(messages: Iterable<Message>, context: Context): Generator<string> {
  const { note } = context
  const log = { version: '1.2', creator: { name: 'h1wire', version: VERSION } }
  let head = `${JSON.stringify({ log }, null, 2).slice(0, -'\n  }\n}'.length)},\n    "entries": [\n`
  let request: RequestMessage | undefined
  let informational = false
  let alone = 0
  for (const message of messages) {
    if (message.kind === 'request') {
      if (request !== undefined) {
        yield head
        head = ',\n'
        yield* entryOf(request, undefined, context)
      }
      request = message
    } else if (!isFinal(message)) informational = true
    else {
      if (request === undefined) alone++
      yield head
      head = ',\n'
      yield* entryOf(request, message, context)
      request = undefined
    }
  }
  if (request !== undefined) {
    yield head
    head = ',\n'
    yield* entryOf(request, undefined, context)
  }
  if (head !== ',\n') throw new ConversionError('a HAR is of exchanges, and the input has none')
  if (informational) note('1xx responses are left out: a HAR has no place for them')
  if (alone > 0) note(`${alone} responses have no request: their entries hold an empty one`)
  yield '\n    ]\n  }\n}\n'
}

/** When nothing says when it was; HAR demands a time. */
const UNKNOWN_TIME = new Date(0)

function* entryOf(
  request: RequestMessage | undefined,
  response: ResponseMessage | undefined,
  context: Context,
): Generator<string> {
  const date = new Date((response && fieldValue(response.headers, 'Date')) ?? Number.NaN)
  const entry = {
    startedDateTime: (Number.isNaN(date.getTime()) ? UNKNOWN_TIME : date).toISOString(),
    time: 0,
    request: request === undefined ? NO_REQUEST : requestOf(request),
    response: response === undefined ? none() : responseOf(response, context),
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
  }
  yield* withBodies(entry, [
    ...(request === undefined ? [] : [request.body]),
    ...(response === undefined ? [] : [plainBody(response, context).body]),
  ])
}

function requestOf(request: RequestMessage): object {
  const url = urlOf(request)
  return {
    method: request.method,
    url,
    // HAR has a URL alone: what else the target may be, and trailers, stand in members of our own.
    ...(request.target === pathOf(request.target) ? {} : { _target: request.target }),
    ...trailers(request.trailers),
    httpVersion: `HTTP/${request.version}`,
    cookies: (fieldValue(request.headers, 'Cookie') ?? '').split(';').flatMap(cookie),
    headers: pairs(request.headers),
    queryString: query(url),
    ...(request.body.length === 0 ? {} : { postData: postData(request) }),
    ...sizes(request),
  }
}

/** In place of a request that is not known: HAR demands one. */
const NO_REQUEST = {
  method: '',
  url: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  queryString: [],
  headersSize: -1,
  bodySize: -1,
}

/** The JSON of an entry, its bodies put where their places are. */
function* withBodies(entry: object, bodies: readonly Uint8Array[]): Generator<string> {
  const text = JSON.stringify(entry, null, 2).replace(/^/gm, '      ')
  const filled = bodies.filter(({ length }) => length > 0)
  for (const [index, piece] of text.split(PLACE_IN_JSON).entries()) {
    const body = filled[index - 1]
    if (body !== undefined) yield* isText(body) ? jsonText(body) : jsonBase64(body)
    yield piece
  }
}

/** No text of a header: it holds a NUL. */
const PLACE = '\0body'
const PLACE_IN_JSON = JSON.stringify(PLACE)

function responseOf(response: ResponseMessage, context: Context): object {
  const { status, reason, version, headers } = response
  return {
    status,
    statusText: reason ?? '',
    ...trailers(response.trailers),
    httpVersion: `HTTP/${version}`,
    cookies: headers
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .flatMap(([, value]) => cookie(value.split(';')[0] as string)),
    headers: pairs(headers),
    content: contentOf(response, context),
    redirectURL: fieldValue(headers, 'Location') ?? '',
    ...sizes(response),
  }
}

/** What developer tools write where no response came. */
function none(): object {
  return {
    status: 0,
    statusText: '',
    httpVersion: '',
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: 'x-unknown' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
  }
}

function contentOf(response: ResponseMessage, context: Context): object {
  const mimeType = fieldValue(response.headers, 'Content-Type') ?? 'x-unknown'
  const { body, coded } = plainBody(response, context)
  const size = response.unrecorded ?? body.length
  return { size, mimeType, ...placeFor(body), ...(coded ? { _coded: true } : {}) }
}

/** A body as HAR has it, decoded; or as it is, where it cannot be. */
function plainBody(
  { body, headers }: ResponseMessage,
  { decoded }: Context,
): { body: Uint8Array; coded: boolean } {
  const coding = (fieldValue(headers, 'Content-Encoding') ?? '').trim().toLowerCase()
  if (body.length === 0 || coding === '' || coding === 'identity') return { body, coded: false }
  const plain = decoded(body, coding)
  return plain === undefined || plain.length === 0 ? { body, coded: true } : { body: plain, coded: false }
}

/** HAR has text in a request, and no encoding; the one that it gives to content is understood by its readers here too. */
function postData({ body, headers }: RequestMessage): object {
  return { mimeType: fieldValue(headers, 'Content-Type') ?? '', ...placeFor(body) }
}

function placeFor(body: Uint8Array): object {
  if (body.length === 0) return {}
  return { text: PLACE, ...(isText(body) ? {} : { encoding: 'base64' }) }
}

/** The head's lines, with the empty one; the body without its framing. */
function sizes({ headers, body, ...start }: Message): { headersSize: number; bodySize: number } {
  const first =
    start.kind === 'request'
      ? `${start.method} ${start.target} HTTP/${start.version}`
      : `HTTP/${start.version} ${start.status} ${start.reason ?? ''}`
  const lines = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return { headersSize: first.length + lines + 4, bodySize: body.length }
}

function trailers(fields: Fields): object {
  return fields.length === 0 ? {} : { _trailers: pairs(fields) }
}

function pairs(fields: Fields): object[] {
  return fields.map(([name, value]) => ({ name, value }))
}

function query(url: string): object[] {
  const search = URL.canParse(url) ? new URL(url).searchParams : []
  return [...search].map(([name, value]) => ({ name, value }))
}

function cookie(pair: string): object[] {
  const equals = pair.indexOf('=')
  return equals < 1 ? [] : [{ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }]
}
