// An input inspected: as a whole if it is short, so that findings are known before what they are about; else as it comes.

import { type Finding, type InspectOptions, Inspector, type InspectorEvent } from '../../index.js'
import { pieces } from '../input.js'
import { withProgress } from '../progress.js'
import type { Reading } from '../reading.js'

/** Inputs up to this many octets are read whole. */
const SHORT = 1_048_576

/** A part of an input, and what an inspector tells of it. */
export interface Told {
  readonly piece: Buffer
  readonly events: readonly InspectorEvent[]
}

/** Inspects a file or stdin, piece by piece; the last piece has no octets. */
export async function* inspected(file: string, reading: Reading): AsyncGenerator<Told> {
  const inspector = new Inspector(optionsOf(reading))
  const input = withProgress('read', pieces(file))
  const start: Buffer[] = []
  let length = 0
  for await (const piece of input) {
    length += piece.length
    start.push(piece)
    if (length <= SHORT) continue
    for (const earlier of start.splice(0)) yield { piece: earlier, events: inspector.push(earlier) }
  }
  if (length > SHORT) return yield { piece: Buffer.alloc(0), events: inspector.end() }
  const piece = Buffer.concat(start)
  const events = [...inspector.push(piece), ...inspector.end()]
  yield { piece, events: [...early(events), ...events.filter(({ type }) => !isEarly(type))] }
}

function optionsOf({ kind, options, methods }: Reading): InspectOptions {
  const { lenient } = options
  return {
    kind: kind ?? 'auto',
    ...(lenient === undefined ? {} : { lenient }),
    ...(methods.length === 0 ? {} : { requestMethods: methods }),
  }
}

/** What is about octets, and is to be known before them: findings by offset, and what structured fields say. */
function early(events: readonly InspectorEvent[]): InspectorEvent[] {
  const findings = findingsIn(events).sort((one, other) => one.start - other.start)
  return [
    ...findings.map((finding): InspectorEvent => ({ type: 'finding', finding })),
    ...events.filter(({ type }) => type === 'structured'),
  ]
}

function isEarly(type: InspectorEvent['type']): boolean {
  return type === 'finding' || type === 'structured'
}

/** The findings among events. */
export function findingsIn(events: readonly InspectorEvent[]): Finding[] {
  return events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []))
}

/** How many findings there were, by severity. */
export class Count {
  readonly of: Record<Finding['severity'], number> = { error: 0, warning: 0, note: 0 }

  add(findings: readonly Finding[]): void {
    for (const { severity } of findings) this.of[severity]++
  }

  /** In words. */
  get text(): string {
    const parts = Object.entries(this.of)
      .filter(([, count]) => count > 0)
      .map(([severity, count]) => `${count} ${severity}${count === 1 ? '' : 's'}`)
    return parts.length === 0 ? 'nothing found' : parts.join(', ')
  }
}
