// FieldSection: the field lines of a head or trailer section.
//
// It keeps names and values as strings, one behind the other, and must not know how they were read.

import { showAs, shownLines } from './shown.js'

/**
 * The field lines of a head (RFC 9112 section 5) or of a trailer section (RFC 9112 section 7.1.2), in the
 * order and spelling in which they were received. It cannot be changed.
 *
 * Values are latin-1: one character an octet, whitespace around them removed. Names are compared without
 * regard to case and are never keys of a plain object.
 *
 * Each value of 13 or more characters keeps alive the text of the heads that came with the same push (at most
 * that chunk's size, or one head's), and a section keeps its values. To keep one short value for long, copy it:
 * `Buffer.from(value, 'latin1').toString('latin1')`.
 *
 * `structuredClone` and `postMessage` keep nothing of it, as of any object whose members are private: send `toJSON()`.
 */
export class FieldSection implements Iterable<[name: string, value: string]> {
  /** Names and values by turns. */
  readonly #lines: readonly string[]

  /** @internal Parsers make sections; nobody else has the array. */
  constructor(lines: readonly string[]) {
    this.#lines = lines
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#lines.length / 2
  }

  /**
   * The value of this name; several lines are joined by `', '` as Fetch does (RFC 9110 section 5.3), and those of `Cookie` by
   * `'; '` (RFC 9113 section 8.2.3). `undefined` if there is none. `Set-Cookie` cannot be joined: of several lines this is
   * the first, and `getSetCookie()` returns all.
   */
  get(name: string): string | undefined {
    const lines = this.#lines
    let at = find(lines, name, 0)
    if (at === lines.length) return undefined
    const first = lines[at + 1] as string
    at = find(lines, name, at + 2)
    return at === lines.length ? first : join(lines, name, first, at)
  }

  /** The values of every line with this name, in order; empty if there is none. */
  getAll(name: string): string[] {
    const lines = this.#lines
    const values: string[] = []
    for (let at = find(lines, name, 0); at < lines.length; at = find(lines, name, at + 2)) {
      values.push(lines[at + 1] as string)
    }
    return values
  }

  /** The values of every `Set-Cookie` line, which commas cannot join (RFC 6265 section 3). */
  getSetCookie(): string[] {
    return this.getAll('Set-Cookie')
  }

  /** Whether there is a line with this name. */
  has(name: string): boolean {
    return find(this.#lines, name, 0) < this.#lines.length
  }

  /** Every line as `[name, value]`, in order, each name as it was written. */
  entries(): ArrayIterator<[name: string, value: string]> {
    return this.toJSON().values()
  }

  /** The name of every line, in order, each as it was written; a name that is repeated comes again. */
  keys(): ArrayIterator<string> {
    return this.toJSON()
      .map(([name]) => name)
      .values()
  }

  /** The value of every line, in order. */
  values(): ArrayIterator<string> {
    return this.toJSON()
      .map(([, value]) => value)
      .values()
  }

  /** Calls `callback` for every line, in order, each name as it was written; `self` is its `this`. */
  forEach(
    callback: (this: unknown, value: string, name: string, section: FieldSection) => void,
    self?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(self, value, name, this)
  }

  /** The same as `entries()`. */
  [Symbol.iterator](): ArrayIterator<[name: string, value: string]> {
    return this.entries()
  }

  /** A new array `[name, value, name, value, …]`: the cheapest way to read every line. */
  get raw(): string[] {
    return this.#lines.slice()
  }

  /**
   * An object without prototype: keys are the names in lower case, values a string, or an array of strings
   * where a name is repeated.
   */
  toObject(): Record<string, string | string[]> {
    const object: Record<string, string | string[]> = Object.create(null)
    for (const [name, value] of this) {
      const key = name.toLowerCase()
      const before = object[key]
      if (before === undefined) object[key] = value
      else if (typeof before === 'string') object[key] = [before, value]
      else before.push(value)
    }
    return object
  }

  /**
   * A WHATWG `Headers` with the same lines; throws a TypeError where that class refuses a value, which only
   * one let through by a leniency can be.
   */
  toHeaders(): Headers {
    const headers = new Headers()
    for (const [name, value] of this) headers.append(name, value)
    return headers
  }

  /** Every line as `[name, value]`: what `JSON.stringify` writes. */
  toJSON(): [name: string, value: string][] {
    const lines = this.#lines
    const pairs: [string, string][] = []
    for (let at = 0; at < lines.length; at += 2) pairs.push([lines[at] as string, lines[at + 1] as string])
    return pairs
  }

  static {
    const Lines = class FieldSection extends Array<unknown> {}
    showAs(FieldSection.prototype, (section) => shownLines(section.#lines, Lines))
  }
}

/** The section with no lines: one for everybody, so nobody can hang anything on it. */
export const NO_FIELDS = new FieldSection([])
Object.freeze(NO_FIELDS)

/** Where the first line with this name stands, from this one on; behind them all if there is none. */
function find(lines: readonly string[], name: string, from: number): number {
  if (typeof name !== 'string') throw new TypeError('A field name must be a string')
  const { length } = name
  // Letters differ in this bit if they differ in case only; other octets may too, so the whole is compared then.
  const first = name.charCodeAt(0) | CASE_BIT
  let lower: string | undefined
  for (let at = from; at < lines.length; at += 2) {
    const own = lines[at] as string
    if (own.length !== length || (own.charCodeAt(0) | CASE_BIT) !== first) continue
    if (own === name) return at
    lower ??= lowerCase(name)
    if (own.toLowerCase() === lower) return at
  }
  return lines.length
}

/** The first value, with those of the further lines with this name from here on behind it. */
function join(lines: readonly string[], name: string, first: string, from: number): string {
  const lower = name.toLowerCase()
  if (lower === 'set-cookie') return first
  const separator = lower === 'cookie' ? '; ' : ', '
  let joined = first
  for (let at = from; at < lines.length; at = find(lines, name, at + 2)) joined += separator + lines[at + 1]
  return joined
}

const CASE_BIT = 0x20

/** In lower case, if it is ASCII: other letters have lower cases within ASCII, and no name has them. */
function lowerCase(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII is meant.
  return /^[\x00-\x7f]*$/.test(name) ? name.toLowerCase() : name
}
