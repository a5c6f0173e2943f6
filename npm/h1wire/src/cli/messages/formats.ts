// The table of formats that messages are read from and written to, and how one is told from another.

import { Refused } from '../failure.js'
import type { Reading } from '../reading.js'
import { readCurl } from './curl.js'
import { looksLikeTrace, readTrace } from './curl-trace.js'
import { writeCurl } from './curl-write.js'
import { readFetch, writeFetch } from './fetch.js'
import { readHar } from './har.js'
import { writeHar } from './har-write.js'
import { hexLines, looksLikeHex, readHex } from './hex.js'
import { readHttpFile, writeHttpFile } from './http-file.js'
import { readJson, writeJson } from './json.js'
import { type Message, type Note, utf8 } from './model.js'
import { readRaw, writeRaw } from './raw.js'

/** How octets are to be read, and whom to tell what is lost. */
export interface Context {
  readonly reading: Reading
  readonly scheme: 'http' | 'https'
  readonly note: Note
}

/** A format; one that is octets in another dress has `unwrap` and `wrap` in place of `read` and `write`. */
interface Format {
  readonly read?: (octets: Buffer, context: Context) => Message[]
  readonly write?: (messages: readonly Message[], context: Context) => string
  readonly unwrap?: (octets: Buffer) => Buffer
  readonly wrap?: (octets: Buffer) => string | Buffer
}

const FORMATS = {
  raw: { unwrap: (octets) => octets, wrap: (octets) => octets },
  hex: { unwrap: (octets) => readHex(textOf(octets)), wrap: (octets) => hexLines(octets) },
  json: { read: (octets) => readJson(textOf(octets)), write: writeJson },
  har: {
    read: (octets, { note }) => readHar(textOf(octets), note),
    write: (messages, { note }) => writeHar(messages, note),
  },
  curl: {
    read: (octets) => readCurl(textOf(octets)),
    write: (messages, { note }) => writeCurl(messages, note),
  },
  http: {
    read: (octets) => readHttpFile(textOf(octets)),
    write: (messages, { note }) => writeHttpFile(messages, note),
  },
  fetch: {
    read: (octets, { note }) => readFetch(textOf(octets), note),
    write: (messages, { note }) => writeFetch(messages, note),
  },
  'curl-trace': { read: traced },
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

export const READABLE = Object.keys(FORMATS) as FormatName[]
export const WRITABLE = READABLE.filter((name) => name !== 'curl-trace')

/** The octets that input in this format stands for, if it is octets in another dress. */
export function unwrapped(name: FormatName, octets: Buffer): Buffer | undefined {
  return (FORMATS[name] as Format).unwrap?.(octets)
}

/** Octets in the dress of this format, if it is one. */
export function wrapped(name: FormatName, octets: Buffer): string | Buffer | undefined {
  return (FORMATS[name] as Format).wrap?.(octets)
}

/** The messages of input in this format. */
export function readMessages(name: FormatName, octets: Buffer, context: Context): Message[] {
  const { read, unwrap } = FORMATS[name] as Format
  if (read !== undefined) return read(octets, context)
  const { reading, scheme, note } = context
  return readRaw(unwrap?.(octets) ?? octets, reading, scheme, note)
}

/** Messages in this format. */
export function writeMessages(
  name: FormatName,
  messages: readonly Message[],
  context: Context,
): string | Buffer {
  const { write, wrap } = FORMATS[name] as Format
  if (write !== undefined) return write(messages, context)
  const { kind } = context.reading
  const chosen = kind === undefined ? messages : messages.filter((message) => message.kind === kind)
  if (new Set(chosen.map((message) => message.kind)).size > 1) {
    throw new Refused(
      'there are requests and responses: say --request or --response, for they do not share a stream',
    )
  }
  const octets = Buffer.concat(chosen.map(writeRaw))
  return wrap?.(octets) ?? octets
}

/** The format that input seems to be in. */
export function formatOf(octets: Buffer, file: string): FormatName {
  const start = octets.toString('latin1', 0, 4_096)
  const trimmed = start.trimStart()
  if (/^[^\r\n]*HTTP\/\d[^\r\n]*\r\n/.test(trimmed)) return 'raw'
  if (/^[[{]/.test(trimmed)) return /"log"\s*:/.test(start) ? 'har' : 'json'
  if (/^(printf '.*' \| )?curl\s/s.test(trimmed)) return 'curl'
  if (/^(await\s+)?fetch\s*\(/.test(trimmed)) return 'fetch'
  if (looksLikeTrace(start)) return 'curl-trace'
  if (looksLikeHex(start)) return 'hex'
  if (/\.(http|rest)$/i.test(file) || /^(#|\/\/|@|[A-Z]+ +https?:\/\/)/.test(trimmed)) return 'http'
  return 'raw'
}

function textOf(octets: Buffer): string {
  const text = utf8(octets)
  if (text === undefined) throw new Refused('the input is not UTF-8')
  return text.replace(/^\ufeff/, '')
}

/** The requests that curl sent, and, read as their answers, what it received. */
function traced(octets: Buffer, { reading, scheme, note }: Context): Message[] {
  const { sent, received } = readTrace(textOf(octets))
  const requests = readRaw(sent, { ...reading, kind: 'request' }, scheme, note)
  const methods = requests.map((message) => (message.kind === 'request' ? message.method : 'GET'))
  const responses = readRaw(received, { ...reading, kind: 'response', methods }, scheme, note)
  return [...requests, ...responses]
}
