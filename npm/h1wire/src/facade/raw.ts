// The raw builder: what the caller says, read into the parts of one call. Nothing of it is checked.

import type { Backend } from '../backend/backend.js'
import { CALL_RAW, FORMAT_HAS_TRAILERS, NOWHERE } from '../generated/layout.js'
import { type BodyData, contentLength, contentOf } from './body.js'
import { build, gather } from './build.js'
import { misfit, valueText } from './lines.js'
import { latin1, utf8 } from './text.js'
import { refuseUnknown } from './unknown.js'

/** Octets of a raw head: as they are, or as text of one character an octet (latin-1); a number in decimal. */
export type RawText = string | number | ArrayBufferView | ArrayBuffer

/** A raw line in its parts. */
export interface RawField {
  /** What comes first. */
  name: RawText
  /** What stands between name and value. Default `': '`. */
  separator?: RawText | undefined
  /** What comes last. Default: nothing. */
  value?: RawText | undefined
  /** The line's end. Default: that of all lines. */
  eol?: RawText | undefined
}

/** A raw line: as a whole, as a pair with `': '` between, or in its parts. One that begins with a space is folded. */
export type RawLine = RawText | readonly [name: RawText, value: RawText] | RawField

/** Raw lines; objects by name, `Map`, `Headers` and `FieldSection` too. */
export type RawLines = Iterable<RawLine> | { readonly [name: string]: RawText | readonly RawText[] }

/** A raw chunk. */
export interface RawChunk {
  /** What stands where the size belongs, such as `'0x5'`. Default: the data's size in hexadecimal. */
  size?: RawText | undefined
  /** What stands behind the size, such as `';a=b'`. Default: nothing. */
  extensions?: RawText | undefined
  /** The end of the size line. Default: that of all lines. */
  eol?: RawText | undefined
  /** The data; text is written as UTF-8. Default: none. */
  data?: BodyData | undefined
  /** What stands behind the data. Default: the end of all lines. */
  dataEnd?: RawText | undefined
}

/** What a raw message is built from. All of it may be missing. */
export interface RawParts {
  /** The first line, without its end. Default, and `null`: none. */
  startLine?: RawText | null | undefined
  /** The other lines of the head. */
  fields?: RawLines | undefined
  /** What ends each line. Default `'\r\n'`. */
  eol?: RawText | undefined
  /** What ends the head, where the empty line belongs. Default: as each line. */
  end?: RawText | undefined
  /** The body as it is (text is written as UTF-8), or an array of chunks to be framed. */
  body?: BodyData | readonly (BodyData | RawChunk)[] | undefined
  /** The line that ends a chunked body. Default: `'0'` behind an array of chunks, otherwise, and `null`: none. */
  lastChunk?: RawText | null | undefined
  /** Trailer lines. */
  trailers?: RawLines | undefined
  /** What ends the trailer section, which is there if it has a last chunk or trailers. Default: as each line. */
  trailersEnd?: RawText | undefined
}

const NAMES = ['startLine', 'fields', 'eol', 'end', 'body', 'lastChunk', 'trailers', 'trailersEnd']
const FIELD_NAMES = ['name', 'separator', 'value', 'eol']
const CHUNK_NAMES = ['size', 'extensions', 'eol', 'data', 'dataEnd']

/** Builds a raw message. */
export function formatRaw(backend: Backend, init: RawParts): Uint8Array {
  if (typeof init !== 'object' || init === null) throw new TypeError(misfit('The message', 'an object', init))
  refuseUnknown(init, '', NAMES)
  const { startLine, fields, eol, end, body, lastChunk, trailers, trailersEnd } = init
  const chunks = Array.isArray(body) ? (body as readonly (BodyData | RawChunk)[]) : undefined
  const last = lastChunk === undefined && chunks !== undefined ? '0' : lastChunk

  const parts = new RawTexts()
  parts.add('eol', eol)
  parts.add('startLine', startLine ?? undefined)
  parts.add('end', end)
  parts.add('lastChunk', last ?? undefined)
  parts.add('trailersEnd', trailersEnd)
  const fieldCount = addLines(parts, 'fields', fields)
  let chunkCount = 0
  for (const chunk of chunks ?? []) addChunk(parts, `body[${chunkCount++}]`, chunk)
  const trailerCount = addLines(parts, 'trailers', trailers)

  const [lengthOfEol] = parts.lengths as [number]
  const gathered = gather(CALL_RAW, parts.text, parts.lengths)
  gathered.names = { raw: parts.names }
  gathered.fields = fieldCount
  gathered.trailers = trailerCount
  gathered.chunks = chunkCount
  // Each part may stand for a line end, or for a size.
  const eolLength = lengthOfEol === NOWHERE ? 2 : lengthOfEol
  gathered.extra = parts.lengths.length * (eolLength + 16)
  if ((last !== undefined && last !== null) || trailers !== undefined) gathered.flags = FORMAT_HAS_TRAILERS
  if (chunks === undefined && body !== undefined && body !== null) {
    gathered.content = contentOf(body, 'body')
    gathered.length = contentLength(gathered.content)
  }
  return build(backend, gathered)
}

/** The parts of a raw message, one behind the other, with what errors call them. */
class RawTexts {
  text = ''
  readonly lengths: number[] = []
  readonly names: string[] = []

  /** One more part; undefined for one that is missing. */
  add(name: string, value: unknown): void {
    this.names.push(name)
    if (value === undefined) {
      this.lengths.push(NOWHERE)
      return
    }
    const text = typeof value === 'object' && value !== null ? octetText(value, name) : valueText(value, name)
    this.lengths.push(text.length)
    this.text += text
  }
}

function addLines(parts: RawTexts, what: string, lines: unknown): number {
  if (lines === undefined) return 0
  if (typeof lines !== 'object' || lines === null) {
    throw new TypeError(misfit(what, 'an object of names and values, or iterable over lines', lines))
  }
  let count = 0
  for (const line of Symbol.iterator in lines ? (lines as Iterable<unknown>) : pairsOf(lines)) {
    addLine(parts, `${what}[${count++}]`, line)
  }
  return count
}

/** An object's names and values, one pair for each of several values. */
function* pairsOf(lines: object): Iterable<unknown> {
  for (const [name, values] of Object.entries(lines)) {
    for (const value of Array.isArray(values) ? values : [values]) yield [name, value]
  }
}

function addLine(parts: RawTexts, what: string, line: unknown): void {
  if (Array.isArray(line)) {
    if (line.length !== 2) throw new TypeError(misfit(what, 'a line, a pair or { name, value }', line))
    addParts(parts, what, line[0], undefined, line[1], undefined)
  } else if (typeof line === 'object' && line !== null && 'name' in line) {
    refuseUnknown(line, what, FIELD_NAMES)
    const { name, separator, value = '', eol } = line as RawField
    addParts(parts, what, name, separator, value, eol)
  } else {
    parts.add(what, line === undefined ? null : line)
    parts.add('', '')
    parts.add('', '')
    parts.add('', undefined)
  }
}

function addParts(parts: RawTexts, what: string, ...all: unknown[]): void {
  const [name, separator, value, eol] = all
  parts.add(`${what}.name`, name === undefined ? null : name)
  parts.add(`${what}.separator`, separator)
  parts.add(`${what}.value`, value === undefined ? null : value)
  parts.add(`${what}.eol`, eol)
}

function addChunk(parts: RawTexts, what: string, chunk: unknown): void {
  const isData =
    typeof chunk !== 'object' || chunk === null || ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer
  if (!isData) refuseUnknown(chunk, what, CHUNK_NAMES)
  const { size, extensions, eol, data = '', dataEnd } = isData ? { data: chunk } : (chunk as RawChunk)
  parts.add(`${what}.size`, size)
  parts.add(`${what}.extensions`, extensions)
  parts.add(`${what}.eol`, eol)
  parts.add(`${what}.data`, typeof data === 'string' ? utf8(data) : octetText(data, `${what}.data`))
  parts.add(`${what}.dataEnd`, dataEnd)
}

/** Octets as text of one character an octet. */
function octetText(octets: unknown, what: string): string {
  const content = contentOf(octets, what)
  return typeof content === 'string' ? utf8(content) : latin1(content, 0, content.length, false)
}
