// Clock: one timer for all connections that need about the same precision.
//
// A timer of its own would cost each connection more than all else that time asks of it. So time is told by ticks:
// whoever measures with `now` is off by one interval at most, and has to allow for it.

/** Who is told the time. */
export interface Ticking {
  /** It is `now` milliseconds; `elapsed` have passed since it was last told. */
  tick(now: number, elapsed: number): void
}

const clocks = new Map<number, Clock>()

/** Ticks while it has members, and keeps no process alive. */
export class Clock {
  /** Milliseconds, as of the last tick. */
  now = performance.now()
  /** Milliseconds between two ticks. */
  readonly interval: number
  readonly #members = new Set<Ticking>()
  #timer: NodeJS.Timeout | undefined

  /** The clock with this interval: there is one of each. */
  static of(interval: number): Clock {
    let clock = clocks.get(interval)
    if (clock === undefined) {
      clock = new Clock(interval)
      clocks.set(interval, clock)
    }
    return clock
  }

  private constructor(interval: number) {
    this.interval = interval
  }

  add(member: Ticking): void {
    this.#members.add(member)
    if (this.#timer !== undefined) return
    this.now = performance.now()
    this.#timer = setInterval(this.#tick, this.interval)
    this.#timer.unref()
  }

  delete(member: Ticking): void {
    if (!this.#members.delete(member) || this.#members.size !== 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  readonly #tick = (): void => {
    const now = performance.now()
    const elapsed = now - this.now
    this.now = now
    for (const member of this.#members) member.tick(now, elapsed)
  }
}
