// Values of JavaScript as they stand in a call: a JSON that also has single quotes, bare names and comments.

import { ConversionError } from './error.js'
import { fromBase64 } from './octets.js'

/** Reads values of a source, from front to back. Nothing is evaluated. */
export class LiteralReader {
  private at = 0
  private depth = 0

  constructor(private readonly text: string) {}

  /** Whether this stands next. */
  sees(token: string): boolean {
    this.space()
    return this.text.startsWith(token, this.at)
  }

  /** Whether this stands next; if so, it is passed over. */
  take(token: string): boolean {
    if (!this.sees(token)) return false
    this.at += token.length
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.wrong(`'${token}' is expected`)
  }

  get atEnd(): boolean {
    this.space()
    return this.at >= this.text.length
  }

  value(): unknown {
    if (this.depth > DEEPEST) throw this.wrong('values lie too deep in each other')
    this.depth++
    const value = this.valueHere()
    this.depth--
    return value
  }

  private valueHere(): unknown {
    this.space()
    const char = this.text[this.at] ?? ''
    if (char === '{') return this.object()
    if (char === '[') return this.array()
    if (`"'\``.includes(char) && char !== '') return this.string(char)
    if (this.take('JSON.stringify')) return JSON.stringify(plain(this.parenthesised()))
    if (this.take('new URLSearchParams')) return this.searchParams()
    if (this.take('new Headers')) return this.parenthesised()
    if (this.take('Uint8Array.from')) return this.decoded()
    const word = this.matched(/(true|false|null|undefined|-?\d+(?:\.\d+)?)\b/y)
    if (word === undefined) throw this.wrong('only literal values are read, and nothing is evaluated')
    this.at += word.length
    return word === 'undefined' ? undefined : JSON.parse(word)
  }

  private searchParams(): URLSearchParams {
    const value = this.parenthesised()
    if (typeof value === 'string') return new URLSearchParams(value)
    if (!(value instanceof Map)) throw this.wrong('URLSearchParams are read of a string or an object')
    return new URLSearchParams([...value].map(([name, item]) => [name, String(item)]))
  }

  /** What `writeFetch` writes for octets that are no text. */
  private decoded(): Uint8Array {
    this.expect('(')
    this.expect('atob')
    const base64 = this.parenthesised()
    this.expect(', (c) => c.charCodeAt(0))')
    if (typeof base64 !== 'string') throw this.wrong('atob takes a string')
    return fromBase64(base64)
  }

  private parenthesised(): unknown {
    this.expect('(')
    const value = this.value()
    this.expect(')')
    return value
  }

  /** Members in order; a plain object would lose some names. */
  private object(): Map<string, unknown> {
    const members = new Map<string, unknown>()
    this.expect('{')
    while (!this.take('}')) {
      this.space()
      const char = this.text[this.at] ?? ''
      const bare = this.matched(/[A-Za-z_$][\w$]*/y)
      let name: string
      if (`"'`.includes(char) && char !== '') name = this.string(char)
      else if (bare !== undefined) {
        name = bare
        this.at += bare.length
      } else throw this.wrong('a name is expected')
      this.expect(':')
      members.set(name, this.value())
      if (!this.take(',')) {
        this.expect('}')
        break
      }
    }
    return members
  }

  private array(): unknown[] {
    const items: unknown[] = []
    this.expect('[')
    while (!this.take(']')) {
      items.push(this.value())
      if (!this.take(',')) {
        this.expect(']')
        break
      }
    }
    return items
  }

  private string(quote: string): string {
    const { text } = this
    let end = this.at + 1
    while (end < text.length && text[end] !== quote) {
      if (text[end] === '\n' && quote !== '`') break
      if (quote === '`' && text[end] === '$' && text[end + 1] === '{') {
        throw this.wrong('a template with a placeholder would be evaluated')
      }
      end += text[end] === '\\' ? 2 : 1
    }
    if (text[end] !== quote) throw this.wrong('the string is not closed')
    const inside = text.slice(this.at + 1, end)
    this.at = end + 1
    return inside.replace(ESCAPE, (_whole, hex, unit, code, line, letter) => {
      if (line !== undefined) return ''
      const number = hex ?? unit ?? code
      if (number !== undefined)
        return fromCode(Number.parseInt(number, 16), () => this.wrong('there is no such character'))
      return LETTERS.get(letter) ?? letter
    })
  }

  private space(): void {
    const pattern = /\s+|\/\/[^\n]*|\/\*/y
    for (;;) {
      const found = this.matched(pattern)
      if (found === undefined) return
      this.at += found.length
      if (found !== '/*') continue
      const end = this.text.indexOf('*/', this.at)
      this.at = end === -1 ? this.text.length : end + 2
    }
  }

  /** What stands here of this pattern. */
  private matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    return pattern.exec(this.text)?.[0]
  }

  private wrong(what: string): ConversionError {
    return new ConversionError(`${what} at character ${this.at}`)
  }
}

/** Deeper values are nobody's. */
const DEEPEST = 200

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r?\n)|([\s\S]))/g

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
])

function fromCode(code: number, wrong: () => Error): string {
  if (code > 0x10ffff) throw wrong()
  return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code)
}

/** Maps as plain objects, all the way down, for JSON. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  return Object.fromEntries([...value].map(([name, item]) => [name, plain(item)]))
}
