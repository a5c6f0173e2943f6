// The same octets under each reader: bars on one scale, a bar for each message.

import type { Reading } from 'h1wire'
import { html, type TemplateResult } from 'lit'
import type { Inspected, Place } from '../octets/inspected.js'
import { placed } from '../placed.js'

/** More are not drawn: bars would be thinner than a pixel. */
const DRAWN = 200

export function readingsPanel(
  inspected: Inspected,
  readings: Reading[] | undefined,
  choose: (place: Place) => void,
): TemplateResult {
  if (!readings) return html`<p class="well" role="status">Reading …</p>`
  const length = Math.max(1, inspected.octets.length)
  const part = (octets: number) => `${(100 * octets) / length}%`
  const jump = (octet: number) => {
    const place = inspected.at(Math.min(octet, inspected.octets.length - 1))
    if (place) choose(place)
  }
  const ends = new Set(readings.map((one) => JSON.stringify([one.messages, one.switched])))
  const verdict =
    ends.size === 1
      ? 'All readers see the same messages.'
      : `These readers see the octets in ${ends.size} ways: whoever stands behind one of another kind can be fooled.`
  return html`
    <p class="verdict ${ends.size === 1 ? '' : 'differ'}">${verdict}</p>
    <ol class="readings">
      ${readings.map(
        ({ profile, does, messages, refusal, switched }) => html`<li>
          <div class="who"><strong>${profile}</strong> <span class="dim">${does}</span></div>
          <div class="bar">
            ${messages.slice(0, DRAWN).map(
              ({ start, end }, index) => html`<button
                class="message ${index % 2 ? 'odd' : ''}"
                ${placed({ left: part(start), width: part(end - start) })}
                aria-label=${`${profile}: message ${index + 1}, octets ${start} to ${end}`}
                title=${`message ${index + 1}: ${start}–${end}`}
                @click=${() => jump(start)}
              >${index + 1}</button>`,
            )}
            ${
              refusal
                ? html`<button
                    class="refusal"
                    ${placed({ left: `min(${part(refusal.offset)}, 100% - 20px)` })}
                    aria-label=${`${profile}: refuses octet ${refusal.offset}, ${refusal.code}`}
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
              messages.length > 4 ? ` and ${messages.length - 4} more` : ''
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
