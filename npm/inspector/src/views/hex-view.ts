// The octets in hexadecimal, with ASCII beside them.

import { css, html, nothing, type TemplateResult } from 'lit'
import { hex, nameOf } from '../octets/glyphs.js'
import type { Place } from '../octets/inspected.js'
import { lookOf } from '../octets/kinds.js'
import { shown } from '../octets/shown.js'
import { RowView } from './row-view.js'

export class HexView extends RowView {
  static override styles = [
    RowView.styles,
    css`
      .pair {
        display: inline-block;
        width: 3ch;
        text-align: center;
        flex: none;
      }
      .pair:nth-child(10) {
        margin-left: 0.5ch;
      }
      .ascii {
        padding-left: 1ch;
        display: flex;
        flex: none;
        user-select: none;
      }
      .ascii span {
        display: inline-block;
        width: 1ch;
        text-align: center;
      }
      .here {
        outline: 2px solid var(--on-chosen);
        outline-offset: -2px;
      }
    `,
  ].flat()

  protected readonly roles = { all: 'grid', box: 'rowgroup' }
  protected readonly label = 'Octets in hexadecimal'
  #columns = 16
  /** The octet of which the first digit has just been typed. */
  #half = -1

  protected override resized(width: number): void {
    this.#columns = width < 480 ? 8 : 16
  }

  protected override rowCount(): number {
    return Math.ceil((this.inspected?.octets.length ?? 0) / this.#columns)
  }

  protected override row(index: number): TemplateResult {
    const { inspected, chosen, pointed } = this
    if (!inspected) return html``
    const start = index * this.#columns
    const octets = inspected.octets.subarray(start, start + this.#columns)
    const looks = [...octets].map((_, column) => {
      const at = start + column
      const leaf = inspected.leaves[inspected.leafIndex(at)] as number
      const isChosen = chosen && at >= chosen.start && at < chosen.end ? ' chosen' : ''
      const isPointed = pointed && at >= pointed.start && at < pointed.end ? ' pointed' : ''
      const isHere = at === chosen?.octet ? ' here' : ''
      return `${lookOf(inspected.kind(leaf))} found-${inspected.marks[at]}${isChosen}${isPointed}${isHere}`
    })
    return html`<div class="row" role="row" aria-rowindex=${index + 1} ${this.at(index)}>
      <span class="offset" role="rowheader">${start.toString(16).padStart(this.#digits(), '0')}</span
      >${[...octets].map((octet, column) => {
        const at = start + column
        return html`<span
          id=${at === chosen?.octet ? 'chosen' : nothing}
          role="gridcell"
          aria-label=${`${hex(octet)}, ${nameOf(octet)}, octet ${at}`}
          aria-selected=${looks[column]?.includes('chosen') ? 'true' : 'false'}
          data-at=${at}
          class=${`pair ${looks[column]}`}
          >${hex(octet)}</span
        >`
      })}${Array.from({ length: this.#columns - octets.length }, () => html`<span class="pair" aria-hidden="true"></span>`)}<span role="presentation" aria-hidden="true" class="ascii"
        >${[...octets].map((octet, column) => html`<span data-at=${start + column} class=${looks[column] ?? ''}>${shown([octet])}</span>`)}</span
      ></div>`
  }

  protected override rowOfPlace({ octet }: Place): number {
    return Math.floor(octet / this.#columns)
  }

  protected override placeUnder(event: MouseEvent): Place | undefined {
    const at = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset.at
    return at === undefined ? undefined : this.inspected?.at(Number(at))
  }

  protected override onKey(event: KeyboardEvent): void {
    const octet = this.cursor
    if (!event.ctrlKey && !event.metaKey && !event.altKey && this.#edit(event.key, octet)) {
      event.preventDefault()
      return
    }
    const columns = this.#columns
    const moves: Record<string, () => number> = {
      ArrowRight: () => octet + 1,
      ArrowLeft: () => octet - 1,
      ArrowDown: () => (octet < 0 ? 0 : octet + columns),
      ArrowUp: () => (octet < columns ? octet : octet - columns),
      PageDown: () => octet + this.page * columns,
      PageUp: () => Math.max(octet % columns, octet - this.page * columns),
      Home: () => (event.ctrlKey ? 0 : octet - (octet % columns)),
      End: () => (event.ctrlKey ? Number.POSITIVE_INFINITY : octet - (octet % columns) + columns - 1),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    this.goTo(move())
  }

  /** Digits overwrite the chosen octet, one half after the other; says whether the key is one that changes octets. */
  #edit(key: string, octet: number): boolean {
    const half = this.#half === octet ? 'low' : 'high'
    this.#half = -1
    const at = Math.max(0, octet)
    if (key === 'Insert') {
      this.edit({ at, added: () => [0], cursor: at })
    } else if (octet < 0 || octet >= this.length) {
      return false
    } else if (key === 'Delete') {
      this.edit({ at, removed: 1, cursor: at })
    } else if (/^[0-9a-f]$/i.test(key)) {
      const digit = Number.parseInt(key, 16)
      const added = ({ [at]: before = 0 }: Uint8Array) => [
        half === 'high' ? (before & 0x0f) | (digit << 4) : (before & 0xf0) | digit,
      ]
      this.edit({ at, removed: 1, added, cursor: half === 'low' ? at + 1 : at })
      if (half === 'high') this.#half = at
    } else {
      return false
    }
    return true
  }

  #digits(): number {
    return Math.max(4, (this.inspected?.octets.length ?? 0).toString(16).length)
  }
}
