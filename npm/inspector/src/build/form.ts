// What the form holds, what it begins with, and the parts of a message that it stands for.

import type { RawParts, RequestParts, ResponseParts } from 'h1wire'
import { latin1 } from '../octets/inspected.js'
import { octetsOf } from '../octets/written.js'

/** How the body is written in the form. */
export type BodyKind = 'none' | 'text' | 'hex' | 'fields' | 'file'

/** A field line as the form has it. */
export interface Line {
  name: string
  value: string
}

export interface Form {
  kind: 'request' | 'response' | 'raw'
  method: string
  /** A URL, or a request-target: `where` says which. */
  target: string
  where: 'url' | 'target'
  version: string
  status: string
  reason: string
  /** The method that a response answers. */
  requestMethod: string
  /** Of raw octets: the first line, and what ends each. */
  startLine: string
  eol: 'crlf' | 'lf' | 'cr'
  headers: Line[]
  trailers: Line[]
  body: BodyKind
  text: string
  file?: { name: string; octets: Uint8Array }
}

/** What the worker builds: parts for the formatter of this kind, and pairs that are a form's body. */
export type Parts =
  | { kind: 'request'; init: RequestParts; pairs?: [string, string][] }
  | { kind: 'response'; init: ResponseParts; pairs?: [string, string][] }
  | { kind: 'raw'; init: RawParts; pairs?: [string, string][] }

/** A message, taken apart: what a form can begin with. */
export type Unmade = Pick<Form, 'kind' | 'headers' | 'trailers'> &
  Partial<Pick<Form, 'method' | 'target' | 'status' | 'reason' | 'requestMethod'>> & {
    version: string
    body: Uint8Array
  }

const BLANK: Form = {
  kind: 'request',
  method: 'GET',
  target: 'http://example.org/',
  where: 'url',
  version: '1.1',
  status: '200',
  reason: '',
  requestMethod: '',
  startLine: 'GET / HTTP/1.1',
  eol: 'crlf',
  headers: [],
  trailers: [],
  body: 'none',
  text: '',
}

const line = (name: string, value: string): Line => ({ name, value })

/** Messages to begin with. */
export const BEGINNINGS: { title: string; form: Form }[] = [
  { title: 'GET', form: { ...BLANK, headers: [line('Accept', '*/*')] } },
  {
    title: 'POST, a form',
    form: {
      ...BLANK,
      method: 'POST',
      target: 'http://example.org/form',
      body: 'fields',
      text: 'name=Jörg\ncity=Köln',
    },
  },
  {
    title: 'POST, JSON',
    form: {
      ...BLANK,
      method: 'POST',
      target: 'http://example.org/api',
      headers: [line('Content-Type', 'application/json')],
      body: 'text',
      text: '{"name": "Jörg"}',
    },
  },
  {
    title: 'POST, chunked with trailers',
    form: {
      ...BLANK,
      method: 'POST',
      target: 'http://example.org/log',
      headers: [line('Content-Type', 'text/plain')],
      trailers: [line('X-Checksum', '5eb63bbb')],
      body: 'text',
      text: 'hello world',
    },
  },
  {
    title: '200, JSON',
    form: {
      ...BLANK,
      kind: 'response',
      headers: [line('Content-Type', 'application/json')],
      body: 'text',
      text: '{"answer": 42}',
    },
  },
  { title: '204', form: { ...BLANK, kind: 'response', status: '204' } },
  {
    title: '304',
    form: { ...BLANK, kind: 'response', status: '304', headers: [line('ETag', '"1"')] },
  },
  {
    title: 'Wrong on purpose: two lengths',
    form: {
      ...BLANK,
      kind: 'raw',
      startLine: 'POST / HTTP/1.1',
      headers: [line('Host', 'example.org'), line('Content-Length', '4'), line('Content-Length', '11')],
      body: 'text',
      text: 'a=1&b=2&c=3',
    },
  },
]

/** The form that makes this message, as far as one can. */
export function formOf({ body, ...unmade }: Unmade): Form {
  const form: Form = { ...BLANK, where: 'target', ...unmade }
  return { ...form, ...bodyFrom(body) }
}

const EMPTY_LINE = [0x0d, 0x0a, 0x0d, 0x0a]

/** The same octets as raw parts: the lines that the formatter wrote, and all behind them as it stands. */
export function rawOf(octets: Uint8Array): Partial<Form> {
  let end = 0
  while (end < octets.length && !EMPTY_LINE.every((octet, at) => octets[end + at] === octet)) end++
  const [startLine = '', ...lines] = latin1(octets.subarray(0, end)).split('\r\n')
  const headers = lines.map((one) => {
    const [name = '', ...value] = one.split(': ')
    return line(name, value.join(': '))
  })
  return { startLine, eol: 'crlf', headers, ...bodyFrom(octets.slice(end + 4)) }
}

function bodyFrom(octets: Uint8Array): Partial<Form> {
  const text = asText(octets)
  if (octets.length === 0) return { body: 'none', text: '' }
  if (text !== undefined) return { body: 'text', text }
  return { body: 'file', file: { name: 'the body of these octets', octets } }
}

function asText(octets: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
    // A form's control would make these line ends others.
    return text.includes('\r') ? undefined : text
  } catch {
    return undefined
  }
}

/** The parts that a form stands for; a RangeError for a body that is not written as it says. */
export function partsOf(form: Form): Parts {
  const headers = form.headers.map(({ name, value }): [string, string] => [name, value])
  const trailers = form.trailers.map(({ name, value }): [string, string] => [name, value])
  const pairs = form.body === 'fields' ? { pairs: pairsOf(form.text) } : {}
  const body = bodyOf(form)
  if (form.kind === 'raw') {
    const eol = { crlf: '\r\n', lf: '\n', cr: '\r' }[form.eol]
    return {
      kind: 'raw',
      init: { startLine: form.startLine, fields: headers, eol, ...(body === null ? {} : { body }) },
      ...pairs,
    }
  }
  const common = {
    version: form.version as '1.1',
    headers,
    body,
    ...(trailers.length > 0 ? { trailers } : {}),
  }
  if (form.kind === 'request') {
    const where = form.where === 'url' ? { url: form.target } : { target: form.target }
    return { kind: 'request', init: { method: form.method, ...where, ...common }, ...pairs }
  }
  const { reason, requestMethod } = form
  return {
    kind: 'response',
    init: {
      status: /^\d+$/.test(form.status) ? Number(form.status) : Number.NaN,
      ...(reason === '' ? {} : { reason }),
      ...(requestMethod === '' ? {} : { requestMethod }),
      ...common,
    },
    ...pairs,
  }
}

function bodyOf({ body, text, file }: Form): string | Uint8Array | null {
  if (body === 'text') return text
  if (body === 'hex') return octetsOf(text, 'hex')
  if (body === 'file') return file?.octets ?? null
  return null
}

function pairsOf(text: string): [string, string][] {
  return text
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => {
      const equals = one.indexOf('=')
      return equals < 0 ? [one, ''] : [one.slice(0, equals), one.slice(equals + 1)]
    })
}
