// Messages read from an HTTP Archive, HAR 1.2, as developer tools write it.

import { ConversionError } from './error.js'
import { httpUrl, parsed } from './json.js'
import { type Fields, fieldValue, type Message, type Note, requestTo, without } from './model.js'
import { empty, fromBase64, fromText, textAsLatin1 } from './octets.js'

/** Requests, each with its response behind it, as far as they are there. */
export function readHar(text: string, note: Note): Message[] {
  const entries = member(member(parsed(text), 'log'), 'entries')
  if (!Array.isArray(entries)) throw new ConversionError('a HAR has an array log.entries')
  return entries.flatMap((entry: unknown, index) => {
    const about = (what: string) => note(`entry ${index}: ${what}`)
    try {
      return readEntry(entry, about)
    } catch (error) {
      if (error instanceof ConversionError) throw new ConversionError(`entry ${index}: ${error.message}`)
      throw error
    }
  })
}

function readEntry(entry: unknown, note: Note): Message[] {
  const request = member(entry, 'request')
  const method = text(request, 'method')
  const url = httpUrl(text(request, 'url'))
  const { octets, type } = postData(member(request, 'postData'))
  const headers = reframed(fields(request, note), octets.length, octets.length > 0)
  const typed: Fields =
    type === undefined || fieldValue(headers, 'Content-Type') !== undefined ? [] : [['Content-Type', type]]
  const asked = requestTo(url, { method, headers: [...headers, ...typed], body: octets })
  asked.version = version(request, note)
  const answer = readResponse(member(entry, 'response'), method, note)
  return answer === undefined ? [asked] : [asked, answer]
}

/** A status of 0 stands for none at all. */
function readResponse(response: unknown, method: string, note: Note): Message | undefined {
  const status = member(response, 'status')
  if (typeof status !== 'number' || status === 0) return undefined
  const body = contentOf(member(response, 'content'))
  const bodiless = method === 'HEAD' || status === 204 || status === 304 || status < 200
  const own = fields(response, note)
  // The body stands in a HAR as it was decoded: what says otherwise would be wrong.
  const decoded = bodiless ? own : reframed(without(own, 'Content-Encoding'), body.length, true)
  if (!bodiless && fieldValue(own, 'Content-Encoding') !== undefined) {
    note('Content-Encoding is left out: the body of a HAR is decoded')
  }
  return {
    kind: 'response',
    status,
    reason: textAsLatin1(text(response, 'statusText', '')),
    requestMethod: method,
    version: version(response, note),
    headers: decoded,
    body: bodiless ? empty() : body,
    trailers: [],
  }
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

/** The field lines; HTTP/2 has others, whose names begin with a colon. */
function fields(message: unknown, note: Note): Fields {
  const list = member(message, 'headers')
  if (!Array.isArray(list)) throw new ConversionError('a message of a HAR has an array headers')
  const all = list.map((item: unknown): [string, string] => [text(item, 'name'), text(item, 'value')])
  const kept = all.filter(([name]) => !name.startsWith(':'))
  const authority = all.find(([name]) => name === ':authority')
  if (kept.length < all.length) note('the message was of HTTP/2 or 3: it is rewritten for HTTP/1.1')
  const host: Fields = authority && fieldValue(kept, 'Host') === undefined ? [['Host', authority[1]]] : []
  return [...host, ...kept].map(([name, value]) => [name, singleOctets(value)])
}

/** Values are octets; where a tool has read them as UTF-8, that is taken back. */
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
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new ConversionError(
      `postData has params of type '${type}' and no text: how they stood is not known`,
    )
  }
  const pairs = params.map((item: unknown) => `${text(item, 'name')}=${text(item, 'value', '')}`)
  return { octets: fromText(pairs.join('&')), ...typed }
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
