// PendingHeads: connections of a server that owe it the rest of a head, so that there are never too many of them.
//
// Without a bound for all together, clients that send slowly could each stay within the time of one, and take all memory
// or sockets there are.

/** Somebody who waits for a head. */
export interface WaitsForHead {
  /** It has waited long enough, as there are others. */
  expire(): void
}

export class PendingHeads {
  readonly #most: number
  /** The one that has waited longest comes first. */
  readonly #waiting = new Set<WaitsForHead>()

  constructor(most: number) {
    this.#most = most
  }

  add(one: WaitsForHead): void {
    this.#waiting.add(one)
    if (this.#waiting.size <= this.#most) return
    const [oldest] = this.#waiting as Iterable<WaitsForHead> as [WaitsForHead]
    this.#waiting.delete(oldest)
    oldest.expire()
  }

  delete(one: WaitsForHead): void {
    this.#waiting.delete(one)
  }
}
