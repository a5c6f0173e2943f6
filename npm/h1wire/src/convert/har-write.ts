// Messages written as an HTTP Archive, HAR 1.2.

import { VERSION } from '../version.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import {
  type Fields,
  fieldValue,
  type Message,
  type RequestMessage,
  type ResponseMessage,
  urlOf,
} from './model.js'
import { toBase64, toLatin1, utf8 } from './octets.js'

/** Requests and responses in order, paired: to each request the next final response that no other has. */
export function writeHar(messages: readonly Message[], { note, format }: Context): string {
  const requests = messages.filter((message) => message.kind === 'request')
  const all = messages.filter((message) => message.kind === 'response')
  const responses = all.filter(({ status }) => status >= 200 || status === 101)
  if (requests.length === 0) throw new ConversionError('a HAR is of requests, and the input has none')
  if (responses.length < all.length) note('1xx responses are left out: a HAR has no place for them')
  if (responses.length > requests.length) {
    note(`${responses.length - requests.length} responses without a request are left out`)
  }
  const entries = requests.map((request, index) => entryOf(request, responses[index], format))
  const log = { version: '1.2', creator: { name: 'h1wire', version: VERSION }, entries }
  return `${JSON.stringify({ log }, null, 2)}\n`
}

/** When nothing says when it was; HAR demands a time. */
const UNKNOWN_TIME = new Date(0)

function entryOf(
  request: RequestMessage,
  response: ResponseMessage | undefined,
  format: Context['format'],
): object {
  const date = new Date((response && fieldValue(response.headers, 'Date')) ?? Number.NaN)
  return {
    startedDateTime: (Number.isNaN(date.getTime()) ? UNKNOWN_TIME : date).toISOString(),
    time: 0,
    request: {
      method: request.method,
      url: urlOf(request),
      httpVersion: `HTTP/${request.version}`,
      cookies: (fieldValue(request.headers, 'Cookie') ?? '').split(/; */).flatMap(cookie),
      headers: pairs(request.headers),
      queryString: query(urlOf(request)),
      ...(request.body.length === 0 ? {} : { postData: postData(request) }),
      ...sizes(request, format),
    },
    response: response === undefined ? none() : responseOf(response, format),
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
  }
}

function responseOf(response: ResponseMessage, format: Context['format']): object {
  const { status, reason, version, headers } = response
  return {
    status,
    statusText: reason ?? '',
    httpVersion: `HTTP/${version}`,
    cookies: headers
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .flatMap(([, value]) => cookie(value.split(';')[0] as string)),
    headers: pairs(headers),
    content: contentOf(response),
    redirectURL: fieldValue(headers, 'Location') ?? '',
    ...sizes(response, format),
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

function contentOf({ body, headers }: ResponseMessage): object {
  const mimeType = fieldValue(headers, 'Content-Type') ?? 'x-unknown'
  const text = utf8(body)
  const content = text === undefined ? { text: toBase64(body), encoding: 'base64' } : { text }
  return { size: body.length, mimeType, ...(body.length === 0 ? {} : content) }
}

/** HAR has text here, and no encoding; the one that it gives to content is understood by its readers here too. */
function postData({ body, headers }: RequestMessage): object {
  const mimeType = fieldValue(headers, 'Content-Type') ?? ''
  const text = utf8(body)
  return text === undefined ? { mimeType, text: toBase64(body), encoding: 'base64' } : { mimeType, text }
}

/** The head as it would be written, with the empty line; the body without its framing. */
function sizes(message: Message, format: Context['format']): { headersSize: number; bodySize: number } {
  const octets = format(message)
  return { headersSize: toLatin1(octets).indexOf('\r\n\r\n') + 4, bodySize: message.body.length }
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
