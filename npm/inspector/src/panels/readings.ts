// The same octets under each reader: bars on one scale, a bar for each message.

import { html, type TemplateResult } from 'lit'
import type { Inspected, Place } from '../octets/inspected.js'
import { placed } from '../placed.js'
import type { Seen } from '../protocol.js'

/** Of so many readers in a group there is room to say what each does. */
const DESCRIBED = 3

export function readingsPanel(
  inspected: Inspected,
  groups: Seen[] | undefined,
  choose: (place: Place) => void,
): TemplateResult {
  if (!groups) return html`<p role="status">Reading …</p>`
  const length = Math.max(1, inspected.octets.length)
  const part = (octets: number) => `${(100 * octets) / length}%`
  const jump = (octet: number) => {
    const place = inspected.at(Math.min(octet, inspected.octets.length - 1))
    if (place) choose(place)
  }
  return html`
    <p class="verdict ${groups.length === 1 ? '' : 'differ'}">${
      groups.length === 1
        ? 'All readers see the same.'
        : `Readers see these octets in ${groups.length} ways. Where two that differ stand in one chain, a message can hide.`
    }</p>
    <ol class="readings">
      ${groups.map(
        ({ readers, messages, count, refusal, switched }) => html`<li>
          <div class="who">${readers.map((one) => reader(one, readers.length <= DESCRIBED))}</div>
          <div class="bar">
            ${messages.map(
              ({ start, end }, index) => html`<button
                class="message ${index % 2 ? 'odd' : ''}"
                ${placed({ left: part(start), width: part(end - start) })}
                aria-label=${`${namesOf(readers)}: message ${index + 1}, octets ${start} to ${end}`}
                title=${`message ${index + 1}: ${start}–${end}`}
                @click=${() => jump(start)}
              >${index + 1}</button>`,
            )}
            ${
              refusal
                ? html`<button
                    class="refusal"
                    ${placed({ left: `min(${part(refusal.offset)}, 100% - 20px)` })}
                    aria-label=${`${namesOf(readers)}: refuses octet ${refusal.offset}, ${refusal.code}`}
                    title=${`${refusal.code} at ${refusal.offset}`}
                    @click=${() => jump(refusal.offset)}
                  >✕</button>`
                : ''
            }
          </div>
          <div class="says mono">
            ${
              messages.length === 0
                ? 'no message'
                : messages
                    .slice(0, 4)
                    .map(({ start, end }) => `${start}–${end}`)
                    .join(', ')
            }${
              count > 4 ? ` and ${(count - 4).toLocaleString('en')} more` : ''
            }${refusal ? html`; <span class="error">${refusal.code} at ${refusal.offset}</span>` : ''}${
              switched === undefined ? '' : `; another protocol from ${switched}`
            }
          </div>
        </li>`,
      )}
    </ol>
    <p class="dim">Readers are modelled on leniencies; none was checked against a program.</p>
  `
}

function reader({ profile, does }: Seen['readers'][number], described: boolean): TemplateResult {
  return html`<span class=${described ? 'long' : ''} title=${does}
    ><strong>${profile}</strong>${described ? html` <span class="dim">${does}</span>` : ''}</span
  >`
}

function namesOf(readers: Seen['readers']): string {
  return readers.map(({ profile }) => profile).join(', ')
}
