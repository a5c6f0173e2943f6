// FieldSection: the field lines of a head or trailer section, made into strings when they are asked for.
//
// It keeps the text the section was read from and where in it each name and value lies. It must not know
// the shared words: what it needs of them has been copied before it is made.

import {
  FIELD_NAMES,
  FIELD_WORDS,
  NAME_LENGTH_SHIFT,
  SPELLED_LOWER,
  SPELLED_USUAL,
  SPELLING_SHIFT,
} from '../generated/layout.js'

const NAMES: readonly string[] = FIELD_NAMES
const LOWER_NAMES: readonly string[] = FIELD_NAMES.map((name) => name.toLowerCase())
const IDS = new Map<string, number>()
for (let id = 1; id < NAMES.length; id++) {
  IDS.set(NAMES[id] as string, id)
  IDS.set(LOWER_NAMES[id] as string, id)
}

// Parts of a field's first word, and places of the other words behind it.
const ID_MASK = 0xff
const SPELLING_MASK = 3
const NAME_START = 1
const VALUE_START = 2
const VALUE_END = 3

/**
 * The field lines of a head (RFC 9112 section 5) or of a trailer section (RFC 9112 section 7.1.2), in the
 * order and spelling in which they were received. It cannot be changed.
 *
 * Values are latin-1: one character an octet, whitespace around them removed. Names are compared without
 * regard to case and are never keys of a plain object.
 *
 * Strings are made when they are asked for, at about 20 ns each, and anew each time. A section, and each
 * string of 13 or more characters taken from it, keeps alive the text of the heads that came with the same
 * push (at most that chunk's size, or one head's). To keep one short value for long, copy it:
 * `Buffer.from(value, 'latin1').toString('latin1')`.
 */
export class FieldSection implements Iterable<[name: string, value: string]> {
  readonly #text: string
  readonly #base: number
  readonly #words: readonly number[]

  /**
   * @internal Parsers make sections: from the text, where in it the section's positions count from, and
   * its own copy of the fields' words.
   */
  constructor(text: string, base: number, words: readonly number[]) {
    this.#text = text
    this.#base = base
    this.#words = words
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#words.length / FIELD_WORDS
  }

  /**
   * The values of every line with this name, joined by `', '` as Fetch does (RFC 9110 section 5.3);
   * `undefined` if there is none. `Set-Cookie` must not be joined: see `getSetCookie()`.
   */
  get(name: string): string | undefined {
    const id = idOf(name)
    const lower = id === 0 ? lowerCase(name) : ''
    const { length } = this.#words
    let joined: string | undefined
    for (let at = 0; at < length; at += FIELD_WORDS) {
      if (!this.#isNamed(at, id, lower)) continue
      const value = this.#value(at)
      joined = joined === undefined ? value : `${joined}, ${value}`
    }
    return joined
  }

  /** The values of every line with this name, in order; empty if there is none. */
  getAll(name: string): string[] {
    const id = idOf(name)
    const lower = id === 0 ? lowerCase(name) : ''
    const { length } = this.#words
    const values: string[] = []
    for (let at = 0; at < length; at += FIELD_WORDS) {
      if (this.#isNamed(at, id, lower)) values.push(this.#value(at))
    }
    return values
  }

  /** The values of every `Set-Cookie` line, which commas cannot join (RFC 6265 section 3). */
  getSetCookie(): string[] {
    return this.getAll('Set-Cookie')
  }

  /** Whether there is a line with this name. */
  has(name: string): boolean {
    const id = idOf(name)
    const lower = id === 0 ? lowerCase(name) : ''
    const { length } = this.#words
    for (let at = 0; at < length; at += FIELD_WORDS) {
      if (this.#isNamed(at, id, lower)) return true
    }
    return false
  }

  /** Every line as `[name, value]`, in order, each name as it was written. */
  entries(): ArrayIterator<[name: string, value: string]> {
    return this.toJSON().values()
  }

  /** The same as `entries()`. */
  [Symbol.iterator](): ArrayIterator<[name: string, value: string]> {
    return this.entries()
  }

  /** A new array `[name, value, name, value, …]`: the cheapest way to read every line. */
  get raw(): string[] {
    const words = this.#words
    const raw: string[] = new Array(words.length / 2)
    for (let at = 0, to = 0; at < words.length; at += FIELD_WORDS, to += 2) {
      raw[to] = this.#name(at)
      raw[to + 1] = this.#value(at)
    }
    return raw
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
    const words = this.#words
    const lines: [string, string][] = new Array(words.length / FIELD_WORDS)
    for (let at = 0, to = 0; at < words.length; at += FIELD_WORDS, to++) {
      lines[to] = [this.#name(at), this.#value(at)]
    }
    return lines
  }

  #name(at: number): string {
    const first = this.#words[at] as number
    const spelling = (first >>> SPELLING_SHIFT) & SPELLING_MASK
    if (spelling === SPELLED_USUAL) return NAMES[first & ID_MASK] as string
    if (spelling === SPELLED_LOWER) return LOWER_NAMES[first & ID_MASK] as string
    const start = this.#base + (this.#words[at + NAME_START] as number)
    return this.#text.substring(start, start + (first >>> NAME_LENGTH_SHIFT))
  }

  #value(at: number): string {
    const words = this.#words
    const base = this.#base
    return this.#text.substring(
      base + (words[at + VALUE_START] as number),
      base + (words[at + VALUE_END] as number),
    )
  }

  /** Whether the line has this name: by number, or where it has none, letter by letter. */
  #isNamed(at: number, id: number, lower: string): boolean {
    const first = this.#words[at] as number
    if (id !== 0 || (first & ID_MASK) !== 0) return (first & ID_MASK) === id
    return first >>> NAME_LENGTH_SHIFT === lower.length && this.#name(at).toLowerCase() === lower
  }

  static {
    // What console.log shows in Node.js, where private fields would leave `FieldSection {}`.
    Object.defineProperty(FieldSection.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(
        this: FieldSection,
        _depth: number,
        options: object,
        inspect: (value: unknown, options: object) => string,
      ) {
        return `FieldSection ${inspect(this.toJSON(), options)}`
      },
      configurable: true,
      writable: true,
    })
  }
}

/** The section with no lines: one for everybody, so nobody can hang anything on it. */
export const NO_FIELDS = new FieldSection('', 0, [])
Object.freeze(NO_FIELDS)

/** The number of a name in the table of names, whatever its case; 0 if it is not there. */
function idOf(name: string): number {
  return IDS.get(name) ?? IDS.get(lowerCase(name)) ?? 0
}

/** In lower case, if it is ASCII: other letters have lower cases within ASCII, and no name has them. */
function lowerCase(name: string): string {
  if (typeof name !== 'string') throw new TypeError('A field name must be a string')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII is meant.
  return /^[\x00-\x7f]*$/.test(name) ? name.toLowerCase() : name
}
