// A view of many rows, of which only those in sight exist. Text, hex and tree are made of it.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Inspected, Place } from '../octets/inspected.js'
import { placed } from '../placed.js'
import { ground, looks } from '../styles.js'
import { EditEvent } from './edit-event.js'

/** A cursor, and how many octets there are; -1 where nothing is chosen. */
export interface Ahead {
  cursor: number
  length: number
}

/** Tells that a place is pointed at (undefined: none any more) or chosen. */
export class PlaceEvent extends Event {
  readonly place: Place | undefined

  constructor(type: 'h1-point' | 'h1-choose', place: Place | undefined) {
    super(type, { bubbles: true, composed: true })
    this.place = place
  }
}

const ROW = 22
/** Rows beyond those in sight, above and below. */
const SPARE = 6

export abstract class RowView extends LitElement {
  static override properties = {
    inspected: { attribute: false },
    chosen: { attribute: false },
    pointed: { attribute: false },
    ahead: { attribute: false },
  }

  static override styles = [
    ground,
    looks,
    css`
      :host {
        display: block;
        min-height: 0;
        overflow: hidden;
        background: var(--panel);
      }
      .rows {
        height: 100%;
        overflow: auto;
        font: 13px/22px var(--mono);
        scrollbar-width: thin;
        outline-offset: -2px;
      }
      .all {
        position: relative;
        min-width: 100%;
        width: max-content;
      }
      .row {
        position: absolute;
        height: 22px;
        white-space: pre;
        display: flex;
        min-width: 100%;
      }
      .offset {
        color: var(--dim);
        text-align: right;
        padding: 0 1ch 0 4px;
        flex: none;
        user-select: none;
        font-size: 12px;
        position: sticky;
        left: 0;
        z-index: 1;
        background: var(--panel);
      }
    `,
  ]

  declare inspected: Inspected | undefined
  declare chosen: Place | undefined
  declare pointed: Place | undefined
  /** Where the cursor and the end of the octets are by now, while what was changed is not yet read. */
  declare ahead: Ahead | undefined

  /** The role of the whole and of the box around its rows. */
  protected abstract readonly roles: { all: string; box: string }
  protected abstract readonly label: string
  protected abstract rowCount(): number
  protected abstract row(index: number): TemplateResult
  /** The row in which a place is; undefined if it is in none. */
  protected abstract rowOfPlace(place: Place): number | undefined
  protected abstract onKey(event: KeyboardEvent): void
  /** The place under the pointer. */
  protected abstract placeUnder(event: MouseEvent): Place | undefined

  #width = 0
  readonly #sizes = new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width ?? 0
    if (width !== this.#width) this.resized(width)
    this.#width = width
    this.requestUpdate()
  })

  override connectedCallback(): void {
    super.connectedCallback()
    this.#sizes.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
  }

  /** The width has changed, in pixels. */
  protected resized(_width: number): void {}

  /** The octet that keys are about; -1 if there is none. */
  protected get cursor(): number {
    return this.ahead?.cursor ?? this.chosen?.octet ?? -1
  }

  /** How many octets there are. */
  protected get length(): number {
    return this.ahead?.length ?? this.inspected?.octets.length ?? 0
  }

  /** Asks for a change, and goes on from what it makes: the next key may come before the octets are read anew. */
  protected edit(change: ConstructorParameters<typeof EditEvent>[0]): void {
    const added = change.added ? change.added(this.inspected?.octets ?? new Uint8Array()).length : 0
    const event = new EditEvent(change)
    // The element hands the same on to every view, but not before the end of this key.
    this.ahead = { cursor: event.cursor, length: this.length + added - event.removed }
    this.dispatchEvent(event)
  }

  override render(): TemplateResult {
    const count = this.rowCount()
    const box = this.box
    const first = Math.max(0, Math.floor((box?.scrollTop ?? 0) / ROW) - SPARE)
    const last = Math.min(count, first + Math.ceil((box?.clientHeight ?? 0) / ROW) + 2 * SPARE)
    const rows: TemplateResult[] = []
    for (let index = first; index < last; index++) {
      rows.push(this.row(index))
    }
    return this.frame(
      html`<div class="all" role=${this.roles.box} ${placed({ height: `${count * ROW}px` })}>${rows}</div>`,
      count,
    )
  }

  /** The box that scrolls, with its role; grids say how many rows they have. */
  protected frame(content: TemplateResult, count: number): TemplateResult {
    return html`<div
      class="rows"
      role=${this.roles.all}
      aria-label=${this.label}
      aria-rowcount=${this.roles.all === 'grid' ? count : nothing}
      aria-activedescendant=${this.chosen ? 'chosen' : nothing}
      tabindex="0"
      @scroll=${() => this.requestUpdate()}
      @keydown=${this.onKey}
      @pointermove=${(event: PointerEvent) => event.pointerType !== 'touch' && this.tell('h1-point', this.placeUnder(event))}
      @pointerleave=${() => this.tell('h1-point', undefined)}
      @click=${(event: MouseEvent) => {
        const place = this.placeUnder(event)
        if (place) this.tell('h1-choose', place)
      }}
    >${content}</div>`
  }

  /** The style that puts a row where it belongs. */
  protected at(index: number) {
    return placed({ top: `${index * ROW}px` })
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('chosen') && this.chosen) this.reveal(this.chosen)
    // Only now is it known how high the box is.
    if (changed.has('inspected')) {
      if (this.box && !this.chosen) this.box.scrollTop = 0
      this.requestUpdate()
    }
  }

  protected reveal(place: Place): void {
    const row = this.rowOfPlace(place)
    const box = this.box
    if (row === undefined || !box) return
    const [top, height] = [row * ROW, box.clientHeight]
    if (top < box.scrollTop || top + ROW > box.scrollTop + height) {
      box.scrollTop = Math.max(0, top - Math.floor(height / 3))
    }
  }

  protected get page(): number {
    return Math.max(1, Math.floor((this.box?.clientHeight ?? ROW) / ROW) - 1)
  }

  protected get box(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.rows') ?? null
  }

  protected tell(type: 'h1-point' | 'h1-choose', place: Place | undefined): void {
    if (type === 'h1-point' && place?.octet === this.pointed?.octet && place?.node === this.pointed?.node)
      return
    this.dispatchEvent(new PlaceEvent(type, place))
  }

  /** Chooses the leaf with this octet, or the nearest up to `most`; what is not yet read has no leaves. */
  protected goTo(octet: number, most = this.length - 1): void {
    const at = Math.max(0, Math.min(most, octet))
    const place = this.ahead
      ? { start: at, end: at, node: -1, octet: at }
      : (this.inspected?.at(at) ?? this.inspected?.behind)
    if (this.ahead) this.ahead = { ...this.ahead, cursor: at }
    if (place) this.tell('h1-choose', place)
  }
}
