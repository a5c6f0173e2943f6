// `<h1-inspector>`: holds the octets, what is known of them and what is chosen, and lays out the views.

import type { InspectKind } from 'h1wire'
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { Asked } from './ask.js'
import { BuildDialog, type BuiltEvent } from './build/dialog.js'
import { Compare, type ShowEvent, type Side } from './compare/compare.js'
import { EXAMPLES, octetsOfExample } from './examples.js'
import { Incoming, isElsewhere } from './incoming.js'
import { layout } from './layout.js'
import { LENIENCY_NAMES } from './leniencies.js'
import { type Notice, noticeBar } from './notice.js'
import { History, splice, type Version } from './octets/edits.js'
import { heldByServer } from './octets/held.js'
import { Inspected, type Place } from './octets/inspected.js'
import { LOOKS } from './octets/kinds.js'
import { fromFragment } from './octets/permalink.js'
import { COPIES, copyAs, link, save } from './outgoing.js'
import { BodyPanel } from './panels/body-panel.js'
import { count, details } from './panels/details.js'
import { findings } from './panels/findings.js'
import { type ChosenEvent, Menu } from './panels/menu.js'
import { readingsPanel } from './panels/readings.js'
import { STEPPED, stepsPanel } from './panels/steps.js'
import { strictness } from './panels/strictness.js'
import { WriteDialog, type WrittenEvent } from './panels/write-dialog.js'
import type { How, Seen, Steps } from './protocol.js'
import { ground, looks, palette } from './styles.js'
import type { EditEvent } from './views/edit-event.js'
import { HexView } from './views/hex-view.js'
import type { Ahead, PlaceEvent } from './views/row-view.js'
import { Tape } from './views/tape.js'
import { TextView } from './views/text-view.js'
import { TreeView } from './views/tree-view.js'

type Octets = Uint8Array<ArrayBuffer>

const VIEWS = { text: 'Text', hex: 'Hex', tree: 'Tree' } as const
const PANELS = {
  findings: 'Findings',
  readings: 'Readers',
  body: 'Body',
  steps: 'Step through',
  strictness: 'Strictness',
} as const
const KINDS: InspectKind[] = ['auto', 'request', 'response']

/** More is not written by hand. */
const WRITTEN = 1 << 18
const LISTED = 6
/** As many messages of a stream can be compared. */
const COMPARED = 50

export class H1Inspector extends LitElement {
  static override properties = {
    permalinks: { type: Boolean },
    inspected: { state: true },
    how: { state: true },
    chosen: { state: true },
    pointed: { state: true },
    view: { state: true },
    panel: { state: true },
    readings: { state: true },
    steps: { state: true },
    stepped: { state: true },
    notice: { state: true },
    progress: { state: true },
    lineEnd: { state: true },
    ahead: { state: true },
    history: { state: true },
    sides: { state: true },
  }

  static override styles = [palette, ground, looks, layout]

  /** Whether the fragment of the page's address is read, and written when a link is made. */
  declare permalinks: boolean
  declare inspected: Inspected | undefined
  declare how: How
  declare chosen: Place | undefined
  declare pointed: Place | undefined
  declare view: keyof typeof VIEWS
  declare panel: keyof typeof PANELS
  declare readings: Seen[] | undefined
  declare steps: Steps | undefined
  declare stepped: number
  declare notice: Notice | undefined
  declare progress: number | undefined
  /** What Enter writes in the text view. */
  declare lineEnd: 'crlf' | 'lf'
  declare history: History
  /** The cursor and the end of the octets by now, while what was changed is not yet read. */
  declare ahead: Ahead | undefined
  /** What is compared; undefined while the ordinary views are shown. */
  declare sides: Side[] | undefined

  #octets: Octets = new Uint8Array()
  #asked: Asked | undefined
  readonly #incoming = new Incoming(this)

  constructor() {
    super()
    this.permalinks = false
    this.how = { kind: 'auto', lenient: [] }
    this.view = 'text'
    this.panel = 'findings'
    this.stepped = 0
    this.lineEnd = 'crlf'
    this.history = new History()
  }

  /** The octets that are shown. To show others: `inspect`. */
  get octets(): Octets {
    return this.#octets
  }

  get asked(): Asked | undefined {
    return this.#asked
  }

  /** Shows these octets. Resolves when they are read. */
  async inspect(octets: Octets, how: How = this.how): Promise<void> {
    if (this.inspected) this.history = this.history.changed(this.#version)
    this.sides = undefined
    await this.#show(octets, how)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#asked = new Asked((octets) => {
      this.progress = octets
    })
    window.addEventListener('hashchange', this.#open)
    this.addEventListener('keydown', this.#key)
    if (this.inspected) this.#show(this.#octets, this.how)
    else this.#open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#asked?.end()
    window.removeEventListener('hashchange', this.#open)
  }

  override render(): TemplateResult {
    return html`${this.#header()}
      <div class="strip" role="region" aria-label="Messages">
        ${noticeBar(this.notice, () => {
          this.notice = undefined
        })}
        <h1-tape
          .inspected=${this.inspected}
          .chosen=${this.chosen}
          .pointed=${this.pointed}
          @h1-point=${this.#point}
          @h1-choose=${this.#choosePlace}
        ></h1-tape>
        ${this.progress === undefined ? '' : this.#busy()} ${this.#messages()}
        <div class="group choose-view" role="group" aria-label="View" ?hidden=${this.sides !== undefined}>
          ${Object.entries(VIEWS).map(
            ([view, title]) =>
              html`<button aria-pressed=${String(view === this.view)} @click=${() => {
                this.view = view as keyof typeof VIEWS
              }}>${title}</button>`,
          )}
        </div>
      </div>
      ${this.sides ? html`<main class="comparison"><h1-compare .sides=${this.sides} .how=${this.how} @h1-show=${this.#showSide}></h1-compare></main>` : this.#ordinary()}
      <div class="live" role="status" aria-live="polite">${this.#said()}</div>
      <h1-write @h1-written=${({ text, spelling }: WrittenEvent) => this.#incoming.write(text, spelling)}></h1-write>
      <h1-build .asked=${this.#asked} @h1-built=${({ octets }: BuiltEvent) => this.inspect(octets)}></h1-build>`
  }

  #ordinary(): TemplateResult {
    return html`<main class="views" @h1-point=${this.#point} @h1-choose=${this.#choosePlace} @h1-edit=${this.#edit}>
        ${this.#view('text', html`<h1-text .inspected=${this.inspected} .chosen=${this.chosen} .pointed=${this.pointed} .ahead=${this.ahead} .lineEnd=${this.lineEnd}></h1-text>`, this.#enterWrites())}
        ${this.#view('hex', html`<h1-hex .inspected=${this.inspected} .chosen=${this.chosen} .pointed=${this.pointed} .ahead=${this.ahead}></h1-hex>`, 'digits overwrite, Insert and Delete')}
        ${this.#view('tree', html`<h1-tree .inspected=${this.inspected} .chosen=${this.chosen} .pointed=${this.pointed}></h1-tree>`)}
      </main>
      <div class="below">
        <section aria-label="What is chosen">
          <h2>What is chosen</h2>
          <div class="panel" tabindex="0" role="region" aria-label="Details">
            ${this.inspected ? details(this.inspected, this.chosen, this.choose) : ''}
          </div>
        </section>
        <section aria-label="What there is to say">${this.#panels()}</section>
      </div>`
  }

  #header(): TemplateResult {
    return html`<header>
      <h1>h1wire <small>inspector</small></h1>
      <select class="examples" aria-label="Examples" @change=${this.#example} @blur=${(event: Event) => {
        ;(event.target as HTMLSelectElement).value = ''
      }}>
        <option value="" selected disabled>Examples …</option>
        ${['Messages', 'Streams', 'Smuggling'].map(
          (group) => html`<optgroup label=${group}>
            ${EXAMPLES.map((one, index) => (one.group === group ? html`<option value=${index}>${one.title}</option>` : ''))}
          </optgroup>`,
        )}
      </select>
      <button class="first" @click=${this.#write}>Write</button>
      <button @click=${this.#build}>Build</button>
      <button aria-pressed=${String(this.sides !== undefined)} @click=${this.#compare}>Compare</button>
      <button @click=${() => this.renderRoot.querySelector<HTMLInputElement>('.file')?.click()}>Open file</button>
      <input class="file" type="file" hidden @change=${this.#file}>
      <div class="group" role="group" aria-label="Changes">
        <button ?disabled=${!this.history.canUndo} @click=${() => this.#go('undo')} aria-keyshortcuts="Control+Z">Undo</button>
        <button ?disabled=${!this.history.canRedo} @click=${() => this.#go('redo')} aria-keyshortcuts="Control+Shift+Z Control+Y">Redo</button>
      </div>
      <div class="group" role="group" aria-label="What the octets hold">
        <span aria-hidden="true">Read as</span>
        ${KINDS.map(
          (kind) =>
            html`<button aria-pressed=${String(this.how.kind === kind)} @click=${() => this.#show(this.#octets, { ...this.how, kind })}>${kind}</button>`,
        )}
      </div>
      <span class="space"></span>
      <h1-menu
        label="Copy as"
        .groups=${COPIES}
        @h1-chosen=${({ value }: ChosenEvent) => copyAs(this, value)}
      ></h1-menu>
      ${this.permalinks ? html`<button @click=${() => link(this)}>Copy link</button>` : ''}
      <button @click=${() => save(this)}>Save</button>
    </header>`
  }

  #messages(): TemplateResult {
    const all = this.inspected?.columns.messages ?? []
    return html`<div class="messages">
      <span class="count">${count(this.#octets.length)}, ${all.length === 0 ? 'no message' : all.length === 1 ? 'one message' : `${all.length.toLocaleString('en')} messages`}</span>
      ${all.slice(0, LISTED).map((message, index) => {
        const line = this.inspected?.text(message.node, 60).split(/[\r\n]/)[0] ?? ''
        return html`<button
          class="mono"
          title=${`octets ${message.start} to ${message.end}, body: ${message.framing}`}
          @click=${() => this.inspected && this.choose(this.inspected.placeOf(message.node))}
        ><span class="dim">${index + 1}</span> ${message.answers === undefined ? '' : `answers ${message.answers + 1}: `}${line}${message.whole ? '' : ' (not whole)'}</button>`
      })}
      ${all.length > LISTED ? html`<span class="count">and ${(all.length - LISTED).toLocaleString('en')} more</span>` : ''}
      <ul class="legend" aria-label="Legend">
        ${LOOKS.map(({ look, title, does }) => html`<li title=${does}><span class=${`tag mono ${look}`}>${title}</span></li>`)}
      </ul>
    </div>`
  }

  #busy(): TemplateResult {
    return html`<div class="dim" role="status">Reading: ${count(this.progress ?? 0)} …</div>`
  }

  #view(
    name: keyof typeof VIEWS,
    content: TemplateResult,
    hint: TemplateResult | string = '',
  ): TemplateResult {
    return html`<section class=${this.view === name ? 'in-sight' : ''} aria-label=${VIEWS[name]}>
      <h2>${VIEWS[name]}<span class="hint">${hint}</span></h2>
      ${content}
    </section>`
  }

  #enterWrites(): TemplateResult {
    return html`<label>Enter writes <select
        @change=${(event: Event) => {
          this.lineEnd = (event.target as HTMLSelectElement).value as 'crlf' | 'lf'
        }}
      ><option value="crlf">CR LF</option><option value="lf">LF</option></select></label>`
  }

  #panels(): TemplateResult {
    const found = this.inspected?.columns.findings ?? []
    const bad = found.some(({ severity }) => severity === 'error')
    const badge = {
      findings: html`<span class="badge ${bad ? 'error' : ''}">${found.length.toLocaleString('en')}</span>`,
      strictness:
        this.how.lenient.length > 0 ? html`<span class="badge">${this.how.lenient.length} on</span>` : '',
    }
    return html`<div role="tablist" aria-label="Panels" @keydown=${this.#tabKey}>
        ${Object.entries(PANELS).map(
          ([name, title]) => html`<button
            role="tab"
            id=${`tab-${name}`}
            aria-controls="panel"
            aria-selected=${String(name === this.panel)}
            tabindex=${name === this.panel ? 0 : -1}
            @click=${() => {
              this.panel = name as keyof typeof PANELS
            }}
          >${title}${badge[name as keyof typeof badge] ?? ''}</button>`,
        )}
      </div>
      <div class="panel" id="panel" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${this.panel}`}>${this.#panel()}</div>`
  }

  #panel(): TemplateResult | string {
    const { inspected } = this
    if (!inspected) return ''
    switch (this.panel) {
      case 'findings':
        return findings(inspected, this.choose)
      case 'readings':
        return readingsPanel(inspected, this.readings, this.choose)
      case 'body':
        return html`<h1-body .inspected=${inspected} .message=${this.#messageInSight()} @h1-choose=${this.#choosePlace}></h1-body>`
      case 'steps':
        return stepsPanel(inspected, this.steps, this.stepped, this.#step)
      case 'strictness':
        return strictness(this.how.lenient, (lenient) => this.#show(this.#octets, { ...this.how, lenient }))
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('panel') || changed.has('inspected')) this.#askForPanel()
    if (changed.has('sides')) this.toggleAttribute('comparing', this.sides !== undefined)
  }

  async #askForPanel(): Promise<void> {
    const { inspected, panel } = this
    if (!inspected || !this.#asked) return
    if (panel === 'readings' && !this.readings) {
      const readings = await this.#asked.readings()
      if (this.inspected === inspected) this.readings = readings
    }
    if (panel === 'steps' && !this.steps && inspected.octets.length <= STEPPED) {
      const steps = await this.#asked.steps()
      if (this.inspected === inspected) this.steps = steps
    }
  }

  // The message of what is chosen; else the first that has a body.
  #messageInSight(): number {
    const { inspected, chosen } = this
    if (!inspected) return -1
    const own = chosen && chosen.node >= 0 ? inspected.messageOf(chosen.node) : -1
    if (own >= 0) return own
    const { messages } = inspected.columns
    return Math.max(
      messages.findIndex(({ headEnd, end }) => end > headEnd),
      messages.length > 0 ? 0 : -1,
    )
  }

  /** Reads octets; what is chosen then is what is at the cursor, wherever that is by then. */
  async #show(octets: Octets, how: How, cursor?: number): Promise<void> {
    const same = octets === this.#octets
    const stays = same && cursor === undefined ? (this.ahead?.cursor ?? this.chosen?.octet) : cursor
    this.ahead = { cursor: stays ?? -1, length: octets.length }
    // What is compared are no longer these octets.
    if (!same) this.sides = undefined
    this.#octets = octets
    this.how = how
    try {
      const columns = await this.#asked?.inspect(octets, how)
      if (!columns) return
      this.inspected = new Inspected(octets, columns)
      this.readings = undefined
      this.steps = undefined
      this.pointed = undefined
      if (!same) this.stepped = octets.length
      const at = this.ahead?.cursor ?? -1
      this.ahead = undefined
      this.chosen = at < 0 ? undefined : (this.inspected.at(at) ?? this.inspected.behind)
    } catch (error) {
      this.ahead = undefined
      this.notice = {
        says: `These octets cannot be read: ${error instanceof Error ? error.message : error}`,
        warn: true,
      }
    } finally {
      this.progress = undefined
    }
  }

  readonly #point = (event: Event) => {
    this.pointed = (event as PlaceEvent).place
  }

  readonly #choosePlace = (event: Event) => {
    const { place } = event as PlaceEvent
    if (place && this.ahead) this.ahead = { ...this.ahead, cursor: place.octet }
    else if (place) this.choose(place)
  }

  readonly choose = (place: Place) => {
    this.chosen = place
  }

  readonly #edit = async (event: Event) => {
    const { at, removed, added, cursor, typed } = event as EditEvent
    const octets = splice(this.#octets, at, removed, added(this.#octets))
    this.history = this.history.changed(this.#version, typed ? { from: at, to: cursor } : undefined)
    await this.#show(octets, this.how, cursor)
  }

  get #version(): Version {
    return { octets: this.#octets, how: this.how, cursor: this.ahead?.cursor ?? this.chosen?.octet }
  }

  readonly #step = (octets: number) => {
    this.stepped = Math.max(0, Math.min(this.#octets.length, octets))
    const place = this.inspected?.at(this.stepped - 1)
    this.chosen = place && { ...place, start: place.octet, end: place.octet + 1 }
  }

  // For those who do not see it: what is chosen.
  #said(): string {
    const { inspected, chosen } = this
    if (!inspected || !chosen) return ''
    if (chosen.node < 0) return 'behind the last octet'
    return `${inspected.kind(chosen.node)}, octets ${chosen.start} to ${chosen.end}: ${inspected.text(chosen.node, 60).trim()}`
  }

  readonly #example = (event: Event) => {
    const select = event.target as HTMLSelectElement
    const example = EXAMPLES[Number(select.value)]
    if (!example) return
    this.notice = undefined
    this.inspect(octetsOfExample(example), { kind: 'auto', lenient: this.how.lenient })
  }

  readonly #write = () => {
    const octets = this.#octets.length <= WRITTEN ? this.#octets : new Uint8Array()
    this.renderRoot.querySelector<WriteDialog>('h1-write')?.open(octets)
  }

  /** Opens the form with the parts of the message in sight. */
  readonly #build = async () => {
    const message = this.inspected?.columns.messages[this.#messageInSight()]
    const octets = message && this.#octets.subarray(message.start, message.end)
    const asked = this.inspected?.columns.messages[message?.answers ?? -1]
    const method = asked && this.inspected?.text(asked.node, 40).split(' ')[0]
    const unmade = message && octets && (await this.#asked?.unmake(octets, message.kind, this.how, method))
    await this.renderRoot.querySelector<BuildDialog>('h1-build')?.open(octets, unmade)
  }

  /** To the comparison, of these octets with those before them, or of their messages, and back. */
  readonly #compare = () => {
    if (this.sides) {
      this.sides = undefined
      return
    }
    const before = this.history.last
    const now = { title: 'These octets', octets: this.#octets }
    const messages = (this.inspected?.columns.messages ?? []).slice(0, COMPARED)
    const each = messages.map(({ start, end }, at) => ({
      title: `Message ${at + 1} of these`,
      octets: this.#octets.slice(start, end),
    }))
    if (before) this.sides = [{ title: 'Those before', octets: before.octets }, now, ...each]
    else this.sides = each.length > 1 ? [...each, now] : [now]
  }

  readonly #showSide = async (event: Event) => {
    const { octets, at } = event as ShowEvent
    this.sides = undefined
    if (octets !== this.#octets) await this.inspect(octets)
    this.chosen = this.inspected?.at(at)
  }

  #go(way: 'undo' | 'redo'): void {
    const there = this.history[way](this.#version)
    if (!there) return
    const [{ octets, how, cursor }, history] = there
    this.history = history
    this.#show(octets, how, cursor)
  }

  readonly #file = (event: Event) => {
    const input = event.target as HTMLInputElement
    this.#incoming.read(input.files?.[0])
    input.value = ''
  }

  readonly #key = (event: KeyboardEvent) => {
    if (isElsewhere(event) || !(event.ctrlKey || event.metaKey)) return
    const key = event.key.toLowerCase()
    if (key !== 'z' && key !== 'y') return
    event.preventDefault()
    this.#go(key === 'y' || event.shiftKey ? 'redo' : 'undo')
  }

  readonly #tabKey = (event: KeyboardEvent) => {
    const names = Object.keys(PANELS) as (keyof typeof PANELS)[]
    const at = names.indexOf(this.panel)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key]
    const name = to === undefined ? undefined : names[(to + names.length) % names.length]
    if (!name) return
    event.preventDefault()
    this.panel = name
    this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${name}`)?.focus())
  }

  // What the address holds; without that, an example that shows what all this is for.
  readonly #open = async () => {
    try {
      const fragment = this.permalinks ? location.hash.slice(1) : ''
      const linked = await fromFragment(fragment, LENIENCY_NAMES)
      if (linked) return await this.inspect(linked.octets, linked.how)
      const held = await heldByServer(fragment)
      if (held) return await this.inspect(held)
    } catch (error) {
      this.notice = {
        says: `The link cannot be read: ${error instanceof Error ? error.message : error}.`,
        warn: true,
      }
    }
    const first = EXAMPLES.find(({ title }) => title.startsWith('CL.TE'))
    if (!this.inspected && first) await this.inspect(octetsOfExample(first))
  }
}

customElements.define('h1-text', TextView)
customElements.define('h1-hex', HexView)
customElements.define('h1-tree', TreeView)
customElements.define('h1-tape', Tape)
customElements.define('h1-body', BodyPanel)
customElements.define('h1-write', WriteDialog)
customElements.define('h1-menu', Menu)
customElements.define('h1-compare', Compare)
customElements.define('h1-build', BuildDialog)
