// Octets and the tree over them: which node an octet belongs to, which nodes hold a node, what is marked.

import type { Finding } from 'h1wire'
import type { Columns } from '../protocol.js'

/** How bad a mark is, from 0 for none. */
const MARKS = { note: 1, warning: 2, error: 3 } as const
/** Findings about more octets than this are marked at their first octet alone: they are about a whole message. */
const MARKED = 512

/** What is selected or pointed at: some octets, the node they are, and the one octet that was meant. */
export interface Place {
  start: number
  end: number
  node: number
  octet: number
}

export class Inspected {
  readonly octets: Uint8Array
  readonly columns: Columns
  /** The nodes that hold octets and no nodes, in order. */
  readonly leaves: Uint32Array
  /** How bad what was found at each octet is. */
  readonly marks: Uint8Array

  constructor(octets: Uint8Array, columns: Columns) {
    this.octets = octets
    this.columns = columns
    this.leaves = leavesOf(columns)
    this.marks = marksOf(columns.findings, octets.length)
  }

  kind(node: number): string {
    return this.columns.kinds[this.columns.kind[node] as number]?.kind ?? 'junk'
  }

  rule(node: number): string {
    return this.columns.kinds[this.columns.kind[node] as number]?.rule ?? ''
  }

  start(node: number): number {
    return this.columns.start[node] as number
  }

  end(node: number): number {
    return this.columns.end[node] as number
  }

  isLeaf(node: number): boolean {
    return this.columns.after[node] === node + 1
  }

  /** Where among the leaves the one with this octet stands. */
  leafIndex(octet: number): number {
    let [low, high] = [0, this.leaves.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.start(this.leaves[middle] as number) <= octet) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The place of the leaf with this octet; undefined where there is none. */
  at(octet: number): Place | undefined {
    if (octet < 0 || octet >= this.octets.length || this.leaves.length === 0) return undefined
    return this.placeOf(this.leaves[this.leafIndex(octet)] as number, octet)
  }

  /** The place behind the last octet, where more can be written. */
  get behind(): Place {
    const end = this.octets.length
    return { start: end, end, node: -1, octet: end }
  }

  placeOf(node: number, octet = this.start(node)): Place {
    return { start: this.start(node), end: this.end(node), node, octet }
  }

  /** The place of a finding: its octets, and the node that they are, or begin in. */
  placeOfFinding({ start, end }: Finding): Place {
    const octet = Math.min(start, Math.max(0, this.octets.length - 1))
    const leaf = this.at(octet)?.node ?? -1
    const whole =
      leaf < 0 ? undefined : this.path(leaf).find((one) => this.start(one) === start && this.end(one) === end)
    const node = whole ?? leaf
    return { start, end: Math.max(end, Math.min(start + 1, this.octets.length)), node, octet }
  }

  /** The nodes from the outermost that hold this one, and itself. */
  path(node: number): number[] {
    const { depth } = this.columns
    const path = [node]
    for (let at = node, above = depth[node] as number; above > 0 && at >= 0; at--) {
      if ((depth[at] as number) >= above) continue
      path.unshift(at)
      above = depth[at] as number
    }
    return path
  }

  /** What a node reads as: its octets as latin-1, folds as one SP; at most `most` of them. */
  text(node: number, most = 200): string {
    const folded = this.columns.folded.get(node)
    if (folded !== undefined && !this.isLeaf(node)) return folded.slice(0, most)
    return latin1(this.octets.subarray(this.start(node), Math.min(this.end(node), this.start(node) + most)))
  }

  /** The message that a node is in, counted from 0; -1 for what lies between. */
  messageOf(node: number): number {
    const root = this.path(node)[0]
    return this.columns.messages.findIndex((message) => message.node === root)
  }
}

/** Octets as characters, one each. */
export function latin1(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}

function leavesOf({ start, end, after }: Columns): Uint32Array {
  const leaves: number[] = []
  for (let node = 0; node < start.length; node++) {
    if (after[node] === node + 1 && (end[node] as number) > (start[node] as number)) leaves.push(node)
  }
  return Uint32Array.from(leaves)
}

function marksOf(findings: Finding[], length: number): Uint8Array {
  const marks = new Uint8Array(length)
  for (const { start, end, severity, reader } of findings) {
    const last = reader || end - start > MARKED ? start + 1 : Math.max(end, start + 1)
    for (let at = start; at < last && at < length; at++) {
      marks[at] = Math.max(marks[at] as number, MARKS[severity])
    }
  }
  return marks
}
