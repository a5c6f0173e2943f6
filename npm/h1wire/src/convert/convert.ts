// The public functions of `h1wire/convert`, bound to the library that reads and writes octets.

import { octetsOf } from '../facade/octets.js'
import type { ParserOptions } from '../facade/options.js'
import { refuseUnknown } from '../facade/unknown.js'
import { type Context, type FormatName, inputOf, read, write } from './formats.js'
import type { Message, Note } from './model.js'
import { type Library, readWire, writeWire } from './wire.js'

/** What a format does not say by itself. */
export interface ConvertOptions {
  /** Read: what octets hold; by default, what they begin with. Written as octets: only messages of this kind. */
  readonly kind?: 'request' | 'response' | undefined
  /** How octets are parsed: limits and leniencies. Strictly by default. */
  readonly parser?: ParserOptions | undefined
  /** Octets of responses: the methods of the requests they answer, in order. */
  readonly methods?: readonly string[] | undefined
  /** Octets of requests: the scheme that their targets do not name; `http` by default. */
  readonly scheme?: 'http' | 'https' | undefined
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

/** The conversions over this library. */
export function createConversions(library: Library): Conversions {
  return {
    readMessages: (format, input, options) => read(format, inputOf(input), contextOf(library, options)),
    writeMessages: (format, messages, options) => {
      const plain = messages.map((message) => ({ ...message, body: octetsOf(message.body, 'body') }))
      return write(format, plain, contextOf(library, options))
    },
  }
}

const OPTION_NAMES = ['kind', 'parser', 'methods', 'scheme', 'note']

function contextOf(library: Library, options: ConvertOptions = {}): Context {
  refuseUnknown(options, 'options', OPTION_NAMES)
  const { kind, parser = {}, methods = [], scheme = 'http', note = () => {} } = options
  return {
    reading: { kind, options: parser, methods },
    scheme,
    note,
    parse: (octets, reading) => readWire(library, octets, reading, scheme, note),
    format: (message) => writeWire(library, message),
  }
}
