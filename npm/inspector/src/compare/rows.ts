// Two messages side by side, line beside line: what the other lacks is marked.

import { css, html, type PropertyValues, type TemplateResult } from 'lit'
import type { Inspected, Place } from '../octets/inspected.js'
import { lookOf } from '../octets/kinds.js'
import { runsOf } from '../octets/rows.js'
import { shown } from '../octets/shown.js'
import { RowView } from '../views/row-view.js'
import type { Alignment } from './align.js'

const COLUMN = 7.83

export class CompareRows extends RowView {
  static override properties = {
    ...RowView.properties,
    other: { attribute: false },
    alignment: { attribute: false },
    difference: { attribute: false },
  }

  static override styles = [
    RowView.styles,
    css`
      .row {
        left: 0;
        right: 0;
        width: auto;
        min-width: 0;
      }
      .side {
        flex: 1 1 0;
        min-width: 0;
        display: flex;
        overflow: hidden;
        border-left: 4px solid transparent;
      }
      .side + .side {
        box-shadow: -1px 0 var(--line);
      }
      .all {
        width: 100%;
      }
      .run {
        flex: none;
      }
      .differs.left .side:first-child {
        border-left-color: var(--error);
      }
      .differs.right .side:last-child {
        border-left-color: var(--data);
      }
      .lacks {
        background: repeating-linear-gradient(135deg, var(--well) 0 6px, transparent 6px 12px);
      }
      .side .own {
        color: var(--ink);
        font-weight: 700;
        outline: 1px solid currentcolor;
        outline-offset: -1px;
      }
      .side:first-child .own {
        background: var(--junk-ground);
        text-decoration: line-through;
      }
      .side:last-child .own {
        background: var(--data-ground);
        text-decoration: underline;
      }
      .row.here {
        box-shadow: inset 0 0 0 1px var(--accent);
      }
    `,
  ].flat()

  /** The right side; the left is `inspected`. */
  declare other: Inspected | undefined
  declare alignment: Alignment | undefined
  /** The run of differing lines that is looked at, counted from 0; -1 for none. */
  declare difference: number

  protected readonly roles = { all: 'grid', box: 'rowgroup' }
  protected readonly label = 'Both, line beside line'
  #columns = 60
  /** By row: the line that it is of, how often that was cut before it, and in which difference it is; -1 for none. */
  #lines = new Uint32Array()
  #cuts = new Uint32Array()
  #differences = new Int32Array()

  constructor() {
    super()
    this.difference = -1
  }

  protected override resized(width: number): void {
    this.#columns = Math.max(12, Math.floor((width / 2 - 24) / COLUMN) - this.#digits() - 1)
    this.#cut()
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed)
    if (changed.has('alignment')) this.#cut()
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed)
    if (changed.has('alignment') || !changed.has('difference') || this.difference < 0) return
    const row = this.#differences.indexOf(this.difference)
    if (row >= 0 && this.box) this.box.scrollTop = Math.max(0, (row - 2) * 22)
  }

  /** Where the difference begins that is looked at. */
  get place(): [number, number] {
    const { left, right } = this.#octetsOf(this.#differences.indexOf(this.difference))
    return [left[0], right[0]]
  }

  protected override rowCount(): number {
    return this.#lines.length
  }

  protected override row(index: number): TemplateResult {
    const row = this.#octetsOf(index)
    const number = this.#differences[index] as number
    const differs = number < 0 ? '' : ` differs left right${number === this.difference ? ' here' : ''}`
    return html`<div class=${`row${differs}`} role="row" aria-rowindex=${index + 1} ${this.at(index)}>
      ${this.#side(this.inspected, row.left, this.alignment?.left, number >= 0)}${this.#side(this.other, row.right, this.alignment?.right, number >= 0)}
    </div>`
  }

  #side(
    inspected: Inspected | undefined,
    [start, end]: [number, number],
    marks: Uint8Array | undefined,
    differs: boolean,
  ): TemplateResult {
    if (!inspected || !marks || start === end)
      return html`<span class=${`side${differs ? ' lacks' : ''}`} role="gridcell" aria-label=${differs ? 'nothing' : ''}></span>`
    const label = differs ? 'differs' : 'the same'
    return html`<span class="side" role="gridcell" aria-description=${label}><span class="offset">${String(start).padStart(this.#digits())}</span
      >${runsOf(inspected, [start, end], undefined, undefined).flatMap((run) =>
        pieces(marks, run.start, run.end).map(
          ([from, to]) =>
            html`<span class=${`run ${lookOf(inspected.kind(run.leaf))}${marks[from] ? ' own' : ''}`}>${shown(inspected.octets.subarray(from, to))}</span>`,
        ),
      )}</span>`
  }

  protected override rowOfPlace(): undefined {
    return undefined
  }

  protected override placeUnder(): Place | undefined {
    return undefined
  }

  protected override onKey(event: KeyboardEvent): void {
    const { box } = this
    const way = { n: 1, p: -1 }[event.key]
    if (way)
      this.dispatchEvent(new CustomEvent('h1-difference', { detail: way, bubbles: true, composed: true }))
    const by = { ArrowDown: 22, ArrowUp: -22, PageDown: this.page * 22, PageUp: -this.page * 22 }[event.key]
    if (by && box) box.scrollTop += by
    if (by || way) event.preventDefault()
  }

  /** Lines cut at the width of a side. */
  #cut(): void {
    const { lines = new Uint32Array(), left = new Uint8Array() } = this.alignment ?? {}
    const height = (at: number) => {
      const [l0 = 0, l1 = 0, r0 = 0, r1 = 0] = lines.subarray(at, at + 4)
      return Math.max(1, Math.ceil(Math.max(l1 - l0, r1 - r0) / this.#columns))
    }
    let rows = 0
    for (let at = 0; at < lines.length; at += 4) rows += height(at)
    this.#lines = new Uint32Array(rows)
    this.#cuts = new Uint32Array(rows)
    this.#differences = new Int32Array(rows)
    let number = -1
    let within = false
    let row = 0
    for (let at = 0; at < lines.length; at += 4) {
      const [l0 = 0, l1 = 0, r0 = 0, r1 = 0] = lines.subarray(at, at + 4)
      const differs = l1 - l0 !== r1 - r0 || left.subarray(l0, l1).includes(1)
      if (differs && !within) number++
      within = differs
      const behind = row + height(at)
      for (let cut = 0; row < behind; cut++, row++) {
        this.#lines[row] = at / 4
        this.#cuts[row] = cut
        this.#differences[row] = differs ? number : -1
      }
    }
  }

  /** What a row shows of each side. */
  #octetsOf(row: number): { left: [number, number]; right: [number, number] } {
    const at = (this.#lines[row] ?? 0) * 4
    const [l0 = 0, l1 = 0, r0 = 0, r1 = 0] = this.alignment?.lines.subarray(at, at + 4) ?? []
    const begin = (this.#cuts[row] ?? 0) * this.#columns
    const piece = (start: number, end: number): [number, number] => [
      Math.min(end, start + begin),
      Math.min(end, start + begin + this.#columns),
    ]
    return { left: piece(l0, l1), right: piece(r0, r1) }
  }

  #digits(): number {
    const longest = Math.max(this.inspected?.octets.length ?? 0, this.other?.octets.length ?? 0)
    return Math.max(3, String(longest).length)
  }
}

/** Octets in pieces that are marked alike. */
function pieces(marks: Uint8Array, start: number, end: number): [number, number][] {
  const all: [number, number][] = []
  for (let at = start; at < end; at++) {
    const last = all.at(-1)
    if (last && marks[last[0]] === marks[at]) last[1] = at + 1
    else all.push([at, at + 1])
  }
  return all
}
