// How a command is told what messages its input holds, and the parser for them.

import * as wire from '../convert/wire.js'
import { LENIENCIES, type LeniencyName, type ParserOptions, RequestParser, ResponseParser } from '../index.js'
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
    completes: ['strict', 'node-insecure', ...LENIENCIES.map(({ name }) => name)],
  },
]

/** What the help of those commands says of them. */
export const READING_NOTES = `Without --request or --response, input that begins with HTTP/ and a digit, CRLFs before it apart, holds
responses.`

type Kind = 'request' | 'response'

/** How input is to be read, as far as the command line says. */
export type Reading = wire.Reading

/** Reads the options `READING`; they are tried at once, so that a wrong one is told before any input is awaited. */
export function readingOf(given: Given): Reading {
  const kind = kindAsked(given)
  return { kind, options: optionsGiven(given), methods: given.values.get('method') ?? [] }
}

/** A parser for input that begins so. */
export function parserFor(reading: Reading, start: Buffer): RequestParser | ResponseParser {
  return wire.parserFor({ RequestParser, ResponseParser }, reading, start) as RequestParser | ResponseParser
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
