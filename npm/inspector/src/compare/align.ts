// Two rows of octets, aligned: lines first, then the octets of lines that differ.
//
// Both by Myers' algorithm (An O(ND) Difference Algorithm and Its Variations, 1986), which takes as many steps as
// things differ. Where that are too many, what lies between the same beginning and the same end counts as replaced.

/** More differences than these between lines, or between the octets of a line, are not looked for one by one. */
const MOST = { lines: 1500, octets: 400 }
/** So many steps are taken for all lines, and in all of them together. */
const STEPS = 200_000_000
/** More lines on a side are not compared: their table would not fit into memory. */
const LINES = 4_000_000
/** Blocks of lines up to this product of their heights are paired by likeness, larger ones in order. */
const PAIRED = 2500

/** What was found. */
export interface Alignment {
  /** Lines side by side, four numbers each: start and end on the left, start and end on the right. */
  lines: Uint32Array
  /** By octet: whether the other side lacks it. */
  left: Uint8Array
  right: Uint8Array
  /** How many runs of lines differ. */
  differences: number
  /** Whether something counts as replaced that was not looked at octet by octet. */
  coarse: boolean
}

/** A part of the one that stands for a part of the other. */
interface Block {
  left: [number, number]
  right: [number, number]
}

/** Aligns them. */
export function align(left: Uint8Array, right: Uint8Array): Alignment {
  const [leftLines, rightLines] = [linesOf(left), linesOf(right)]
  if (Math.max(leftLines.length, rightLines.length) > LINES)
    throw new Error(`there are more than ${LINES.toLocaleString('en')} lines`)
  const numbers = new Map<string, number>()
  const [a, b] = [numbered(left, leftLines, numbers), numbered(right, rightLines, numbers)]
  const found = differences(a, b, MOST.lines, { left: STEPS })
  const effort = { left: STEPS }
  const result = {
    left: new Uint8Array(left.length),
    right: new Uint8Array(right.length),
    differences: found.blocks.length,
    coarse: found.coarse,
  }
  const rows: number[] = []
  const put = (one: number | undefined, other: number | undefined) => {
    const [l0, l1] = bounds(leftLines, one)
    const [r0, r1] = bounds(rightLines, other)
    rows.push(l0, l1, r0, r1)
    return [left.subarray(l0, l1), right.subarray(r0, r1), l0, r0] as const
  }
  let [at, to] = [0, 0]
  for (const block of [...found.blocks, { left: [a.length, a.length], right: [b.length, b.length] }]) {
    while (at < (block.left[0] as number)) put(at++, to++)
    for (const [one, other] of paired(left, leftLines, right, rightLines, block as Block)) {
      const [l, r, l0, r0] = put(one, other)
      const within = differences(l, r, MOST.octets, effort)
      result.coarse ||= within.coarse
      for (const inner of within.blocks) {
        result.left.fill(1, l0 + inner.left[0], l0 + inner.left[1])
        result.right.fill(1, r0 + inner.right[0], r0 + inner.right[1])
      }
    }
    ;[at, to] = [block.left[1] as number, block.right[1] as number]
  }
  return { ...result, lines: Uint32Array.from(rows) }
}

/** Where each line begins, and behind them where the last one ends: behind each LF. */
function linesOf(octets: Uint8Array): number[] {
  const lines = [0]
  for (let end = octets.indexOf(0x0a) + 1; end > 0; end = octets.indexOf(0x0a, end) + 1) lines.push(end)
  if (lines.at(-1) !== octets.length) lines.push(octets.length)
  return lines
}

function bounds(lines: number[], line: number | undefined): [number, number] {
  return line === undefined ? [0, 0] : [lines[line] as number, lines[line + 1] as number]
}

/** A number for each line, the same for the same octets. */
function numbered(octets: Uint8Array, lines: number[], numbers: Map<string, number>): Int32Array {
  const text = new TextDecoder('latin1')
  return Int32Array.from({ length: lines.length - 1 }, (_, line) => {
    const key = text.decode(octets.subarray(...bounds(lines, line)))
    const known = numbers.get(key) ?? numbers.size
    numbers.set(key, known)
    return known
  })
}

/** What of `a` has to be replaced by what of `b`, in order. */
export function differences(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  most: number,
  effort = { left: Number.POSITIVE_INFINITY },
): { blocks: Block[]; coarse: boolean } {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [aEnd, bEnd] = [a.length, b.length]
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--
    bEnd--
  }
  if (start === aEnd && start === bEnd) return { blocks: [], coarse: false }
  const whole: Block = { left: [start, aEnd], right: [start, bEnd] }
  if (start === aEnd || start === bEnd) return { blocks: [whole], coarse: false }
  const path = shortest(a, b, whole, most, effort)
  return path ? { blocks: path, coarse: false } : { blocks: [whole], coarse: true }
}

/** The blocks of a shortest script; undefined if it is longer than `most`, or takes more steps than are left. */
function shortest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { left, right }: Block,
  most: number,
  effort: { left: number },
): Block[] | undefined {
  const [n, m] = [left[1] - left[0], right[1] - right[0]]
  const limit = Math.min(most, n + m)
  const centre = limit + 1
  const reach = new Int32Array(2 * limit + 3)
  const trace: Int32Array[] = []
  for (let d = 0; d <= limit && effort.left > 0; d++) {
    effort.left -= 2 * d + 1
    trace.push(reach.slice(centre - d - 1, centre + d + 2))
    for (let k = -d; k <= d && effort.left > 0; k += 2) {
      const down =
        k === -d || (k !== d && (reach[centre + k - 1] as number) < (reach[centre + k + 1] as number))
      let x = down ? (reach[centre + k + 1] as number) : (reach[centre + k - 1] as number) + 1
      const from = x
      while (x < n && x - k < m && a[left[0] + x] === b[right[0] + x - k]) x++
      effort.left -= x - from
      reach[centre + k] = x
      if (x >= n && x - k >= m) return backwards(trace, [n, m], [left[0], right[0]])
    }
  }
  return undefined
}

/** From the end back to the beginning, what was passed over together into blocks. */
function backwards(trace: Int32Array[], [n, m]: [number, number], [left, right]: [number, number]): Block[] {
  const blocks: Block[] = []
  let [x, y] = [n, m]
  for (let d = trace.length - 1; d > 0; d--) {
    const reach = trace[d] as Int32Array
    // The middle of what was kept is the diagonal 0.
    const at = (k: number) => reach[k + d + 1] as number
    const k = x - y
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1))
    const fromX = down ? at(k + 1) : at(k - 1)
    const fromY = fromX - (down ? k + 1 : k - 1)
    const [toX, toY] = down ? [fromX, fromY + 1] : [fromX + 1, fromY]
    const last = blocks[0]
    if (last && last.left[0] === left + toX && last.right[0] === right + toY) {
      last.left[0] = left + fromX
      last.right[0] = right + fromY
    } else {
      blocks.unshift({ left: [left + fromX, left + toX], right: [right + fromY, right + toY] })
    }
    ;[x, y] = [fromX, fromY]
  }
  return blocks
}

type Pair = [number | undefined, number | undefined]

/** The lines of a block side by side: those that are most alike, in order; the others alone. */
function paired(
  left: Uint8Array,
  leftLines: number[],
  right: Uint8Array,
  rightLines: number[],
  block: Block,
): Pair[] {
  const [a, b] = [range(block.left), range(block.right)]
  if (a.length * b.length > PAIRED || a.length === 0 || b.length === 0) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, at): Pair => [a[at], b[at]])
  }
  const likeness = (i: number, j: number) =>
    alike(left.subarray(...bounds(leftLines, a[i])), right.subarray(...bounds(rightLines, b[j])))
  const width = b.length + 1
  const best = new Float64Array((a.length + 1) * width)
  const together = new Float64Array(best.length)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      together[at] = likeness(i, j) + (best[at + width + 1] as number)
      best[at] = Math.max(together[at] as number, best[at + width] as number, best[at + 1] as number)
    }
  }
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const at = i * width + j
    const both = i < a.length && j < b.length
    if (both && together[at] === best[at] && likeness(i, j) > 0) pairs.push([a[i++], b[j++]])
    else if (j >= b.length || (both && best[at] === best[at + width])) pairs.push([a[i++], undefined])
    else pairs.push([undefined, b[j++]])
  }
  return pairs
}

/** How alike two lines are: the share of what they begin and end with alike, if it is more than a third. */
function alike(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a[start] === b[start]) start++
  let end = 0
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const share = (start + end) / Math.max(a.length, b.length)
  return share > 1 / 3 ? share : 0
}

function range([from, to]: [number, number]): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}
