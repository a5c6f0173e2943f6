// Events of the inspector to columns: the tree as arrays.

import { type Finding, Inspector, type InspectorEvent } from 'h1wire'
import type { Columns, How } from './protocol.js'

const PIECE = 1 << 17

/** Inspects; `goOn` is told how far it is and says whether anybody waits still. Nobody does: undefined. */
export async function flatten(
  octets: Uint8Array,
  how: How,
  goOn: (octets: number) => boolean,
): Promise<Columns | undefined> {
  const inspector = new Inspector(how)
  const tree = new Flat()
  for (let at = 0; at < octets.length; at += PIECE) {
    for (const event of inspector.push(octets.subarray(at, at + PIECE))) tree.add(event)
    if (octets.length <= PIECE) break
    // The queue of messages is looked at, where a newer question may stand.
    await new Promise((resolve) => setTimeout(resolve))
    if (!goOn(Math.min(at + PIECE, octets.length))) {
      inspector.free()
      return undefined
    }
  }
  for (const event of inspector.end()) tree.add(event)
  return tree.columns()
}

class Flat {
  readonly #numbers = new Map<string, number>()
  readonly #kinds: Columns['kinds'] = []
  readonly #kind: number[] = []
  readonly #depth: number[] = []
  readonly #start: number[] = []
  readonly #end: number[] = []
  readonly #after: number[] = []
  readonly #folded = new Map<number, string>()
  readonly #messages: Columns['messages'] = []
  readonly #findings: Finding[] = []
  readonly #open: number[] = []
  #closed = 0

  add(event: InspectorEvent): void {
    switch (event.type) {
      case 'open':
        this.#open.push(this.#put(event, event.start, event.start))
        break
      case 'leaf':
        this.#put(event, event.start, event.end)
        break
      case 'close': {
        const node = this.#open.pop() as number
        this.#kind[node] = this.#number(event)
        this.#end[node] = event.end
        this.#after[node] = this.#kind.length
        if (event.text !== undefined) this.#folded.set(node, event.text)
        this.#closed = node
        break
      }
      case 'message':
        this.#messages.push({ ...event.message, node: this.#closed })
        break
      case 'finding':
        this.#findings.push(event.finding)
    }
  }

  columns(): Columns {
    return {
      kinds: this.#kinds,
      kind: Uint8Array.from(this.#kind),
      depth: Uint8Array.from(this.#depth),
      start: Uint32Array.from(this.#start),
      end: Uint32Array.from(this.#end),
      after: Uint32Array.from(this.#after),
      folded: this.#folded,
      messages: this.#messages,
      findings: this.#findings.sort((one, other) => one.start - other.start),
    }
  }

  #put(of: { kind: string; rule: string }, start: number, end: number): number {
    const node = this.#kind.push(this.#number(of)) - 1
    this.#depth.push(this.#open.length)
    this.#start.push(start)
    this.#end.push(end)
    this.#after.push(node + 1)
    return node
  }

  #number({ kind, rule }: { kind: string; rule: string }): number {
    const known = this.#numbers.get(kind)
    if (known !== undefined) return known
    this.#numbers.set(kind, this.#kinds.length)
    return this.#kinds.push({ kind, rule }) - 1
  }
}
