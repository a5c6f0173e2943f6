// Values of JavaScript as they stand in a call: a JSON that also has single quotes, bare names and comments.

import { ConversionError } from './error.js'
import { fromBase64 } from './octets.js'

/** Reads values of a source, from front to back. Nothing is evaluated. */
export class LiteralReader {
  private at = 0

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
    this.space()
    const char = this.text[this.at] ?? ''
    if (char === '{') return this.object()
    if (char === '[') return this.array()
    if (`"'\``.includes(char) && char !== '') return this.string(char)
    if (this.take('JSON.stringify')) return JSON.stringify(this.parenthesised())
    if (this.take('new URLSearchParams')) return new URLSearchParams(this.parenthesised() as string)
    if (this.take('new Headers')) return this.parenthesised()
    if (this.take('Uint8Array.from')) return this.decoded()
    const word = /^(true|false|null|undefined|-?\d+(?:\.\d+)?)\b/.exec(this.text.slice(this.at))?.[1]
    if (word === undefined) throw this.wrong('only literal values are read, and nothing is evaluated')
    this.at += word.length
    return word === 'undefined' ? undefined : JSON.parse(word)
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
      const bare = /^[A-Za-z_$][\w$]*/.exec(this.text.slice(this.at))?.[0]
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
    const pattern = {
      '"': /"((?:[^"\\\n]|\\[\s\S])*)"/y,
      "'": /'((?:[^'\\\n]|\\[\s\S])*)'/y,
      '`': /`((?:[^`\\]|\\[\s\S])*)`/y,
    }[quote] as RegExp
    pattern.lastIndex = this.at
    const inside = pattern.exec(this.text)?.[1]
    if (inside === undefined) throw this.wrong('the string is not closed')
    if (quote === '`' && /(?<!\\)\$\{/.test(inside))
      throw this.wrong('a template with a placeholder would be evaluated')
    this.at = pattern.lastIndex
    return inside.replace(ESCAPE, (_whole, hex, unit, code, line, letter) => {
      if (line !== undefined) return ''
      const number = hex ?? unit ?? code
      if (number !== undefined)
        return fromCode(Number.parseInt(number, 16), () => this.wrong('there is no such character'))
      return LETTERS.get(letter) ?? letter
    })
  }

  private space(): void {
    const pattern = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
    pattern.lastIndex = this.at
    pattern.exec(this.text)
    this.at = pattern.lastIndex
  }

  private wrong(what: string): ConversionError {
    return new ConversionError(`${what} at character ${this.at}`)
  }
}

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
