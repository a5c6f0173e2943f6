// Command lines of a shell of bash's kind: their words read, and words written for it. Words are latin-1, one character a byte.

import { ConversionError } from './error.js'
import { latin1AsText, textAsLatin1 } from './octets.js'

/** A command: its words, and what is piped into it. */
export interface ShellCommand {
  readonly words: string[]
  /** What `printf` or `echo` writes for it to read. */
  readonly input: string | undefined
}

/**
 * The commands of a text, quotes resolved: a line end, `;` and `&&` end one. Variables, substitutions and pipes are
 * refused, but for what `printf` and `echo` write: nothing is run.
 */
export function shellCommands(source: string): ShellCommand[] {
  const reader = new ShellReader(textAsLatin1(source))
  return reader.commands()
}

class ShellReader {
  private at = 0
  private word: string[] | undefined
  private words: string[] = []
  private input: string | undefined
  private readonly all: ShellCommand[] = []

  constructor(private readonly text: string) {}

  commands(): ShellCommand[] {
    while (this.at < this.text.length) this.step()
    this.endCommand()
    return this.all
  }

  private step(): void {
    const { text, at } = this
    const char = text[at] as string
    if (char === '\\') this.backslash()
    else if (' \t\r'.includes(char)) this.pass(() => this.endWord())
    else if (char === '\n' || char === ';') this.pass(() => this.endCommand())
    else if (text.startsWith('&&', at)) this.pass(() => this.endCommand(), 2)
    else if (char === "'") this.add(this.single())
    else if (char === '"') this.add(this.double())
    else if (text.startsWith("$'", at)) this.add(this.ansi())
    else if (char === '$' && this.prompted()) this.pass()
    else if (char === '|' && text[at + 1] !== '|' && this.pipes()) this.pass()
    else if ('|&<>()$`'.includes(char)) {
      throw new ConversionError(
        `'${char}' at byte ${at} is the shell's: commands of curl are read, and nothing is run`,
      )
    } else if (char === '#' && this.word === undefined) this.at = this.find('\n', at) ?? text.length
    else this.plain()
  }

  /** Goes on behind so many characters, once this is done. */
  private pass(act: () => void = () => {}, count = 1): void {
    act()
    this.at += count
  }

  /** As many characters as mean nothing to the shell. */
  private plain(): void {
    const pattern = /[^\\ \t\r\n;'"$|&<>()`]+/y
    pattern.lastIndex = this.at
    const run = pattern.exec(this.text)?.[0] ?? ''
    this.at += run.length
    this.add(run)
  }

  private backslash(): void {
    const { text, at } = this
    const length = text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 2
    this.at += length
    if (text[at + length - 1] === '\n') {
      // A prompt that a terminal wrote before the rest of a command.
      if (text.startsWith('> ', this.at)) this.at += 2
    } else this.add(text[at + 1] ?? '')
  }

  private add(text: string): void {
    this.word ??= []
    this.word.push(text)
  }

  private endWord(): void {
    if (this.word !== undefined) this.words.push(this.word.join(''))
    this.word = undefined
  }

  private endCommand(): void {
    this.endWord()
    if (this.words.length > 0) this.all.push({ words: this.words, input: this.input })
    this.words = []
    this.input = undefined
  }

  /** `$ curl …` and `% curl …`, copied with the prompt. */
  private prompted(): boolean {
    return this.words.length === 0 && this.word === undefined && /[ \t]/.test(this.text[this.at + 1] ?? '')
  }

  /** Takes what has been read for what is piped into the next command; false if it is no printf or echo. */
  private pipes(): boolean {
    this.endWord()
    const [program, ...args] = this.words
    const [format = ''] = args
    if (program === 'printf' && args.length === 1) this.input = printed(format)
    else if (program === 'printf' && args.length === 2 && format === '%s') this.input = args[1]
    else if (program === 'echo' && format === '-n') this.input = args.slice(1).join(' ')
    else if (program === 'echo') this.input = `${args.join(' ')}\n`
    else return false
    this.words = []
    return true
  }

  private find(char: string, from: number): number | undefined {
    const found = this.text.indexOf(char, from)
    return found === -1 ? undefined : found
  }

  private single(): string {
    const from = this.at
    const end = this.find("'", from + 1)
    if (end === undefined) throw unclosed(from)
    this.at = end + 1
    return this.text.slice(from + 1, end)
  }

  private double(): string {
    const { text, at: from } = this
    const out: string[] = []
    const pattern = /[^"\\$`]+/y
    for (let at = from + 1; at < text.length; ) {
      const char = text[at] as string
      const next = text[at + 1] ?? ''
      if (char === '"') {
        this.at = at + 1
        return out.join('')
      }
      if (char === '$' || char === '`') {
        const printedHere = char === '$' && text.startsWith("$(printf '", at)
        if (!printedHere && !(char === '$' && /[\s"]/.test(next))) {
          throw new ConversionError(`'${char}' at byte ${at} would be filled in by the shell`)
        }
        if (!printedHere) out.push(char)
        const end = printedHere ? this.find("')", at + 10) : at - 1
        if (end === undefined) throw unclosed(from)
        if (printedHere) out.push(printed(text.slice(at + 10, end)).replace(/\n+$/, ''))
        at = end + 2
      } else if (char === '\\') {
        if (!'$`"\\\n'.includes(next)) out.push(char)
        if (next !== '\n') out.push(next)
        at += 2
      } else {
        pattern.lastIndex = at
        const run = pattern.exec(text)?.[0] ?? ''
        out.push(run)
        at += run.length
      }
    }
    throw unclosed(from)
  }

  /** `$'…'`: escapes name bytes, or characters, which become UTF-8. */
  private ansi(): string {
    const { text, at: from } = this
    let end = from + 2
    while (end < text.length && text[end] !== "'") end += text[end] === '\\' ? 2 : 1
    if (end >= text.length) throw unclosed(from)
    this.at = end + 1
    return text.slice(from + 2, end).replace(ESCAPE, (spelt, hex, unit, code, octal, letter) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
      if (letter !== undefined) return LETTERS.get(letter) ?? (`'"\\?`.includes(letter) ? letter : spelt)
      return character(Number.parseInt(unit ?? code, 16))
    })
  }
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

/** What printf writes for a format that takes nothing in. */
function printed(format: string): string {
  return format.replace(/%(%?)|\\([0-7]{1,3}|[\s\S])/g, (spelt, percent, escaped) => {
    if (escaped === undefined) {
      if (percent === '%') return '%'
      throw new ConversionError(`printf would fill in '${format.slice(0, 40)}': nothing is run`)
    }
    if (/[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff)
    return escaped === '\\'
      ? '\\'
      : escaped === 'e' || escaped === 'E'
        ? spelt
        : (LETTERS.get(escaped) ?? spelt)
  })
}

function character(code: number): string {
  if (code > 0x10ffff) throw new ConversionError(`there is no character U+${code.toString(16).toUpperCase()}`)
  return textAsLatin1(String.fromCodePoint(code))
}

function unclosed(at: number): ConversionError {
  return new ConversionError(`the quote at byte ${at} is not closed`)
}

/** Text written for a shell of POSIX, so that it reads these bytes as one word; NUL cannot be in one. */
export function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word
  const text = isPlain(word) ? latin1AsText(word) : undefined
  if (text !== undefined) return `'${text.replaceAll("'", "'\\''")}'`
  // A shell leaves out the line ends that a substitution ends with.
  const ends = word.slice(lastBefore(word) + 1)
  return `"$(printf '${printfFormat(word.slice(0, word.length - ends.length))}')${ends}"`
}

/** Where the last character is that is no line end. */
function lastBefore(word: string): number {
  let at = word.length - 1
  while (at >= 0 && word[at] === '\n') at--
  return at
}

/** Whether a word may stand in quotes as it is: printable text in UTF-8, over lines perhaps. */
function isPlain(word: string): boolean {
  return (
    !/[^\x20-\x7e\n\t\x80-\xff]/.test(word) && (!/[\x80-\xff]/.test(word) || latin1AsText(word) !== undefined)
  )
}

/** A format of printf that writes this; it does not begin with a dash, which would be an option. */
export function printfFormat(text: string, first = true): string {
  return text.replace(first ? /^-|[^\x20-\x7e]|['\\%]/g : /[^\x20-\x7e]|['\\%]/g, (char) =>
    char === '%' ? '%%' : `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
}
