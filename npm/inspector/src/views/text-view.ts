// The octets as text: one column each, what cannot be seen made visible.

import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { glyph } from '../octets/glyphs.js'
import type { Place } from '../octets/inspected.js'
import { lookOf } from '../octets/kinds.js'
import { type Run, rowOf, runsOf, textRows } from '../octets/rows.js'
import { shown } from '../octets/shown.js'
import { RowView } from './row-view.js'

/** As wide as a character of the view's font is, in pixels. */
const COLUMN = 7.83

export class TextView extends RowView {
  static override styles = [
    RowView.styles,
    css`
      .run {
        flex: none;
      }
      .caret {
        width: 0;
        flex: none;
      }
      .rows:focus .caret {
        outline: 1px solid var(--accent);
      }
    `,
  ].flat()

  static override properties = { ...RowView.properties, lineEnd: {} }

  /** What Enter writes. */
  declare lineEnd: 'crlf' | 'lf'

  protected readonly roles = { all: 'grid', box: 'rowgroup' }
  protected readonly label = 'Octets as text'
  #columns = 80
  #rows: Uint32Array = new Uint32Array()

  protected override resized(width: number): void {
    const columns = Math.max(16, Math.min(160, Math.floor((width - 24) / COLUMN) - this.#digits() - 1))
    if (columns === this.#columns) return
    this.#columns = columns
    this.#cut()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('inspected')) this.#cut()
  }

  protected override rowCount(): number {
    return Math.max(0, this.#rows.length - 1)
  }

  protected override row(index: number): TemplateResult {
    const [start, end] = this.#bounds(index)
    const runs = this.inspected ? runsOf(this.inspected, [start, end], this.chosen, this.pointed) : []
    return html`<div class="row" role="row" aria-rowindex=${index + 1} ${this.at(index)}>
      <span class="offset" role="rowheader">${String(start).padStart(this.#digits())}</span
      >${runs.map((run) => this.#run(run))}${end === this.chosen?.octet && end === this.length ? this.#caret() : ''}</div>`
  }

  #run(run: Run): TemplateResult {
    const octets = this.inspected?.octets.subarray(run.start, run.end) ?? []
    const kind = this.inspected?.kind(run.leaf) ?? ''
    const id = this.chosen && run.chosen && run.start <= this.chosen.octet && this.chosen.octet < run.end
    return html`<span
      id=${id ? 'chosen' : nothing}
      role="gridcell"
      aria-label=${`${kind}: ${Array.from(octets, glyph).join('')}`}
      aria-selected=${run.chosen ? 'true' : 'false'}
      data-start=${run.start}
      data-end=${run.end}
      class=${`run ${lookOf(kind)} found-${run.mark}${run.chosen ? ' chosen' : ''}${run.pointed ? ' pointed' : ''}`}
      >${id ? this.#withCaret(octets, (this.chosen?.octet ?? 0) - run.start) : shown(octets)}</span
    >`
  }

  #withCaret(octets: ArrayLike<number>, at: number): unknown {
    const all = Array.from(octets)
    return [shown(all.slice(0, at)), this.#caret(), shown(all.slice(at))]
  }

  /** Where what is typed goes. */
  #caret(): TemplateResult {
    const behind = this.chosen?.octet === this.length
    return html`<span class="caret" id=${behind ? 'chosen' : nothing} aria-hidden="true"></span>`
  }

  protected override rowOfPlace({ octet }: Place): number {
    return rowOf(this.#rows, octet)
  }

  protected override placeUnder(event: MouseEvent): Place | undefined {
    const run = (event.target as Element).closest<HTMLElement>('.run')
    if (!run) return undefined
    const { left, width } = run.getBoundingClientRect()
    const columns = Number(run.dataset.end) - Number(run.dataset.start)
    const column = Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * columns)))
    return this.inspected?.at(Number(run.dataset.start) + column)
  }

  protected override onKey(event: KeyboardEvent): void {
    if (this.#type(event)) {
      event.preventDefault()
      return
    }
    const octet = this.cursor
    const row = rowOf(this.#rows, Math.max(0, octet))
    const column = Math.max(0, octet - (this.#rows[row] ?? 0))
    const inRow = (to: number) => {
      const [start, end] = this.#bounds(Math.max(0, Math.min(this.rowCount() - 1, to)))
      return Math.min(end - 1, start + column)
    }
    const moves: Record<string, () => number> = {
      ArrowRight: () => octet + 1,
      ArrowLeft: () => octet - 1,
      ArrowDown: () => (octet < 0 ? 0 : inRow(row + 1)),
      ArrowUp: () => inRow(row - 1),
      PageDown: () => inRow(row + this.page),
      PageUp: () => inRow(row - this.page),
      Home: () => (event.ctrlKey ? 0 : (this.#rows[row] ?? 0)),
      End: () => (event.ctrlKey ? Number.POSITIVE_INFINITY : this.#bounds(row)[1] - 1),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    this.goTo(move())
  }

  protected override goTo(octet: number): void {
    super.goTo(octet, this.length)
  }

  /** Characters come before the octet at the cursor; says whether the key is one that changes octets. */
  #type({ key, ctrlKey, metaKey, altKey, shiftKey, isComposing }: KeyboardEvent): boolean {
    const at = Math.max(0, Math.min(this.cursor, this.length))
    // Control and Alt together are AltGr; on a Mac, Option alone writes characters.
    const isCommand = navigator.platform.startsWith('Mac') ? ctrlKey : ctrlKey !== altKey
    if (isCommand || metaKey || isComposing) {
      if (!(ctrlKey && !altKey && !shiftKey && key === 'i')) return false
      this.#insert(at, [0x09])
    } else if (key === 'Enter') this.#insert(at, this.lineEnd === 'crlf' ? [0x0d, 0x0a] : [0x0a])
    else if (key === 'Backspace' && at > 0) this.edit({ at: at - 1, removed: 1, cursor: at - 1 })
    else if (key === 'Delete' && at < this.length) this.edit({ at, removed: 1, cursor: at })
    else if ([...key].length === 1) this.#insert(at, new TextEncoder().encode(key))
    else return false
    return true
  }

  #insert(at: number, added: ArrayLike<number>): void {
    this.edit({ at, added: () => added, cursor: at + added.length, typed: true })
  }

  #cut(): void {
    this.#rows = this.inspected ? textRows(this.inspected, this.#columns) : new Uint32Array()
  }

  #bounds(row: number): [number, number] {
    return [this.#rows[row] ?? 0, this.#rows[row + 1] ?? 0]
  }

  #digits(): number {
    return Math.max(3, String(this.inspected?.octets.length ?? 0).length)
  }
}
