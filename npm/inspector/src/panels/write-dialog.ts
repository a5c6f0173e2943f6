// Where octets are written by hand: as text with CR LF, as text as it is, with escapes, or in hexadecimal.

import { css, html, LitElement, type TemplateResult } from 'lit'
import { firstDifference } from '../octets/compared.js'
import { octetsOf, type Spelling, toEscapes, toHex } from '../octets/written.js'
import { ground } from '../styles.js'
import { dialogs } from './dialogs.js'

/** Tells what was written, and how. */
export class WrittenEvent extends Event {
  readonly text: string
  readonly spelling: Spelling | 'other'

  constructor(text: string, spelling: Spelling | 'other') {
    super('h1-written')
    this.text = text
    this.spelling = spelling
  }
}

const SPELLINGS: { spelling: Spelling | 'other'; title: string; says: string }[] = [
  {
    spelling: 'escapes',
    title: 'Escapes',
    says: 'Line ends are written \\r\\n, other octets \\xHH; new lines only lay it out.',
  },
  {
    spelling: 'crlf',
    title: 'Text, CR LF',
    says: 'Each new line becomes CR LF. Characters beyond ASCII become UTF-8.',
  },
  {
    spelling: 'as-is',
    title: 'Text, as is',
    says: 'Each new line stays a single LF. Characters beyond ASCII become UTF-8.',
  },
  { spelling: 'hex', title: 'Hex', says: 'Two digits an octet; spaces, commas and 0x are skipped.' },
  {
    spelling: 'other',
    title: 'Another format',
    says: 'A curl command, a call of fetch, HAR, a .http file, JSON, or a hex dump with offsets: it is recognised.',
  },
]

export class WriteDialog extends LitElement {
  static override properties = { text: { state: true }, spelling: { state: true }, changes: { state: true } }

  static override styles = [
    ground,
    dialogs,
    css`
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 18px;
      }
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-height: 28px;
      }
      textarea {
        height: min(46vh, 420px);
      }
    `,
  ]

  declare text: string
  declare spelling: Spelling | 'other'
  /** Whether this spelling cannot write the octets that were there before. */
  declare changes: boolean

  constructor() {
    super()
    this.text = ''
    this.spelling = 'escapes'
    this.changes = false
  }

  /** Opens, with these octets to begin from. */
  async open(octets: Uint8Array): Promise<void> {
    this.#spell(octets)
    await this.updateComplete
    this.renderRoot.querySelector('dialog')?.showModal()
    this.renderRoot.querySelector('textarea')?.focus()
  }

  override render(): TemplateResult {
    const { octets, fault } = this.#read()
    const says = SPELLINGS.find(({ spelling }) => spelling === this.spelling)?.says
    return html`<dialog aria-labelledby="title">
      <form @submit=${this.#done}>
        <h2 id="title">Write octets</h2>
        <fieldset>
          <legend class="dim">What is written is</legend>
          ${SPELLINGS.map(
            ({ spelling, title }) => html`<label
              ><input type="radio" name="spelling" value=${spelling} .checked=${spelling === this.spelling} @change=${() => this.#turn(spelling)}>${title}</label
            >`,
          )}
        </fieldset>
        <textarea
          aria-label="The octets, written"
          aria-describedby="says"
          aria-invalid=${fault ? 'true' : 'false'}
          spellcheck="false"
          autocomplete="off"
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLTextAreaElement).value
            this.changes = false
          }}
        ></textarea>
        <p id="says" class="dim">${says}</p>
        <div class="ends">
          <p role="status" class=${fault ? 'error' : this.changes ? 'warning' : 'dim'}>
            ${fault ?? (this.changes ? 'Written this way, the octets change.' : `${octets.length} ${octets.length === 1 ? 'octet' : 'octets'}`)}
          </p>
          <button type="button" @click=${() => this.renderRoot.querySelector('dialog')?.close()}>Cancel</button>
          <button class="first" type="submit" ?disabled=${fault !== undefined}>Inspect</button>
        </div>
      </form>
    </dialog>`
  }

  #done(event: Event): void {
    event.preventDefault()
    if (this.#read().fault !== undefined) return
    this.renderRoot.querySelector('dialog')?.close()
    this.dispatchEvent(new WrittenEvent(this.text, this.spelling))
  }

  #turn(spelling: Spelling | 'other'): void {
    const { octets, fault } = this.#read()
    const words = spelling === 'other' || this.spelling === 'other'
    this.spelling = spelling
    if (fault === undefined && !words) this.#spell(octets)
  }

  #spell(octets: Uint8Array): void {
    if (this.spelling === 'hex') this.text = toHex(octets)
    else if (this.spelling === 'escapes') this.text = toEscapes(octets)
    // A textarea makes every line end an LF of its own accord.
    else this.text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets).replace(/\r\n?/g, '\n')
    const again = this.#read().octets
    this.changes = firstDifference(again, octets) >= 0
  }

  #read(): { octets: Uint8Array<ArrayBuffer>; fault?: string } {
    try {
      return { octets: octetsOf(this.text, this.spelling === 'other' ? 'as-is' : this.spelling) }
    } catch (error) {
      return { octets: new Uint8Array(), fault: error instanceof Error ? error.message : String(error) }
    }
  }
}
