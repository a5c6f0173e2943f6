// The tape: all octets in one line, each in the colour of its kind. A picture for the pointer; the views say the same.

import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import type { Inspected, Place } from '../octets/inspected.js'
import { LOOKS, lookOf } from '../octets/kinds.js'
import { PlaceEvent } from './row-view.js'

const HEIGHT = 30

export class Tape extends LitElement {
  static override properties = {
    inspected: { attribute: false },
    chosen: { attribute: false },
    pointed: { attribute: false },
  }

  static override styles = css`
    :host {
      display: block;
      height: 30px;
      border-radius: 6px;
      overflow: hidden;
      cursor: crosshair;
      background: var(--panel);
      border: 1px solid var(--line);
    }
    canvas {
      width: 100%;
      height: 30px;
      display: block;
    }
  `

  declare inspected: Inspected | undefined
  declare chosen: Place | undefined
  declare pointed: Place | undefined
  readonly #sizes = new ResizeObserver(() => this.#draw())
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  readonly #redraw = () => this.#draw()

  override connectedCallback(): void {
    super.connectedCallback()
    this.#sizes.observe(this)
    this.#dark.addEventListener('change', this.#redraw)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
    this.#dark.removeEventListener('change', this.#redraw)
  }

  override render(): TemplateResult {
    return html`<canvas
      aria-hidden="true"
      @pointermove=${(event: PointerEvent) => this.#tell('h1-point', event)}
      @pointerleave=${() => this.dispatchEvent(new PlaceEvent('h1-point', undefined))}
      @click=${(event: MouseEvent) => this.#tell('h1-choose', event)}
    ></canvas>`
  }

  protected override updated(_changed: PropertyValues): void {
    this.#draw()
  }

  #tell(type: 'h1-point' | 'h1-choose', event: MouseEvent): void {
    const { left, width } = this.getBoundingClientRect()
    const length = this.inspected?.octets.length ?? 0
    const place = this.inspected?.at(Math.floor((Math.max(0, event.clientX - left) / width) * length))
    if (place) this.dispatchEvent(new PlaceEvent(type, place))
  }

  #draw(): void {
    const canvas = this.renderRoot?.querySelector('canvas')
    const pen = canvas?.getContext('2d')
    if (!canvas || !pen) return
    const scale = devicePixelRatio
    canvas.width = Math.max(1, Math.round(this.clientWidth * scale))
    canvas.height = HEIGHT * scale
    const { inspected } = this
    const length = inspected?.octets.length ?? 0
    if (!inspected || length === 0) return
    const style = getComputedStyle(this)
    const colours = new Map<string, string>(
      LOOKS.map(({ look }) => [look, style.getPropertyValue(`--${look}`).trim()]),
    )
    // Octet by octet if there is room, pixel by pixel if there is not.
    const steps = Math.min(length, canvas.width)
    for (let step = 0; step < steps; step++) {
      const octet = Math.floor((step * length) / steps)
      const leaf = inspected.leaves[inspected.leafIndex(octet)] as number
      const look = lookOf(inspected.kind(leaf))
      pen.globalAlpha = look === 'value' ? 0.55 : look === 'mark' ? 0.3 : 0.9
      pen.fillStyle = colours.get(look) ?? '#888'
      const [from, to] = [step, step + 1].map((at) => Math.round((at * canvas.width) / steps)) as [
        number,
        number,
      ]
      const top = (TOPS[look] ?? 0) * scale
      pen.fillRect(from, top, Math.max(1, to - from), canvas.height - top)
    }
    pen.globalAlpha = 1
    this.#frame(pen, this.pointed, style.getPropertyValue('--dim'))
    this.#frame(pen, this.chosen, style.getPropertyValue('--chosen'))
  }

  #frame(pen: CanvasRenderingContext2D, place: Place | undefined, colour: string): void {
    if (!place) return
    const { width, height } = pen.canvas
    const part = width / (this.inspected?.octets.length ?? 1)
    const line = 2 * devicePixelRatio
    pen.fillStyle = colour
    pen.fillRect(place.start * part, 0, Math.max(line, (place.end - place.start) * part), line * 2)
    pen.fillRect(place.start * part, height - line, Math.max(line, (place.end - place.start) * part), line)
  }
}

/** How far below the top each kind begins: its height is a second sign beside its colour. */
const TOPS: Partial<Record<string, number>> = {
  start: 4,
  name: 9,
  value: 15,
  mark: 21,
  chunk: 7,
  data: 12,
  other: 12,
  junk: 4,
}
