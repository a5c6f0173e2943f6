// Requests as calls of fetch, as developer tools copy them.

import { ConversionError } from './error.js'
import { httpUrl } from './json.js'
import { LiteralReader } from './literal.js'
import { type Fields, type Message, type Note, type RequestMessage, requestTo, urlOf } from './model.js'
import { empty, fromText, textAsLatin1, toBase64, utf8 } from './octets.js'

/** Reads the calls of a source that consists of them. */
export function readFetch(text: string, note: Note): RequestMessage[] {
  const reader = new LiteralReader(text)
  const requests: RequestMessage[] = []
  while (!reader.atEnd) {
    reader.take('await')
    reader.expect('fetch')
    reader.expect('(')
    const url = reader.value()
    let init: unknown = new Map()
    if (reader.take(',') && !reader.sees(')')) {
      init = reader.value()
      reader.take(',')
    }
    reader.expect(')')
    while (reader.take(';'));
    requests.push(requestOf(url, init, note))
  }
  return requests
}

/** What says how a browser is to send a request, and nothing about the request. */
const UNSENT = [
  'mode',
  'credentials',
  'cache',
  'redirect',
  'referrerPolicy',
  'integrity',
  'keepalive',
  'priority',
]

function requestOf(url: unknown, init: unknown, note: Note): RequestMessage {
  if (typeof url !== 'string') throw new ConversionError('fetch is read with a string for its URL')
  if (!(init instanceof Map)) throw new ConversionError('the second argument of fetch must be an object')
  const left = [...init.keys()].filter((name) => UNSENT.includes(name))
  if (left.length > 0) note(`${left.join(', ')}: left out, for they are a browser's affair`)
  const known = ['method', 'headers', 'body', 'referrer', ...UNSENT]
  const unknown = [...init.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) throw new ConversionError(`fetch has no option '${unknown}'`)
  const method = init.get('method') ?? 'GET'
  if (typeof method !== 'string') throw new ConversionError("fetch's method must be a string")
  const body = bodyOf(init.get('body'))
  const headers = fieldsOf(init.get('headers'))
  const has = (name: string) => headers.some(([own]) => own.toLowerCase() === name)
  const referrer = init.get('referrer')
  if (typeof referrer === 'string' && referrer.startsWith('http') && !has('referer')) {
    headers.push(['Referer', textAsLatin1(referrer)])
  }
  if (body.type !== undefined && !has('content-type')) headers.push(['Content-Type', body.type])
  return requestTo(httpUrl(url), { method: usual(method), headers, body: body.octets })
}

/** The methods whose case fetch does not keep. */
function usual(method: string): string {
  const upper = method.toUpperCase()
  return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'].includes(upper) ? upper : method
}

function bodyOf(body: unknown): { octets: Uint8Array; type?: string } {
  if (body === undefined || body === null) return { octets: empty() }
  if (typeof body === 'string') return { octets: fromText(body), type: 'text/plain;charset=UTF-8' }
  if (body instanceof Uint8Array) return { octets: body }
  if (body instanceof URLSearchParams) {
    return { octets: fromText(body.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  }
  throw new ConversionError("fetch's body is read where it is a string or URLSearchParams")
}

function fieldsOf(headers: unknown): Fields {
  if (headers === undefined) return []
  const pairs = headers instanceof Map || Array.isArray(headers) ? [...headers] : undefined
  if (pairs === undefined) throw new ConversionError("fetch's headers must be an object or an array of pairs")
  return pairs.map((pair: unknown): [string, string] => {
    const [name, value] = Array.isArray(pair) ? pair : []
    if (typeof name !== 'string' || !['string', 'number'].includes(typeof value)) {
      throw new ConversionError("fetch's headers must have strings for names and values")
    }
    const text = String(value)
    if (/[\u0100-\uffff]/.test(text))
      throw new ConversionError(`fetch refuses the value of ${name}: it is beyond U+00FF`)
    return [name, text.trim()]
  })
}

/** Writes a call for each request. */
export function writeFetch(messages: readonly Message[], note: Note): string {
  const requests = messages.filter((message) => message.kind === 'request')
  if (requests.length < messages.length) note('responses are left out: a call of fetch has none')
  return requests.map((request) => call(request, note)).join('')
}

/** What the Fetch standard has clients write themselves. */
const FORBIDDEN =
  /^(accept-charset|accept-encoding|access-control-request-(headers|method)|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i
/** Of these what Node.js lets through all the same. */
const ALLOWED_BY_NODE =
  /^(accept-encoding|accept-charset|cookie|date|dnt|origin|referer|te|via|proxy-.*|sec-.*)$/i

function call(request: RequestMessage, note: Note): string {
  const { method, headers, body, trailers } = request
  if (trailers.length > 0) note('trailer fields are left out: fetch sends none')
  if (body.length > 0 && (method === 'GET' || method === 'HEAD')) {
    throw new ConversionError(`fetch sends no body with ${method}`)
  }
  const sent = headers.filter(([name]) => !FORBIDDEN.test(name) || ALLOWED_BY_NODE.test(name))
  const left = headers.filter((field) => !sent.includes(field)).map(([name]) => name)
  if (left.length > 0) note(`${left.join(', ')}: left out, for fetch writes them itself`)
  const repeated = new Set(sent.map(([name]) => name.toLowerCase())).size < sent.length
  // An object would take the one for its prototype, and put the others first.
  const special = sent.some(([name]) => name === '__proto__' || /^\d+$/.test(name))
  const init = [
    ...(sent.length === 0
      ? []
      : [`"headers": ${literal(repeated || special ? sent : Object.fromEntries(sent))}`]),
    ...(body.length === 0 ? [] : [`"body": ${bodyLiteral(body)}`]),
    `"method": ${literal(method)}`,
  ]
  return `fetch(${literal(urlOf(request))}, {\n${init.map((line) => `  ${line}`).join(',\n')}\n});\n`
}

function bodyLiteral(body: Uint8Array): string {
  const text = utf8(body)
  if (text !== undefined) return literal(text)
  return `Uint8Array.from(atob(${literal(toBase64(body))}), (c) => c.charCodeAt(0))`
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')
}
