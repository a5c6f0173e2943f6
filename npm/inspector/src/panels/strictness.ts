// A switch for each leniency; the octets are read anew with each change.

import type { LeniencyName } from 'h1wire'
import { html, type TemplateResult } from 'lit'
import { LENIENCIES, LENIENCY_NAMES } from '../leniencies.js'

export function strictness(
  lenient: readonly LeniencyName[],
  change: (lenient: LeniencyName[]) => void,
): TemplateResult {
  const set = (name: LeniencyName, on: boolean) =>
    change(LENIENCY_NAMES.filter((one) => (one === name ? on : lenient.includes(one))))
  return html`
    <p class="row-of">
      <span>${lenient.length === 0 ? 'Strict: nothing is forgiven.' : `${lenient.length} of ${LENIENCIES.length} leniencies are on. What uses one is a warning in place of an error.`}</span>
      <button @click=${() => change([])} ?disabled=${lenient.length === 0}>All off</button>
      <button @click=${() => change([...LENIENCY_NAMES])} ?disabled=${lenient.length === LENIENCIES.length}>All on</button>
    </p>
    <ul class="switches">
      ${LENIENCIES.map(
        ({ name, says }) => html`<li>
          <label>
            <input
              type="checkbox"
              .checked=${lenient.includes(name)}
              @change=${(event: Event) => set(name, (event.target as HTMLInputElement).checked)}
            >
            <span><code>${name}</code> <span class="dim">${says}</span></span>
          </label>
        </li>`,
      )}
    </ul>
  `
}
