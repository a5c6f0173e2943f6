// What a reader makes of two messages, part by part. All of it comes from the inspector's tree.

import { firstDifference, joined } from '../octets/compared.js'
import { bodyOf, join } from '../octets/content.js'
import { type Inspected, latin1 } from '../octets/inspected.js'
import { count } from '../panels/details.js'

/** How a part of the one and the same part of the other stand to each other. */
export type Verdict = 'same' | 'spelled' | 'other'

/** A part of a message on both sides. */
export interface Part {
  what: string
  left: string
  right: string
  verdict: Verdict
  /** In what they differ, if what they mean is the same. */
  how?: string
  /** Where it is on each side; -1 where there is none. */
  at: [number, number]
}

/** What is read from the octets that a message is made of. */
interface Read {
  parts: Map<string, { text: string; at: number }>
  fields: Field[]
  trailers: Field[]
  framing: string
  /** How long the chunks are, and what is said with them. */
  chunks: number[]
  extensions: string
  /** What in it fits no rule. */
  junk: string
  body: Uint8Array
  bodyAt: number
  /** Whether it was read to its end, and whether the connection persists behind it. */
  end: string
}

interface Field {
  name: string
  value: string
  /** The octets of the line. */
  line: string
  at: number
}

/** More messages are compared by their octets alone. */
const COMPARED = 200

/** All parts of the messages on both sides, each beside the one of the same number, and of what is no message. */
export function meaning(left: Inspected, right: Inspected): Part[] {
  const most = Math.max(left.columns.messages.length, right.columns.messages.length)
  const parts: Part[] = []
  for (let index = 0; index < Math.min(most, COMPARED); index++) {
    const of = most > 1 ? `message ${index + 1}: ` : ''
    for (const one of messageParts(read(left, index), read(right, index)))
      parts.push({ ...one, what: `${of}${one.what}` })
  }
  const errors = ({ columns }: Inspected) =>
    codes(columns.findings.filter(({ severity }) => severity === 'error'))
  const others = ({ columns }: Inspected) =>
    codes(columns.findings.filter(({ severity }) => severity !== 'error'))
  return [
    ...parts,
    octets('what is no message', outside(left), outside(right), [0, 0]),
    part('errors', errors(left), errors(right), [0, 0]),
    part('warnings and notes', others(left), others(right), [0, 0], true),
    part('messages', String(left.columns.messages.length), String(right.columns.messages.length), [0, 0]),
  ]
}

/**
 * Fields that are no lists: lines of these are not joined, or not by a comma (RFC 9110 section 5.3), and readers that
 * find several take this one or that.
 */
const ALONE = new Set(
  'host content-length content-type content-location content-range location authorization proxy-authorization cookie set-cookie date expires last-modified if-modified-since if-unmodified-since if-range range etag from referer user-agent server retry-after max-forwards age origin'.split(
    ' ',
  ),
)

function codes(findings: { code: string }[]): string {
  return [...new Set(findings.map(({ code }) => code))].sort().join(', ') || 'none'
}

/** The octets in no message, and those of messages beyond the ones that are compared. */
function outside({ columns, octets }: Inspected): Uint8Array {
  const messages = columns.messages.slice(0, COMPARED)
  const pieces: Uint8Array[] = []
  let at = 0
  for (const { start, end } of messages) {
    pieces.push(octets.subarray(at, start))
    at = Math.max(at, end)
  }
  pieces.push(octets.subarray(at))
  return joined(pieces)
}

function messageParts(l: Read, r: Read): Part[] {
  return [
    ...['method', 'request-target', 'HTTP-version', 'status-code', 'reason-phrase'].flatMap((what) => {
      const [one, other] = [l.parts.get(what), r.parts.get(what)]
      if (!one && !other) return []
      return [
        part(
          what,
          one?.text ?? '–',
          other?.text ?? '–',
          [one?.at ?? -1, other?.at ?? -1],
          what === 'reason-phrase',
        ),
      ]
    }),
    ...fieldsOf('field', l.fields, r.fields),
    ...order(l.fields, r.fields),
    framing(l, r),
    // Most readers ignore these; those that know one may heed it, a signature for example.
    part('chunk extensions', l.extensions, r.extensions, [l.bodyAt, r.bodyAt]),
    octets('body', l.body, r.body, [l.bodyAt, r.bodyAt]),
    ...fieldsOf('trailer field', l.trailers, r.trailers),
    part('what fits no rule', l.junk, r.junk, [0, 0]),
    part('end', l.end, r.end, [0, 0]),
  ]
}

/** One sentence: the same octets, the same meaning, or what is other. */
export function verdict(parts: Part[], sameOctets: boolean): string {
  if (sameOctets) return 'The same octets.'
  const other = parts.filter((one) => one.verdict === 'other').map(({ what }) => what)
  if (other.length === 0) return 'Other octets, the same meaning.'
  return `Another meaning: ${other.slice(0, 6).join(', ')}${other.length > 6 ? ` and ${other.length - 6} more` : ''}.`
}

function part(what: string, left: string, right: string, at: [number, number], freely = false): Part {
  if (left === right) return { what, left, right, verdict: 'same', at }
  return freely
    ? { what, left, right, verdict: 'spelled', how: 'means nothing to readers', at }
    : { what, left, right, verdict: 'other', at }
}

/** Fields of one name beside those of the same name: their order is part of what they mean. */
function fieldsOf(what: string, left: Field[], right: Field[]): Part[] {
  const [ones, others] = [byName(left), byName(right)]
  return [...new Set([...ones.keys(), ...others.keys()])].map((name) => {
    const [one, other] = [ones.get(name) ?? [], others.get(name) ?? []]
    const values = (fields: Field[]) => fields.map(({ value }) => value).join(', ')
    const shown = (fields: Field[]) => (fields.length === 0 ? '–' : values(fields))
    const title = `${what} ${(one[0] ?? other[0])?.name}`
    const at: [number, number] = [one[0]?.at ?? -1, other[0]?.at ?? -1]
    const base = { what: title, left: shown(one), right: shown(other), at }
    const lines = (fields: Field[]) => fields.map(({ line }) => line).join('')
    const alike =
      one.length === other.length && one.every(({ value }, index) => value === other[index]?.value)
    const joins = one.length > 0 && other.length > 0 && !ALONE.has(name)
    if (!alike && !(joins && values(one) === values(other))) return { ...base, verdict: 'other' as const }
    if (lines(one) === lines(other)) return { ...base, verdict: 'same' as const }
    const how = !alike
      ? 'in one line or several'
      : one.some((field, index) => field.name !== other[index]?.name)
        ? 'case of the name'
        : 'whitespace, folds or line ends'
    return { ...base, verdict: 'spelled' as const, how }
  })
}

function byName(fields: Field[]): Map<string, Field[]> {
  const all = new Map<string, Field[]>()
  for (const field of fields) {
    const name = field.name.toLowerCase()
    const lines = all.get(name)
    if (lines) lines.push(field)
    else all.set(name, [field])
  }
  return all
}

function order(left: Field[], right: Field[]): Part[] {
  const [one, other] = [[...byName(left).keys()], [...byName(right).keys()]]
  const both = (all: string[], kept: string[]) => {
    const names = new Set(kept)
    return all.filter((name) => names.has(name)).join(', ')
  }
  if (both(one, other) === both(other, one)) return []
  return [
    {
      what: 'order of the fields',
      left: one.join(', '),
      right: other.join(', '),
      verdict: 'spelled',
      how: 'fields of different names may stand in any order',
      at: [left[0]?.at ?? -1, right[0]?.at ?? -1],
    },
  ]
}

function framing(left: Read, right: Read): Part {
  const base = {
    what: 'framing',
    left: framed(left),
    right: framed(right),
    at: [left.bodyAt, right.bodyAt] as [number, number],
  }
  const same = left.framing === right.framing && String(left.chunks) === String(right.chunks)
  if (same) return { ...base, verdict: 'same' }
  return { ...base, verdict: 'spelled', how: 'what delimits a body is no part of it' }
}

function framed({ framing, chunks }: Read): string {
  return framing === 'chunked' ? `chunked: ${chunks.slice(0, 100).join(', ') || 'no chunk'}` : framing
}

function octets(what: string, left: Uint8Array, right: Uint8Array, at: [number, number]): Part {
  const differs = firstDifference(left, right)
  return {
    what,
    left: sizeOf(left.length),
    right: sizeOf(right.length),
    verdict: differs < 0 ? 'same' : 'other',
    ...(differs < 0 ? {} : { how: `from octet ${differs} of it on` }),
    at,
  }
}

function sizeOf(length: number): string {
  return length === 0 ? 'none' : count(length)
}

function read(inspected: Inspected, index: number): Read {
  const { columns } = inspected
  const result: Read = {
    parts: new Map(),
    fields: [],
    trailers: [],
    framing: 'no message',
    chunks: [],
    extensions: '',
    junk: '',
    body: new Uint8Array(),
    bodyAt: -1,
    end: 'no message',
  }
  const message = columns.messages[index]
  if (!message) return result
  const body = bodyOf(inspected, index)
  result.framing = message.framing
  const answers = message.answers === undefined ? '' : `, answers message ${message.answers + 1}`
  result.end = `${message.whole ? 'whole' : 'cut short'}, ${message.keepAlive ? 'the connection persists' : 'the connection ends'}${answers}`
  result.body = join(inspected, body, body.length)
  if (body.chunked) result.chunks = body.pieces.map(({ start, end }) => end - start)
  result.bodyAt = body.pieces[0]?.start ?? message.headEnd
  let fields = result.fields
  let field: Field | undefined
  for (let node = message.node + 1; node < (columns.after[message.node] as number); node++) {
    const kind = inspected.kind(node)
    const text = () => latin1(inspected.octets.subarray(inspected.start(node), inspected.end(node)))
    // What stands behind the body is a trailer section.
    if (kind === 'message-body') fields = result.trailers
    if (kind === 'field-line') {
      field = { name: '', value: '', line: text(), at: inspected.start(node) }
    } else if (kind === 'junk') {
      result.junk += `${text()}\n`
    } else if (kind.startsWith('chunk-ext')) {
      result.extensions += `${kind === 'chunk-ext-name' ? ';' : '='}${text()}`
    } else if (kind === 'field-name' && field) {
      field.name = text()
      fields.push(field)
    } else if (kind === 'field-value' && field) field.value = inspected.text(node, Number.POSITIVE_INFINITY)
    else if (['method', 'request-target', 'HTTP-version', 'status-code', 'reason-phrase'].includes(kind))
      result.parts.set(kind, { text: text(), at: inspected.start(node) })
  }
  return result
}
