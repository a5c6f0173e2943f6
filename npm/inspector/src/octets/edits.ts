// Octets changed in one place, and what they were before, so far as that can be kept.

import type { How } from '../protocol.js'

type Octets = Uint8Array<ArrayBuffer>

/** What can be gone back to: so many changes, of so many octets in all. */
const KEPT = { changes: 100, octets: 64 << 20 }

/** Octets, how they were read, and where the cursor was. */
export interface Version {
  octets: Octets
  how: How
  cursor?: number | undefined
}

/** The octets with `removed` of them at `at` replaced. */
export function splice(octets: Uint8Array, at: number, removed: number, added: ArrayLike<number>): Octets {
  const changed = new Uint8Array(octets.length - removed + added.length)
  changed.set(octets.subarray(0, at))
  changed.set(added, at)
  changed.set(octets.subarray(at + removed), at + added.length)
  return changed
}

/** Versions before this one, and those that were undone. Neither is changed: each step makes another history. */
export class History {
  readonly #before: readonly Version[]
  readonly #after: readonly Version[]
  /** Where a character would have to be typed to be one change with those typed last. */
  readonly #typedTo: number | undefined

  constructor(before: readonly Version[] = [], after: readonly Version[] = [], typedTo?: number) {
    this.#before = recent(before)
    this.#after = after
    this.#typedTo = typedTo
  }

  get canUndo(): boolean {
    return this.#before.length > 0
  }

  get canRedo(): boolean {
    return this.#after.length > 0
  }

  /** What was shown before this. */
  get last(): Version | undefined {
    return this.#before.at(-1)
  }

  /** Behind a change of this version; characters `typed` from one place to the next are one change. */
  changed(version: Version, typed?: { from: number; to: number }): History {
    const goesOn = typed !== undefined && typed.from === this.#typedTo
    return new History(goesOn ? this.#before : [...this.#before, version], [], typed?.to)
  }

  /** The version before this one, and the history there. */
  undo(now: Version): [Version, History] | undefined {
    const last = this.#before.at(-1)
    return last && [last, new History(this.#before.slice(0, -1), [...this.#after, now])]
  }

  /** The version that was undone last, and the history there. */
  redo(now: Version): [Version, History] | undefined {
    const next = this.#after.at(-1)
    return next && [next, new History([...this.#before, now], this.#after.slice(0, -1))]
  }
}

/** The latest of these that can be kept. */
function recent(all: readonly Version[]): Version[] {
  let octets = 0
  return all
    .slice(-KEPT.changes)
    .reverse()
    .filter((one) => {
      octets += one.octets.length
      return octets <= KEPT.octets
    })
    .reverse()
}
