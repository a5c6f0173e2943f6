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
  const groups = grouped(readings)
  return html`
    <p class="verdict ${groups.length === 1 ? '' : 'differ'}">${
      groups.length === 1
        ? 'All readers see the same.'
        : `Readers see these octets in ${groups.length} ways. Where two that differ stand in one chain, a message can hide.`
    }</p>
    <ol class="readings">
      ${groups.map(
        ({ names, who, reading: { messages, refusal, switched } }) => html`<li>
          <div class="who">${who}</div>
          <div class="bar">
            ${messages.slice(0, DRAWN).map(
              ({ start, end }, index) => html`<button
                class="message ${index % 2 ? 'odd' : ''}"
                ${placed({ left: part(start), width: part(end - start) })}
                aria-label=${`${names}: message ${index + 1}, octets ${start} to ${end}`}
                title=${`message ${index + 1}: ${start}–${end}`}
                @click=${() => jump(start)}
              >${index + 1}</button>`,
            )}
            ${
              refusal
                ? html`<button
                    class="refusal"
                    ${placed({ left: `min(${part(refusal.offset)}, 100% - 20px)` })}
                    aria-label=${`${names}: refuses octet ${refusal.offset}, ${refusal.code}`}
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

// Readers that see the same stand together; with few of them there is room to say what each does.
function grouped(readings: Reading[]): { names: string; who: TemplateResult[]; reading: Reading }[] {
  const groups = new Map<string, Reading[]>()
  for (const reading of readings) {
    const { messages, refusal, switched } = reading
    const seen = JSON.stringify([messages, refusal, switched])
    groups.set(seen, [...(groups.get(seen) ?? []), reading])
  }
  return [...groups.values()].map((group) => ({
    names: group.map(({ profile }) => profile).join(', '),
    who: group.map(
      ({ profile, does }) =>
        html`<span class=${group.length > 3 ? 'short' : 'long'} title=${does}><strong>${profile}</strong>${group.length > 3 ? '' : html` <span class="dim">${does}</span>`}</span>`,
    ),
    reading: group[0] as Reading,
  }))
}
