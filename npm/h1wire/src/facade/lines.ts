// Field lines as a caller gives them, gathered into one string and the lengths of its parts.
//
// Reading what the caller gave may run code of the caller (getters, proxies, iterators, toString). Each thing
// is read once, here, and only strings and numbers of our own leave; nothing shared with Rust is touched.

/** A value of a field line. A number is written in decimal, anything else as `String` makes it. */
export type FieldValue = string | number | bigint | boolean | { toString(): string }

/** A field's value, or one for each of several lines. */
export type FieldValues = FieldValue | readonly FieldValue[]

/**
 * Field lines: an object by name, or anything that iterates over pairs: an array, a `Map`, a WHATWG `Headers`,
 * a `FieldSection`. Order and case are kept. `null` and `undefined` are refused, as names and as values.
 */
export type FieldLines =
  | Iterable<readonly [name: string, value: FieldValues]>
  | Iterable<readonly string[]>
  | { readonly [name: string]: FieldValues }

/**
 * Appends the lengths of every line's name and value to `lengths`, and returns those names and values behind
 * one another. `what` is what messages call the lines.
 */
export function gatherLines(lines: unknown, what: string, lengths: number[]): string {
  if (typeof lines !== 'object' || lines === null) throw new TypeError(misfit(what, FIELDS, lines))
  return (lines as Partial<Iterable<unknown>>)[Symbol.iterator] === undefined
    ? gatherObject(lines as Record<string, unknown>, what, lengths)
    : gatherPairs(lines as Iterable<unknown>, what, lengths)
}

/** A value as it is written; a TypeError that calls it `what` if it cannot be. */
export function valueText(value: unknown, what: string): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return decimal(value, what)
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      if (isDate(value)) throw new TypeError(`${what} must not be a Date: give its toUTCString()`)
      if (value !== null && hasText(value)) return String(value)
  }
  throw new TypeError(misfit(what, 'a string, a number or an array of them', value))
}

/** A sentence that says what was expected and what came. */
export function misfit(what: string, expected: string, value: unknown): string {
  const is = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  return `${what} must be ${expected}, not ${is}`
}

const isOwn = Object.prototype.hasOwnProperty

const FIELDS = 'an object of names and values, or iterable over pairs of them'

// Own names in this way, and not by Object.keys: engines then read the values without looking each name up.
function gatherObject(object: Record<string, unknown>, what: string, lengths: number[]): string {
  let text = ''
  for (const name in object) {
    if (!isOwn.call(object, name)) continue
    const value = object[name]
    if (typeof value === 'string') {
      lengths.push(name.length, value.length)
      text = text + name + value
    } else {
      text += gatherValues(name, value, `${what}[${JSON.stringify(name)}]`, lengths)
    }
  }
  return text
}

function gatherPairs(pairs: Iterable<unknown>, what: string, lengths: number[]): string {
  let at = 0
  let text = ''
  for (const pair of pairs) {
    if (typeof pair !== 'object' || pair === null || (Array.isArray(pair) && pair.length !== 2)) {
      throw new TypeError(misfit(`${what}[${at}]`, 'a pair [name, value]', pair))
    }
    const { 0: name, 1: value } = pair as { 0: unknown; 1: unknown }
    if (typeof name !== 'string') throw new TypeError(misfit(`${what}[${at}].name`, 'a string', name))
    if (typeof value === 'string') {
      lengths.push(name.length, value.length)
      text = text + name + value
    } else {
      text += gatherValues(name, value, `${what}[${at}].value`, lengths)
    }
    at++
  }
  return text
}

/** A value that is no string, or several of them: one line each. */
function gatherValues(name: string, values: unknown, what: string, lengths: number[]): string {
  let text = ''
  const each = Array.isArray(values) ? Array.from(values) : [values]
  for (const one of each) {
    const value = valueText(one, what)
    lengths.push(name.length, value.length)
    text += name + value
  }
  return text
}

/** A number in decimal digits. */
function decimal(value: number, what: string): string {
  if (!Number.isFinite(value)) throw new TypeError(`${what} must be a finite number, not ${value}`)
  const text = String(value)
  if (!text.includes('e')) return text
  if (Number.isInteger(value)) return BigInt(value).toString()
  throw new TypeError(`${what} must be a number with decimal digits or a string, not ${text}`)
}

/** Whether it is a Date, which as a string is nothing that HTTP knows (RFC 9110 section 5.6.7). */
function isDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]'
}

/** Whether an object says how it is written: what `[object Object]` stands for is nobody's value. */
function hasText(value: object): boolean {
  if (Array.isArray(value)) return false
  const own = value.toString
  return typeof own === 'function' && own !== Object.prototype.toString
}
