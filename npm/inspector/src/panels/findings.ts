// What was found, by offset; each leads to its octets.

import type { Finding } from 'h1wire'
import { html, type TemplateResult } from 'lit'
import type { Inspected, Place } from '../octets/inspected.js'

/** More are counted, and not listed. */
const LISTED = 200

const SIGNS = { error: '✕', warning: '▲', note: '●' }

export function findings(inspected: Inspected, choose: (place: Place) => void): TemplateResult {
  const all = inspected.columns.findings
  if (all.length === 0) return html`<p>Nothing: these octets keep to the rules.</p>`
  return html`
    <ol class="findings">
      ${all.slice(0, LISTED).map((one) => finding(one, () => choose(inspected.placeOfFinding(one))))}
    </ol>
    ${all.length > LISTED ? html`<p class="dim">The first ${LISTED} of ${all.length.toLocaleString('en')}.</p>` : ''}
  `
}

function finding(one: Finding, jump: () => void): TemplateResult {
  return html`<li>
    <button class="finding" @click=${jump}>
      <span class="sign ${one.severity}"><span aria-hidden="true">${SIGNS[one.severity]}</span> ${one.severity}</span>
      <span class="what">${one.message}.</span>
      <span class="mono dim where">${one.start}–${one.end}</span>
      <span class="more dim"><code>${one.code}</code> · ${one.rule} · ${one.fix}.</span>
      ${one.readers ? html`<span class="more">${one.readers}.</span>` : ''}
    </button>
  </li>`
}
