// Structured fields in what an inspector tells: their values decoded, and found where they do not parse.
//
// The lines of a field are one value, so that there is nothing to say of it before its section ends.

import { NOTES } from '../generated/layout.js'
import type { Finding, InspectorEvent } from './inspect.js'
import {
  LINES_JOINED,
  readStructured,
  StructuredFault,
  type StructuredType,
  type StructuredValues,
} from './structured.js'
import { STRUCTURED_FIELDS } from './structured-fields.js'

/** What a well-known structured field of a section says, in all its lines. */
export type InspectedStructured = {
  [Type in StructuredType]: {
    /** The name of the field, in lower case. */
    name: string
    type: Type
    value: StructuredValues[Type]
    /** Who says that the field is of this type. */
    source: string
  }
}[StructuredType]

type Tell = (event: InspectorEvent) => void

/** Octets that are part of a value. */
interface Piece {
  readonly start: number
  readonly text: string
}

const NOTE = NOTES.find(({ code }) => code === 'H1_STRUCTURED_IGNORED') as (typeof NOTES)[number]

/** By a mark of their names, which fields may be structured: most are known not to be without being looked up. */
const MAY_BE_STRUCTURED = new Uint8Array(2048)
for (const name of STRUCTURED_FIELDS.keys()) MAY_BE_STRUCTURED[mark(name)] = 1

/** The length of a name and its first letter, whatever its case, in eleven bits. */
function mark(name: string): number {
  return ((name.length & 0x3f) << 5) | (name.charCodeAt(0) & 0x1f)
}

/** Watches events as they come. */
export class StructuredFields {
  /** The field that the value to come belongs to, if it is structured. */
  #name: string | undefined
  /** Pieces of the value under way: several, if it is folded. */
  #pieces: Piece[] | undefined
  /** The lines of the section's structured fields, by name; none in most sections. */
  #fields: Map<string, Piece[][]> | undefined

  /** Takes an event, and tells first what is known with it. */
  take(event: InspectorEvent, tell: Tell): void {
    if (this.#name !== undefined || this.#fields !== undefined) this.#watch(event, tell)
    else if (event.type === 'leaf' && event.kind === 'field-name') this.#begin(event.text as string)
  }

  #watch(event: InspectorEvent, tell: Tell): void {
    if (event.type === 'leaf') {
      if (event.kind === 'field-name') this.#begin(event.text as string)
      else if (this.#name !== undefined) this.#leaf(event.kind, event.start, event.text ?? '')
    } else if (event.type === 'open') {
      if (event.kind === 'field-value' && this.#name !== undefined) this.#pieces = []
      else if (event.kind === 'message-body') this.#endSection(tell)
    } else if (event.type === 'close') {
      if (event.kind !== 'field-value' && event.kind !== 'field-line') this.#endSection(tell)
    }
  }

  #begin(name: string): void {
    this.#name = undefined
    this.#pieces = undefined
    if (!MAY_BE_STRUCTURED[mark(name)]) return
    const lower = name.toLowerCase()
    if (STRUCTURED_FIELDS.has(lower)) this.#name = lower
  }

  #leaf(kind: string, start: number, text: string): void {
    if (kind === 'field-value') this.#pieces = [{ start, text }]
    else if (kind === 'line-end') this.#endLine()
    else if (kind === 'value-part') this.#pieces?.push({ start, text })
    else if (kind === 'obs-fold') this.#pieces?.push({ start, text: ' ' })
  }

  /** Only a line that is whole counts: of another, nobody knows what it was to say. */
  #endLine(): void {
    if (this.#name === undefined || !this.#pieces?.length) return
    this.#fields ??= new Map()
    const lines = this.#fields.get(this.#name)
    if (lines === undefined) this.#fields.set(this.#name, [this.#pieces])
    else lines.push(this.#pieces)
    this.#name = undefined
    this.#pieces = undefined
  }

  #endSection(tell: Tell): void {
    this.#name = undefined
    this.#pieces = undefined
    if (this.#fields === undefined) return
    for (const [name, lines] of this.#fields) tell(said(name, lines))
    this.#fields = undefined
  }
}

/** What the lines of a field say, or where they do not parse. */
function said(name: string, lines: readonly Piece[][]): InspectorEvent {
  const [type, source] = STRUCTURED_FIELDS.get(name) as [StructuredType, string]
  const text = lines.map((pieces) => pieces.map((piece) => piece.text).join('')).join(LINES_JOINED)
  try {
    const structured = { name, type, value: readStructured(text, type), source } as InspectedStructured
    return { type: 'structured', starts: lines.map(([first]) => (first as Piece).start), structured }
  } catch (fault) {
    if (!(fault instanceof StructuredFault)) throw fault
    return { type: 'finding', finding: finding(fault, lines) }
  }
}

function finding({ index, rule, what }: StructuredFault, lines: readonly Piece[][]): Finding {
  const { code, severity, message, fix } = NOTE
  return { code, severity, ...placeOf(index, lines), message: `${message}: ${what}`, rule, fix }
}

/** Which octet an index in the joined value means. Between two lines, it is the second that should not be there. */
function placeOf(index: number, lines: readonly Piece[][]): { start: number; end: number } {
  let at = 0
  let end = 0
  for (const pieces of lines) {
    for (const { start, text } of pieces) {
      if (index < at + text.length) {
        const octet = start + Math.max(index - at, 0)
        return { start: octet, end: octet + 1 }
      }
      at += text.length
      end = start + text.length
    }
    at += LINES_JOINED.length
  }
  return { start: end, end }
}
