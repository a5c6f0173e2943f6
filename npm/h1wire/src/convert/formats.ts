// The table of formats that messages are read from and written to.

import { octetsOf } from '../facade/octets.js'
import { readBurp } from './burp.js'
import { readCurl } from './curl.js'
import { readTrace } from './curl-trace.js'
import { writeCurl } from './curl-write.js'
import { ConversionError } from './error.js'
import { readExchanges } from './exchanges.js'
import { readFetch, writeFetch } from './fetch.js'
import { readHar } from './har.js'
import { writeHar } from './har-write.js'
import { hexPieces, readHex, readStreams } from './hex.js'
import { readHttpFile } from './http-file.js'
import { writeHttpFile } from './http-file-write.js'
import { readJson, writeJson } from './json.js'
import { cLiteral, jsLiteral, rustLiteral } from './literals.js'
import { readLiteral } from './literals-read.js'
import type { Message, Note, ResponseMessage } from './model.js'
import { concat, fromText } from './octets.js'
import { readPostman } from './postman.js'
import { readPowershell } from './powershell.js'
import { textOf } from './text.js'
import { readWarc } from './warc.js'
import type { Reading } from './wire.js'

/** What a conversion is told, and whom it tells what is lost. */
export interface Context {
  readonly reading: Reading
  readonly scheme: 'http' | 'https'
  readonly note: Note
  /** What variables of `.http` files stand for, beside those the file sets. */
  readonly variables: ReadonlyMap<string, string>
  /** The most bytes that input may stand for where it is shorter than what it stands for. */
  readonly most: number
  /** Called with a message that cannot be read; it throws the error, or passes the message over. */
  readonly invalid: (error: ConversionError) => void
  /** Which messages are wanted, numbered from 1; all if undefined. */
  readonly only: number | undefined
  /** The messages that bytes hold. */
  readonly parse: (octets: Uint8Array, reading: Reading) => Iterable<Message>
  /** The bytes of a message. */
  readonly format: (message: Message) => Uint8Array
  /** What bytes in this content coding stand for; undefined where that cannot be told. */
  readonly decoded: (octets: Uint8Array, coding: string) => Uint8Array | undefined
}

/** Text or bytes, one behind the other. */
export type Pieces = Iterable<string | Uint8Array>

/** A format; one that is bytes in another dress has `unwrap` and `wrap` in place of `read` and `write`. */
interface Format {
  readonly read?: (text: string, context: Context) => Iterable<Message>
  /** Of formats that are no text. */
  readonly readOctets?: (octets: Uint8Array, context: Context) => Iterable<Message>
  readonly write?: (messages: Iterable<Message>, context: Context) => Pieces
  readonly unwrap?: (octets: Uint8Array, most?: number) => Uint8Array | undefined
  readonly wrap?: (octets: Uint8Array) => Pieces
}

const FORMATS = {
  raw: { unwrap: (octets) => octets, wrap: (octets) => [octets] },
  hex: { unwrap: (octets, most) => readHex(textOf(octets), most), wrap: hexPieces },
  json: { read: readJson, write: writeJson },
  har: { read: readHar, write: writeHar },
  curl: { read: readCurl, write: writeCurl },
  http: { read: readHttpFile, write: writeHttpFile },
  fetch: { read: readFetch, write: writeFetch },
  'curl-trace': { read: readTrace },
  powershell: { read: readPowershell },
  postman: { read: readPostman },
  burp: { read: readBurp },
  warc: { readOctets: readWarc },
  js: { unwrap: (octets) => readLiteral('js', textOf(octets)), wrap: jsLiteral },
  rust: { unwrap: (octets) => readLiteral('rust', textOf(octets)), wrap: rustLiteral },
  c: { unwrap: (octets) => readLiteral('c', textOf(octets)), wrap: cLiteral },
} as const satisfies Record<string, Format>

/** The name of a format. */
export type FormatName = keyof typeof FORMATS

const NAMES = Object.keys(FORMATS) as FormatName[]

/** The formats that can be read. */
export const READABLE: readonly FormatName[] = NAMES.filter((name) =>
  has(name, 'read', 'readOctets', 'unwrap'),
)

/** The formats that can be written. */
export const WRITABLE: readonly FormatName[] = NAMES.filter((name) => has(name, 'write', 'wrap'))

function has(name: FormatName, ...members: (keyof Format)[]): boolean {
  return members.some((member) => Object.hasOwn(FORMATS[name], member))
}

/**
 * The bytes that input in this format stands for, if it is bytes in another dress, as `raw`, `hex` and the literals of
 * languages are; undefined for formats that hold messages.
 *
 * @throws ConversionError If the input is not in this format.
 */
export function unwrap(format: FormatName, input: Uint8Array | string): Uint8Array | undefined {
  return formatNamed(format).unwrap?.(inputOf(input))
}

/** Bytes in the dress of this format, if it is one: `raw`, `hex`, `js`, `rust` and `c`; undefined for all others. */
export function wrap(format: FormatName, octets: Uint8Array): string | Uint8Array | undefined {
  const pieces = wrapped(format, octetsOf(octets, 'octets'))
  return pieces === undefined ? undefined : whole(pieces)
}

/** The same in pieces. */
export function wrapped(format: FormatName, octets: Uint8Array): Pieces | undefined {
  return formatNamed(format).wrap?.(octets)
}

/** Pieces as one: text, or bytes if the first piece is bytes. */
export function whole(pieces: Pieces): string | Uint8Array {
  const all = [...pieces]
  return typeof (all[0] ?? '') === 'string' ? all.join('') : concat(all as Uint8Array[])
}

/** The messages of input in this format, as they are asked for. */
export function read(name: FormatName, octets: Uint8Array, context: Context): Iterable<Message> {
  const { read, readOctets, unwrap } = formatNamed(name)
  if (read !== undefined) return read(textOf(octets), context)
  if (readOctets !== undefined) return readOctets(octets, context)
  const inside = unwrap?.(octets, context.most)
  if (inside !== undefined) return context.parse(inside, context.reading)
  return readExchanges(readStreams(textOf(octets), context.most), context)
}

/** Messages in this format, each piece as it is asked for. */
export function write(name: FormatName, messages: Iterable<Message>, context: Context): Pieces {
  const { write, wrap } = formatNamed(name)
  if (write !== undefined) return write(messages, context)
  if (wrap === undefined) throw new ConversionError(`${name} is read, and not written`)
  const octets = inStream(messages, context)
  return name === 'raw' ? octets : wrap(concat([...octets]))
}

/** The bytes of each message; requests and responses do not share a stream. */
function* inStream(
  messages: Iterable<Message>,
  { reading, scheme, format, note }: Context,
): Generator<Uint8Array> {
  let first: Message['kind'] | undefined
  let open: ResponseMessage | undefined
  let number = 0
  let told = false
  yield concat([])
  for (const message of messages) {
    if (reading.kind !== undefined && message.kind !== reading.kind) continue
    first ??= message.kind
    if (message.kind !== first) throw new ConversionError(MIXED)
    if (open !== undefined) {
      note(
        `response ${number} is left out, for its body was not recorded, and another response follows: json keeps it`,
      )
      open = undefined
    }
    number++
    if (message.kind === 'request') {
      if (message.scheme !== scheme && !told) note(`requests of ${message.scheme}: their bytes do not say so`)
      told ||= message.scheme !== scheme
      if (message.origin !== undefined) {
        note(`request ${number} goes to ${message.origin}, which its bytes do not say: Host is another`)
      }
    } else if (message.unrecorded !== undefined) {
      open = message
      continue
    }
    yield format(message)
  }
  if (open === undefined) return
  note(`response ${number}: its body was not recorded: it is written without`)
  yield format(open)
}

/** What is said where no stream can hold all messages. */
export const MIXED =
  'there are requests and responses: say --request or --response (option kind), for they do not share a stream'

function formatNamed(name: FormatName): Format {
  if (!Object.hasOwn(FORMATS, name)) throw new TypeError(`there is no format '${name}'`)
  return FORMATS[name]
}

/** Text stands for its UTF-8. */
export function inputOf(input: Uint8Array | string): Uint8Array {
  return typeof input === 'string' ? fromText(input) : octetsOf(input, 'input')
}
