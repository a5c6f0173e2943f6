// `h1wire format`: a message from arguments, from JSON or from a .http file, as octets.

import { httpUrl, parsed } from '../convert/json.js'
import { formatOf, readMessages, writeMessages } from '../convert.js'
import { formatRaw, type RawParts } from '../index.js'
import { last, whole } from './arguments.js'
import { built } from './build.js'
import type { Command, Given } from './command.js'
import { Refused, UsageError } from './failure.js'
import { octets } from './input.js'
import { say, writeOctets } from './output.js'
import { bodyGiven, headersGiven, methodGiven, PARTS } from './parts.js'

const LINE_ENDS = { crlf: '\r\n', lf: '\n', cr: '\r' } as const

export const FORMAT: Command = {
  name: 'format',
  summary: 'build a message from arguments, JSON or a .http file, and print its octets',
  operands: { usage: '[URL|FILE|-]', least: 0, most: 1, completes: 'file' },
  options: [
    ...PARTS,
    { name: 'trailer', value: "'NAME: VALUE'", help: 'a trailer field line; the body is then chunked' },
    { name: 'http', value: 'VERSION', choices: ['1.0', '1.1'], help: 'the version; 1.1' },
    { name: 'status', value: 'CODE', help: 'a response with this status, in place of a request' },
    { name: 'reason', value: 'TEXT', help: "the reason phrase; the status code's own" },
    { name: 'raw', help: 'as it is told, unchecked, nothing added: for tests of systems that are yours' },
    { name: 'start-line', value: 'LINE', help: 'with --raw: the first line' },
    { name: 'eol', value: 'END', choices: Object.keys(LINE_ENDS), help: 'with --raw: what ends lines; crlf' },
  ],
  notes: `Arguments make one message: a request to URL, or with --status a response:

  h1wire format http://example.com/form -d 'name=Jörg'
  h1wire format --status 404 -H 'Content-Type: text/plain' -d 'not here'

A FILE holds messages as JSON, a .http file, or any other format of 'h1wire convert' that has requests or
responses in it, one behind the other:

  echo '{"method": "PUT", "url": "http://example.com/a", "headers": {"X-A": 1}, "body": "x"}' | h1wire format

What could be read as something else is refused, with exit code 1. With --raw nothing is: --start-line, -H
for whole lines and -d, or JSON of the parts of formatRaw, in which {"base64": "…"} stands for octets:

  h1wire format --raw --start-line 'GET / HTTP/1.1' -H 'Host: a' -H 'Host : b' --eol lf
  echo '{"startLine": "POST / HTTP/1.1", "body": [{"size": "0x5", "data": "hello"}]}' | h1wire format --raw`,
  run: format,
}

async function format(given: Given): Promise<void> {
  const [operand] = given.operands
  const fromArguments = ['request', 'header', 'data', 'status', 'start-line'].some((name) =>
    given.values.has(name),
  )
  try {
    if (given.switches.has('raw')) await raw(given, operand, fromArguments)
    else if (isUrl(operand) || fromArguments) await fromParts(given, operand)
    else await fromFile(operand ?? '-')
  } catch (error) {
    // The formatters' word for a part that is of a wrong type.
    if (error instanceof TypeError && !('code' in error)) throw new Refused(error.message)
    throw error
  }
}

function isUrl(operand: string | undefined): operand is string {
  return operand !== undefined && /^https?:\/\//i.test(operand)
}

async function fromParts(given: Given, operand: string | undefined): Promise<void> {
  for (const name of ['start-line', 'eol']) {
    if (given.values.has(name)) throw new UsageError(`--${name} goes with --raw`)
  }
  const version = (last(given, 'http') ?? '1.1') as '1.0' | '1.1'
  const headers = headersGiven(given)
  const trailers = headersGiven(given, 'trailer')
  const body = await bodyGiven(given)
  const common = { version, headers, ...(trailers.length === 0 ? {} : { trailers }) }
  if (given.values.has('status')) {
    if (operand !== undefined) throw new UsageError('--status makes a response, which has no URL')
    const reason = last(given, 'reason')
    const status = whole(given, 'status', 200, 100)
    return print(built({ status, ...(reason === undefined ? {} : { reason }), ...common }, body))
  }
  if (!isUrl(operand)) throw new UsageError('a request needs a URL that begins with http:// or https://')
  return print(built({ method: methodGiven(given), url: httpUrl(operand), ...common }, body))
}

async function fromFile(name: string): Promise<void> {
  const input = await octets(name)
  const note = (text: string) => say(`h1wire: ${text}`)
  const messages = readMessages(formatOf(input, name), input, { note })
  for (const message of messages) await writeOctets(Buffer.from(writeMessages('raw', [message], { note })))
}

async function raw(given: Given, operand: string | undefined, fromArguments: boolean): Promise<void> {
  if (!fromArguments) {
    const parts = withOctets(parsed((await octets(operand ?? '-')).toString())) as RawParts
    return writeOctets(formatRaw(parts))
  }
  if (operand !== undefined)
    throw new UsageError('with --raw, arguments or a FILE make the message, not both')
  const eol = LINE_ENDS[(last(given, 'eol') ?? 'crlf') as keyof typeof LINE_ENDS]
  const startLine = last(given, 'start-line')
  const fields = (given.values.get('header') ?? []).map((line) => Buffer.from(line))
  await writeOctets(
    formatRaw({ startLine: startLine === undefined ? null : Buffer.from(startLine), fields, eol }),
  )
  const body = await bodyGiven(given)
  if (body === undefined) return
  if ('octets' in body) return writeOctets(body.octets)
  for await (const piece of body.pieces()) await writeOctets(piece)
}

/** JSON with `{"base64": "…"}` made octets. */
function withOctets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOctets)
  if (typeof value !== 'object' || value === null) return value
  const { base64, ...others } = value as Record<string, unknown>
  if (typeof base64 === 'string' && Object.keys(others).length === 0) return Buffer.from(base64, 'base64')
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withOctets(item)]))
}

async function print(pieces: () => AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of pieces()) await writeOctets(piece)
}
