// Deadline: one timer for a connection, on which time is always running out for something else.
//
// Setting it anew costs a look at the clock: the timer is left to run, and looks, when it fires, for what is due then.

import { performance } from 'node:perf_hooks'

/** A moment after which something is called, unless it is put off or taken back before. */
export class Deadline {
  readonly #onDue: () => void
  #at = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #firesAt = Number.POSITIVE_INFINITY
  #isAlone = false

  constructor(onDue: () => void) {
    this.#onDue = onDue
  }

  /**
   * In so many milliseconds from now, in place of what was set before; never, for 0. A socket that stands keeps the
   * process going; while there is none, this does if `isAlone`.
   */
  set(milliseconds: number, isAlone = false): void {
    if (isAlone !== this.#isAlone) this.#keepGoing(isAlone)
    if (milliseconds === 0) {
      this.#at = Number.POSITIVE_INFINITY
      return
    }
    this.#at = performance.now() + milliseconds
    if (this.#at < this.#firesAt) this.#start(milliseconds)
  }

  /** Never, and no timer is left. */
  free(): void {
    this.#at = Number.POSITIVE_INFINITY
    clearTimeout(this.#timer)
  }

  #start(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#firesAt = performance.now() + milliseconds
    this.#timer = setTimeout(this.#fire, milliseconds)
    if (!this.#isAlone) this.#timer.unref()
  }

  #keepGoing(isAlone: boolean): void {
    this.#isAlone = isAlone
    if (isAlone) this.#timer?.ref()
    else this.#timer?.unref()
  }

  readonly #fire = (): void => {
    this.#firesAt = Number.POSITIVE_INFINITY
    if (this.#at === Number.POSITIVE_INFINITY) return
    const left = this.#at - performance.now()
    if (left >= 1) {
      this.#start(left)
      return
    }
    this.#at = Number.POSITIVE_INFINITY
    this.#onDue()
  }
}
