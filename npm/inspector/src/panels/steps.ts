// Octet by octet: how far the parsers have read, what they have reported by then, and what they are at.

import { html, type TemplateResult } from 'lit'
import { hex, nameOf } from '../octets/glyphs.js'
import type { Inspected } from '../octets/inspected.js'
import { STATES, type Steps } from '../protocol.js'

/** Longer input is not gone through octet by octet. */
export const STEPPED = 65_536

export function stepsPanel(
  inspected: Inspected,
  steps: Steps | undefined,
  at: number,
  go: (octets: number) => void,
): TemplateResult {
  const { length } = inspected.octets
  if (length > STEPPED)
    return html`<p>Of ${length.toLocaleString('en')} octets: this is for up to ${STEPPED.toLocaleString('en')}.</p>`
  if (!steps) return html`<p role="status">Reading …</p>`
  const told = steps.steps.filter(({ octets }) => octets <= at)
  const state = STATES[steps.states[at] ?? 0]
  const octet = inspected.octets[at - 1]
  const place = at > 0 ? inspected.at(at - 1) : undefined
  return html`
    <div class="slider">
      <button aria-label="One octet back" ?disabled=${at === 0} @click=${() => go(at - 1)}>◂</button>
      <input
        type="range"
        min="0"
        max=${length}
        .value=${String(at)}
        aria-label="Octets read"
        aria-valuetext=${`${at} of ${length} octets read, ${state}`}
        @input=${(event: Event) => go(Number((event.target as HTMLInputElement).value))}
      >
      <button aria-label="One octet on" ?disabled=${at === length} @click=${() => go(at + 1)}>▸</button>
      <button ?disabled=${told.length === steps.steps.length} @click=${() => go(steps.steps.find(({ octets }) => octets > at)?.octets ?? length)}>Next event</button>
    </div>
    <p class="state">
      <strong class="mono">${at}</strong> of ${length} octets read ·
      <strong class="is">${state}</strong>
      ${octet === undefined ? '' : html`· last octet <code>${hex(octet)}</code> ${nameOf(octet)}${place ? html`, of <code>${inspected.kind(place.node)}</code>` : ''}`}
    </p>
    <ol class="steps">
      ${told.slice(-200).map(
        ({ octets, type, says }) => html`<li class=${octets === at ? 'now' : ''}>
          <button class="link mono" @click=${() => go(octets)}>${octets}</button>
          <strong class=${type === 'error' ? 'error' : type === 'tolerated' ? 'warning' : ''}>${type}</strong>
          <span>${says}</span>
        </li>`,
      )}
      ${told.length === 0 ? html`<li class="dim">No event yet: nothing is reported before it is known.</li>` : ''}
    </ol>
  `
}
