// Options of a parser: checked, and turned into the words that `createParser` reads.
//
// Reading an option may run code of the caller (a getter); so everything is read here, into an array of our
// own, before anything shared with Rust is touched.

import {
  LIMITS,
  MAX_MESSAGE_BODY,
  MAX_SECTION,
  METHODS,
  OPTION_CHUNKS,
  OPTION_CYCLES,
  OPTION_LENIENT,
  OPTION_LIMITS,
  OPTION_ONE,
  OPTION_PIPELINING,
  ROLE_RESPONSE,
  LENIENCIES as TABLE,
} from '../generated/layout.js'
import { refuseUnknown } from './unknown.js'

/** The name of a limit. */
export type LimitName = (typeof LIMITS)[number]['name']

/** The name of a leniency. */
export type LeniencyName = (typeof TABLE)[number]['name']

/** A leniency, and what it may cost. */
export interface Leniency {
  readonly name: LeniencyName
  /** What can go wrong where it is switched on. */
  readonly danger: string
  /** Whether the preset `'node-insecure'` has it. */
  readonly nodeInsecure: boolean
}

/** Every leniency there is. The array and what it holds are frozen. */
export const LENIENCIES: readonly Leniency[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ TABLE.map((one) => Object.freeze({ ...one })),
)

/**
 * Limits: integers from 0; those left out keep their default. Each counts every octet of what it names, line
 * ends included. `maxHeadSize` and `maxTrailerSize` may be 4,194,303 at most; for every other, `Infinity`
 * means no limit.
 */
export interface Limits {
  /** Octets of the start-line. Default 16,384. */
  maxStartLine?: number | undefined
  /** Octets of the head: CRLFs before it, start-line, field lines, the empty line. Default 65,536. */
  maxHeadSize?: number | undefined
  /** Field lines of a head. Default 256. */
  maxFields?: number | undefined
  /** Octets of a trailer section. Default 16,384. */
  maxTrailerSize?: number | undefined
  /** Field lines of a trailer section. Default 64. */
  maxTrailerFields?: number | undefined
  /** Octets of all chunk extensions of a message. Default 16,384. */
  maxChunkExtensions?: number | undefined
  /** 1xx responses in a row. Default 16. */
  maxInformational?: number | undefined
  /** Octets of a body, chunked coding removed. Default `Infinity`. */
  maxBodySize?: number | undefined
}

/** Options of every parser. */
export interface ParserOptions {
  /** How much is taken. */
  limits?: Limits | undefined
  /**
   * What is forgiven: nothing (`'strict'`, the default), what Node.js's `insecureHTTPParser` forgives
   * (`'node-insecure'`), or the leniencies named. Each one used is reported by a `tolerated` event.
   */
  lenient?: 'strict' | 'node-insecure' | readonly LeniencyName[] | undefined
  /**
   * Whether `body` events follow the chunks of a chunked body: none then holds octets of two chunks.
   * Default false: small chunks that arrive together are joined, which is faster.
   */
  chunks?: boolean | undefined
}

/** Options of a parser whose every message is one event. */
export interface MessagesOptions {
  /**
   * Each message is told by one event when it is whole, `{ type: 'message', …head, body, trailers }`, in place of
   * `head`, `body` and `end`. `limits.maxBodySize` then has a default, 1,048,576 bytes, for bodies are kept in memory until
   * they are whole; a message that turns out to be at fault is not told, only its error is.
   */
  messages: true
  /** Chunks cannot be told apart in a whole body. */
  chunks?: false | undefined
}

/** Options of a parser of responses. */
export interface ResponseParserOptions extends ParserOptions {
  /** The method of the request that is answered, as if `expect` were called with it at once. */
  requestMethod?: string | undefined
}

/** Options of a connection. */
export interface ConnectionOptions extends Omit<ParserOptions, 'chunks'> {
  /** Which end of the connection this is. */
  role: 'client' | 'server'
  /** How many octets behind the peer's message are kept for `nextCycle()`. Default 1,048,576. */
  maxHeldBack?: number | undefined
  /**
   * Only for a server: how many requests are read before the first of them is answered (RFC 9112 section 9.3.2).
   * Default 1: what lies behind a request is kept until its exchange is done.
   */
  pipelining?: number | undefined
  /**
   * @internal Whether calls go on to the next exchange by themselves when one is done: `nextCycle()` then costs no call
   * into Rust. Events of several responses may then come together, those of a later exchange ahead of `nextCycle()`.
   */
  cycles?: boolean | undefined
}

const METHOD_IDS = new Map<string, number>(METHODS.map((method, id) => [method, id]))
const NO_LIMIT = 0xffff_ffff
const NODE_INSECURE = TABLE.reduce((bits, one, number) => (one.nodeInsecure ? bits | (1 << number) : bits), 0)
const LIMIT_NAMES = LIMITS.map((limit) => limit.name)
const SECTION_LIMITS: readonly LimitName[] = ['maxHeadSize', 'maxTrailerSize']
const NAMES: readonly string[] = ['limits', 'lenient', 'chunks']
const RESPONSE_NAMES: readonly string[] = [...NAMES, 'requestMethod']
const PARSER_NAMES: readonly string[] = [...NAMES, 'messages']
const RESPONSE_PARSER_NAMES: readonly string[] = [...PARSER_NAMES, 'requestMethod']
const CONNECTION_NAMES: readonly string[] = ['role', 'limits', 'lenient', 'maxHeldBack', 'pipelining']
const LAYERED_NAMES: readonly string[] = CONNECTION_NAMES.filter((name) => name !== 'role')
const MOST_PIPELINING = 65_536
const DEFAULTS: readonly number[] = wordsOf(0, false, {})

/**
 * The words for these options; a TypeError or RangeError names the option that is wrong. `names` are those that the caller's
 * caller could have given; `mostBody` is the default of `maxBodySize`.
 */
export function optionWords(
  options: ParserOptions | undefined,
  role: number,
  names = role === ROLE_RESPONSE ? RESPONSE_NAMES : NAMES,
  mostBody = Infinity,
): readonly number[] {
  if (options === undefined) return DEFAULTS
  refuseUnknown(options, 'options', names, placeAmong(names))
  const { limits, lenient, chunks } = options
  if (chunks !== undefined && typeof chunks !== 'boolean')
    throw new TypeError('options.chunks must be a boolean')
  if (limits === undefined && lenient === undefined && !chunks && mostBody === Infinity) return DEFAULTS
  const bounded = { maxBodySize: mostBody, ...readLimits(limits, names) }
  return wordsOf(lenientBits(lenient), chunks === true, bounded)
}

/** The words for these options of a parser, and whether each message is one event. */
export function parserWords(
  options: (ParserOptions & { messages?: unknown }) | undefined,
  role: number,
): { words: readonly number[]; messages: boolean } {
  const names = role === ROLE_RESPONSE ? RESPONSE_PARSER_NAMES : PARSER_NAMES
  const messages = options?.messages ?? false
  const words = optionWords(options, role, names, messages === true ? MAX_MESSAGE_BODY : Infinity)
  if (typeof messages !== 'boolean') throw new TypeError('options.messages must be a boolean')
  if (messages && words[OPTION_CHUNKS] === 1) {
    throw new TypeError('options.chunks cannot go with messages: a whole body has no chunks')
  }
  return { words, messages }
}

/** Role, words and limit of a connection; a TypeError or RangeError names the option that is wrong. */
export function connectionWords(options: ConnectionOptions): {
  role: 'client' | 'server'
  words: readonly number[]
  maxHeldBack: number | undefined
  cycles: boolean
} {
  // A layer above gives role and cycles itself: whoever misspells an option of its own cannot mean them.
  const isLayered = options?.cycles !== undefined
  const names = isLayered ? LAYERED_NAMES : CONNECTION_NAMES
  refuseUnknown(options, 'options', names, placeAmong(names), isLayered ? ['role', 'cycles'] : ['cycles'])
  const { role, limits, lenient, maxHeldBack, pipelining, cycles = false } = options
  if (role !== 'client' && role !== 'server') throw new TypeError("options.role must be 'client' or 'server'")
  if (
    maxHeldBack !== undefined &&
    maxHeldBack !== Infinity &&
    !(Number.isSafeInteger(maxHeldBack) && maxHeldBack >= 0)
  ) {
    throw new RangeError('options.maxHeldBack must be an integer from 0, or Infinity')
  }
  const words = wordsOf(lenientBits(lenient), false, readLimits(limits, names))
  words[OPTION_PIPELINING] = readPipelining(pipelining, role)
  words[OPTION_CYCLES] = cycles && role === 'client' ? 1 : 0
  return { role, words, maxHeldBack, cycles }
}

function readPipelining(depth: unknown, role: string): number {
  if (depth === undefined) return 1
  if (role === 'client') {
    throw new TypeError('options.pipelining is for a server: a client sends ahead with sendRequest()')
  }
  if (!Number.isSafeInteger(depth) || !((depth as number) >= 1 && (depth as number) <= MOST_PIPELINING)) {
    throw new RangeError(`options.pipelining must be an integer from 1 to ${MOST_PIPELINING}`)
  }
  return depth as number
}

/** The number of a method; 0 for one that has none. Methods are case-sensitive (RFC 9110 section 9.1). */
export function methodId(method: unknown, what: string): number {
  if (typeof method !== 'string' || method === '')
    throw new TypeError(`${what} must be a method such as 'GET'`)
  return METHOD_IDS.get(method) ?? 0
}

function wordsOf(lenient: number, chunks: boolean, limits: Limits): number[] {
  const words: number[] = []
  words[OPTION_LENIENT] = lenient
  words[OPTION_CHUNKS] = chunks ? 1 : 0
  words[OPTION_ONE] = 0
  words[OPTION_PIPELINING] = 1
  words[OPTION_CYCLES] = 0
  LIMITS.forEach((limit, index) => {
    const value = limits[limit.name] ?? limit.default
    const at = OPTION_LIMITS + 2 * index
    words[at] = value === Infinity ? NO_LIMIT : value >>> 0
    words[at + 1] = value === Infinity ? NO_LIMIT : Math.floor(value / 2 ** 32)
  })
  return words
}

/** The limits given among options of these names. */
function readLimits(given: Limits | undefined, names: readonly string[]): Limits {
  if (given === undefined) return {}
  const place = (name: string) => (names.includes(name) ? 'it belongs in options' : undefined)
  refuseUnknown(given, 'options.limits', LIMIT_NAMES, place)
  const limits: Limits = {}
  for (const name of LIMIT_NAMES) {
    const value = given[name]
    if (value !== undefined) limits[name] = checkLimit(name, value)
  }
  return limits
}

/** Where a name belongs that is none of these options. */
export function placeAmong(names: readonly string[]): (name: string) => string | undefined {
  return (name) => {
    if (names.includes('limits') && LIMIT_NAMES.some((limit) => limit === name))
      return 'it belongs in options.limits'
    if (names.includes('lenient') && TABLE.some((one) => one.name === name))
      return 'its name belongs in the array options.lenient'
    if (name === 'requestMethod' && (names === NAMES || names === PARSER_NAMES))
      return 'it goes with responses'
    return undefined
  }
}

function checkLimit(name: LimitName, value: unknown): number {
  const what = `options.limits.${name}`
  if (typeof value !== 'number') throw new TypeError(`${what} must be a number`)
  const most = SECTION_LIMITS.includes(name) ? MAX_SECTION : Infinity
  if (value === most) return value
  if (!Number.isSafeInteger(value) || value < 0 || value > most) {
    throw new RangeError(`${what} must be an integer from 0 to ${most}, not ${value}`)
  }
  return value
}

function lenientBits(lenient: unknown): number {
  if (lenient === undefined || lenient === 'strict') return 0
  if (lenient === 'node-insecure') return NODE_INSECURE
  if (!Array.isArray(lenient)) {
    throw new TypeError("options.lenient must be 'strict', 'node-insecure' or an array of names")
  }
  let bits = 0
  for (const name of lenient) {
    const number = TABLE.findIndex((one) => one.name === name)
    if (number < 0) {
      const names = TABLE.map((one) => one.name).join(', ')
      throw new TypeError(`options.lenient: ${String(name)} is not a leniency: ${names}`)
    }
    bits |= 1 << number
  }
  return bits
}
