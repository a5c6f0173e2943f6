// Messages as JSON: one object, or an array of them.

import { eachOf } from './entries.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import { aimed, type Fields, type Message, type RequestMessage, requestTo } from './model.js'
import { fromBase64, fromText } from './octets.js'
import { isText, jsonBase64, jsonText } from './pieces.js'
import { addressOf } from './url.js'

/** Reads messages; what is missing has its default, what is not known is refused. */
export function readJson(text: string, context: Context): Message[] {
  const value = parsed(text)
  if (!Array.isArray(value)) return [messageOf(value)]
  return [...eachOf<unknown, Message>(value, 'message', context, (item) => [messageOf(item)], 0)]
}

/** Writes messages, an array unless there is one. */
export function* writeJson(messages: Iterable<Message>): Generator<string> {
  let held: Message | undefined
  let several = false
  for (const message of messages) {
    if (held !== undefined) {
      yield several ? ',\n' : '[\n'
      yield* plain(held, '  ')
      several = true
    }
    held = message
  }
  if (several) yield ',\n'
  if (held === undefined) yield '[]'
  else yield* plain(held, several ? '  ' : '')
  yield several ? '\n]\n' : '\n'
}

/** The value of a JSON text; a fault in it is said without the text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConversionError(`this is no JSON: ${(error as Error).message}`)
  }
}

/** A message, a member on each line, its fields one on each. */
function* plain(message: Message, indent: string): Generator<string> {
  const { version, headers, trailers, body } = message
  const start =
    message.kind === 'request'
      ? [member('method', message.method), member('target', message.target), member('scheme', message.scheme)]
      : [member('status', message.status)]
  if (message.kind === 'request') start.push(...given('origin', message.origin))
  else {
    for (const name of ['reason', 'requestMethod', 'unrecorded'] as const)
      start.push(...given(name, message[name]))
  }
  const members = [...start, member('version', version), `"headers": ${fieldLines(headers, indent)}`]
  yield `${indent}{\n${members.map((text) => `${indent}  ${text}`).join(',\n')}`
  if (body.length > 0) {
    const text = isText(body)
    yield `,\n${indent}  "${text ? 'body' : 'bodyBase64'}": `
    yield* text ? jsonText(body) : jsonBase64(body)
  }
  if (trailers.length > 0) yield `,\n${indent}  "trailers": ${fieldLines(trailers, indent)}`
  yield `\n${indent}}`
}

function member(name: string, value: string | number): string {
  return `"${name}": ${JSON.stringify(value)}`
}

function given(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [member(name, value)]
}

function fieldLines(fields: Fields, indent: string): string {
  if (fields.length === 0) return '[]'
  const lines = fields.map(
    ([name, value]) => `${indent}    [${JSON.stringify(name)}, ${JSON.stringify(value)}]`,
  )
  return `[\n${lines.join(',\n')}\n${indent}  ]`
}

const MEMBERS = [
  ...['method', 'url', 'target', 'scheme', 'origin', 'status', 'reason', 'requestMethod', 'unrecorded'],
  ...['version', 'headers', 'body', 'bodyBase64', 'trailers'],
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
      ...unrecorded(members.get('unrecorded')),
      ...common,
    }
  }
  const url = text('url')
  const target = text('target')
  const method = text('method') ?? 'GET'
  if ((url === undefined) === (target === undefined)) {
    throw new ConversionError('a request has either "url" or "target"; a response has "status"')
  }
  const origin = text('origin')
  const request: RequestMessage =
    url === undefined
      ? { kind: 'request', method, target: target as string, scheme: schemeOf(text('scheme')), ...common }
      : requestTo(addressOf(url), { method, ...common })
  if (origin === undefined) return request
  const { scheme, host } = addressOf(origin)
  return aimed(request, `${scheme}://${host}`)
}

function schemeOf(text = 'http'): 'http' | 'https' {
  if (text === 'http' || text === 'https') return text
  throw new ConversionError(`"scheme" must be http or https, not '${text}'`)
}

function unrecorded(size: unknown): { unrecorded?: number } {
  if (size === undefined) return {}
  if (typeof size === 'number') return { unrecorded: size }
  throw new ConversionError('"unrecorded" must be a number of bytes')
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
