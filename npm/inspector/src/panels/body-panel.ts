// The body of a message: its pieces as they were sent, and its content, decoded by type.

import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { type Body, bodyOf, type Content, DECODED, decode, join } from '../octets/content.js'
import type { Inspected } from '../octets/inspected.js'
import { shown } from '../octets/shown.js'
import { toHex } from '../octets/written.js'
import { ground, looks } from '../styles.js'
import { PlaceEvent } from '../views/row-view.js'
import { count } from './details.js'

/** More is cut off, with a word about it. */
const SHOWN = 20_000
const LISTED = 100

export class BodyPanel extends LitElement {
  static override properties = {
    inspected: { attribute: false },
    message: { attribute: false },
    content: { state: true },
    address: { state: true },
  }

  static override styles = [
    ground,
    looks,
    css`
      :host {
        display: block;
      }
      .facts {
        margin-bottom: 8px;
      }
      pre {
        margin: 0;
        padding: 10px 12px;
        background: var(--well);
        border-radius: 6px;
        font: 12.5px/1.5 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      table {
        border-collapse: collapse;
        font: 12.5px/1.5 var(--mono);
      }
      th,
      td {
        text-align: left;
        vertical-align: top;
        padding: 3px 16px 3px 0;
        border-bottom: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      th {
        font-family: var(--sans);
        color: var(--dim);
        font-weight: 400;
      }
      img {
        max-width: 100%;
        min-width: 96px;
        image-rendering: pixelated;
        background: var(--well);
        border: 1px solid var(--line);
        border-radius: 6px;
      }
      .both {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
        gap: 16px;
      }
      h3 {
        font-size: 12px;
        font-weight: 600;
        color: var(--dim);
        margin: 0 0 6px;
      }
    `,
  ]

  declare inspected: Inspected | undefined
  declare message: number
  declare content: Content | undefined
  declare address: string | undefined
  #body: Body | undefined

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#drop()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#decode()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('inspected') || changed.has('message')) this.#decode()
  }

  override render(): TemplateResult {
    const [body, number] = [this.#body, this.message + 1]
    if (this.message < 0) return html`<p class="dim">There is no message here.</p>`
    if (!body || body.length === 0)
      return html`<p class="dim">Message ${number} has no body. Choose something in another one.</p>`
    return html`
      <p class="facts">
        Message ${number}: ${count(body.length)}${body.chunked ? `, in ${body.pieces.length} ${body.pieces.length === 1 ? 'chunk' : 'chunks'}` : ''}${
          body.type ? html`, <code>${body.type}</code>` : ', no type told'
        }${body.coding ? html`, <code>${body.coding}</code>` : ''}${body.length > DECODED ? `; the first ${count(DECODED)} are decoded` : ''}
      </p>
      <div class=${body.chunked ? 'both' : ''}>
        ${body.chunked ? this.#chunks(body) : ''}
        <div class="content"><h3>${body.chunked ? 'De-chunked' : 'Content'}${this.content?.form === 'text' ? `: ${this.content.what}` : ''}</h3>${this.#content()}</div>
      </div>
    `
  }

  #chunks({ pieces }: Body): TemplateResult {
    const { octets } = this.inspected as Inspected
    return html`<div>
      <h3>As sent</h3>
      <table>
        <tr><th scope="col">at</th><th scope="col">octets</th><th scope="col">data</th></tr>
        ${pieces.slice(0, LISTED).map(
          ({ node, start, end }) => html`<tr>
            <td><button class="link" @click=${() => this.dispatchEvent(new PlaceEvent('h1-choose', this.inspected?.placeOf(node)))}>${start}</button></td>
            <td>${end - start}</td>
            <td>${shown(octets.subarray(start, Math.min(end, start + 40)))}${end - start > 40 ? ' …' : ''}</td>
          </tr>`,
        )}
      </table>
      ${pieces.length > LISTED ? html`<p class="dim">The first ${LISTED} of ${pieces.length}.</p>` : ''}
    </div>`
  }

  #content(): TemplateResult {
    const { content } = this
    switch (content?.form) {
      case undefined:
        return html`<p class="dim">Decoding …</p>`
      case 'image':
        return html`<img src=${this.address ?? ''} alt="The picture in the body">`
      case 'fields':
        return html`<table>
          <tr><th scope="col">name</th><th scope="col">value</th></tr>
          ${content.fields.map(([name, value]) => html`<tr><td>${name}</td><td>${typeof value === 'string' ? value : html`${value.name} <span class="dim">${value.type}, ${count(value.size)}</span>`}</td></tr>`)}
        </table>`
      case 'text':
        return html`<pre tabindex="0">${content.text.slice(0, SHOWN)}</pre>${content.text.length > SHOWN ? html`<p class="dim">The first ${SHOWN} characters.</p>` : ''}`
      case 'octets':
        return html`<p>${content.why}.</p><pre tabindex="0">${toHex(content.octets.subarray(0, 1024))}</pre>`
    }
  }

  async #decode(): Promise<void> {
    this.#drop()
    const { inspected, message } = this
    const body = inspected && bodyOf(inspected, message)
    this.#body = body
    if (!inspected || !body || body.length === 0) return
    const content = await decode(join(inspected, body), body)
    if (this.#body !== body || !this.isConnected) return
    if (content.form === 'image') this.address = URL.createObjectURL(content.blob)
    this.content = content
  }

  #drop(): void {
    if (this.address) URL.revokeObjectURL(this.address)
    this.address = undefined
    this.content = undefined
    this.#body = undefined
  }
}
