// A command line of a shell: its words read, and words written for it. Words are latin-1, one character an octet.

import { ConversionError } from './error.js'
import { textAsLatin1, toLatin1 } from './octets.js'

/** The words of one command, quotes resolved. Variables, substitutions and pipes are refused: nothing is run. */
export function shellWords(command: string): string[] {
  const text = textAsLatin1(command)
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    const continued = /^\\\r?\n/.exec(text.slice(at, at + 3))?.[0]
    if (continued !== undefined) {
      at += continued.length
    } else if (char === '\\') {
      word = (word ?? '') + (text[at + 1] ?? '')
      at += 2
    } else if (' \t\r\n'.includes(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
      at++
    } else if (char === "'" || char === '"' || text.startsWith("$'", at)) {
      const quote = char === "'" ? single(text, at) : char === '"' ? double(text, at) : ansi(text, at)
      word = (word ?? '') + quote.text
      at = quote.end
    } else if ('|&;<>()$`'.includes(char)) {
      throw new ConversionError(
        `'${char}' at octet ${at} is the shell's: one command is read, and nothing is run`,
      )
    } else if (char === '#' && word === undefined) {
      at = endOfLine(text, at)
    } else {
      word = (word ?? '') + char
      at++
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

interface Quote {
  text: string
  end: number
}

function single(text: string, from: number): Quote {
  const end = text.indexOf("'", from + 1)
  if (end === -1) throw unclosed(from)
  return { text: text.slice(from + 1, end), end: end + 1 }
}

function double(text: string, from: number): Quote {
  let out = ''
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] as string
    const next = text[at + 1] ?? ''
    if (char === '"') return { text: out, end: at + 1 }
    if ('$`'.includes(char))
      throw new ConversionError(`'${char}' at octet ${at} would be filled in by the shell`)
    if (char === '\\' && '$`"\\\n'.includes(next)) {
      at++
      if (next !== '\n') out += next
    } else {
      out += char
    }
  }
  throw unclosed(from)
}

const ESCAPE =
  /\\(?:x(?<hex>[0-9a-fA-F]{1,2})|u(?<unit>[0-9a-fA-F]{1,4})|U(?<code>[0-9a-fA-F]{1,8})|(?<octal>[0-7]{1,3})|(?<letter>[\s\S]))/g

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['E', '\x1b'],
  ['f', '\f'],
  ['v', '\v'],
])

/** `$'…'`: escapes name octets, or characters, which become UTF-8. */
function ansi(text: string, from: number): Quote {
  const whole = /^\$'(?:[^'\\]|\\[\s\S])*'/.exec(text.slice(from))?.[0]
  if (whole === undefined) throw unclosed(from)
  const resolved = whole.slice(2, -1).replace(ESCAPE, (spelt, hex, unit, code, octal, letter) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    if (letter !== undefined) return LETTERS.get(letter) ?? (`'"\\?`.includes(letter) ? letter : spelt)
    return character(Number.parseInt(unit ?? code, 16))
  })
  return { text: resolved, end: from + whole.length }
}

function character(code: number): string {
  if (code > 0x10ffff) throw new ConversionError(`there is no character U+${code.toString(16).toUpperCase()}`)
  return textAsLatin1(String.fromCodePoint(code))
}

function unclosed(at: number): ConversionError {
  return new ConversionError(`the quote at octet ${at} is not closed`)
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

/** A word quoted so that bash reads these octets; NUL cannot be in one. */
export function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word
  if (/^[\x20-\x7e]*$/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`
  return `$'${word.replace(/[^\x20-\x7e]|['\\]/g, (char) =>
    char === "'" || char === '\\' ? `\\${char}` : (NAMED.get(char) ?? `\\x${hex(char)}`),
  )}'`
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0')
}

/** A command that prints these octets, in every shell of POSIX. */
export function printing(octets: Uint8Array): string {
  const text = toLatin1(octets).replace(/[^\x20-\x7e]|['\\%]/g, (char) => {
    if (char === '%') return '%%'
    return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `printf '${text}'`
}
