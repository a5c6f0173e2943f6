// Values of structured fields: the parser of RFC 9651 section 4.2, step by step as the algorithms there have it.
//
// No octet above 0x7E gets through any of them: that the value is ASCII needs no check of its own.

import { H1Error } from './error.js'

/** A value without parameters. */
export type StructuredBareItem =
  | { type: 'integer'; value: number }
  | { type: 'decimal'; value: number }
  | { type: 'string'; value: string }
  | { type: 'token'; value: string }
  | { type: 'byte-sequence'; value: Uint8Array }
  | { type: 'boolean'; value: boolean }
  /** Seconds since 1970-01-01T00:00:00Z, without leap seconds. They may be more than a `Date` can hold. */
  | { type: 'date'; value: number }
  | { type: 'display-string'; value: string }

/** Parameters by key, in order. One that is given again keeps its place and has the last value. */
export type StructuredParameters = Map<string, StructuredBareItem>

/** A value and its parameters. */
export type StructuredItem = StructuredBareItem & { parameters: StructuredParameters }

/** Items in parentheses, and the parameters of the whole. */
export interface StructuredInnerList {
  type: 'inner-list'
  value: StructuredItem[]
  parameters: StructuredParameters
}

/** What lists and dictionaries hold. */
export type StructuredMember = StructuredItem | StructuredInnerList

/** What a field of each type holds. Members of a dictionary are in order; one that is given again is as a parameter is. */
export interface StructuredValues {
  item: StructuredItem
  list: StructuredMember[]
  dictionary: Map<string, StructuredMember>
}

/** The type of a structured field, which its definition tells. */
export type StructuredType = keyof StructuredValues

/**
 * The value of a structured field (RFC 9651). Several lines of one field are an array, in order; they are read as one
 * value, joined with a comma and a space. Time and memory are linear in its length.
 *
 * @throws TypeError If `value` is neither a string nor an array of strings, or there is no such type.
 * @throws H1Error `H1_STRUCTURED_VALUE`: such a field is to be ignored as a whole. `offset` is the index in the value, one
 * character an octet, lines joined; `rule` the section of the algorithm that fails there.
 */
export function parseStructured<Type extends StructuredType>(
  value: string | readonly string[],
  type: Type,
): StructuredValues[Type] {
  const lines = typeof value === 'string' ? [value] : value
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) {
    throw new TypeError('value must be a string or an array of strings')
  }
  if (!TYPES.includes(type)) throw new TypeError("type must be 'item', 'list' or 'dictionary'")
  const text = lines.join(LINES_JOINED)
  try {
    return readStructured(text, type)
  } catch (fault) {
    if (!(fault instanceof StructuredFault)) throw fault
    const { index: offset, rule, what: advice } = fault
    const unit = text.charCodeAt(offset)
    throw new H1Error('H1_STRUCTURED_VALUE', { offset, rule, advice, byte: unit <= 0xff ? unit : null })
  }
}

/** What stands between the lines of one field when they are one value. */
export const LINES_JOINED = ', '

/** Where a value fails, by which rule, and what that says. */
export class StructuredFault {
  readonly rule: string

  constructor(
    /** Of the code unit at fault; of the end, if something is missing there. */
    readonly index: number,
    section: string,
    readonly what: string,
  ) {
    this.rule = `RFC 9651 section ${section}`
  }
}

const TYPES: readonly string[] = ['item', 'list', 'dictionary'] satisfies StructuredType[]

/** The value of a field, its lines joined; throws `StructuredFault` and nothing else. */
export function readStructured<Type extends StructuredType>(
  text: string,
  type: Type,
): StructuredValues[Type] {
  const reader = new Reader(text)
  reader.skipSpaces()
  const value = type === 'item' ? reader.item() : type === 'list' ? reader.list() : reader.dictionary()
  reader.skipSpaces()
  reader.expectEnd()
  return value as StructuredValues[Type]
}

const KEY_START = /[a-z*]/
const KEY = /[a-z0-9_.*-]*/y
const TOKEN_START = /[A-Za-z*]/
const TOKEN = /[A-Za-z0-9!#$%&'*+.^_`|~:/-]*/y
const DIGITS = /[0-9]*/y
const BASE64 = /[A-Za-z0-9+/=]*/y
const PLAIN = /[ !#-[\]-~]*/y
const DISPLAYED = /[ !#$&-~]*/y
const HEX = /[0-9a-f]/
const SPACES = / */y
const OWS = /[ \t]*/y

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Section 4.2.1. */
  list(): StructuredMember[] {
    const members: StructuredMember[] = []
    if (this.#isAtEnd) return members
    do members.push(this.#member())
    while (this.#hasMore('4.2.1', 'list'))
    return members
  }

  /** Section 4.2.2. */
  dictionary(): Map<string, StructuredMember> {
    const members = new Map<string, StructuredMember>()
    if (this.#isAtEnd) return members
    do {
      const key = this.#key()
      members.set(
        key,
        this.#take('=') ? this.#member() : this.#withParameters({ type: 'boolean', value: true }),
      )
    } while (this.#hasMore('4.2.2', 'dictionary'))
    return members
  }

  /** Section 4.2.3. */
  item(): StructuredItem {
    return this.#withParameters(this.#bareItem())
  }

  skipSpaces(): void {
    this.#all(SPACES)
  }

  expectEnd(): void {
    if (!this.#isAtEnd) this.#fail('4.2', 'nothing but spaces may follow the value')
  }

  /** Goes past the comma behind a member, if this was not the last. */
  #hasMore(section: string, holder: string): boolean {
    this.#all(OWS)
    if (this.#isAtEnd) return false
    if (!this.#take(',')) this.#fail(section, `a comma stands between the members of a ${holder}`)
    this.#all(OWS)
    if (this.#isAtEnd) this.#fail(section, `a ${holder} does not end with a comma`)
    return true
  }

  /** Section 4.2.1.1. */
  #member(): StructuredMember {
    return this.#take('(') ? this.#innerList() : this.item()
  }

  /** Section 4.2.1.2, behind the parenthesis. */
  #innerList(): StructuredInnerList {
    const value: StructuredItem[] = []
    for (;;) {
      this.#all(SPACES)
      if (this.#take(')')) return { type: 'inner-list', value, parameters: this.#parameters() }
      if (this.#isAtEnd) this.#fail('4.2.1.2', 'an inner list ends with a parenthesis')
      value.push(this.item())
      if (!this.#isAtEnd && this.#next !== ' ' && this.#next !== ')') {
        this.#fail('4.2.1.2', 'a space or the closing parenthesis follows an item of an inner list')
      }
    }
  }

  #withParameters(bare: StructuredBareItem): StructuredItem {
    return { ...bare, parameters: this.#parameters() }
  }

  /** Section 4.2.3.2. */
  #parameters(): StructuredParameters {
    const parameters: StructuredParameters = new Map()
    while (this.#take(';')) {
      this.#all(SPACES)
      const key = this.#key()
      parameters.set(key, this.#take('=') ? this.#bareItem() : { type: 'boolean', value: true })
    }
    return parameters
  }

  /** Section 4.2.3.3. */
  #key(): string {
    if (!KEY_START.test(this.#next)) this.#fail('4.2.3.3', 'a key begins with a lower-case letter or *')
    return this.#all(KEY)
  }

  /** Section 4.2.3.1. */
  #bareItem(): StructuredBareItem {
    const next = this.#next
    if (next === '-' || isDigit(next)) return this.#number()
    if (next === '"') return this.#string()
    if (next === ':') return this.#byteSequence()
    if (next === '?') return this.#boolean()
    if (next === '@') return this.#date()
    if (next === '%') return this.#displayString()
    if (TOKEN_START.test(next)) return { type: 'token', value: this.#all(TOKEN) }
    return this.#fail('4.2.3.1', 'no item begins so')
  }

  /** Section 4.2.4. */
  #number(): StructuredBareItem & { value: number } {
    const start = this.#at
    this.#take('-')
    if (!isDigit(this.#next)) this.#fail('4.2.4', 'a digit follows the sign')
    const whole = this.#at
    const digits = this.#all(DIGITS).length
    if (digits > 15) this.#failAt(whole + 15, '4.2.4', 'an integer has at most 15 digits')
    if (this.#next !== '.') return { type: 'integer', value: this.#numberFrom(start) }
    if (digits > 12) this.#failAt(whole + 12, '4.2.4', 'a decimal has at most 12 digits before its point')
    this.#at++
    const fraction = this.#at
    const places = this.#all(DIGITS).length
    if (places === 0) this.#fail('4.2.4', 'a digit follows the point of a decimal')
    if (places > 3) this.#failAt(fraction + 3, '4.2.4', 'a decimal has at most 3 digits behind its point')
    return { type: 'decimal', value: this.#numberFrom(start) }
  }

  /** What was read since `start` as a number; there is no negative zero. */
  #numberFrom(start: number): number {
    return Number(this.#text.slice(start, this.#at)) + 0
  }

  /** Section 4.2.5. */
  #string(): StructuredBareItem {
    this.#at++
    let value = this.#all(PLAIN)
    while (!this.#take('"')) {
      if (this.#isAtEnd) this.#fail('4.2.5', 'a string ends with a quotation mark')
      if (!this.#take('\\')) this.#fail('4.2.5', 'a string holds ASCII without controls')
      const escaped = this.#next
      if (escaped !== '"' && escaped !== '\\') {
        this.#fail('4.2.5', 'a quotation mark or a backslash follows the backslash in a string')
      }
      this.#at++
      value += escaped + this.#all(PLAIN)
    }
    return { type: 'string', value }
  }

  /** Section 4.2.7. Bits left over at the end are not minded, nor is padding that is missing. */
  #byteSequence(): StructuredBareItem {
    this.#at++
    const start = this.#at
    const base64 = this.#all(BASE64)
    const end = this.#at
    if (!this.#take(':')) this.#fail('4.2.7', 'a byte sequence is base64, and ends with a colon')
    const digits = base64.replace(/={1,2}$/, '')
    const padding = digits.indexOf('=')
    if (padding !== -1) this.#failAt(start + padding, '4.2.7', 'base64 has its padding at its end')
    const over = digits.length % 4
    if (over === 1) this.#failAt(start + digits.length, '4.2.7', 'one digit of base64 alone is no octet')
    if (base64.length > digits.length + ((4 - over) % 4)) {
      this.#failAt(end - 1, '4.2.7', 'base64 is padded to groups of four')
    }
    return { type: 'byte-sequence', value: Uint8Array.from(atob(digits), (unit) => unit.charCodeAt(0)) }
  }

  /** Section 4.2.8. */
  #boolean(): StructuredBareItem {
    this.#at++
    if (this.#take('1')) return { type: 'boolean', value: true }
    if (this.#take('0')) return { type: 'boolean', value: false }
    return this.#fail('4.2.8', 'a boolean is ?0 or ?1')
  }

  /** Section 4.2.9. */
  #date(): StructuredBareItem {
    this.#at++
    const start = this.#at
    if (this.#next !== '-' && !isDigit(this.#next)) this.#fail('4.2.9', 'a date is @ and an integer')
    const { type, value } = this.#number()
    if (type === 'decimal') {
      this.#failAt(this.#text.indexOf('.', start), '4.2.9', 'a date is @ and an integer, no decimal')
    }
    return { type: 'date', value }
  }

  /** Section 4.2.10. */
  #displayString(): StructuredBareItem {
    this.#at++
    if (!this.#take('"')) this.#fail('4.2.10', 'a display string begins with % and a quotation mark')
    const start = this.#at
    let encoded = this.#all(DISPLAYED)
    while (!this.#take('"')) {
      if (this.#isAtEnd) this.#fail('4.2.10', 'a display string ends with a quotation mark')
      if (!this.#take('%'))
        this.#fail('4.2.10', 'a display string holds ASCII without controls, and % with two digits')
      encoded += `%${this.#hexDigit()}${this.#hexDigit()}${this.#all(DISPLAYED)}`
    }
    try {
      return { type: 'display-string', value: decodeURIComponent(encoded) }
    } catch {
      return this.#failAt(start + brokenUtf8(encoded), '4.2.10', 'the octets of a display string are UTF-8')
    }
  }

  #hexDigit(): string {
    const digit = this.#next
    if (!HEX.test(digit))
      this.#fail('4.2.10', 'two lower-case hexadecimal digits follow the % in a display string')
    this.#at++
    return digit
  }

  /** The next code unit; empty at the end. */
  get #next(): string {
    return this.#text.charAt(this.#at)
  }

  get #isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  #take(unit: string): boolean {
    if (this.#next !== unit) return false
    this.#at++
    return true
  }

  /** Reads all that a sticky pattern, which never fails, matches here. */
  #all(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [matched] = pattern.exec(this.#text) as RegExpExecArray
    this.#at += matched.length
    return matched
  }

  #fail(section: string, what: string): never {
    this.#failAt(this.#at, section, what)
  }

  #failAt(index: number, section: string, what: string): never {
    throw new StructuredFault(index, section, what)
  }
}

function isDigit(unit: string): boolean {
  return unit >= '0' && unit <= '9'
}

/** Where the octets of a text in percent-encoding, which are no UTF-8, cease to be. */
function brokenUtf8(encoded: string): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let at = 0; at < encoded.length; ) {
    const isEncoded = encoded[at] === '%'
    const octet = isEncoded ? Number.parseInt(encoded.slice(at + 1, at + 3), 16) : encoded.charCodeAt(at)
    try {
      decoder.decode(Uint8Array.of(octet), { stream: true })
    } catch {
      return at
    }
    at += isEncoded ? 3 : 1
  }
  return encoded.length
}
