// Messages read from an HTTP Archive, HAR 1.2, as developer tools write it.

import { eachOf } from './entries.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import { parsed } from './json.js'
import { type Fields, fieldValue, type Message, type Note, requestTo, without } from './model.js'
import { boundaryOf, multipart } from './multipart.js'
import { empty, fromBase64, fromText, textAsLatin1 } from './octets.js'
import { addressOf, percent } from './url.js'

/** Requests, each with its response behind it, as far as they are there; or the one request of a text that is only that. */
export function* readHar(text: string, context: Context): Generator<Message> {
  const value = parsed(text)
  if (member(value, 'log') === undefined && typeof member(value, 'method') === 'string') {
    yield* readEntry({ request: value }, context)
    return
  }
  const entries = member(member(value, 'log'), 'entries')
  if (!Array.isArray(entries)) throw new ConversionError('a HAR has an array log.entries')
  const read = (entry: unknown, place: string): Message[] =>
    readEntry(entry, { ...context, note: (what) => context.note(`${place}: ${what}`) })
  yield* eachOf<unknown, Message>(entries, 'entry', context, read, 0)
}

/** What browsers record that no HTTP request was made for. */
const NO_HTTP = /^(data|blob|wss?|about|file|chrome|chrome-extension|moz-extension|javascript):/i

function readEntry(entry: unknown, { note }: Pick<Context, 'note'>): Message[] {
  const request = member(entry, 'request')
  const method = text(request, 'method')
  const url = text(request, 'url')
  if (method === '' && url === '') {
    const alone = readResponse(member(entry, 'response'), undefined, note)
    return alone === undefined ? [] : [alone]
  }
  const scheme = NO_HTTP.exec(url)?.[1]
  if (scheme !== undefined) {
    note(`left out, for its URL is of ${scheme}:, and not of http: or https:`)
    return []
  }
  const address = addressOf(url)
  const { octets, type } = postData(member(request, 'postData'))
  const recorded = fields(request, note)
  const length = Number(member(request, 'bodySize') ?? 0)
  if (octets.length === 0 && length > 0) {
    note(`the body of the request, ${length} bytes, was not recorded: it is left out`)
  }
  const headers = reframed(recorded, octets.length, octets.length > 0)
  const typed: Fields =
    type === undefined || octets.length === 0 || fieldValue(headers, 'Content-Type') !== undefined
      ? []
      : [['Content-Type', type]]
  const asked = requestTo(address, { method, headers: [...headers, ...typed], body: octets })
  asked.version = version(request, note)
  const target = member(request, '_target')
  if (typeof target === 'string') asked.target = target
  asked.trailers = trailers(request)
  const answer = readResponse(member(entry, 'response'), method, note)
  return answer === undefined ? [asked] : [asked, answer]
}

/** A status of 0 stands for none at all. */
function readResponse(response: unknown, method: string | undefined, note: Note): Message | undefined {
  const status = member(response, 'status')
  if (typeof status !== 'number' || status === 0) return undefined
  const content = member(response, 'content')
  const bodiless = method === 'HEAD' || status === 204 || status === 304 || status < 200
  const body = bodiless ? empty() : contentOf(content)
  const own = fields(response, note)
  const size = Number(member(content, 'size') ?? 0)
  const missing = !bodiless && body.length === 0 && size !== 0
  if (missing)
    note(`the body of the response${size > 0 ? `, ${size} bytes,` : ''} was not recorded: it is left out`)
  return {
    kind: 'response',
    status,
    reason: textAsLatin1(text(response, 'statusText', '')),
    ...(method === undefined ? {} : { requestMethod: method }),
    version: version(response, note),
    headers: bodiless ? own : missing ? reframed(own, 0, false) : labelled(own, body, content, note),
    body,
    trailers: trailers(response),
    ...(missing ? { unrecorded: size } : {}),
  }
}

/** The field lines that fit a body: it stands in a HAR as it was decoded, and then what says otherwise would be wrong. */
function labelled(own: Fields, body: Uint8Array, content: unknown, note: Note): Fields {
  const coding = fieldValue(own, 'Content-Encoding')
  // Some tools leave it coded, and so does h1wire where it cannot decode it.
  const coded = member(content, '_coded') === true || (body[0] === 0x1f && body[1] === 0x8b && body[2] === 8)
  if (coding === undefined || coded || /^(identity)?$/i.test(coding)) return reframed(own, body.length, true)
  note('Content-Encoding is left out: the body of a HAR is decoded')
  return reframed(without(own, 'Content-Encoding'), body.length, true)
}

/** What `har-write.ts` keeps of trailers. */
function trailers(message: unknown): Fields {
  const list = member(message, '_trailers')
  return Array.isArray(list) ? list.map((item) => [text(item, 'name'), text(item, 'value')]) : []
}

/** With a Content-Length that fits the body in place of what framed it on the wire. */
function reframed(headers: Fields, length: number, has: boolean): Fields {
  const at = headers.findIndex(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
  const rest = without(headers, 'Content-Length', 'Transfer-Encoding')
  if (!has) return rest
  const name =
    headers[at]?.[0].toLowerCase() === 'content-length' ? (headers[at]?.[0] as string) : 'Content-Length'
  rest.splice(at === -1 ? rest.length : at, 0, [name, String(length)])
  return rest
}

/** What is of one connection, and forbidden in HTTP/2; browsers write some of it all the same. */
const OF_CONNECTION = ['Connection', 'Keep-Alive', 'Proxy-Connection', 'TE', 'Upgrade', 'HTTP2-Settings']

/** The field lines; HTTP/2 has others, whose names begin with a colon. */
function fields(message: unknown, note: Note): Fields {
  const list = member(message, 'headers')
  if (!Array.isArray(list)) throw new ConversionError('a message of a HAR has an array headers')
  const all = list.map((item: unknown): [string, string] => [text(item, 'name'), text(item, 'value', '')])
  const plain = all.filter(([name]) => !name.startsWith(':'))
  const authority = all.find(([name]) => name === ':authority')
  const later = plain.length < all.length || /^(http\/[23]|h[23])/i.test(text(message, 'httpVersion', ''))
  const kept = later ? without(plain, ...OF_CONNECTION) : plain
  if (later) note('the message was of HTTP/2 or 3: it is rewritten for HTTP/1.1')
  if (kept.length < plain.length) {
    const left = plain.filter((field) => !kept.includes(field)).map(([name]) => name)
    note(`${left.join(', ')}: left out, for HTTP/2 and 3 have no such header`)
  }
  const host: Fields = authority && fieldValue(kept, 'Host') === undefined ? [['Host', authority[1]]] : []
  return [...host, ...kept].map(([name, value]) => [name, singleOctets(value)])
}

/** Values are bytes; where a tool has read them as UTF-8, that is taken back. */
function singleOctets(value: string): string {
  return /[\u0100-\uffff]/.test(value) ? textAsLatin1(value) : value
}

function version(message: unknown, note: Note): string {
  const said = text(message, 'httpVersion', 'HTTP/1.1')
  if (/^http\/1\.0$/i.test(said)) return '1.0'
  if (!/^(http\/1\.1|unknown|)$/i.test(said)) note(`${said} is written as HTTP/1.1`)
  return '1.1'
}

function postData(data: unknown): { octets: Uint8Array; type?: string } {
  if (data === undefined || data === null) return { octets: empty() }
  const type = text(data, 'mimeType', '')
  const typed = type === '' ? {} : { type }
  const content = member(data, 'text')
  if (typeof content === 'string' && content !== '') {
    return { octets: octetsOf(content, member(data, 'encoding')), ...typed }
  }
  const params = member(data, 'params')
  if (!Array.isArray(params) || params.length === 0) return { octets: empty(), ...typed }
  if (/^multipart\/form-data\b/i.test(type)) {
    const parts = params.map((item: unknown) => ({
      name: textAsLatin1(text(item, 'name')),
      value: textAsLatin1(text(item, 'value', '')),
      ...optional('filename', member(item, 'fileName')),
      ...optional('type', member(item, 'contentType')),
    }))
    const form = multipart(parts, boundaryOf(type))
    return { octets: form.octets, type: boundaryOf(type) === undefined ? form.type : type }
  }
  if (type !== '' && !/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new ConversionError(
      `postData has params of type '${type}' and no text: how they stood is not known`,
    )
  }
  const pairs = params.map(
    (item: unknown) => `${formEncoded(text(item, 'name'))}=${formEncoded(text(item, 'value', ''))}`,
  )
  return { octets: fromText(pairs.join('&')), ...typed }
}

function optional(name: 'filename' | 'type', value: unknown): { [key in typeof name]?: string } {
  return typeof value === 'string' && value !== '' ? { [name]: textAsLatin1(value) } : {}
}

/** As a form is encoded; what cannot be anything but encoded already, as some browsers write it, is left alone. */
function formEncoded(value: string): string {
  if (/^[\w.*+-]*(%[0-9A-F]{2}[\w.*+-]*)+$/i.test(value)) return value
  return textAsLatin1(value).replace(/[^A-Za-z0-9._*-]/g, (char) => (char === ' ' ? '+' : percent(char)))
}

function contentOf(content: unknown): Uint8Array {
  const body = text(content, 'text', '')
  return octetsOf(body, member(content, 'encoding'))
}

/** The text of a body, or what it stands for in base64. */
function octetsOf(text: string, encoding: unknown): Uint8Array {
  return encoding === 'base64' ? fromBase64(text) : fromText(text)
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function text(value: unknown, name: string, otherwise?: string): string {
  const found = member(value, name) ?? otherwise
  if (typeof found !== 'string') throw new ConversionError(`"${name}" must be a string`)
  return found
}
