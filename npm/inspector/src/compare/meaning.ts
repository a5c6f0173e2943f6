// What a reader makes of two messages, part by part. All of it comes from the inspector's tree.

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
  /** As much of it as is decoded, and how long it is. */
  body: Uint8Array
  bodyLength: number
  bodyAt: number
  findings: string[]
}

interface Field {
  name: string
  value: string
  /** The octets of the line. */
  line: string
  at: number
}

/** All parts of the messages that both sides begin with, and how many messages there are. */
export function meaning(left: Inspected, right: Inspected): Part[] {
  const [l, r] = [read(left), read(right)]
  const parts: Part[] = [
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
    bodies(l, r),
    ...fieldsOf('trailer field', l.trailers, r.trailers),
    part('findings', l.findings.join(', ') || 'none', r.findings.join(', ') || 'none', [0, 0], true),
    part('messages', String(left.columns.messages.length), String(right.columns.messages.length), [0, 0]),
  ]
  return parts
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
  const names = new Set([...left, ...right].map(({ name }) => name.toLowerCase()))
  return [...names].map((name) => {
    const [one, other] = [left, right].map((all) =>
      all.filter((field) => field.name.toLowerCase() === name),
    ) as [Field[], Field[]]
    const values = (fields: Field[]) => fields.map(({ value }) => value).join(', ')
    const shown = (fields: Field[]) => (fields.length === 0 ? '–' : values(fields))
    const title = `${what} ${(one[0] ?? other[0])?.name}`
    const at: [number, number] = [one[0]?.at ?? -1, other[0]?.at ?? -1]
    const base = { what: title, left: shown(one), right: shown(other), at }
    const lines = (fields: Field[]) => fields.map(({ line }) => line).join('')
    // One Set-Cookie cannot be told from two that are joined (RFC 9110 section 5.3).
    const joins = name !== 'set-cookie'
    const same =
      one.length > 0 &&
      other.length > 0 &&
      values(one) === values(other) &&
      (joins || one.length === other.length)
    if (!same) return { ...base, verdict: 'other' as const }
    if (lines(one) === lines(other)) return { ...base, verdict: 'same' as const }
    const how =
      one.length !== other.length
        ? 'in one line or several'
        : one.some((field, index) => field.name !== other[index]?.name)
          ? 'case of the name'
          : 'whitespace, folds or line ends'
    return { ...base, verdict: 'spelled' as const, how }
  })
}

function order(left: Field[], right: Field[]): Part[] {
  const names = (fields: Field[]) => [...new Set(fields.map(({ name }) => name.toLowerCase()))]
  const [one, other] = [names(left), names(right)]
  const both = (all: string[], kept: string[]) => all.filter((name) => kept.includes(name)).join(', ')
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
    left: left.framing,
    right: right.framing,
    at: [left.bodyAt, right.bodyAt] as [number, number],
  }
  if (left.framing === right.framing) return { ...base, verdict: 'same' }
  return { ...base, verdict: 'spelled', how: 'what delimits a body is no part of it' }
}

function bodies(left: Read, right: Read): Part {
  const first = firstDifference(left.body, right.body)
  const differs = first < 0 && left.bodyLength !== right.bodyLength ? left.body.length : first
  const size = ({ bodyLength }: Read) => (bodyLength === 0 ? 'none' : count(bodyLength))
  return {
    what: 'body',
    left: size(left),
    right: size(right),
    verdict: differs < 0 ? 'same' : 'other',
    ...(differs < 0 ? {} : { how: `from its octet ${differs} on` }),
    at: [left.bodyAt, right.bodyAt],
  }
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const least = Math.min(a.length, b.length)
  for (let at = 0; at < least; at++) if (a[at] !== b[at]) return at
  return a.length === b.length ? -1 : least
}

function read(inspected: Inspected): Read {
  const { columns } = inspected
  const result: Read = {
    parts: new Map(),
    fields: [],
    trailers: [],
    framing: 'no message',
    body: new Uint8Array(),
    bodyLength: 0,
    bodyAt: -1,
    findings: [...new Set(columns.findings.map(({ code }) => code))].sort(),
  }
  const [message] = columns.messages
  if (!message) return result
  const body = bodyOf(inspected, 0)
  result.framing = message.framing
  result.body = join(inspected, body)
  result.bodyLength = body.length
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
      fields.push(field)
    } else if (kind === 'field-name' && field) field.name = text()
    else if (kind === 'field-value' && field) field.value = inspected.text(node, Number.POSITIVE_INFINITY)
    else if (['method', 'request-target', 'HTTP-version', 'status-code', 'reason-phrase'].includes(kind))
      result.parts.set(kind, { text: text(), at: inspected.start(node) })
  }
  return result
}
