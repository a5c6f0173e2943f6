// A button that opens a menu: what is chosen there is told, and the focus goes back to the button.

import { css, html, LitElement, type TemplateResult } from 'lit'
import { ground } from '../styles.js'

/** Tells the value of the item that was chosen. */
export class ChosenEvent extends Event {
  readonly value: string

  constructor(value: string) {
    super('h1-chosen')
    this.value = value
  }
}

/** An item; those of a group stand together. */
export interface Item {
  value: string
  title: string
  hint?: string
}

export class Menu extends LitElement {
  static override properties = { label: {}, groups: { attribute: false }, opened: { state: true } }

  static override styles = [
    ground,
    css`
      :host {
        position: relative;
        display: inline-block;
      }
      .menu {
        position: absolute;
        z-index: 5;
        right: 0;
        top: calc(100% + 4px);
        min-width: 220px;
        padding: 4px 0;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 8px;
        box-shadow: 0 8px 28px #0004;
      }
      [role='group'] + [role='group'] {
        border-top: 1px solid var(--line);
        margin-top: 4px;
        padding-top: 4px;
      }
      .menu button {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        width: 100%;
        border: 0;
        border-radius: 0;
        background: none;
        text-align: left;
        align-items: center;
      }
      .menu button:hover,
      .menu button:focus {
        background: var(--well);
        outline-offset: -2px;
      }
      @container (width < 720px) {
        .menu {
          right: auto;
          left: 0;
        }
      }
    `,
  ]

  declare label: string
  declare groups: Item[][]
  declare opened: boolean

  constructor() {
    super()
    this.label = ''
    this.groups = []
    this.opened = false
    this.addEventListener('focusout', (event) => {
      if (!this.renderRoot.contains(event.relatedTarget as Node | null) && event.relatedTarget !== this)
        this.opened = false
    })
  }

  override render(): TemplateResult {
    return html`<button
        aria-haspopup="menu"
        aria-expanded=${String(this.opened)}
        @click=${() => this.#turn(!this.opened)}
        @keydown=${this.#buttonKey}
      >${this.label} <span aria-hidden="true">▾</span></button>
      <div class="menu" role="menu" aria-label=${this.label} ?hidden=${!this.opened} @keydown=${this.#key}>
        ${this.groups.map(
          (items) => html`<div role="group">
            ${items.map(
              ({
                value,
                title,
                hint,
              }) => html`<button role="menuitem" tabindex="-1" @click=${() => this.#choose(value)}
                ><span>${title}</span>${hint ? html`<span class="dim">${hint}</span>` : ''}</button
              >`,
            )}
          </div>`,
        )}
      </div>`
  }

  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')]
  }

  async #turn(opened: boolean, at = 0): Promise<void> {
    this.opened = opened
    await this.updateComplete
    if (opened) this.#items.at(at)?.focus()
    else this.renderRoot.querySelector('button')?.focus()
  }

  #choose(value: string): void {
    this.#turn(false)
    this.dispatchEvent(new ChosenEvent(value))
  }

  readonly #buttonKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    this.#turn(true, event.key === 'ArrowUp' ? -1 : 0)
  }

  readonly #key = (event: KeyboardEvent) => {
    const items = this.#items
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement)
    if (event.key === 'Escape') {
      event.preventDefault()
      this.#turn(false)
      return
    }
    const byLetter = items.findIndex(
      (item, index) =>
        event.key.length === 1 &&
        (index > at || at === items.length - 1) &&
        item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()),
    )
    const to =
      { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key] ??
      (byLetter >= 0 ? byLetter : undefined)
    if (to === undefined) return
    event.preventDefault()
    items.at(to % items.length)?.focus()
  }
}
