// Requests of a Postman collection, version 2.

import { eachOf } from './entries.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import { Variables } from './http-variables.js'
import { parsed } from './json.js'
import { type Fields, fieldValue, type RequestMessage, requestTo } from './model.js'
import { multipart } from './multipart.js'
import { fromText, textAsLatin1, toBase64 } from './octets.js'
import { addressOf, isHttpUrl, percent } from './url.js'

interface Item {
  readonly name: string
  readonly request: unknown
  readonly auth: unknown
}

/** Reads the requests of a collection and of its folders, in order. Scripts are not run. */
export function* readPostman(text: string, context: Context): Generator<RequestMessage> {
  const collection = parsed(text)
  const variables = new Variables(context.variables, context.most)
  for (const item of list(member(collection, 'variable'))) {
    variables.set(string(item, 'key') ?? string(item, 'id') ?? '', String(member(item, 'value') ?? ''), 1)
  }
  const fill = (value: string): string => variables.fill(value, 1)
  const items = itemsOf(collection, member(collection, 'auth'), 0)
  yield* eachOf(items, 'request', context, (item) => [requestOf(item, fill, context)])
}

function* itemsOf(folder: unknown, auth: unknown, depth: number): Generator<Item> {
  if (depth > 50) throw new ConversionError('folders lie too deep in each other')
  for (const item of list(member(folder, 'item'))) {
    const own = member(item, 'auth') ?? auth
    if (member(item, 'item') !== undefined) yield* itemsOf(item, own, depth + 1)
    else yield { name: string(item, 'name') ?? '', request: member(item, 'request'), auth: own }
  }
}

function requestOf(
  { request, auth }: Item,
  fill: (text: string) => string,
  { note }: Context,
): RequestMessage {
  if (typeof request === 'string')
    return requestTo(addressOf(absolute(fill(request))), { method: 'GET', headers: [] })
  const url = member(request, 'url')
  const raw = typeof url === 'string' ? url : string(url, 'raw')
  if (raw === undefined) throw new ConversionError('the request has no url')
  const segments = new Map(
    list(member(url, 'variable')).map((item) => [string(item, 'key'), string(item, 'value') ?? '']),
  )
  const path = raw.replace(/\/:(\w+)(?=[/?#]|$)/g, (whole, name) => {
    const value = segments.get(name)
    return value === undefined ? whole : `/${value}`
  })
  const headers: Fields = list(member(request, 'header'))
    .filter((item) => member(item, 'disabled') !== true)
    .map((item) => [
      fill(string(item, 'key') ?? '').trim(),
      textAsLatin1(fill(string(item, 'value') ?? '').trim()),
    ])
  const given = authorization(member(request, 'auth') ?? auth, fill)
  if (given !== undefined && fieldValue(headers, 'Authorization') === undefined)
    headers.push(['Authorization', given])
  const body = bodyOf(member(request, 'body'), fill)
  if (body?.type !== undefined && fieldValue(headers, 'Content-Type') === undefined)
    headers.push(['Content-Type', body.type])
  if (list(member(request, 'event')).length > 0) note('scripts are not run')
  const method = fill(string(request, 'method') ?? 'GET')
  return requestTo(addressOf(absolute(fill(path))), {
    method,
    headers,
    ...(body === undefined ? {} : { body: body.octets }),
  })
}

function absolute(url: string): string {
  return isHttpUrl(url) || /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`
}

function authorization(auth: unknown, fill: (text: string) => string): string | undefined {
  const type = string(auth, 'type')
  if (type === undefined || type === 'noauth') return undefined
  const value = (key: string): string => {
    const parts = member(auth, type)
    const found = Array.isArray(parts)
      ? member(
          parts.find((item) => member(item, 'key') === key),
          'value',
        )
      : member(parts, key)
    return fill(String(found ?? ''))
  }
  if (type === 'basic') return `Basic ${toBase64(fromText(`${value('username')}:${value('password')}`))}`
  if (type === 'bearer') return `Bearer ${textAsLatin1(value('token'))}`
  throw new ConversionError(`the auth '${type}' is not read here: basic and bearer are`)
}

function bodyOf(
  body: unknown,
  fill: (text: string) => string,
): { octets: Uint8Array; type?: string } | undefined {
  const mode = string(body, 'mode')
  if (body === undefined || mode === undefined || member(body, 'disabled') === true) return undefined
  const items = list(member(body, mode)).filter((item) => member(item, 'disabled') !== true)
  const pair = (item: unknown) =>
    [fill(string(item, 'key') ?? ''), fill(string(item, 'value') ?? '')] as const
  if (mode === 'raw') {
    const text = fill(string(body, 'raw') ?? '')
    const language = string(member(member(body, 'options'), 'raw'), 'language')
    if (text === '') return undefined
    return { octets: fromText(text), type: TYPES[language ?? ''] ?? 'text/plain' }
  }
  if (mode === 'urlencoded') {
    const text = items.map((item) => pair(item).map(encoded).join('=')).join('&')
    return { octets: fromText(text), type: 'application/x-www-form-urlencoded' }
  }
  if (mode === 'formdata') {
    if (items.some((item) => string(item, 'type') === 'file'))
      throw new ConversionError('a form names a file, and no file is read')
    return multipart(
      items.map((item) => {
        const [name, value] = pair(item)
        return { name: textAsLatin1(name), value: textAsLatin1(value), type: string(item, 'contentType') }
      }),
    )
  }
  if (mode === 'graphql') {
    const variables = string(member(body, 'graphql'), 'variables') ?? ''
    const query = {
      query: fill(string(member(body, 'graphql'), 'query') ?? ''),
      variables: variables.trim() === '' ? {} : parsed(fill(variables)),
    }
    return { octets: fromText(JSON.stringify(query)), type: 'application/json' }
  }
  throw new ConversionError(`a body of mode '${mode}' is not read here`)
}

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
}

function encoded(text: string): string {
  return textAsLatin1(text).replace(/[^A-Za-z0-9._~-]/g, percent)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function string(value: unknown, name: string): string | undefined {
  const found = member(value, name)
  return typeof found === 'string' ? found : undefined
}
