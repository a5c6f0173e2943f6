// What the page and its worker say to each other.

import type { Finding, InspectedMessage, InspectKind, LeniencyName, Reading } from 'h1wire'
import type { FormatName } from 'h1wire/convert'
import type { Parts, Unmade } from './build/form.js'
import type { Made } from './build/make.js'
import type { Alignment } from './compare/align.js'

/** How octets are to be read. */
export interface How {
  kind: InspectKind
  lenient: LeniencyName[]
}

/** What the page asks; each is answered with the same `id`, unless octets came that make it void. */
export type Question =
  | { ask: 'inspect'; id: number; octets: Uint8Array; how: How }
  | { ask: 'readings'; id: number }
  | { ask: 'steps'; id: number }
  | { ask: 'take'; id: number; input: Uint8Array; name: string }
  | { ask: 'make'; id: number; parts: Parts }
  | {
      ask: 'unmake'
      id: number
      octets: Uint8Array
      kind: 'request' | 'response'
      how: How
      method: string | undefined
    }
  | { ask: 'align'; id: number; left: Uint8Array; right: Uint8Array }
  | {
      ask: 'give'
      id: number
      octets: Uint8Array
      format: FormatName
      how: How
      method: string | undefined
    }

/** What the worker answers. */
export type Answer =
  | { id: number; tell: 'progress'; octets: number }
  | { id: number; tell: 'inspected'; columns: Columns }
  | { id: number; tell: 'readings'; readings: Seen[] }
  | { id: number; tell: 'steps'; steps: Steps }
  | { id: number; tell: 'taken'; taken: Taken }
  | { id: number; tell: 'made'; made: Made }
  | { id: number; tell: 'unmade'; unmade: Unmade | string }
  | { id: number; tell: 'aligned'; alignment: Alignment }
  | { id: number; tell: 'given'; text: string; notes: string[] }
  | { id: number; tell: 'failed'; message: string }

/** The tree in preorder, a column for each property, so that millions of nodes pass between threads without a copy. */
export interface Columns {
  /** Names and rules of kinds; `kind` counts in it. */
  kinds: { kind: string; rule: string }[]
  kind: Uint8Array
  depth: Uint8Array
  start: Uint32Array
  end: Uint32Array
  /** The node that follows the whole of this one. */
  after: Uint32Array
  /** What folded values read as, by node. */
  folded: Map<number, string>
  messages: (InspectedMessage & { node: number })[]
  findings: Finding[]
}

/** What input was taken for, and what it stands for: nothing if it is octets as they are, or was refused. */
export interface Taken {
  format: FormatName
  streams: { of: 'octets' | 'requests' | 'responses'; octets: Uint8Array<ArrayBuffer> }[]
  notes: string[]
  refused?: string
}

/** What some readers see alike. */
export interface Seen extends Pick<Reading, 'messages' | 'refusal' | 'switched'> {
  readers: Pick<Reading, 'profile' | 'does'>[]
  /** How many messages there are; `messages` are the first of them. */
  count: number
}

/** Something that a parser reported when it had read `octets` octets. */
export interface Step {
  octets: number
  type: 'head' | 'body' | 'end' | 'error' | 'tolerated' | 'upgrade'
  says: string
}

/** What a parser is at. */
export const STATES = ['between messages', 'in a head', 'in a body', 'stopped', 'switched'] as const

/** All that was reported, and by number of octets read which of STATES the parser is in that had the last one. */
export interface Steps {
  steps: Step[]
  states: Uint8Array
}
