// What curl says on --trace, --trace-ascii and -v, made into the bytes of each exchange.

import { ConversionError, ofBytes, within } from './error.js'
import type { Context } from './formats.js'
import type { Message, Note, ResponseMessage } from './model.js'
import { concat, fromHex, fromLatin1, textAsLatin1, toLatin1 } from './octets.js'
import { type Line, linesOf } from './text.js'

/** What was sent for one request, and what was received for it. */
interface Exchange {
  readonly sent: Uint8Array[]
  readonly received: Uint8Array[]
  /** Whether the received body is left out. */
  readonly headsAlone: boolean
}

/** A heading, behind the time that --trace-time and the numbers that --trace-ids put before it. */
const HEADING =
  /^(?:[\d:.]+ )?(?:\[\S+\] )?(=>|<=|==) (Send|Recv|Info:?)(?: (header|data|SSL data))?(?:, (\d+) bytes)?/
const SHOWN = /^(?:[\d:.]+ )?([*><{}])(?: |$)(.*)/

/** Whether a text begins as a trace does, or as what -v says. */
export function looksLikeTrace(text: string): boolean {
  const start = text.trimStart()
  if (HEADING.test(start)) return true
  // A meter of progress may stand before what -v says, and share a line with it.
  return /^\s*(?:[\d:.]+ )?> [A-Z]+ \S+ HTTP\/\d/m.test(start) && /^\s*(?:[\d:.]+ )?[*<] |\r\* /m.test(start)
}

/** Reads a trace: each request with the responses to it, of as many connections as there are. */
export function* readTrace(text: string, context: Context): Generator<Message> {
  const lines = dedented(text)
  const headed = lines.some(({ text: line }) => HEADING.test(line))
  const exchanges = headed ? traced(lines, context.note) : shown(lines, context.note)
  let number = 0
  for (const exchange of exchanges) {
    number++
    yield* within(`exchange ${number}`, () => ofBytes(() => readExchange(exchange, context)))
  }
  if (number === 0) throw new ConversionError("this is nothing that curl's --trace, --trace-ascii or -v says")
}

function readExchange({ sent, received, headsAlone }: Exchange, { reading, parse }: Context): Message[] {
  const requests = [...parse(concat(sent), { ...reading, kind: 'request' })]
  const methods = requests.map((message) => (message.kind === 'request' ? message.method : 'GET'))
  if (headsAlone) {
    const answers = [
      ...parse(concat(received), { ...reading, kind: 'response', methods: methods.map(() => 'HEAD') }),
    ]
    return [...requests, ...answers.map((answer) => unrecorded(answer as ResponseMessage, methods[0]))]
  }
  return [...requests, ...parse(concat(received), { ...reading, kind: 'response', methods })]
}

/** The answer whose body -v does not show. */
function unrecorded(answer: ResponseMessage, method: string | undefined): ResponseMessage {
  const { requestMethod: _, ...rest } = answer
  const length = answer.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
  const known = method === undefined ? {} : { requestMethod: method }
  const bodiless =
    method === 'HEAD' || [204, 304].includes(answer.status) || answer.status < 200 || length === '0'
  if (bodiless) return { ...rest, ...known }
  const headers = answer.headers.filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name))
  return { ...rest, ...known, headers, unrecorded: Number(length ?? -1) }
}

/** The lines, without an indentation that all have. */
function dedented(text: string): Line[] {
  const lines = [...linesOf(text)]
  const filled = lines.filter(({ text: line }) => line.trim() !== '')
  const indent = filled.reduce(
    (least, { text: line }) => Math.min(least, line.length - line.trimStart().length),
    99,
  )
  return indent === 0 ? lines : lines.map(({ text: line, number }) => ({ text: line.slice(indent), number }))
}

interface Block {
  readonly direction: 'sent' | 'received'
  readonly isHeader: boolean
  readonly length: number
  readonly rows: Line[]
}

function traced(lines: readonly Line[], note: Note): Exchange[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const line of lines) {
    const heading = HEADING.exec(line.text)
    if (heading) {
      const [, arrow, , what, length] = heading
      open = undefined
      if (what !== 'header' && what !== 'data') continue
      const direction = arrow === '=>' ? 'sent' : 'received'
      open = { direction, isHeader: what === 'header', length: Number(length ?? 0), rows: [] }
      blocks.push(open)
    } else if (open !== undefined && line.text !== '') open.rows.push(line)
  }
  const exchanges: Exchange[] = []
  let last: Uint8Array | undefined
  for (const block of blocks) {
    const octets = octetsOf(block, note)
    if (exchanges.length === 0 || (block.direction === 'sent' && block.isHeader)) {
      exchanges.push({ sent: [], received: [], headsAlone: false })
      last = undefined
    }
    const { sent, received } = exchanges.at(-1) as Exchange
    if (block.direction === 'sent') sent.push(octets)
    else {
      // Some versions of curl leave out the empty line behind a 100.
      const text = toLatin1(octets.subarray(0, 5))
      if (block.isHeader && text === 'HTTP/' && last !== undefined && toLatin1(last) !== '\r\n') {
        received.push(fromLatin1('\r\n'))
      }
      received.push(octets)
      last = block.isHeader ? octets : undefined
    }
  }
  return exchanges
}

const PER_LINE = 16
const HEX_ROW = /^([0-9a-f]{4,}): ((?:[0-9a-f]{2} ){1,16})/
const ROW = /^([0-9a-f]{4,}): ?(.*)$/

function octetsOf({ rows, length, isHeader }: Block, note: Note): Uint8Array {
  if (rows[0] !== undefined && !isHexRow(rows[0].text, Math.min(PER_LINE, length)))
    return asciiOf(rows, length, isHeader, note)
  const pieces: Uint8Array[] = []
  let missing = length
  for (const { text, number } of rows) {
    const count = Math.min(PER_LINE, missing)
    if (count === 0) break
    if (!isHexRow(text, count)) throw new ConversionError(`line ${number} is no line of curl's --trace`)
    const digits = (HEX_ROW.exec(text) as RegExpExecArray)[2] as string
    pieces.push(fromHex(digits.slice(0, 3 * count).replaceAll(' ', '')))
    missing -= count
  }
  if (missing > 0) throw new ConversionError(`the trace ends early: ${missing} bytes are missing`)
  return concat(pieces)
}

function isHexRow(text: string, count: number): boolean {
  return (HEX_ROW.exec(text)?.[2]?.length ?? 0) >= 3 * count
}

/** Rows of text, as --trace-ascii writes them: a row ends at CR LF, which its successor's offset tells. */
function asciiOf(rows: readonly Line[], length: number, isHeader: boolean, note: Note): Uint8Array {
  const parts = rows.map(({ text, number }) => {
    const row = ROW.exec(text)
    if (row === null) throw new ConversionError(`line ${number} is no line of curl's --trace-ascii`)
    return { at: Number.parseInt(row[1] as string, 16), text: textAsLatin1(row[2] as string), number }
  })
  const out: string[] = []
  parts.forEach(({ at, text, number }, index) => {
    const end = parts[index + 1]?.at ?? length
    const gap = end - at - text.length
    if (gap === 2) out.push(text, '\r\n')
    else if (gap === 0) out.push(text)
    else
      throw new ConversionError(
        `line ${number} holds text that leaves ${Math.abs(gap)} bytes out: --trace keeps them`,
      )
  })
  if (!isHeader && out.some((text) => text.includes('.'))) {
    note(
      '--trace-ascii writes a dot for bytes that are no text: the body may have been another, --trace keeps it',
    )
  }
  return fromLatin1(out.join(''))
}

/** What -v says: heads of requests behind `>`, heads of responses behind `<`; bodies are not among it. */
function shown(lines: readonly Line[], note: Note): Exchange[] {
  const exchanges: Exchange[] = []
  let sending = false
  let last = ''
  for (const { text } of lines) {
    const match = SHOWN.exec(text)
    const mark = match?.[1]
    if (match === null || (mark !== '>' && mark !== '<')) continue
    const line = textAsLatin1(match[2] as string)
    if (mark === '>' && !sending) exchanges.push({ sent: [], received: [], headsAlone: true })
    sending = mark === '>'
    const exchange = exchanges.at(-1)
    if (sending && /^(content-length: *[1-9]|transfer-encoding:|expect:)/i.test(line)) {
      note(`exchange ${exchanges.length}: the body of the request is not in what -v says: it is left out`)
      continue
    }
    if (!sending && line.startsWith('HTTP/') && last !== '' && exchange?.received.length !== 0) {
      exchange?.received.push(fromLatin1('\r\n'))
    }
    if (!sending && line === '') note('-v says heads: bodies of responses are not read from it')
    exchange?.[sending ? 'sent' : 'received'].push(fromLatin1(`${line}\r\n`))
    last = line
  }
  return exchanges
}
