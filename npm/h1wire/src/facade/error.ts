// H1Error: one class for every fault h1wire reports, made from the generated table of errors.

import { ERRORS } from '../generated/layout.js'
import type { LeniencyName } from './options.js'
import { showAs, shownError } from './shown.js'

/** The stable name of a fault: what programs compare. */
export type H1ErrorCode = (typeof ERRORS)[number]['code']

/** What is known about a fault beside its code. */
export interface H1ErrorDetails {
  /** Offset of the offending octet since the parser began. */
  offset?: number
  /** The offending octet. */
  byte?: number | null
  /** How many octets are missing at least, at the end of input. */
  missing?: number
  /** The name of the header in whose line the fault lies. */
  field?: string
  /** The leniencies that would permit it. */
  leniencies?: readonly LeniencyName[]
  /** What to say in place of the code's sentence. */
  message?: string
  /** Which part of a message to be built is at fault, such as `'headers[3].value'`. */
  part?: string | undefined
  /** The name that goes with the part, if it is a value. */
  name?: string | undefined
  /** Index of the code unit at fault in that part, or of the part's end if something is missing there. */
  index?: number | undefined
  /** The code unit there. */
  unit?: number | undefined
  /** The rule offended, where it is narrower than the code's. */
  rule?: string
  /** Of two lengths that disagree, what was expected. */
  expected?: number | undefined
  /** Likewise what there is. */
  actual?: number | undefined
  /** What to do instead. */
  advice?: string | undefined
  /** Who is at fault on a connection. */
  side?: 'local' | 'remote'
  /** What led to it. */
  cause?: unknown
}

type Row = (typeof ERRORS)[number]

const NUMBERS = new Map<string, number>(ERRORS.map((row, number) => [row.code, number]))

/**
 * A fault, in what was received or in what was asked for.
 *
 * Compare `code`, never the message. `push` does not throw one for bad octets: it delivers an `error`
 * event, and only later calls on that parser throw it.
 */
export class H1Error extends Error {
  /** The stable name of the fault, `H1_…`. */
  readonly code: H1ErrorCode
  /**
   * Offset, in octets since the parser began, of the offending octet; at the end of input, of the octet
   * that is missing. From `parseStructured`, counted in the value. 0, meaning nothing, where the fault lies in arguments or in the order of calls.
   */
  readonly offset: number
  /** The offending octet, 0 to 255; `null` where there is none, as at the end of input. */
  readonly byte: number | null
  /** The rule offended: the RFC and section, or the limit. */
  readonly rule: string
  /** The status a server should answer with; `null` where none fits. */
  readonly statusHint: number | null
  /** How many octets are missing at least; 0 where nothing is missing or nobody can tell. */
  readonly missing: number
  /**
   * Of `h1wire/net`: the bytes that had come, of a response whose head was not whole, or of a body that broke off. A
   * `Buffer`.
   */
  declare readonly received?: Uint8Array
  /**
   * The name of the header in whose line the fault lies, as far as it was read and at most 64 characters of it;
   * only on errors of reading that lie in a header or trailer.
   */
  declare readonly field?: string
  /**
   * The names of the leniencies that would permit this, each by itself: give one in `lenient` to read the message all
   * the same. What follows may still be at fault. Only on errors for which there is one.
   */
  declare readonly leniencies?: readonly LeniencyName[]
  /** Which part of a message to be built is at fault; only on errors of the formatter. */
  declare readonly part?: string
  /** Index of the code unit at fault in that part; only on errors of the formatter. */
  declare readonly index?: number
  /** How many bytes Content-Length says; only where two lengths disagree. */
  declare readonly expected?: number
  /** How many bytes there are, as far as they were given, or a second Content-Length says; only there too. */
  declare readonly actual?: number
  /** Who is at fault; only on errors of a connection. */
  declare readonly side?: 'local' | 'remote'

  /** Whether the offset means anything. */
  readonly #isPlaced: boolean

  /** Makes the error of a code; `details` say what else is known. */
  constructor(code: H1ErrorCode, details: H1ErrorDetails = {}) {
    const row = ERRORS[numberOf(code)] as Row
    super(describe(row, details), 'cause' in details ? { cause: details.cause } : undefined)
    this.code = row.code
    this.offset = details.offset ?? 0
    this.byte = details.byte ?? octetOf(details.unit)
    this.rule = details.rule ?? row.rule
    // What a server asked for itself is no fault of its client's.
    this.statusHint = details.part === undefined ? row.statusHint : null
    this.missing = details.missing ?? 0
    if (details.leniencies !== undefined) this.leniencies = details.leniencies
    if (details.field !== undefined) this.field = details.field
    if (details.part !== undefined) this.part = details.part
    if (details.index !== undefined) this.index = details.index
    if (details.expected !== undefined) this.expected = details.expected
    if (details.actual !== undefined) this.actual = details.actual
    if (details.side !== undefined) this.side = details.side
    this.#isPlaced = details.offset !== undefined
  }

  static {
    const saysNothing = (error: H1Error, name: string) =>
      (name === 'offset' && !error.#isPlaced) || (name === 'missing' && error.missing === 0)
    showAs(H1Error.prototype, (error) => shownError(error, (name) => saysNothing(error, name)))
  }
}

Object.defineProperty(H1Error.prototype, 'name', { value: 'H1Error', configurable: true, writable: true })

/** The code with this number in the table; a number outside of it is a fault of ours. */
export function codeOf(number: number): H1ErrorCode {
  return ERRORS[number]?.code ?? 'H1_INTERNAL'
}

/** The number of a code in the table. */
export function numberOf(code: H1ErrorCode): number {
  return NUMBERS.get(code) as number
}

function describe(row: Row, details: H1ErrorDetails): string {
  let message = `${details.message ?? row.message} (${details.rule ?? row.rule})`
  if (details.field !== undefined) message += ` in the header ${details.field}`
  if (details.part !== undefined) message += ` in ${details.part}`
  if (details.name !== undefined) message += ` (${JSON.stringify(details.name)})`
  if (details.index !== undefined) message += ` at index ${details.index}`
  if (details.unit !== undefined) message += `: ${describeUnit(details.unit)}`
  if (details.expected !== undefined) message += `: expected ${details.expected} bytes, got ${details.actual}`
  if (details.advice !== undefined) message += `; ${details.advice}`
  if (details.offset !== undefined) message += ` at byte ${details.offset}`
  if (typeof details.byte === 'number') message += `: ${describeOctet(details.byte)}`
  if (details.missing) message += `; at least ${details.missing} more bytes must follow`
  if (details.leniencies !== undefined) {
    message += `; to read it all the same, switch on the leniency ${details.leniencies.join(' or ')}`
  }
  return message
}

function octetOf(unit: number | undefined): number | null {
  return unit === undefined || unit > 0xff ? null : unit
}

function describeUnit(unit: number): string {
  return unit > 0xff ? `U+${unit.toString(16).toUpperCase().padStart(4, '0')}` : describeOctet(unit)
}

function describeOctet(octet: number): string {
  const hex = `0x${octet.toString(16).toUpperCase().padStart(2, '0')}`
  return octet > 0x20 && octet < 0x7f ? `${hex} '${String.fromCharCode(octet)}'` : hex
}
