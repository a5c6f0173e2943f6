// `h1wire parse`: the events of a file or of stdin as JSON lines.

import { type LeniencyName, type ParserOptions, RequestParser, ResponseParser } from '../index.js'
import { last } from './arguments.js'
import type { Given } from './command.js'
import { UsageError } from './failure.js'
import { gatheredUntil, pieces } from './input.js'
import { JsonLines } from './json.js'
import { write } from './output.js'

export async function parse(given: Given): Promise<void> {
  const kind = kindAsked(given)
  const options = optionsGiven(given)
  const lines = new JsonLines()
  let parser: RequestParser | ResponseParser | undefined
  for await (const piece of gatheredUntil(tellsKind, pieces(given.operands[0] ?? '-'))) {
    parser ??= makeParser(kind ?? kindOf(piece), options, given)
    for (const event of parser.push(piece)) {
      await write(lines.of(event))
      if (event.type === 'error') throw event.error
    }
  }
  for (const event of parser?.end() ?? []) {
    await write(lines.of(event))
    if (event.type === 'error') throw event.error
  }
}

type Kind = 'request' | 'response'

function kindAsked({ switches, values }: Given): Kind | undefined {
  const request = switches.has('request')
  const response = switches.has('response') || values.has('method')
  if (request && response) throw new UsageError('--request goes neither with --response nor with --method')
  if (values.get('method')?.includes('')) throw new UsageError("--method takes a method such as HEAD, not ''")
  return request ? 'request' : response ? 'response' : undefined
}

const TELLING = 'HTTP/1'.length

function tellsKind(start: Buffer): boolean {
  return start.length - firstLineOf(start) >= TELLING
}

function kindOf(start: Buffer): Kind {
  const at = firstLineOf(start)
  return /^HTTP\/\d/.test(start.toString('latin1', at, at + TELLING)) ? 'response' : 'request'
}

/** The parsers skip CRLFs before a message, and refuse a head that with them is longer than this. */
const MOST_SKIPPED = 65_536

function firstLineOf(start: Buffer): number {
  let at = 0
  while (at < MOST_SKIPPED && start[at] === 0x0d && start[at + 1] === 0x0a) at += 2
  return at
}

/** The parsers' options; they are tried at once, so that a wrong name is told before any input is awaited. */
function optionsGiven(given: Given): ParserOptions {
  const text = last(given, 'lenient')
  if (text === undefined) return {}
  const preset = text === 'strict' || text === 'node-insecure'
  const options: ParserOptions = { lenient: preset ? text : (text.split(',') as LeniencyName[]) }
  try {
    new RequestParser(options).free()
    return options
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function makeParser(kind: Kind, options: ParserOptions, given: Given): RequestParser | ResponseParser {
  if (kind === 'request') return new RequestParser(options)
  const parser = new ResponseParser(options)
  for (const method of given.values.get('method') ?? []) parser.expect(method)
  return parser
}
