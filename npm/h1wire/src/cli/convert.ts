// `h1wire convert`: messages from one way of writing them to another.

import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { createConversions } from '../convert/convert.js'
import { decoded } from '../convert/decoded.js'
import { recognised, unreadable } from '../convert/detect.js'
import { MIXED, wrapped } from '../convert/formats.js'
import { hexOf } from '../convert/hex.js'
import { paired } from '../convert/pairs.js'
import { type ConvertOptions, type FormatName, type Message, READABLE, unwrap, WRITABLE } from '../convert.js'
import { formatRequest, formatResponse, RequestParser, ResponseParser } from '../index.js'
import { last, whole } from './arguments.js'
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
    {
      name: 'var',
      value: 'NAME=VALUE',
      help: 'a variable of .http files and Postman collections; may be repeated',
    },
    { name: 'only', value: 'N', help: 'only the entry, request or command with this number, from 1' },
    { name: 'skip-invalid', help: 'pass over entries and requests that cannot be read, and say so' },
    ...READING,
  ],
  notes: `Without --from the input is looked at, and what nothing is recognised in is taken for raw bytes, which is
said. Text may be UTF-8 or UTF-16. The formats:

- raw: bytes as they are sent; with a second file, the responses to the first one's requests
- hex: a hex dump as xxd writes it; read are those of xxd, hexdump, od, tcpdump -X and Wireshark too, lists such
  as 47 45 54, 0x47, 0x45 or \\x47\\x45, and <Buffer 47 45 54> of Node.js
- json: an object for each message: method, url or target, origin; or status, reason; version, headers, body
  or bodyBase64, trailers
- har: HTTP Archive 1.2, as developer tools save it, or one request of it
- curl: commands for a shell like bash, for cmd or for PowerShell. Reading one gives what that command sends,
  but its User-Agent; variables and files are refused, and nothing is run
- powershell: Invoke-WebRequest, as developer tools copy it, to be read only
- http: a .http file, with variables and comments; files and scripts are refused
- fetch: a call of fetch, as developer tools copy it; nothing is evaluated
- curl-trace: what curl writes with --trace, --trace-ascii or -v, to be read only
- postman, burp, warc: a collection, saved items, a web archive, to be read only
- js, rust, c: bytes as a literal of that language

  h1wire convert --to har requests.bin responses.bin > capture.har
  h1wire convert --to curl request.bin
  xxd capture.bin | h1wire convert --to raw | h1wire parse

What a format cannot say is told on stderr; what would be wrong is refused. Bytes in another dress (raw, hex, js,
rust, c) go from one to the other whatever they are; everything else is read strictly and to its end, unless
--lenient says otherwise, and written checked. If there are requests and responses, --request or --response says
which are written raw. A request keeps where it is sent to, apart from its Host header. The input is held in
memory, but from raw to hex.`,
  run: convert,
}

async function convert(given: Given): Promise<void> {
  const to = last(given, 'to') as FormatName | undefined
  if (to === undefined) throw new UsageError(`--to is missing: it takes ${WRITABLE.join(', ')}`)
  const options = optionsOf(given)
  const [file = '-', second] = given.operands
  const isFile = file !== '-' && (await stat(file)).isFile()
  const { start, all } = await begun(withProgress('read', pieces(file)), TELLING)
  const from = (last(given, 'from') as FormatName | undefined) ?? recognisedIn(start, file)
  if (second === undefined && from === 'raw' && to === 'raw') return passOn(all)
  if (second === undefined && from === 'raw' && to === 'hex') return passOn(hexOf(all))

  // A file is read again, into memory of its length: pieces of it would be held twice.
  const input = isFile ? await readFile(file) : await buffer(all)
  const inside = second === undefined ? unwrap(from, input) : undefined
  const passed = inside === undefined ? undefined : wrapped(to, inside)
  if (passed !== undefined) return writeAll(passed)
  const messages =
    second === undefined
      ? conversions.messagesOf(from, input, options)
      : exchanges(from, input, await octets(second), options)
  await writeAll(conversions.piecesOf(to, some(messages, to, options), options))
}

const conversions = createConversions({
  RequestParser,
  ResponseParser,
  formatRequest,
  formatResponse,
  decoded,
})

function optionsOf(given: Given): ConvertOptions {
  const { kind, options: parser, methods } = readingOf(given)
  const variables = (given.values.get('var') ?? []).map((text): [string, string] => {
    const equals = text.indexOf('=')
    if (equals < 1) throw new UsageError(`--var takes NAME=VALUE, not '${text}'`)
    return [text.slice(0, equals), text.slice(equals + 1)]
  })
  return {
    kind,
    parser,
    methods,
    scheme: given.switches.has('https') ? 'https' : 'http',
    variables: Object.fromEntries(variables),
    only: given.values.has('only') ? whole(given, 'only', 1, 1) : undefined,
    skipInvalid: given.switches.has('skip-invalid'),
    note: (text) => say(`h1wire: ${text}`),
  }
}

/** What the input is, which is said if it is a guess, and refused if it is known to be nothing that is read. */
function recognisedIn(start: Buffer, file: string): FormatName {
  if (start.length === 0) throw new Refused('the input is empty')
  const found = recognised(start, file)
  if (found !== undefined) return found
  const why = unreadable(start)
  if (why !== undefined) throw new Refused(`${why}; to take it for raw bytes, say --from raw`)
  say('h1wire: taken for raw bytes: nothing else was recognised; --from says what it is')
  return 'raw'
}

/** The messages, of which there must be one, and all of one kind where they share a stream. */
function* some(messages: Iterable<Message>, to: FormatName, { kind }: ConvertOptions): Generator<Message> {
  const stream = wrapped(to, Buffer.alloc(0)) !== undefined
  let first: Message['kind'] | undefined
  for (const message of messages) {
    first ??= message.kind
    if (stream && kind === undefined && message.kind !== first) throw new Refused(MIXED)
    yield message
  }
  if (first === undefined) throw new Refused('the input holds no message')
}

/** So many bytes tell what the input is. */
const TELLING = 4_096

async function passOn(all: AsyncIterable<string | Buffer>): Promise<void> {
  for await (const piece of all) await writeOctets(Buffer.from(piece))
}

/** Writes pieces, small ones together: nothing before the first messages are known to be sound. */
async function writeAll(all: Iterable<string | Uint8Array>): Promise<void> {
  let text = ''
  let held: Buffer[] = []
  let length = 0
  let begun = false
  const hold = (octets: Buffer) => {
    held.push(octets)
    length += octets.length
  }
  for (const piece of all) {
    if (typeof piece === 'string') text += piece
    if (typeof piece === 'string' && text.length < WRITTEN) continue
    hold(Buffer.from(text))
    text = ''
    if (typeof piece !== 'string') hold(Buffer.from(piece.buffer, piece.byteOffset, piece.length))
    if (length < (begun ? WRITTEN : HELD)) continue
    for (const octets of held) await writeOctets(octets)
    begun = true
    held = []
    length = 0
  }
  hold(Buffer.from(text))
  for (const octets of held) if (octets.length > 0) await writeOctets(octets)
}

/** So many bytes are written at once. */
const WRITTEN = 1 << 18
/** And so many are held back at first: a fault in what they are made of leaves no half of an output behind. */
const HELD = 1 << 24

/** Requests, and the responses to them from another file. */
function exchanges(from: FormatName, asked: Buffer, answers: Buffer, options: ConvertOptions): Message[] {
  if (from !== 'raw' && from !== 'hex') {
    throw new UsageError(`a second file goes with raw and hex, not with ${from}`)
  }
  const requests = [...conversions.messagesOf(from, asked, { ...options, kind: 'request' })]
  const methods = requests.map((message) => (message.kind === 'request' ? message.method : 'GET'))
  return paired([
    ...requests,
    ...conversions.messagesOf(from, answers, { ...options, kind: 'response', methods }),
  ])
}
