// The public functions of `h1wire/convert`, bound to the library that reads and writes messages.

import { octetsOf } from '../facade/octets.js'
import type { ParserOptions } from '../facade/options.js'
import { refuseUnknown } from '../facade/unknown.js'
import { type Context, type FormatName, inputOf, type Pieces, read, whole, write } from './formats.js'
import type { Message, Note } from './model.js'
import { paired } from './pairs.js'
import { checkWire, type Library, readWire, writeWire } from './wire.js'

/** What a format does not say by itself. */
export interface ConvertOptions {
  /** Read: what bytes hold; by default, what they begin with. Written as bytes: only messages of this kind. */
  readonly kind?: 'request' | 'response' | undefined
  /** How bytes are parsed: limits and leniencies. Strictly by default. */
  readonly parser?: ParserOptions | undefined
  /** Bytes of responses: the methods of the requests they answer, in order. */
  readonly methods?: readonly string[] | undefined
  /** Bytes of requests: the scheme that their targets do not name; `http` by default. */
  readonly scheme?: 'http' | 'https' | undefined
  /** What variables of `.http` files and Postman collections stand for, by name. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** The most bytes that short input may stand for, as variables and stars of dumps do; 67,108,864 (64 MiB) by default. */
  readonly maxExpansion?: number | undefined
  /** Only the message, entry or command with this number, from 1, is read, of formats that have several. */
  readonly only?: number | undefined
  /** Whether an entry or request that cannot be read is passed over, and told to `note`; all is refused by default. */
  readonly skipInvalid?: boolean | undefined
  /** Called with a sentence for each thing that a conversion leaves out. */
  readonly note?: Note | undefined
}

/** The functions of `h1wire/convert` that need the library; the entries describe them, where users see it. */
export interface Conversions {
  readMessages(format: FormatName, input: Uint8Array | string, options?: ConvertOptions): Message[]

  writeMessages(
    format: FormatName,
    messages: readonly Message[],
    options?: ConvertOptions,
  ): string | Uint8Array
}

/** The same, piece by piece, for whoever has much to convert. */
export interface Streams {
  messagesOf(format: FormatName, octets: Uint8Array, options?: ConvertOptions): Iterable<Message>

  /** Each response comes behind the request that it answers. */
  piecesOf(format: FormatName, messages: Iterable<Message>, options?: ConvertOptions): Pieces
}

/** The conversions over this library. */
export function createConversions(library: Library): Conversions & Streams {
  const messagesOf: Streams['messagesOf'] = (format, octets, options) =>
    read(format, octets, contextOf(library, options))
  const piecesOf: Streams['piecesOf'] = (format, messages, options) =>
    write(format, checked(library, messages), contextOf(library, options))
  return {
    messagesOf,
    piecesOf,
    readMessages: (format, input, options) => [...messagesOf(format, inputOf(input), options)],
    writeMessages: (format, messages, options) => {
      const plain = messages.map((message) => ({ ...message, body: octetsOf(message.body, 'body') }))
      const ordered = format === 'har' ? paired(plain) : plain
      return whole(piecesOf(format, ordered, options))
    },
  }
}

/** Each message, looked at once before anything is written of it. */
function* checked(library: Library, messages: Iterable<Message>): Generator<Message> {
  let at = 0
  for (const message of messages) {
    checkWire(library, message, at === 0 ? '' : `message ${at}: `)
    at++
    yield message
  }
}

const OPTION_NAMES = [
  ...['kind', 'parser', 'methods', 'scheme', 'note'],
  ...['variables', 'maxExpansion', 'only', 'skipInvalid'],
]

const MAX_EXPANSION = 64 * 1024 * 1024

function contextOf(library: Library, options: ConvertOptions = {}): Context {
  refuseUnknown(options, 'options', OPTION_NAMES)
  const { kind, parser = {}, methods = [], scheme = 'http' } = options
  const note = once(options.note)
  const { variables = {}, maxExpansion = MAX_EXPANSION, only, skipInvalid = false } = options
  return {
    reading: { kind, options: parser, methods },
    scheme,
    note,
    variables: new Map(Object.entries(variables)),
    most: maxExpansion,
    only,
    invalid: (error) => {
      if (!skipInvalid) throw error
      note(`${error.message}: passed over`)
    },
    parse: (octets, reading) => readWire(library, octets, reading, scheme, note),
    format: (message) => writeWire(library, message),
    decoded: (octets, coding) => library.decoded?.(octets, coding, maxExpansion),
  }
}

/** Tells each thing once, however many messages it is about. */
function once(note: Note = () => {}): Note {
  const told = new Set<string>()
  return (text) => {
    if (told.has(text)) return
    if (told.size < MOST_TOLD) told.add(text)
    note(text)
  }
}

/** So many different things are known to have been told. */
const MOST_TOLD = 10_000
