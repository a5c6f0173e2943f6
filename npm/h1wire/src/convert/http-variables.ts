// Variables of .http files and the like: `{{name}}` filled in, those that name others too.

import { ConversionError } from './error.js'

/** What `{{name}}` stands for: variables given, variables of the file, and a few that are made as they are asked for. */
export class Variables {
  private readonly own = new Map<string, { text: string; line: number }>()
  private readonly resolved = new Map<string, string>()
  private filled = 0

  /** Given ones come first; all that is filled in may be so many characters long. */
  constructor(
    private readonly given: ReadonlyMap<string, string>,
    private readonly most: number,
  ) {}

  /** Sets one of the file's own. */
  set(name: string, text: string, line: number): void {
    this.own.set(name, { text, line })
    this.resolved.clear()
  }

  /** A text with every `{{name}}` filled in. */
  fill(text: string, line: number, inside: readonly string[] = []): string {
    let open = text.indexOf('{{')
    if (open === -1) return text
    const out: string[] = []
    let done = 0
    for (; open !== -1; open = text.indexOf('{{', done)) {
      const close = text.indexOf('}}', open)
      if (close === -1) break
      const value = this.value(text.slice(open + 2, close).trim(), line, inside)
      this.filled += value.length
      if (this.filled > this.most) {
        throw new ConversionError(
          `line ${line}: variables make more than ${this.most} characters (option maxExpansion)`,
        )
      }
      out.push(text.slice(done, open), value)
      done = close + 2
    }
    out.push(text.slice(done))
    return out.join('')
  }

  private value(name: string, line: number, inside: readonly string[]): string {
    const known = this.given.get(name) ?? this.resolved.get(name)
    if (known !== undefined) return known
    const own = this.own.get(name)
    if (own !== undefined) {
      if (inside.includes(name))
        throw new ConversionError(`line ${own.line}: the variable '${name}' names itself`)
      if (inside.length > 50)
        throw new ConversionError(`line ${own.line}: variables name variables too deeply`)
      const value = this.fill(own.text, own.line, [...inside, name])
      this.resolved.set(name, value)
      return value
    }
    const made = dynamic(name)
    if (made !== undefined) return made
    throw new ConversionError(
      `line ${line}: there is no variable '${name}': give it with --var ${name || 'name'}=VALUE`,
    )
  }
}

function dynamic(name: string): string | undefined {
  const [word, ...args] = name.split(/\s+/)
  if (word === '$guid' || word === '$uuid' || word === '$random.uuid' || word === '$randomUUID') return uuid()
  if (word === '$timestamp' && args.length === 0) return String(Math.floor(Date.now() / 1000))
  if (word === '$isoTimestamp' || (word === '$datetime' && args[0] === 'iso8601'))
    return new Date().toISOString()
  if (word === '$datetime' && args[0] === 'rfc1123') return new Date().toUTCString()
  if (word === '$randomInt' || word === '$random.integer') {
    const [from = 0, to = 1000] = args.map(Number)
    return String(from + Math.floor(Math.random() * Math.max(1, to - from)))
  }
  return undefined
}

function uuid(): string {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (octet, index) =>
    (index === 6 ? (octet & 15) | 64 : index === 8 ? (octet & 63) | 128 : octet)
      .toString(16)
      .padStart(2, '0'),
  ).join('')
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
}
