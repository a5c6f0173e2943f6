// How far a long input or output has got, on stderr where it is a terminal.

const FIRST_AFTER = 1_000
const EVERY = 200

/** The same pieces; while they are under way a line on stderr says how many octets they were. */
export async function* withProgress(
  verb: string,
  pieces: AsyncIterable<Buffer>,
  total?: number,
): AsyncGenerator<Buffer> {
  const progress = Progress.ifSeen(verb, total)
  try {
    for await (const piece of pieces) {
      yield piece
      progress?.count(piece.length)
    }
  } finally {
    progress?.clear()
  }
}

/** A line that is written over itself. */
export class Progress {
  private octets = 0
  private readonly start = performance.now()
  private next = this.start + FIRST_AFTER
  private shown = false

  private constructor(
    private readonly verb: string,
    private readonly total: number | undefined,
  ) {}

  /** One, if somebody sees it: stderr is a terminal, and stdout is not, which would write into the line. */
  static ifSeen(verb: string, total?: number): Progress | undefined {
    return process.stderr.isTTY && !process.stdout.isTTY ? new Progress(verb, total) : undefined
  }

  count(octets: number): void {
    this.octets += octets
    const now = performance.now()
    if (now < this.next) return
    this.next = now + EVERY
    this.shown = true
    const rate = this.octets / ((now - this.start) / 1_000)
    const of = this.total === undefined ? '' : ` of ${size(this.total)}`
    process.stderr.write(`\r\x1b[K${size(this.octets)}${of} ${this.verb}, ${size(rate)}/s`)
  }

  /** Takes the line away. */
  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K')
    this.shown = false
  }
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A number of octets for people: `12 B`, `3.4 MB`. */
function size(octets: number): string {
  let value = octets
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}
