// Two messages side by side, in their octets and in what they mean.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { Asked } from '../ask.js'
import { EXAMPLES, octetsOfExample } from '../examples.js'
import { READ } from '../incoming.js'
import { Inspected } from '../octets/inspected.js'
import { count } from '../panels/details.js'
import type { How } from '../protocol.js'
import { ground, palette } from '../styles.js'
import type { Alignment } from './align.js'
import { meaning, type Part, type Verdict, verdict } from './meaning.js'
import { CompareRows } from './rows.js'

type Octets = Uint8Array<ArrayBuffer>

/** Asks to see these octets in the ordinary views, from this octet on. */
export class ShowEvent extends Event {
  readonly octets: Octets
  readonly at: number

  constructor(octets: Octets, at: number) {
    super('h1-show')
    this.octets = octets
    this.at = at
  }
}

/** Octets that can be a side. */
export interface Side {
  title: string
  octets: Octets
}

const SIGNS: Record<Verdict, { sign: string; title: string }> = {
  same: { sign: '=', title: 'the same' },
  spelled: { sign: '≈', title: 'the same, other octets' },
  other: { sign: '≠', title: 'other' },
}

export class Compare extends LitElement {
  static override properties = {
    sides: { attribute: false },
    how: { attribute: false },
    left: { state: true },
    right: { state: true },
    seen: { state: true },
    difference: { state: true },
    all: { state: true },
    fault: { state: true },
  }

  static override styles = [
    palette,
    ground,
    css`
      :host {
        display: grid;
        grid-template-rows: auto auto minmax(160px, 1fr) auto;
        gap: 10px;
        min-height: 0;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 10px;
        align-items: end;
      }
      .side {
        display: grid;
        gap: 2px;
        flex: 1 1 220px;
        min-width: 0;
      }
      .side span {
        font-size: 12.5px;
        color: var(--dim);
      }
      .side div {
        display: flex;
        gap: 6px;
        min-width: 0;
      }
      select {
        flex: 1;
        min-width: 0;
      }
      .verdict {
        font-size: 15px;
        font-weight: 600;
        flex: 1 1 300px;
      }
      .box {
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 8px;
        overflow: hidden;
        min-height: 0;
        display: grid;
      }
      .meaning {
        max-height: 38vh;
        overflow: auto;
        scrollbar-width: thin;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-size: 13px;
      }
      th,
      td {
        text-align: left;
        vertical-align: top;
        padding: 4px 10px;
        border-bottom: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--panel);
        color: var(--dim);
        font-weight: 600;
        font-size: 12px;
      }
      tbody th {
        font-weight: 600;
        min-width: 90px;
      }
      td.mono {
        width: 34%;
      }
      .sign span {
        font: 700 14px/1.3 var(--mono);
      }
      .meaning p {
        padding: 6px 10px;
      }
      tr.other .sign span {
        color: var(--error);
      }
      tr.spelled .sign span {
        color: var(--warning);
      }
      h1-compare-rows {
        height: 100%;
      }
    `,
  ]

  declare sides: Side[]
  declare how: How
  declare left: Side | undefined
  declare right: Side | undefined
  declare seen: { left: Inspected; right: Inspected; alignment: Alignment; parts: Part[] } | undefined
  declare difference: number
  /** Whether what is the same on both sides is listed too. */
  declare all: boolean
  declare fault: string
  #asked: Asked | undefined
  #wanted = 0

  constructor() {
    super()
    this.sides = []
    this.difference = -1
    this.all = false
    this.fault = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#asked = new Asked(() => {})
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#asked?.end()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('sides')) return
    this.left = this.sides[0]
    this.right = this.sides[1]
  }

  protected override updated(changed: PropertyValues): void {
    if (['left', 'right', 'how'].some((name) => changed.has(name))) this.#look()
  }

  override render(): TemplateResult {
    const { seen } = this
    const found = seen?.alignment.differences ?? 0
    return html`<div class="bar">
        ${this.#chooser('left', 'Left')}
        <button title="Change sides" aria-label="Change sides" @click=${this.#swap}>⇄</button>
        ${this.#chooser('right', 'Right')}
      </div>
      <div class="bar">
        <p class="verdict" role="status">${this.fault || (seen ? verdict(seen.parts, found === 0) : this.right ? 'Reading …' : 'Choose what is on the right.')}</p>
        <span class="dim">${seen ? `${found === 1 ? 'one difference' : `${found.toLocaleString('en')} differences`}${this.difference >= 0 ? `, at number ${this.difference + 1}` : ''}${seen.alignment.coarse ? '; some of them not looked at octet by octet' : ''}` : ''}</span>
        <button ?disabled=${found === 0} @click=${() => this.#go(-1)}>Previous</button>
        <button ?disabled=${found === 0} @click=${() => this.#go(1)}>Next</button>
      </div>
      <div class="box">
        <h1-compare-rows
          .inspected=${seen?.left}
          .other=${seen?.right}
          .alignment=${seen?.alignment}
          .difference=${this.difference}
          @h1-difference=${(event: CustomEvent<number>) => this.#go(event.detail)}
        ></h1-compare-rows>
      </div>
      <div class="box"><div class="meaning" tabindex="0" role="region" aria-label="What they mean">${seen ? this.#meaning(seen.parts) : ''}</div></div>`
  }

  #chooser(name: 'left' | 'right', title: string): TemplateResult {
    const side = this[name]
    const sides = this.sides
    return html`<div class="side">
      <span id=${name}>${title}${side ? `, ${count(side.octets.length)}` : ''}</span>
      <div>
        <select aria-labelledby=${name} @change=${(event: Event) => this.#choose(name, event.target as HTMLSelectElement)}>
          ${side && sides.includes(side) ? nothing : html`<option value="" selected>${side?.title ?? '…'}</option>`}
          ${sides.map((one, at) => html`<option value=${at} ?selected=${one === side}>${one.title}</option>`)}
          <option value="file">A file …</option>
          <optgroup label="Examples">
            ${EXAMPLES.map((one, at) => html`<option value=${`x${at}`}>${one.title}</option>`)}
          </optgroup>
        </select>
        <button aria-label=${`Show ${name}`} ?disabled=${!side} @click=${() => this.#show(name)}>Show</button>
        <input class=${name} type="file" hidden @change=${(event: Event) => this.#file(name, event.target as HTMLInputElement)}>
      </div>
    </div>`
  }

  #meaning(parts: Part[]): TemplateResult {
    const shown = this.all ? parts : parts.filter((part) => part.verdict !== 'same')
    const hidden = parts.length - shown.length
    return html`<table>
        <thead><tr><th scope="col">Part</th><th scope="col">Left</th><th scope="col">Verdict</th><th scope="col">Right</th></tr></thead>
        <tbody>
          ${shown.map(
            ({ what, left, right, verdict, how }) => html`<tr class=${verdict}>
              <th scope="row">${what}</th>
              <td class="mono">${short(left)}</td>
              <td class="sign" title=${SIGNS[verdict].title}><span>${SIGNS[verdict].sign}</span>${how ? html`<div class="dim">${how}</div>` : ''}</td>
              <td class="mono">${short(right)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      <p><button class="link" @click=${() => {
        this.all = !this.all
      }}>${this.all ? 'Only what differs' : `${hidden} parts are the same: show them too`}</button></p>`
  }

  #choose(name: 'left' | 'right', select: HTMLSelectElement): void {
    const { value } = select
    if (value === 'file') {
      this.renderRoot.querySelector<HTMLInputElement>(`input.${name}`)?.click()
      this.requestUpdate(name)
    } else if (value.startsWith('x')) {
      const example = EXAMPLES[Number(value.slice(1))]
      if (example) this[name] = { title: example.title, octets: octetsOfExample(example) }
    } else {
      this[name] = this.sides[Number(value)]
    }
  }

  async #file(name: 'left' | 'right', input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? []
    if (file && file.size > READ)
      this.fault = `${file.name} has ${count(file.size)}: files of up to ${count(READ)} are read.`
    else if (file) this[name] = { title: file.name, octets: new Uint8Array(await file.arrayBuffer()) }
    input.value = ''
  }

  readonly #swap = () => {
    ;[this.left, this.right] = [this.right, this.left]
  }

  #show(name: 'left' | 'right'): void {
    const rows = this.renderRoot.querySelector<CompareRows>('h1-compare-rows')
    const at = this.difference < 0 ? 0 : (rows?.place[name === 'left' ? 0 : 1] ?? 0)
    const side = this[name]
    if (side) this.dispatchEvent(new ShowEvent(side.octets, at))
  }

  #go(by: number): void {
    const found = this.seen?.alignment.differences ?? 0
    if (found > 0) this.difference = (Math.max(this.difference, by > 0 ? -1 : 0) + by + found) % found
  }

  /** Reads both sides; of what is asked for quickly one after the other, only the last is shown. */
  async #look(): Promise<void> {
    const wanted = ++this.#wanted
    const { left, right, how } = this
    this.difference = -1
    this.fault = ''
    this.seen = undefined
    if (!left || !right || !this.#asked) return
    try {
      const one = new Inspected(left.octets, await this.#asked.inspect(left.octets, how))
      if (wanted !== this.#wanted) return
      const other = new Inspected(right.octets, await this.#asked.inspect(right.octets, how))
      const alignment = await this.#asked.align(left.octets, right.octets)
      if (wanted === this.#wanted)
        this.seen = { left: one, right: other, alignment, parts: meaning(one, other) }
    } catch (error) {
      if (wanted === this.#wanted)
        this.fault = `These cannot be compared: ${error instanceof Error ? error.message : error}`
    }
  }
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)} …` : text
}

customElements.define('h1-compare-rows', CompareRows)
