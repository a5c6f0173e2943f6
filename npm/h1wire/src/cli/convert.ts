// `h1wire convert`: messages from one way of writing them to another.

import { buffer } from 'node:stream/consumers'
import { hexOf } from '../convert/hex.js'
import {
  type ConvertOptions,
  type FormatName,
  formatOf,
  type Message,
  READABLE,
  readMessages,
  unwrap,
  WRITABLE,
  wrap,
  writeMessages,
} from '../convert.js'
import { last } from './arguments.js'
import type { Command, Given } from './command.js'
import { Refused, UsageError } from './failure.js'
import { begun, octets, pieces } from './input.js'
import { say, writeOctets } from './output.js'
import { withProgress } from './progress.js'
import { READING, readingOf } from './reading.js'

export const CONVERT: Command = {
  name: 'convert',
  summary: 'turn messages from one way of writing them into another',
  operands: { usage: '[FILE|-] [RESPONSES]', least: 0, most: 2, completes: 'file' },
  options: [
    { name: 'from', value: 'FORMAT', choices: READABLE, help: `what the input is: ${READABLE.join(', ')}` },
    {
      name: 'to',
      short: 't',
      value: 'FORMAT',
      choices: WRITABLE,
      help: `what is written: ${WRITABLE.join(', ')}`,
    },
    { name: 'https', help: 'requests that name no scheme are of https' },
    ...READING,
  ],
  notes: `Without --from the input is looked at. The formats:

- raw: octets as they are sent; with a second file, the responses to the first one's requests
- hex: a hex dump as xxd writes it; read are those of xxd, hexdump, od -t x1, tcpdump and Wireshark too
- json: an object for each message: method, url or target; or status, reason; version, headers, body or
  bodyBase64, trailers
- har: HTTP Archive 1.2, as developer tools save it
- curl: a command for a shell like bash. Reading one gives what that command sends, but its User-Agent;
  variables and files are refused, and nothing is run
- http: a .http file, with variables and comments; files and scripts are refused
- fetch: a call of fetch, as developer tools copy it; nothing is evaluated
- curl-trace: what curl writes with --trace
- js, rust, c: octets as a literal of that language, to be written only

  h1wire convert --to har requests.bin responses.bin > capture.har
  h1wire convert --to curl request.bin
  xxd capture.bin | h1wire convert --to raw | h1wire parse

What a format cannot say is told on stderr; what would be wrong is refused. raw and hex, from one to the
other, pass any octets on; everything else is read strictly, unless --lenient says otherwise, and written
checked. If there are requests and responses, --request or --response says which are written raw. The input
is held in memory, but from raw to hex.`,
  run: convert,
}

async function convert(given: Given): Promise<void> {
  const to = last(given, 'to') as FormatName | undefined
  if (to === undefined) throw new UsageError(`--to is missing: it takes ${WRITABLE.join(', ')}`)
  const { kind, options: parser, methods } = readingOf(given)
  const context: ConvertOptions = {
    kind,
    parser,
    methods,
    scheme: given.switches.has('https') ? 'https' : 'http',
    note: (text) => say(`h1wire: ${text}`),
  }
  const [file = '-', second] = given.operands
  const { start, all } = await begun(withProgress('read', pieces(file)), TELLING)
  const from = (last(given, 'from') as FormatName | undefined) ?? formatOf(start, file)
  if (second === undefined && from === 'raw' && to === 'raw') return passOn(all)
  if (second === undefined && from === 'raw' && to === 'hex') return passOn(hexOf(all))

  const input = await buffer(all)
  const inside = second === undefined ? unwrap(from, input) : undefined
  const passed = inside === undefined ? undefined : wrap(to, inside)
  if (passed !== undefined) return writeOctets(Buffer.from(passed))
  const messages =
    second === undefined
      ? readMessages(from, input, context)
      : exchanges(from, input, await octets(second), context)
  if (messages.length === 0) throw new Refused('the input holds no message')
  const mixed = kind === undefined && new Set(messages.map((message) => message.kind)).size > 1
  if (mixed && wrap(to, Buffer.alloc(0)) !== undefined) {
    throw new Refused(
      'there are requests and responses: say --request or --response, for they do not share a stream',
    )
  }
  await writeOctets(Buffer.from(writeMessages(to, messages, context)))
}

/** So many octets tell what the input is. */
const TELLING = 4_096

async function passOn(all: AsyncIterable<string | Buffer>): Promise<void> {
  for await (const piece of all) await writeOctets(Buffer.from(piece))
}

/** Requests, and the responses to them from another file. */
function exchanges(from: FormatName, asked: Buffer, answers: Buffer, context: ConvertOptions): Message[] {
  if (unwrap(from, Buffer.alloc(0)) === undefined) {
    throw new UsageError(`a second file goes with raw and hex, not with ${from}`)
  }
  const requests = readMessages(from, asked, { ...context, kind: 'request' })
  const methods = requests.map((message) => (message.kind === 'request' ? message.method : 'GET'))
  return [...requests, ...readMessages(from, answers, { ...context, kind: 'response', methods })]
}
