// Rewriting: octets changed in a few places that the inspector names, and left as they are everywhere else.

import type { Backend } from '../backend/backend.js'
import { type BodyData, contentOf } from './body.js'
import { type InspectedNode, type InspectOptions, inspect } from './inspect.js'
import { concat, copy, octetsOf, view } from './octets.js'
import { formatRaw, type RawText } from './raw.js'
import { refuseUnknown } from './unknown.js'

/** A part of a start-line. */
export type StartLinePart = 'method' | 'target' | 'version' | 'status' | 'reason'

/**
 * A change to one message, the first unless `message` gives the number of another, counted from 0. Text is latin-1,
 * and nothing in it is checked.
 */
export type Edit = { message?: number | undefined } & (
  | {
      /** Which part of the start-line is to be another. */
      part: StartLinePart
      /** What it is to be. */
      value: RawText
    }
  | {
      /** Whose value is to be another: the first line with this name; if there is none, one is added. */
      field: string
      /** What it is to be; `null` removes every line with this name. */
      value: RawText | null
    }
  | {
      /** The name of a line to be added behind the last one. */
      add: string
      /** Its value. */
      value: RawText
    }
  | {
      /** What stands behind the head, in place of the whole body with its framing; text is UTF-8. */
      body: BodyData
    }
)

const PARTS: { [part in StartLinePart]: string } = {
  method: 'method',
  target: 'request-target',
  version: 'HTTP-version',
  status: 'status-code',
  reason: 'reason-phrase',
}

/** The octets with these changes made, one after the other: for each, all of them are inspected. */
export function rewrite(
  backend: Backend,
  bytes: Uint8Array,
  edits: readonly Edit[],
  options?: InspectOptions,
): Uint8Array {
  const given = octetsOf(bytes, 'bytes')
  let octets = copy(given, 0, given.length)
  if (!Array.isArray(edits)) throw new TypeError('edits must be an array')
  edits.forEach((edit, index) => {
    octets = apply(backend, octets, edit, `edits[${index}]`, options)
  })
  return octets
}

/** A stretch of octets, and what is to stand in its place. */
type Splice = [start: number, end: number, octets: Uint8Array]

function apply(
  backend: Backend,
  octets: Uint8Array,
  edit: Edit,
  what: string,
  options: InspectOptions | undefined,
): Uint8Array {
  if (typeof edit !== 'object' || edit === null) throw new TypeError(`${what} must be an object`)
  refuseUnknown(edit, what, namesOf(edit))
  const number = edit.message ?? 0
  const { messages } = inspect(backend, octets, options)
  const message = messages[number]
  if (message === undefined)
    throw new RangeError(`${what}.message is ${number}: there are ${messages.length}`)
  const text = (value: RawText) => formatRaw(backend, { startLine: value, eol: '', end: '' })
  const { node, headEnd } = message
  if ('body' in edit) {
    const body = node.children.find(({ kind }) => kind === 'message-body')
    const content = contentOf(edit.body, `${what}.body`)
    const data = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return splice(octets, [[headEnd, body?.end ?? headEnd, data]])
  }
  if ('part' in edit) return splice(octets, [partOf(octets, node, edit, what, text)])
  if ('add' in edit) return splice(octets, [lineOf(backend, node, headEnd, edit.add, edit.value)])
  if (!('field' in edit)) throw new TypeError(`${what} must have part, field, add or body`)
  const lines = linesOf(node, edit.field)
  const { value } = edit
  if (value === null)
    return splice(
      octets,
      lines.map(({ start, end }) => [start, end, text('')]),
    )
  const before = lines[0]?.children.find(({ kind }) => kind === 'field-value')
  return splice(octets, [
    before === undefined
      ? lineOf(backend, node, headEnd, edit.field, value)
      : [before.start, before.end, text(value)],
  ])
}

/** What a change of its kind has; of no kind, what there is. */
function namesOf(edit: Edit): string[] {
  if ('body' in edit) return ['message', 'body']
  const kind = ['part', 'field', 'add'].filter((name) => name in edit)
  return kind.length === 1
    ? ['message', ...kind, 'value']
    : ['message', 'part', 'field', 'add', 'body', 'value']
}

function splice(octets: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const [start, end, replacement] of splices) {
    pieces.push(view(octets, at, start), replacement)
    at = end
  }
  pieces.push(view(octets, at, octets.length))
  return concat(pieces)
}

/** The field lines with this name, whatever its case. */
function linesOf(node: InspectedNode, name: string): InspectedNode[] {
  const wanted = name.toLowerCase()
  return node.children.filter(
    ({ kind, children }) =>
      kind === 'field-line' &&
      children.some((part) => part.kind === 'field-name' && part.text?.toLowerCase() === wanted),
  )
}

function partOf(
  octets: Uint8Array,
  node: InspectedNode,
  edit: { part: StartLinePart; value: RawText },
  what: string,
  text: (value: RawText) => Uint8Array,
): Splice {
  if (!Object.hasOwn(PARTS, edit.part)) {
    throw new TypeError(`${what}.part must be one of ${Object.keys(PARTS).join(', ')}`)
  }
  const part = node.children[0]?.children.find(({ kind }) => kind === PARTS[edit.part])
  if (part === undefined) throw new RangeError(`${what}.part: the start-line has no ${edit.part}`)
  const value = text(edit.value)
  // The space before an empty reason phrase may be missing.
  const isGlued = edit.part === 'reason' && part.start > 0 && octets[part.start - 1] !== 0x20
  return [part.start, part.end, isGlued ? concat([text(' '), value]) : value]
}

/** A line behind the last one of a head, with the line end that the start-line has. */
function lineOf(
  backend: Backend,
  node: InspectedNode,
  headEnd: number,
  name: string,
  value: RawText,
): Splice {
  const isLineEnd = ({ kind }: InspectedNode) => kind === 'line-end'
  const eol = node.children[0]?.children.find(isLineEnd)?.text ?? '\r\n'
  const place = node.children.find(isLineEnd)?.start ?? headEnd
  return [place, place, formatRaw(backend, { fields: [[name, value]], eol, end: '' })]
}
