// The table of formats that messages are read from and written to, and how one is told from another.

import { octetsOf } from '../facade/octets.js'
import { latin1 } from '../facade/text.js'
import { readCurl } from './curl.js'
import { looksLikeTrace, readTrace } from './curl-trace.js'
import { writeCurl } from './curl-write.js'
import { ConversionError } from './error.js'
import { readFetch, writeFetch } from './fetch.js'
import { readHar } from './har.js'
import { writeHar } from './har-write.js'
import { hexLines, looksLikeHex, readHex } from './hex.js'
import { readHttpFile, writeHttpFile } from './http-file.js'
import { readJson, writeJson } from './json.js'
import { cLiteral, jsLiteral, rustLiteral } from './literals.js'
import type { Message, Note } from './model.js'
import { concat, fromText, utf8 } from './octets.js'
import type { Reading } from './wire.js'

/** How octets are to be read, and whom to tell what is lost. */
export interface Context {
  readonly reading: Reading
  readonly scheme: 'http' | 'https'
  readonly note: Note
  /** The messages that octets hold. */
  readonly parse: (octets: Uint8Array, reading: Reading) => Message[]
  /** The octets of a message. */
  readonly format: (message: Message) => Uint8Array
}

/** A format; one that is octets in another dress has `unwrap` and `wrap` in place of `read` and `write`. */
interface Format {
  readonly read?: (text: string, context: Context) => Message[]
  readonly write?: (messages: readonly Message[], context: Context) => string
  readonly unwrap?: (octets: Uint8Array) => Uint8Array
  readonly wrap?: (octets: Uint8Array) => string | Uint8Array
}

const FORMATS = {
  raw: { unwrap: (octets) => octets, wrap: (octets) => octets },
  hex: { unwrap: (octets) => readHex(textOf(octets)), wrap: (octets) => hexLines(octets) },
  json: { read: readJson, write: writeJson },
  har: { read: (text, { note }) => readHar(text, note), write: writeHar },
  curl: { read: readCurl, write: (messages, { note }) => writeCurl(messages, note) },
  http: { read: readHttpFile, write: (messages, { note }) => writeHttpFile(messages, note) },
  fetch: {
    read: (text, { note }) => readFetch(text, note),
    write: (messages, { note }) => writeFetch(messages, note),
  },
  'curl-trace': { read: traced },
  js: { wrap: jsLiteral },
  rust: { wrap: rustLiteral },
  c: { wrap: cLiteral },
} as const satisfies Record<string, Format>

/** The name of a format. */
export type FormatName = keyof typeof FORMATS

const NAMES = Object.keys(FORMATS) as FormatName[]

/** The formats that can be read. */
export const READABLE: readonly FormatName[] = NAMES.filter((name) => has(name, 'read', 'unwrap'))

/** The formats that can be written. */
export const WRITABLE: readonly FormatName[] = NAMES.filter((name) => has(name, 'write', 'wrap'))

function has(name: FormatName, ...members: (keyof Format)[]): boolean {
  return members.some((member) => Object.hasOwn(FORMATS[name], member))
}

/**
 * The octets that input in this format stands for, if it is octets in another dress, as `raw` and `hex` are; undefined
 * for formats that hold messages.
 *
 * @throws ConversionError If the input is not in this format.
 */
export function unwrap(format: FormatName, input: Uint8Array | string): Uint8Array | undefined {
  return formatNamed(format).unwrap?.(inputOf(input))
}

/** Octets in the dress of this format, if it is one: `raw`, `hex`, `js`, `rust` and `c`; undefined for all others. */
export function wrap(format: FormatName, octets: Uint8Array): string | Uint8Array | undefined {
  return formatNamed(format).wrap?.(octetsOf(octets, 'octets'))
}

/** The messages of input in this format. */
export function read(name: FormatName, octets: Uint8Array, context: Context): Message[] {
  const { read, unwrap } = formatNamed(name)
  if (read !== undefined) return read(textOf(octets), context)
  if (unwrap === undefined) throw new ConversionError(`${name} is written, and not read`)
  return context.parse(unwrap(octets), context.reading)
}

/** Messages in this format. */
export function write(name: FormatName, messages: readonly Message[], context: Context): string | Uint8Array {
  const { write, wrap } = formatNamed(name)
  if (write !== undefined) return write(messages, context)
  if (wrap === undefined) throw new ConversionError(`${name} is read, and not written`)
  const { kind } = context.reading
  const chosen = kind === undefined ? messages : messages.filter((message) => message.kind === kind)
  if (new Set(chosen.map((message) => message.kind)).size > 1) {
    throw new ConversionError('there are requests and responses: say which, for they do not share a stream')
  }
  return wrap(concat(chosen.map(context.format)))
}

function formatNamed(name: FormatName): Format {
  if (!Object.hasOwn(FORMATS, name)) throw new TypeError(`there is no format '${name}'`)
  return FORMATS[name]
}

/**
 * The format that input seems to be in, by how it begins, and by the ending of the file's name for .http files; `raw`
 * if nothing speaks for another. A guess: what it takes for curl may yet be refused.
 */
export function formatOf(input: Uint8Array | string, file = ''): FormatName {
  const octets = inputOf(input)
  const start = latin1(octets, 0, Math.min(octets.length, 4_096), false)
  const trimmed = start.trimStart()
  if (/^[[{]/.test(trimmed)) return /"log"\s*:/.test(start) ? 'har' : 'json'
  if (/^(printf '.*' \| )?curl\s/s.test(trimmed)) return 'curl'
  if (/^(await\s+)?fetch\s*\(/.test(trimmed)) return 'fetch'
  if (/^[^\r\n]*HTTP\/\d[^\r\n]*\r\n/.test(trimmed)) return 'raw'
  if (looksLikeTrace(start)) return 'curl-trace'
  if (looksLikeHex(start)) return 'hex'
  if (/\.(http|rest)$/i.test(file) || /^(#|\/\/|@|[A-Z]+ +https?:\/\/)/.test(trimmed)) return 'http'
  return 'raw'
}

/** Text stands for its UTF-8. */
export function inputOf(input: Uint8Array | string): Uint8Array {
  return typeof input === 'string' ? fromText(input) : octetsOf(input, 'input')
}

function textOf(octets: Uint8Array): string {
  const text = utf8(octets)
  if (text === undefined) throw new ConversionError('the input is not UTF-8')
  return text.replace(/^\ufeff/, '')
}

/** The requests that curl sent, and, read as their answers, what it received. */
function traced(text: string, { reading, parse }: Context): Message[] {
  const { sent, received } = readTrace(text)
  const requests = parse(sent, { ...reading, kind: 'request' })
  const methods = requests.map((message) => (message.kind === 'request' ? message.method : 'GET'))
  return [...requests, ...parse(received, { ...reading, kind: 'response', methods })]
}
