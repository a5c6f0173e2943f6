// Command lines of Windows, cmd and PowerShell: the words of curl's commands. Words are latin-1, one character a byte.

import { ConversionError } from './error.js'
import { textAsLatin1 } from './octets.js'

/** Whether a curl command was written for cmd: carets escape there. */
export function isForCmd(text: string): boolean {
  if (/\\\r?\n/.test(text) || /(^|[\s=])\$?'/.test(text)) return false
  return /\^\r?(\n|$)/.test(text) || /(^|\s)\^"/.test(text) || /"[^"\n]*\^[&%^<>|"\\{}!]/.test(text)
}

/** The commands of a text for cmd: carets taken away, then split as Windows programs split their command line. */
export function cmdCommands(text: string): string[][] {
  // A caret at the end of a line goes on with the next; a line end is escaped by a caret and stands there twice.
  const plain = text.replace(/\^(\r?\n)(\r?\n)?|\^([\s\S])/g, (_whole, _end, line, char) => {
    if (char === undefined) return line === undefined ? ' ' : LINE_END
    return char === '&' ? AMPERSAND : char
  })
  return plain
    .split(/(?:[ \t]&{1,2}[ \t]*)?\r?\n|[ \t]&{1,2}[ \t]*(?=curl|$)/)
    .map((line) => windowsWords(textAsLatin1(line.replaceAll(LINE_END, '\n').replaceAll(AMPERSAND, '&'))))
    .filter((words) => words.length > 0)
}

/** Stand for what is escaped while lines are split. */
const LINE_END = '\ue000'
const AMPERSAND = '\ue001'

/** Words as Microsoft's C library splits them: backslashes count before quotes only, and a doubled quote is one. */
function windowsWords(line: string): string[] {
  const words: string[] = []
  let word: string[] | undefined
  let inside = false
  const pattern = /(\\*)"|[ \t\n]|[^\\" \t\n]+|\\+/g
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    const [whole, slashes] = match
    if (slashes !== undefined) {
      word ??= []
      word.push('\\'.repeat(Math.floor(slashes.length / 2)))
      const doubled = inside && line[pattern.lastIndex] === '"'
      if (slashes.length % 2 === 1) word.push('"')
      else if (doubled) {
        word.push('"')
        pattern.lastIndex++
      } else inside = !inside
    } else if (!inside && /[ \t\n]/.test(whole)) {
      if (word !== undefined) words.push(word.join(''))
      word = undefined
    } else {
      word ??= []
      word.push(whole)
    }
  }
  if (inside) throw new ConversionError('a quote is not closed')
  if (word !== undefined) words.push(word.join(''))
  return words
}

/** Whether a curl command was written for PowerShell: backticks go on with the next line there. */
export function isForPowershell(text: string): boolean {
  return /`\r?\n/.test(text) && !/\\\r?\n/.test(text)
}

/** The commands of curl in a text for PowerShell. */
export function powershellCommands(text: string): string[][] {
  const commands: string[][] = [[]]
  for (const token of powershellTokens(text)) {
    if (token.kind === 'end') commands.push([])
    else if (token.kind === 'mark')
      throw new ConversionError(`'${token.text}' is PowerShell's, and nothing is run`)
    // Windows's own splitting comes behind PowerShell's: quotes are escaped for it.
    else commands.at(-1)?.push(textAsLatin1(token.text.replace(/\\"/g, '"')))
  }
  return commands.filter((words) => words.length > 0)
}

/** A word or string of PowerShell, a mark such as `@{` or `)`, or the end of a command. */
export interface Token {
  readonly kind: 'word' | 'string' | 'mark' | 'end'
  readonly text: string
  readonly line: number
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  b: '\b',
  a: '\x07',
  e: '\x1b',
}

/** The tokens of a text for PowerShell; a variable in a string is refused. */
export function* powershellTokens(text: string): Generator<Token> {
  const pattern =
    /`\r?\n|(\r?\n|;)|[ \t\r]+|#[^\n]*|('(?:[^']+|'')*')|("(?:[^"`]+|`[\s\S]|"")*")|(@\{|[(){}=,[\]|])|([^\s;'"`(){}=,[\]|]+(?:=(?=\s|$))?)/y
  let line = 1
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null)
      throw new ConversionError(`line ${line}: ${JSON.stringify(text[from])} is not read here`)
    const [whole, end, single, double, mark, word] = match
    if (end !== undefined) yield { kind: 'end', text: end, line }
    if (single !== undefined) yield { kind: 'string', text: single.slice(1, -1).replaceAll("''", "'"), line }
    if (double !== undefined) yield { kind: 'string', text: unescaped(double.slice(1, -1), line), line }
    if (mark !== undefined) yield { kind: 'mark', text: mark, line }
    if (word !== undefined) yield { kind: 'word', text: word, line }
    for (let at = whole.indexOf('\n'); at !== -1; at = whole.indexOf('\n', at + 1)) line++
  }
}

function unescaped(inside: string, line: number): string {
  return inside.replace(/`u\{([0-9a-f]{1,6})\}|`([\s\S])|""|\$(?=[\w({:])/gi, (spelt, code, char) => {
    if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff))
    if (char !== undefined) return ESCAPES[char] ?? char
    if (spelt === '""') return '"'
    throw new ConversionError(`line ${line}: a variable in a string would be filled in, and nothing is run`)
  })
}
