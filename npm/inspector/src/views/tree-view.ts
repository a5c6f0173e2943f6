// The tree: what holds what, by the names of the RFC.

import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Place } from '../octets/inspected.js'
import { lookOf } from '../octets/kinds.js'
import { shown } from '../octets/shown.js'
import { placed } from '../placed.js'
import { RowView } from './row-view.js'

/** A tree of more nodes begins with only its outermost in sight. */
const OPENED = 600

export class TreeView extends RowView {
  static override styles = [
    RowView.styles,
    css`
      .row {
        gap: 1ch;
        padding-right: 1ch;
        cursor: default;
        font-size: 12.5px;
      }
      .turn {
        width: 2ch;
        flex: none;
        color: var(--dim);
        text-align: center;
      }
      .kind {
        font-family: var(--sans);
        padding: 0 4px;
        border-radius: 3px;
        flex: none;
        line-height: 18px;
        align-self: center;
      }
      .text {
        color: var(--ink);
        overflow: hidden;
        text-overflow: ellipsis;
        max-width: 48ch;
      }
      .range {
        color: var(--dim);
        font-size: 11.5px;
      }
      .row.chosen .text,
      .row.chosen .range,
      .row.chosen .turn,
      .row.chosen .kind {
        color: var(--on-chosen);
        background: none;
      }
    `,
  ].flat()

  protected readonly roles = { all: 'tree', box: 'presentation' }
  protected readonly label = 'Tree of the octets'
  #shown: number[] = []
  #open = new Set<number>()

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('inspected')) this.#begin()
    if (changed.has('chosen') && this.chosen && this.chosen.node >= 0) this.#openTo(this.chosen.node)
  }

  protected override rowCount(): number {
    return this.#shown.length
  }

  protected override row(index: number): TemplateResult {
    const { inspected } = this
    const node = this.#shown[index] as number
    if (!inspected) return html``
    const [kind, leaf] = [inspected.kind(node), inspected.isLeaf(node)]
    const [start, end, level] = [
      inspected.start(node),
      inspected.end(node),
      inspected.columns.depth[node] ?? 0,
    ]
    const chosen = node === this.chosen?.node
    const pointed = node === this.pointed?.node
    return html`<div
      class=${`row ${chosen ? 'chosen' : ''} ${pointed ? 'pointed' : ''}`}
      id=${chosen ? 'chosen' : nothing}
      role="treeitem"
      aria-level=${level + 1}
      aria-expanded=${leaf ? nothing : String(this.#open.has(node))}
      aria-selected=${String(chosen)}
      data-node=${node}
      ${this.at(index)}
    >
      <span class="turn" ${placed({ 'margin-left': `${level * 14}px` })}
        >${leaf ? '' : this.#open.has(node) ? '▾' : '▸'}</span
      ><span class=${`kind ${lookOf(kind)}`}>${kind}</span
      ><span class="text">${this.#reading(node, leaf)}</span
      ><span class="range">${start}–${end}</span>
    </div>`
  }

  // What a line reads as, and what a leaf reads as; bodies are too long for a row.
  #reading(node: number, leaf: boolean): (string | TemplateResult)[] {
    const { inspected } = this
    if (!inspected || inspected.end(node) === inspected.start(node)) return []
    const whole = ['request-line', 'status-line', 'field-line', 'field-value'].includes(inspected.kind(node))
    if (!leaf && (!whole || this.#open.has(node))) return []
    const from = inspected.octets.subarray(
      inspected.start(node),
      Math.min(inspected.end(node), inspected.start(node) + 64),
    )
    return shown(from)
  }

  protected override rowOfPlace({ node }: Place): number | undefined {
    const row = this.#shown.indexOf(node)
    return row === -1 ? undefined : row
  }

  protected override placeUnder(event: MouseEvent): Place | undefined {
    const node = (event.target as Element).closest<HTMLElement>('[data-node]')?.dataset.node
    if (node === undefined || !this.inspected) return undefined
    if (event.type === 'click' && (event.target as Element).closest('.turn')) this.#toggle(Number(node))
    return this.inspected.placeOf(Number(node))
  }

  protected override onKey(event: KeyboardEvent): void {
    const { inspected } = this
    if (!inspected || this.#shown.length === 0) return
    const row = this.chosen ? Math.max(0, this.#shown.indexOf(this.chosen.node)) : -1
    const node = this.#shown[row] ?? -1
    const last = this.#shown.length - 1
    const choose = (to: number) => {
      const next = this.#shown[Math.max(0, Math.min(last, to))] as number
      this.tell('h1-choose', inspected.placeOf(next))
    }
    const moves: Record<string, () => void> = {
      ArrowDown: () => choose(row + 1),
      ArrowUp: () => choose(row - 1),
      PageDown: () => choose(row + this.page),
      PageUp: () => choose(row - this.page),
      Home: () => choose(0),
      End: () => choose(last),
      ArrowRight: () => {
        if (node < 0 || inspected.isLeaf(node)) return
        if (this.#open.has(node)) choose(row + 1)
        else this.#toggle(node)
      },
      ArrowLeft: () => {
        if (node < 0) return
        if (this.#open.has(node)) this.#toggle(node)
        else choose(this.#shown.indexOf(inspected.path(node).at(-2) ?? node))
      },
      Enter: () => node >= 0 && !inspected.isLeaf(node) && this.#toggle(node),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }

  #begin(): void {
    this.#open.clear()
    const { inspected } = this
    const count = inspected?.columns.start.length ?? 0
    if (inspected && count <= OPENED) {
      for (let node = 0; node < count; node++) {
        // Of a field line its own row says it all.
        if (!inspected.isLeaf(node) && inspected.kind(node) !== 'field-line') this.#open.add(node)
      }
    } else if (inspected) {
      this.#open.add(0)
    }
    this.#show()
  }

  #openTo(node: number): void {
    const above = this.inspected?.path(node).slice(0, -1) ?? []
    if (above.every((one) => this.#open.has(one))) return
    for (const one of above) this.#open.add(one)
    this.#show()
  }

  #toggle(node: number): void {
    if (this.#open.has(node)) this.#open.delete(node)
    else this.#open.add(node)
    this.#show()
    this.requestUpdate()
  }

  #show(): void {
    this.#shown = []
    const after = this.inspected?.columns.after ?? []
    for (let node = 0; node < after.length; ) {
      this.#shown.push(node)
      node = this.#open.has(node) ? node + 1 : (after[node] as number)
    }
  }
}
