// What is selected: what it is, where, what it says, by which rule, and what was found there.

import { html, type TemplateResult } from 'lit'
import { hex, nameOf } from '../octets/glyphs.js'
import type { Inspected, Place } from '../octets/inspected.js'
import { lookOf, meaningOf } from '../octets/kinds.js'
import { shown } from '../octets/shown.js'

const SHOWN = 400

export function details(
  inspected: Inspected,
  place: Place | undefined,
  choose: (place: Place) => void,
): TemplateResult {
  if (!place || place.node < 0) {
    return html`<p class="dim">Choose octets in any view, with the pointer or the arrow keys: the others follow.</p>`
  }
  const { node, octet } = place
  const kind = inspected.kind(node)
  const [start, end] = [inspected.start(node), inspected.end(node)]
  const value = inspected.octets[octet]
  const found = inspected.columns.findings.filter(
    (one) =>
      one.start < Math.max(end, start + 1) &&
      Math.max(one.end, one.start + 1) > start &&
      one.end - one.start <= end - start,
  )
  return html`
    <nav class="path" aria-label="What holds it">
      ${inspected.path(node).map(
        (one) =>
          html`<button
            class="link"
            aria-current=${one === node ? 'true' : 'false'}
            @click=${() => choose(inspected.placeOf(one))}
          >${inspected.kind(one)}</button>`,
      )}
    </nav>
    <p class="meaning"><span class=${`tag ${lookOf(kind)}`}>${kind}</span> ${meaningOf(kind)}</p>
    <dl>
      <dt>octets</dt>
      <dd class="mono">${start}–${end} <span class="dim">(${count(end - start)})</span></dd>
      <dt>reads</dt>
      <dd class="mono reads">${readable(inspected.text(node, SHOWN))}${end - start > SHOWN ? html` <span class="dim">and more</span>` : ''}</dd>
      <dt>octet</dt>
      <dd class="mono">${value === undefined ? 'none' : html`at ${octet}: ${hex(value)} <span class="dim">hex</span>, ${value}, ${nameOf(value)}`}</dd>
      <dt>rule</dt>
      <dd>${inspected.rule(node)}</dd>
    </dl>
    ${found
      .slice(0, 6)
      .map(
        (one) => html`<p class="here ${one.severity}"><strong>${one.severity}</strong> ${one.message}.</p>`,
      )}
  `
}

/** A number of octets, in words. */
export function count(octets: number): string {
  return `${octets.toLocaleString('en')} ${octets === 1 ? 'octet' : 'octets'}`
}

// The text of a node is latin-1: its characters are octets.
function readable(text: string): TemplateResult | (string | TemplateResult)[] {
  if (text === '') return html`<span class="dim">nothing: it is empty</span>`
  if (text.trim() === '') return shown(Array.from(text, (one) => one.charCodeAt(0)))
  return text
    .split(/( )/)
    .flatMap((part) => (part === ' ' ? [' '] : shown(Array.from(part, (one) => one.charCodeAt(0)))))
}
