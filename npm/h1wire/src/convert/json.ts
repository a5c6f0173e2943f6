// Messages as JSON: one object, or an array of them.

import { ConversionError } from './error.js'
import { type Fields, type Message, requestTo } from './model.js'
import { fromBase64, fromText, toBase64, utf8 } from './octets.js'

/** Reads messages; what is missing has its default, what is not known is refused. */
export function readJson(text: string): Message[] {
  const value = parsed(text)
  return (Array.isArray(value) ? value : [value]).map((item, index) => {
    try {
      return messageOf(item)
    } catch (error) {
      if (error instanceof ConversionError && Array.isArray(value)) {
        throw new ConversionError(`message ${index}: ${error.message}`)
      }
      throw error
    }
  })
}

/** Writes messages, an array unless there is one. */
export function writeJson(messages: readonly Message[]): string {
  const [only] = messages
  const value = messages.length === 1 && only ? plain(only) : messages.map(plain)
  return `${json(value)}\n`
}

/** Indented, but pairs of strings on one line each. A string holds no line break that is not escaped. */
function json(value: unknown): string {
  const string = '"(?:[^"\\\\]|\\\\.)*"'
  return JSON.stringify(value, null, 2).replace(
    new RegExp(`\\[\\n\\s+(${string}),\\n\\s+(${string})\\n\\s+\\]`, 'g'),
    '[$1, $2]',
  )
}

/** The value of a JSON text; a fault in it is said without the text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConversionError(`this is no JSON: ${(error as Error).message}`)
  }
}

function plain(message: Message): object {
  const { version, headers, trailers } = message
  const start =
    message.kind === 'request'
      ? { method: message.method, target: message.target, scheme: message.scheme }
      : {
          status: message.status,
          ...(message.reason === undefined ? {} : { reason: message.reason }),
          ...(message.requestMethod === undefined ? {} : { requestMethod: message.requestMethod }),
        }
  return {
    ...start,
    version,
    headers,
    ...bodyMember(message.body),
    ...(trailers.length === 0 ? {} : { trailers }),
  }
}

function bodyMember(body: Uint8Array): object {
  if (body.length === 0) return {}
  const text = utf8(body)
  return text === undefined ? { bodyBase64: toBase64(body) } : { body: text }
}

const MEMBERS = [
  ...['method', 'url', 'target', 'scheme', 'status', 'reason', 'requestMethod', 'version'],
  ...['headers', 'body', 'bodyBase64', 'trailers'],
]

function messageOf(value: unknown): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConversionError('a message in JSON is an object')
  }
  const members = new Map(Object.entries(value))
  for (const name of members.keys()) {
    if (!MEMBERS.includes(name)) throw new ConversionError(`a message has no member "${name}"`)
  }
  const text = (name: string): string | undefined => textMember(members, name)
  const common = {
    version: text('version') ?? '1.1',
    headers: fieldsOf(members.get('headers'), 'headers'),
    body: body(members),
    trailers: fieldsOf(members.get('trailers'), 'trailers'),
  }
  const status = members.get('status')
  if (status !== undefined) {
    if (typeof status !== 'number') throw new ConversionError('"status" must be a number')
    const requestMethod = text('requestMethod')
    const reason = text('reason')
    return {
      kind: 'response',
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(requestMethod === undefined ? {} : { requestMethod }),
      ...common,
    }
  }
  const url = text('url')
  const target = text('target')
  const method = text('method') ?? 'GET'
  if ((url === undefined) === (target === undefined)) {
    throw new ConversionError('a request has either "url" or "target"; a response has "status"')
  }
  if (url !== undefined) return { ...requestTo(httpUrl(url), { method, ...common }), ...rest(common) }
  const scheme = text('scheme') === 'https' ? 'https' : 'http'
  return { kind: 'request', method, target: target as string, scheme, ...common }
}

function rest({ version, trailers }: { version: string; trailers: Fields }) {
  return { version, trailers }
}

/** An absolute URL of http or https. */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new ConversionError(`'${text}' is not a URL that begins with http:// or https://`)
}

function textMember(members: Map<string, unknown>, name: string): string | undefined {
  const value = members.get(name)
  if (value !== undefined && typeof value !== 'string')
    throw new ConversionError(`"${name}" must be a string`)
  return value
}

function body(members: Map<string, unknown>): Uint8Array {
  const text = textMember(members, 'body')
  const base64 = textMember(members, 'bodyBase64')
  if (text !== undefined && base64 !== undefined) throw new ConversionError('a message has one body, not two')
  return base64 === undefined ? fromText(text ?? '') : fromBase64(base64)
}

/** Pairs, or an object whose values are strings, numbers or arrays of them. */
function fieldsOf(value: unknown, where: string): Fields {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null) {
    throw new ConversionError(`"${where}" must be an array of pairs or an object`)
  }
  const pairs: unknown[] = Array.isArray(value)
    ? value
    : Object.entries(value).flatMap(([name, item]) =>
        Array.isArray(item) ? item.map((one) => [name, one]) : [[name, item]],
      )
  return pairs.map((pair) => {
    const [name, item, more] = Array.isArray(pair) ? pair : []
    if (typeof name !== 'string' || !['string', 'number'].includes(typeof item) || more !== undefined) {
      throw new ConversionError(`"${where}" must hold names with a string or number each`)
    }
    return [name, String(item)]
  })
}
