// Octets cut into rows of text: behind each line end, between messages, and at the width of the view.

import type { Inspected } from './inspected.js'

/** Where each row begins, and behind them where the last one ends. */
export function textRows(inspected: Inspected, columns: number): Uint32Array {
  const { octets, leaves } = inspected
  const rows = [0]
  let begin = 0
  const cut = (at: number) => {
    if (at > begin) rows.push(at)
    begin = at
  }
  const begins = inspected.columns.messages.map((message) => message.start)
  let next = 0
  for (const leaf of leaves) {
    const [start, end] = [inspected.start(leaf), inspected.end(leaf)]
    if (inspected.columns.depth[leaf] === 0) cut(start)
    for (; (begins[next] ?? octets.length) <= start; next++) cut(start)
    for (let at = start; at < end; at++) {
      if (at - begin >= columns) cut(at)
      if (octets[at] === 0x0a) cut(at + 1)
    }
    // A CR alone ends a line for whoever reads it as one.
    if (end > start && inspected.kind(leaf) === 'line-end') cut(end)
  }
  cut(octets.length)
  return Uint32Array.from(rows)
}

/** The row with this octet. */
export function rowOf(rows: Uint32Array, octet: number): number {
  let [low, high] = [0, Math.max(0, rows.length - 2)]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((rows[middle] as number) <= octet) low = middle
    else high = middle - 1
  }
  return low
}

/** A run of octets in a row that look alike. */
export interface Run {
  start: number
  end: number
  leaf: number
  mark: number
  chosen: boolean
  pointed: boolean
}

/** The octets from `start` to `end` in runs: of one leaf, marked alike, all or none of them chosen or pointed at. */
export function runsOf(
  inspected: Inspected,
  [start, end]: [number, number],
  chosen: { start: number; end: number } | undefined,
  pointed: { start: number; end: number } | undefined,
): Run[] {
  const runs: Run[] = []
  let index = inspected.leafIndex(start)
  let run: Run | undefined
  for (let at = start; at < end; at++) {
    while (inspected.end(inspected.leaves[index] as number) <= at) index++
    const leaf = inspected.leaves[index] as number
    const mark = inspected.marks[at] as number
    const isChosen = chosen !== undefined && at >= chosen.start && at < chosen.end
    const isPointed = pointed !== undefined && at >= pointed.start && at < pointed.end
    if (
      run &&
      run.leaf === leaf &&
      run.mark === mark &&
      run.chosen === isChosen &&
      run.pointed === isPointed
    ) {
      run.end = at + 1
    } else {
      run = { start: at, end: at + 1, leaf, mark, chosen: isChosen, pointed: isPointed }
      runs.push(run)
    }
  }
  return runs
}
