// Bytes as a hex dump: written as xxd writes it; read as xxd, hexdump, od, tcpdump, Wireshark and debuggers do.

import { allocate, copy, view } from '../facade/octets.js'
import { ConversionError, within } from './error.js'
import { concat, empty, fromHex, toHex, toLatin1 } from './octets.js'
import { packetStreams } from './packets.js'
import { linesOf } from './text.js'

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

/** The lines of a dump of bytes, in pieces. */
export function* hexPieces(octets: Uint8Array): Generator<string> {
  const piece = 1024 * WIDTH
  yield ''
  for (let at = 0; at < octets.length; at += piece) yield hexLines(octets.subarray(at, at + piece), at)
}

/** Whether a text begins as a dump does, or as a list of bytes. */
export function looksLikeHex(text: string): boolean {
  const line = text.trimStart().split('\n', 1)[0]?.trimEnd() ?? ''
  if (/^(<Buffer [0-9a-f]{2}\b|\\x[0-9a-f]{2}|0x[0-9a-f]{2}\s*[,\s]|0x[0-9a-f]{2}$)/i.test(line)) return true
  if (/^\d{1,2}:\d\d:\d\d\.\d+ IP6? /.test(line)) return true
  return OFFSET.test(line) || (line.length >= 8 && /^[0-9a-f]{2}(?:[ \t]*[0-9a-f]{2})+$/i.test(line))
}

/** An offset, its colon if it has one, and what follows. */
const OFFSET = /^\s*(?:0x)?([0-9a-f]{4,16})(:?)[ \t]+((?:[0-9a-f]{2}){1,2}(?:[ \t].*)?)$/i

/** The most bytes that a dump stands for, unless said otherwise. */
const MOST = 64 * 1024 * 1024

/** The bytes of a dump or list; a line that does not fit is refused with its number. Undefined where it is of two streams. */
export function readHex(text: string, most = MOST): Uint8Array | undefined {
  const list = listOf(text)
  if (list !== undefined) return list
  const [first, second] = readStreams(text, most)
  return second === undefined ? first : undefined
}

/** The bytes of a dump: of one stream, or, as Wireshark and tcpdump write it, of both directions, the first sender's first. */
export function readStreams(text: string, most = MOST): Uint8Array[] {
  if (/^\d{1,2}:\d\d:\d\d\.\d+ IP6? /m.test(text.slice(0, 4_096))) return packetStreams(text, most)
  const plain = hasNoOffsets(text)
  const dumps = [new Dump(most, plain)]
  const indented = (line: string) => /^(\t| {4})\s*[0-9a-f]{8}\s/i.test(line)
  const both = /^[0-9a-f]{8} /im.test(text) && /^(\t| {4})[0-9a-f]{8} /im.test(text)
  for (const { text: line, number } of linesOf(text)) {
    const second = both && indented(line)
    if (second) dumps[1] ??= new Dump(most, false)
    within(`line ${number}`, () => (dumps[second ? 1 : 0] as Dump).add(line))
  }
  const filled = dumps.map((dump) => dump.octets())
  return filled
}

/** Lists of bytes as programs print and read them: `<Buffer …>`, `\x47…`, `0x47, …` and arrays of C that hold it. */
function listOf(text: string): Uint8Array | undefined {
  const start = text.slice(0, 4_096).trimStart()
  if (start.startsWith('<Buffer')) {
    if (/more bytes>\s*$/.test(text.slice(-100))) {
      throw new ConversionError("Node.js has left bytes out ('more bytes'): print buffer.toString('hex')")
    }
    return pairsIn(text.trim().slice('<Buffer'.length).replace(/>$/, ''), /\s+/)
  }
  if (start.startsWith('\\x')) return pairsIn(text.replace(/\\\r?\n|["'\s]/g, '').slice(2), /\\x/)
  if (/^0x[0-9a-f]{1,2}\s*(,|\s|$)/i.test(start))
    return pairsIn(
      text
        .replace(/[,\s]+/g, ' ')
        .trim()
        .slice(2),
      / 0x/i,
    )
  return undefined
}

/** Bytes in hexadecimal, this between them. */
export function pairsIn(text: string, between: RegExp): Uint8Array {
  const items = text.trim().split(between)
  const octets = allocate(items.length)
  items.forEach((item, at) => {
    if (!/^[0-9a-f]{1,2}$/i.test(item)) {
      throw new ConversionError(`'${item.slice(0, 20)}' is no byte in hexadecimal`)
    }
    octets[at] = Number.parseInt(item, 16)
  })
  return octets
}

/** Whether lines are digits alone, in groups that may look like offsets, as Sublime Text writes them. */
function hasNoOffsets(text: string): boolean {
  const lines: string[] = []
  for (const { text: line } of linesOf(text)) {
    if (line.trim() !== '') lines.push(line.trim())
    if (lines.length === 2) break
  }
  const [first = '', second] = lines
  if (!/^[0-9a-f]{4}( [0-9a-f]{4})*( [0-9a-f]{2})?$/i.test(first)) return false
  return !/^0+$/.test(first.slice(0, 4)) || !/^0+(10|20|16)\s/.test(second ?? '0010 ')
}

class Dump {
  private held: Uint8Array = allocate(1024)
  private length = 0
  /** hexdump and od write a star for lines like the one before. */
  private squeezed = false
  /** od writes its offsets in octal, or in decimal. */
  private base: 16 | 8 | 10 | undefined
  private hasOffsets = false

  constructor(
    private readonly most: number,
    private readonly plain: boolean,
  ) {}

  add(line: string): void {
    const end = /^\s*(?:0x)?([0-9a-f]{6,16}):?\s*$/i.exec(line)
    const match = this.plain ? null : OFFSET.exec(line)
    const digits = line.replace(/\s/g, '')
    const begun = this.hasOffsets
    if (digits === '*') this.squeezed = true
    else if (end && begun) this.seek(end[1] as string)
    else if (match) this.row(match[1] as string, match[2] === ':', match[3] as string)
    else if (!begun && /^[0-9a-f]+$/i.test(digits) && digits.length % 2 === 0) this.append(fromHex(digits))
    else if (digits !== '') throw new ConversionError('this is no line of a hex dump')
  }

  octets(): Uint8Array {
    if (this.squeezed)
      throw new ConversionError('the dump ends with a star, and nothing says how far it goes')
    return view(this.held, 0, this.length)
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
    const length = this.length + octets.length
    if (length > this.held.length) {
      const larger = allocate(2 * length)
      larger.set(view(this.held, 0, this.length))
      this.held = larger
    }
    this.held.set(octets, this.length)
    this.length = length
  }

  /** The offset must be where the dump has got to, or further behind a star; at the end of words it may be one less. */
  private seek(offset: string): void {
    const bases = this.base === undefined ? ([16, 8, 10] as const) : [this.base]
    const base = bases.find((radix) => this.reaches(Number.parseInt(offset, radix)))
    if (base === undefined) {
      throw new ConversionError(`offset ${offset} does not follow: ${this.length} bytes have come`)
    }
    const to = Number.parseInt(offset, base)
    if (this.length > 0) this.base = base
    // The last byte may only have filled up a word.
    if (to < this.length) this.length = to
    if (this.squeezed && to > this.most) {
      throw new ConversionError(
        `a star stands for more than ${this.most} bytes: raise that with the option maxExpansion if it is meant`,
      )
    }
    const row = copy(this.held, Math.max(0, this.length - WIDTH), this.length)
    while (this.squeezed && this.length < to) this.append(row.subarray(0, Math.min(WIDTH, to - this.length)))
    this.squeezed = false
  }

  private reaches(to: number): boolean {
    if (this.squeezed) return to >= this.length
    return to === this.length || (to === this.length - 1 && this.length > 1)
  }
}

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
