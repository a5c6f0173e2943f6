// How a command is told what messages its input holds, and the parser for them.

import { type LeniencyName, type ParserOptions, RequestParser, ResponseParser } from '../index.js'
import { last } from './arguments.js'
import type { Given, Option } from './command.js'
import { UsageError } from './failure.js'

/** The options of every command that reads messages. */
export const READING: readonly Option[] = [
  { name: 'request', help: 'the input holds requests' },
  { name: 'response', help: 'the input holds responses' },
  {
    name: 'method',
    value: 'METHOD',
    help: 'a response answers this method; once for each response, in order',
    completes: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'PATCH'],
  },
  {
    name: 'lenient',
    value: 'NAME,…',
    help: 'permit what these leniencies permit, or node-insecure',
    completes: ['strict', 'node-insecure'],
  },
]

/** What the help of those commands says of them. */
export const READING_NOTES = `Without --request or --response, input that begins with HTTP/ and a digit, CRLFs before it apart, holds
responses.`

type Kind = 'request' | 'response'

/** How input is to be read, as far as the command line says. */
export interface Reading {
  /** What it holds, if that was said. */
  readonly kind: Kind | undefined
  readonly options: ParserOptions
  /** The methods that responses answer. */
  readonly methods: readonly string[]
}

/** Reads the options `READING`; they are tried at once, so that a wrong one is told before any input is awaited. */
export function readingOf(given: Given): Reading {
  const kind = kindAsked(given)
  return { kind, options: optionsGiven(given), methods: given.values.get('method') ?? [] }
}

/** A parser for input that begins so. */
export function parserFor(
  { kind, options, methods }: Reading,
  start: Buffer,
): RequestParser | ResponseParser {
  if ((kind ?? kindOf(start)) === 'request') return new RequestParser(options)
  const parser = new ResponseParser(options)
  for (const method of methods) parser.expect(method)
  return parser
}

function kindAsked({ switches, values }: Given): Kind | undefined {
  const request = switches.has('request')
  const response = switches.has('response') || values.has('method')
  if (request && response) throw new UsageError('--request goes neither with --response nor with --method')
  if (values.get('method')?.includes('')) throw new UsageError("--method takes a method such as HEAD, not ''")
  return request ? 'request' : response ? 'response' : undefined
}

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

const TELLING = 'HTTP/1'.length

/** Whether so many octets tell what the input holds. */
export function tellsKind(start: Buffer): boolean {
  return start.length - firstLineOf(start) >= TELLING
}

/** What input that begins so holds. */
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
