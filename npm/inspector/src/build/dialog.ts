// Where a message is made of its parts: the formatter of the library writes it, and what it refuses is said at the part.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Asked } from '../ask.js'
import { firstDifference } from '../octets/compared.js'
import { shown } from '../octets/shown.js'
import { count } from '../panels/details.js'
import { dialogs } from '../panels/dialogs.js'
import { ground, looks } from '../styles.js'
import {
  BEGINNINGS,
  type BodyKind,
  type Form,
  formOf,
  type Line,
  type Parts,
  partsOf,
  rawOf,
  type Unmade,
} from './form.js'
import type { Made } from './make.js'

/** Tells the octets that were made. */
export class BuiltEvent extends Event {
  readonly octets: Uint8Array<ArrayBuffer>

  constructor(octets: Uint8Array<ArrayBuffer>) {
    super('h1-built')
    this.octets = octets
  }
}

const KINDS = { request: 'Request', response: 'Response', raw: 'Raw, unchecked' } as const
const BODIES: Record<BodyKind, string> = {
  none: 'none',
  text: 'text, as UTF-8',
  hex: 'hexadecimal',
  fields: 'form: name=value on each line',
  file: 'a file',
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']
/** Names of field lines that are offered. */
const NAMES = [
  ...['Accept', 'Accept-Encoding', 'Authorization', 'Cache-Control', 'Connection', 'Content-Encoding'],
  ...['Content-Length', 'Content-Type', 'Cookie', 'Date', 'ETag', 'Expect', 'Host', 'Location', 'Range'],
  ...[
    'Referer',
    'Server',
    'Set-Cookie',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'User-Agent',
    'Vary',
  ],
]
/** So many octets of what is made are shown. */
const SHOWN = 4096

export class BuildDialog extends LitElement {
  static override properties = {
    form: { state: true },
    made: { state: true },
    from: { state: true },
    why: { state: true },
  }

  static override styles = [
    ground,
    looks,
    dialogs,
    css`
      .start {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        color: inherit;
        background: none;
        font-weight: inherit;
      }
      .field {
        display: grid;
        gap: 2px;
        min-width: 0;
        align-content: start;
      }
      .field > span {
        font-size: 12.5px;
        color: var(--dim);
      }
      .grow {
        flex: 1 1 240px;
      }
      .narrow {
        width: 112px;
      }
      input,
      textarea,
      select {
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--well);
        min-width: 0;
        width: 100%;
      }
      input {
        height: 32px;
        padding: 0 8px;
        font: 13px/1 var(--mono);
      }
      textarea {
        height: 96px;
      }
      [aria-invalid='true'] {
        border-color: var(--error);
        outline: 1px solid var(--error);
      }
      .fault {
        color: var(--error);
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      .fault mark {
        background: var(--error);
        color: var(--panel);
        border-radius: 2px;
        padding: 0 1px;
      }
      .fault code {
        display: block;
        padding-top: 2px;
      }
      .lines {
        display: grid;
        gap: 6px;
      }
      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 2fr) auto;
        gap: 6px;
      }
      .line .fault {
        grid-column: 1 / -1;
      }
      .line button {
        padding: 0;
        width: 32px;
      }
      .line .group {
        display: inline-flex;
        gap: 2px;
      }
      fieldset {
        display: grid;
        gap: 6px;
      }
      legend {
        padding: 0 0 4px;
        font-weight: 600;
      }
      .made {
        margin: 0;
        max-height: 190px;
        overflow: auto;
        font: 13px/20px var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        background: var(--well);
        border: 1px solid var(--line);
        border-radius: 6px;
        padding: 8px 10px;
      }
      @media (width < 640px) {
        .line {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .line > :nth-child(2) {
          grid-row: 2;
          grid-column: 1 / -1;
        }
      }
    `,
  ]

  declare form: Form
  declare made: Made | undefined
  /** The octets that the form was made of, if it was. */
  declare from: Uint8Array | undefined
  /** Why it could not begin with the message in sight. */
  declare why: string
  asked: Asked | undefined
  /** Runs while there is something to make. */
  #making: Promise<void> | undefined
  #stale = false
  /** What the form was opened with last. */
  #opened: Uint8Array | undefined

  constructor() {
    super()
    this.form = BEGINNINGS[0]?.form as Form
    this.why = ''
  }

  /** Opens, with the parts of this message to begin from, if there is one. */
  async open(octets: Uint8Array | undefined, unmade: Unmade | string | undefined): Promise<void> {
    const again =
      octets !== undefined && this.#opened !== undefined && firstDifference(octets, this.#opened) < 0
    this.#opened = octets
    // What was filled in stays, unless there are other octets to begin from.
    if (!again) {
      this.why = typeof unmade === 'string' ? unmade : ''
      this.from = typeof unmade === 'object' ? octets : undefined
      if (typeof unmade === 'object') this.form = formOf(unmade)
    }
    this.#make()
    await this.updateComplete
    this.renderRoot.querySelector('dialog')?.showModal()
  }

  override render(): TemplateResult {
    const { form, made } = this
    const octets = made && 'octets' in made ? made.octets : undefined
    return html`<dialog aria-labelledby="title">
      <form @submit=${this.#done}>
        <h2 id="title">Build a message</h2>
        <div class="start">
          <label class="field narrow"><span>Begin with</span>
            <select @change=${this.#begin} @blur=${(event: Event) => {
              ;(event.target as HTMLSelectElement).value = ''
            }}>
              <option value="" selected>…</option>
              ${BEGINNINGS.map(({ title }, at) => html`<option value=${at}>${title}</option>`)}
            </select></label>
          <label class="field"><span>What is built</span>
            <select .value=${form.kind} @change=${(event: Event) => this.#kind((event.target as HTMLSelectElement).value as Form['kind'])}>
              ${Object.entries(KINDS).map(([kind, title]) => html`<option value=${kind} ?selected=${kind === form.kind}>${title}</option>`)}
            </select></label>
          ${this.#startLine()}
        </div>
        ${this.why ? html`<p class="dim">The message in sight cannot be taken apart: ${this.why}</p>` : ''}
        ${form.kind === 'raw' ? html`<p class="warning">Written as it stands: nothing is checked, added or escaped. For tests of systems that are yours.</p>` : ''}
        ${this.#lines('headers', 'Field lines')}
        ${this.#body()}
        ${form.kind === 'raw' ? '' : this.#lines('trailers', 'Trailer fields')}
        <div>
          <div class="field"><span id="made">What is made${octets ? `: ${count(octets.length)}${this.#same(octets)}` : ''}</span></div>
          <pre class="made" tabindex="0" role="region" aria-labelledby="made">${octets ? withLines(octets) : ''}</pre>
        </div>
        <div class="ends">
          <p role="status" class=${made && 'refused' in made ? 'error' : 'dim'}>${made && 'refused' in made && !this.#hasControl(made.part) ? made.refused : made && 'refused' in made ? `Refused${made.code ? `: ${made.code}` : ''}` : ''}</p>
          <button type="button" @click=${() => this.#close()}>Cancel</button>
          <button class="first" type="submit" ?disabled=${!octets}>Inspect</button>
        </div>
      </form>
      <datalist id="methods">${METHODS.map((name) => html`<option value=${name}></option>`)}</datalist>
      <datalist id="names">${NAMES.map((name) => html`<option value=${name}></option>`)}</datalist>
    </dialog>`
  }

  #startLine(): TemplateResult | TemplateResult[] {
    const { kind } = this.form
    if (kind === 'raw') {
      return html`${this.#field('startLine', 'First line', 'startLine', 'grow')}
        <label class="field narrow"><span>Line ends</span>
          <select @change=${(event: Event) => this.#set({ eol: (event.target as HTMLSelectElement).value as Form['eol'] })}>
            ${(['crlf', 'lf', 'cr'] as const).map((eol) => html`<option value=${eol} ?selected=${eol === this.form.eol}>${eol.toUpperCase().replace('CRLF', 'CR LF')}</option>`)}
          </select></label>`
    }
    if (kind === 'request') {
      return [
        this.#field('method', 'Method', 'method', 'narrow', 'methods'),
        html`<label class="field"><span>Where</span>
          <select @change=${(event: Event) => this.#set({ where: (event.target as HTMLSelectElement).value as Form['where'] })}>
            <option value="url" ?selected=${this.form.where === 'url'}>URL</option>
            <option value="target" ?selected=${this.form.where === 'target'}>request-target</option>
          </select></label>`,
        this.#field('target', this.form.where === 'url' ? 'URL' : 'Request-target', 'target', 'grow'),
        this.#field('version', 'Version', 'version', 'narrow'),
      ]
    }
    return [
      this.#field('version', 'Version', 'version', 'narrow'),
      this.#field('status', 'Status', 'status', 'narrow'),
      this.#field('reason', 'Reason', 'reason', 'grow'),
      this.#field('requestMethod', 'Answers', 'requestMethod', 'narrow', 'methods'),
    ]
  }

  #field(
    part: string,
    title: string,
    member: 'method' | 'target' | 'version' | 'status' | 'reason' | 'requestMethod' | 'startLine',
    look: string,
    list?: string,
  ): TemplateResult {
    return html`<div class="field ${look}">
      <label for=${part}>${title}</label>
      ${this.#input(part, this.form[member], (value) => this.#set({ [member]: value }), { id: part, list })}
      ${this.#fault(part, this.form[member])}
    </div>`
  }

  #input(
    part: string,
    value: string,
    set: (value: string) => void,
    about: { id?: string; label?: string; list?: string | undefined },
  ): TemplateResult {
    const wrong = this.#refusal?.part === part
    return html`<input
      data-part=${part}
      id=${about.id ?? nothing}
      aria-label=${about.label ?? nothing}
      aria-invalid=${String(wrong)}
      aria-describedby=${wrong ? 'fault' : nothing}
      list=${about.list ?? nothing}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      .value=${value}
      @input=${(event: Event) => set((event.target as HTMLInputElement).value)}
    >`
  }

  /** What was refused at this part, with the code unit that is at fault. */
  #fault(part: string, value: string): TemplateResult | '' {
    const refusal = this.#refusal
    if (refusal?.part !== part) return ''
    const { index, refused } = refusal
    const marked =
      index === undefined || index >= value.length
        ? ''
        : html`<code>${value.slice(Math.max(0, index - 20), index)}<mark>${visible(value[index] as string)}</mark>${value.slice(index + 1, index + 21)}</code>`
    return html`<p class="fault" id="fault">${refused}${marked}</p>`
  }

  #lines(which: 'headers' | 'trailers', title: string): TemplateResult {
    const lines = this.form[which]
    const change = (at: number, line: Partial<Line>) =>
      this.#set({ [which]: lines.map((one, index) => (index === at ? { ...one, ...line } : one)) })
    return html`<fieldset>
      <legend>${title}</legend>
      <div class="lines">
        ${lines.map(({ name, value }, at) => {
          const part = `${this.#part(which)}[${at}]`
          return html`<div class="line" role="group" aria-label=${`${title} ${at + 1}`}>
            ${this.#input(`${part}.name`, name, (to) => change(at, { name: to }), { label: 'Name', list: 'names' })}
            ${this.#input(`${part}.value`, value, (to) => change(at, { value: to }), { label: 'Value' })}
            <span class="group">
              <button type="button" data-do=${`${which}.${at}.-1`} aria-label="Move up" title="Move up" ?disabled=${at === 0} @click=${() => this.#move(which, at, -1)}>↑</button>
              <button type="button" data-do=${`${which}.${at}.1`} aria-label="Move down" title="Move down" ?disabled=${at === lines.length - 1} @click=${() => this.#move(which, at, 1)}>↓</button>
              <button type="button" data-do=${`${which}.${at}.0`} aria-label="Remove" title="Remove" @click=${() => this.#remove(which, at)}>×</button>
            </span>
            ${this.#fault(`${part}.name`, name)} ${this.#fault(`${part}.value`, value)}
          </div>`
        })}
      </div>
      <div><button type="button" data-do=${`${which}.add`} @click=${() => this.#add(which)}>Add a line</button></div>
    </fieldset>`
  }

  #body(): TemplateResult {
    const { form } = this
    const wrong = this.#refusal?.part === 'body'
    return html`<fieldset>
      <legend>Body</legend>
      <div class="start">
        <label class="field"><span>It is</span>
          <select data-part="body" aria-invalid=${String(wrong)} aria-describedby=${wrong ? 'fault' : nothing} @change=${(event: Event) => this.#set({ body: (event.target as HTMLSelectElement).value as BodyKind })}>
            ${Object.entries(BODIES).map(([kind, title]) => html`<option value=${kind} ?selected=${kind === form.body}>${title}</option>`)}
          </select></label>
        ${form.body === 'file' ? html`<label class="field grow"><span>${form.file ? `${form.file.name}, ${count(form.file.octets.length)}` : 'No file yet'}</span><input type="file" @change=${this.#file}></label>` : ''}
      </div>
      ${form.body === 'none' || form.body === 'file' ? '' : html`<textarea aria-label="The body" data-part="text" aria-invalid=${String(this.#refusal?.part === 'text')} aria-describedby=${this.#refusal?.part === 'text' ? 'fault' : nothing} spellcheck="false" autocomplete="off" .value=${form.text} @input=${(event: Event) => this.#set({ text: (event.target as HTMLTextAreaElement).value })}></textarea>`}
      ${this.#fault('body', '')} ${this.#fault('text', '')}
    </fieldset>`
  }

  get #refusal(): Extract<Made, { refused: string }> | undefined {
    return this.made && 'refused' in this.made ? this.made : undefined
  }

  /** What the library calls these lines. */
  #part(which: 'headers' | 'trailers'): string {
    return this.form.kind === 'raw' && which === 'headers' ? 'fields' : which
  }

  #hasControl(part: string | undefined): boolean {
    return part !== undefined && this.renderRoot.querySelector(`[data-part="${part}"]`) !== null
  }

  #same(octets: Uint8Array): string {
    const { from } = this
    if (!from) return ''
    const differs = firstDifference(octets, from)
    return differs < 0 ? ', the same as were there' : `, other than were there from octet ${differs} on`
  }

  #set(change: Partial<Form>): void {
    this.form = { ...this.form, ...change }
    this.#make()
  }

  /** To another kind; raw begins with what was made, chunks and all. */
  async #kind(kind: Form['kind']): Promise<void> {
    await this.#making
    const { made } = this
    this.#set(kind === 'raw' && made && 'octets' in made ? { kind, ...rawOf(made.octets) } : { kind })
  }

  #add(which: 'headers' | 'trailers'): void {
    const at = this.form[which].length
    this.#set({ [which]: [...this.form[which], { name: '', value: '' }] })
    this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`[data-part="${this.#part(which)}[${at}].name"]`)?.focus(),
    )
  }

  #move(which: 'headers' | 'trailers', at: number, by: number): void {
    const lines = [...this.form[which]]
    lines.splice(at + by, 0, ...lines.splice(at, 1))
    this.#set({ [which]: lines })
    this.#focus(`${which}.${at + by}.${by}`, `${which}.${at + by}.${-by}`)
  }

  #remove(which: 'headers' | 'trailers', at: number): void {
    this.#set({ [which]: this.form[which].filter((_, index) => index !== at) })
    this.#focus(`${which}.${at}.0`, `${which}.${at - 1}.0`, `${which}.add`)
  }

  /** Puts the focus on the first of these buttons that is there and can be pressed. */
  async #focus(...buttons: string[]): Promise<void> {
    await this.updateComplete
    const found = buttons.map((one) => this.renderRoot.querySelector<HTMLButtonElement>(`[data-do="${one}"]`))
    found.find((one) => one && !one.disabled)?.focus()
  }

  /** One is made at a time; of what is asked for meanwhile, only the last. */
  #make(): void {
    this.#stale = true
    this.#making ??= this.#makeNewest().finally(() => {
      this.#making = undefined
    })
  }

  async #makeNewest(): Promise<void> {
    while (this.#stale) {
      this.#stale = false
      const made = await this.#madeOf(this.form)
      if (!this.#stale) this.made = made
    }
  }

  async #madeOf(form: Form): Promise<Made | undefined> {
    let parts: Parts
    try {
      parts = partsOf(form)
    } catch (error) {
      return { refused: (error as Error).message, part: 'text' }
    }
    try {
      return await this.asked?.make(parts)
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) }
    }
  }

  readonly #begin = (event: Event) => {
    const select = event.target as HTMLSelectElement
    const form = BEGINNINGS[Number(select.value)]?.form
    this.from = undefined
    this.why = ''
    if (form) this.#set(form)
  }

  readonly #file = async (event: Event) => {
    const [file] = (event.target as HTMLInputElement).files ?? []
    if (file) this.#set({ file: { name: file.name, octets: new Uint8Array(await file.arrayBuffer()) } })
  }

  async #done(event: Event): Promise<void> {
    event.preventDefault()
    // What was typed last is made first.
    await this.#making
    if (!this.made || !('octets' in this.made)) return
    this.#close()
    this.dispatchEvent(new BuiltEvent(this.made.octets))
  }

  #close(): void {
    this.renderRoot.querySelector('dialog')?.close()
  }
}

/** Octets with a new line behind each LF; no more of them than are of use. */
function withLines(octets: Uint8Array): unknown[] {
  const all: unknown[] = []
  let start = 0
  const end = Math.min(octets.length, SHOWN)
  for (let at = 0; at < end; at++) {
    if (octets[at] !== 0x0a) continue
    all.push(shown(octets.subarray(start, at + 1)), '\n')
    start = at + 1
  }
  all.push(shown(octets.subarray(start, end)))
  if (end < octets.length) all.push(html`\n<span class="dim">and ${count(octets.length - end)} more</span>`)
  return all
}

function visible(unit: string): string {
  const code = unit.charCodeAt(0)
  return code > 0x20 && code < 0xd800 && code !== 0x7f
    ? unit
    : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
