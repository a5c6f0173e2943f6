// Requests as calls of fetch, as developer tools copy them.

import { eachOf } from './entries.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import { LiteralReader } from './literal.js'
import { type Fields, type Message, type Note, type RequestMessage, requestTo, urlOf } from './model.js'
import { empty, fromText, textAsLatin1 } from './octets.js'
import { isText, jsonBase64, jsonText } from './pieces.js'
import { trimmed } from './text.js'
import { addressOf } from './url.js'

/** Reads the calls of a source that consists of them. */
export function* readFetch(text: string, context: Context): Generator<RequestMessage> {
  yield* eachOf(calls(text), 'call', context, ({ url, init }) => [requestOf(url, init, context.note)])
}

function* calls(text: string): Generator<{ url: unknown; init: unknown }> {
  const reader = new LiteralReader(text)
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
    yield { url, init }
  }
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
  // fetch reads a URL as browsers do.
  const address = addressOf(URL.canParse(url) ? new URL(url).href : url)
  if (address.user !== undefined) throw new ConversionError('fetch refuses a URL with a user in it')
  return requestTo(address, { method: usual(method), headers, body: body.octets })
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
    return [name, trimmed(text)]
  })
}

/** Writes a call for each request. */
export function* writeFetch(messages: Iterable<Message>, { note }: Context): Generator<string> {
  let responses = false
  for (const message of messages) {
    if (message.kind === 'request') yield* call(message, note)
    else responses = true
  }
  if (responses) note('responses are left out: a call of fetch has none')
}

/** What the Fetch standard has clients write themselves. */
const FORBIDDEN =
  /^(accept-charset|accept-encoding|access-control-request-(headers|method)|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i
/** Of these what Node.js lets through all the same. */
const ALLOWED_BY_NODE =
  /^(accept-encoding|accept-charset|cookie|date|dnt|origin|referer|te|via|proxy-.*|sec-.*)$/i

function* call(request: RequestMessage, note: Note): Generator<string> {
  const { method, headers, body, trailers, target } = request
  if (/^(connect|trace|track)$/i.test(method)) throw new ConversionError(`fetch sends no ${method}`)
  if (target === '*') throw new ConversionError('fetch cannot send the target *: its URL would be /')
  if (!target.startsWith('/')) note(`the target ${target} is sent as a path: its absolute form is lost`)
  const url = urlOf(request)
  if (URL.canParse(url) && new URL(url).href !== url) note(`fetch sends ${url} as ${new URL(url).href}`)
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
  yield `fetch(${literal(url)}, {\n`
  if (sent.length > 0) {
    yield `  "headers": ${literal(repeated || special ? sent : Object.fromEntries(sent))},\n`
  }
  if (body.length > 0) {
    const text = isText(body)
    yield `  "body": ${text ? '' : 'Uint8Array.from(atob('}`
    yield* text ? jsonText(body) : jsonBase64(body)
    yield `${text ? '' : '), (c) => c.charCodeAt(0))'},\n`
  }
  yield `  "method": ${literal(method)}\n});\n`
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')
}
