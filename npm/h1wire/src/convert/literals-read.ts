// Literals of programming languages read as the bytes they stand for. Nothing is evaluated.

import { ConversionError } from './error.js'
import { pairsIn } from './hex.js'
import { fromLatin1, textAsLatin1 } from './octets.js'

/** The language that a text is a literal of, if it is one. */
export function literalLanguage(text: string): 'js' | 'rust' | 'c' | undefined {
  if (/^(static |const |unsigned |signed )*(char|uint8_t|unsigned char)\s+(const\s+)?\w+\s*\[/.test(text))
    return 'c'
  if (/^(new\s+)?(Uint8Array|Buffer)(\.from)?\s*\(/.test(text)) return 'js'
  if (/^b(r?#*"|')/.test(text) || /^b"/.test(text)) return 'rust'
  return undefined
}

/** The bytes of a literal: an array or strings of C, a Uint8Array of JavaScript, a byte string of Rust or of Python. */
export function readLiteral(language: 'js' | 'rust' | 'c', text: string): Uint8Array {
  const source = text.trim()
  if (literalLanguage(source) !== language)
    throw new ConversionError(`this is no literal of ${language} that is read here`)
  const list = /[[{(]\s*((?:0x[0-9a-f]{1,2}\s*,?\s*)+)[\]})]/i.exec(source)
  if (list !== null)
    return pairsIn(
      (list[1] as string)
        .replace(/[,\s]+/g, ' ')
        .trim()
        .slice(2),
      / 0x/i,
    )
  const from = language === 'rust' ? 1 : language === 'c' ? source.indexOf('=') + 1 : source.indexOf('(') + 1
  const { octets, end } = stringsAt(source, from, language)
  const length = /_len(?:gth)?\s*=\s*(\d+)\s*;\s*$/.exec(source.slice(end))?.[1]
  if (length !== undefined && Number(length) !== octets.length) {
    throw new ConversionError(`the literal has ${octets.length} bytes, and its length says ${length}`)
  }
  return octets
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}
const ESCAPE = /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(\r?\n[ \t\r\n]*)|([\s\S]))/gi

/** Strings side by side from there on, which are one. */
function stringsAt(source: string, from: number, language: string): { octets: Uint8Array; end: number } {
  const pieces: string[] = []
  let at = from
  for (;;) {
    while (/\s/.test(source[at] ?? '')) at++
    const quote = source[at] ?? ''
    if (!['"', "'"].includes(quote)) break
    let end = at + 1
    while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1
    if (end >= source.length) throw new ConversionError(`the string at character ${at} is not closed`)
    pieces.push(resolved(source.slice(at + 1, end), language))
    at = end + 1
  }
  if (pieces.length === 0) throw new ConversionError('the literal holds no string')
  return { octets: fromLatin1(pieces.join('')), end: at }
}

function resolved(inside: string, language: string): string {
  // In JavaScript a character is what charCodeAt gives; elsewhere a source in UTF-8 holds its bytes.
  const plain = language === 'js' ? inside : textAsLatin1(inside)
  if (/[\u0100-\uffff]/.test(plain)) throw new ConversionError('a character of the string is no byte')
  return plain.replace(ESCAPE, (_whole, hex, octal, line, letter) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    return line !== undefined ? '' : (ESCAPES[letter] ?? letter)
  })
}
