// Octets as a hex dump: written as xxd writes it, read as xxd, hexdump, od, tcpdump and Wireshark do.

import { ConversionError } from './error.js'
import { concat, empty, fromHex, toHex, toLatin1 } from './octets.js'

const WIDTH = 16

/** The lines of a dump of these pieces, as they come. */
export async function* hexOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let start = 0
  let rest: Uint8Array = empty()
  for await (const piece of pieces) {
    const octets = concat([rest, piece])
    const whole = octets.length - (octets.length % WIDTH)
    yield hexLines(octets.subarray(0, whole), start)
    start += whole
    rest = octets.subarray(whole)
  }
  yield hexLines(rest, start)
}

/** The lines of a dump, as `xxd` writes them, the first octet at this offset. */
export function hexLines(octets: Uint8Array, start = 0): string {
  let out = ''
  for (let at = 0; at < octets.length; at += WIDTH) {
    const row = octets.subarray(at, at + WIDTH)
    const pairs = toHex(row).replace(/(.{4})(?=.)/g, '$1 ')
    const text = toLatin1(row).replace(/[^\x20-\x7e]/g, '.')
    out += `${(start + at).toString(16).padStart(8, '0')}: ${pairs.padEnd(39)}  ${text}\n`
  }
  return out
}

/** Whether a text begins as a dump does. */
export function looksLikeHex(text: string): boolean {
  const line = text.trimStart().split(/\r?\n/, 1)[0] ?? ''
  return OFFSET.test(line) || (/^([0-9a-f]{2})+$/i.test(line) && line.length >= 8)
}

/** An offset, its colon if it has one, and what follows. */
const OFFSET = /^\s*(?:0x)?([0-9a-f]{4,16})(:?)[ \t]+((?:[0-9a-f]{2}){1,2}(?:[ \t].*)?)$/i

/** The octets of a dump; a line that does not fit is refused with its number. */
export function readHex(text: string): Uint8Array {
  const out = new Dump()
  text.split(/\r?\n/).forEach((line, index) => {
    try {
      out.add(line)
    } catch (error) {
      if (error instanceof ConversionError) throw new ConversionError(`line ${index + 1}: ${error.message}`)
      throw error
    }
  })
  return out.octets()
}

class Dump {
  private readonly rows: Uint8Array[] = []
  private length = 0
  /** hexdump and od write a star for lines like the one before. */
  private squeezed = false
  /** od writes its offsets in octal. */
  private base: 16 | 8 | undefined
  private hasOffsets = false

  add(line: string): void {
    const end = /^\s*(?:0x)?([0-9a-f]{6,16}):?\s*$/i.exec(line)
    const match = OFFSET.exec(line)
    const digits = line.replace(/\s/g, '')
    const begun = this.hasOffsets
    if (digits === '*') this.squeezed = true
    else if (end && begun) this.seek(end[1] as string)
    else if (match) this.row(match[1] as string, match[2] === ':', match[3] as string)
    else if (!begun && /^([0-9a-f]{2})+$/i.test(digits)) this.append(fromHex(digits))
    else if (digits !== '') throw new ConversionError('this is no line of a hex dump')
  }

  octets(): Uint8Array {
    if (this.squeezed)
      throw new ConversionError('the dump ends with a star, and nothing says how far it goes')
    return concat(this.rows)
  }

  private row(offset: string, colon: boolean, rest: string): void {
    this.seek(offset)
    this.hasOffsets = true
    const groups = groupsOf(rest, colon)
    // Four digits without a colon are words of 16 bits, the low octet first: so hexdump and od -x write them.
    const words = !colon && groups.every((group) => group.length === 4)
    for (const group of groups) {
      const pair = fromHex(group)
      this.append(words ? pair.reverse() : pair)
    }
  }

  private append(octets: Uint8Array): void {
    this.rows.push(octets)
    this.length += octets.length
  }

  /** The offset must be where the dump has got to, or further behind a star; at the end of words it may be one less. */
  private seek(offset: string): void {
    const bases = this.base === undefined ? ([16, 8] as const) : [this.base]
    const base = bases.find((radix) => this.reaches(Number.parseInt(offset, radix)))
    if (base === undefined) {
      throw new ConversionError(`offset ${offset} does not follow: ${this.length} octets have come`)
    }
    const to = Number.parseInt(offset, base)
    if (this.length > 0) this.base = base
    if (to < this.length) this.cut(to)
    const last = this.rows.slice(-WIDTH)
    const row = concat(last).subarray(-WIDTH)
    while (this.squeezed && this.length < to) this.append(row.subarray(0, Math.min(WIDTH, to - this.length)))
    this.squeezed = false
  }

  private reaches(to: number): boolean {
    if (this.squeezed) return to >= this.length && to <= MOST
    return to === this.length || (to === this.length - 1 && this.length > 1)
  }

  private cut(to: number): void {
    const all = concat(this.rows).subarray(0, to)
    this.rows.splice(0, this.rows.length, all)
    this.length = to
  }
}

/** No dump that a star stands in is longer. */
const MOST = 2 ** 30

/** The groups of digits up to the gap before the text column. */
function groupsOf(rest: string, colon: boolean): string[] {
  const groups: string[] = []
  let octets = 0
  let width: number | undefined
  const pattern = /([0-9a-f]+)([ \t]*)/iy
  for (
    let match = pattern.exec(rest);
    match !== null && octets < (colon ? 256 : WIDTH);
    match = pattern.exec(rest)
  ) {
    const [, digits = '', gap = ''] = match
    if (digits.length % 2 === 1 || digits.length > 16 || (width !== undefined && digits.length > width)) break
    width ??= digits.length
    groups.push(digits)
    octets += digits.length / 2
    // hexdump -C has a gap in the middle too.
    const middle = !colon && octets === WIDTH / 2 && gap.length === 2
    if (gap.length > 1 && !middle) {
      const words = !colon && width === 4
      if (!words) break
    }
  }
  return groups
}
