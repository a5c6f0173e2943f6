// The octets that may still have to be shown: those behind the last leaf that was told, as far as they are kept.

/** What is kept of octets of which nobody knows yet what they are: more than a head may have. */
const KEPT = 262_144

export class Window {
  /** Where `octets` begins in the stream. */
  private start = 0
  private octets: Buffer = Buffer.alloc(0)
  /** Where the latest piece begins; between it and the octets kept some may be missing. */
  private latestStart = 0
  private latest: Buffer = Buffer.alloc(0)

  /** Takes in the next piece of the stream. */
  add(piece: Buffer): void {
    this.latestStart += this.latest.length
    this.latest = piece
  }

  /** The octets from `start` on, as far as they are kept, and no further than `end`. */
  read(start: number, end: number): Buffer {
    const first = this.octets.subarray(Math.max(start - this.start, 0), Math.max(end - this.start, 0))
    const second = this.latest.subarray(
      Math.max(start - this.latestStart, 0),
      Math.max(end - this.latestStart, 0),
    )
    const together = start + first.length >= this.latestStart
    if (first.length === 0 && start < this.latestStart) return Buffer.alloc(0)
    return together ? Buffer.concat([first, second]) : first
  }

  /** The first octet that is kept. */
  get from(): number {
    return this.start
  }

  /** Octets before this one are not asked for any more; called when all events of the latest piece are seen. */
  forget(before: number): void {
    const end = this.latestStart + this.latest.length
    this.octets = Buffer.from(this.read(before, Math.min(end, before + KEPT)))
    this.start = before
    this.latestStart = end
    this.latest = Buffer.alloc(0)
  }
}
