// Octets as they are shown: one column each. Controls are drawn by the style sheet, for fonts often lack signs for them.

import { html, type TemplateResult } from 'lit'
import { glyph, nameOf } from './glyphs.js'

/** What these octets are shown as. */
export function shown(octets: Iterable<number>): (string | TemplateResult)[] {
  const all: (string | TemplateResult)[] = []
  let plain = ''
  for (const octet of octets) {
    if (octet > 0x20 && octet < 0x7f) {
      plain += String.fromCharCode(octet)
      continue
    }
    if (plain !== '') all.push(plain)
    plain = ''
    all.push(one(octet))
  }
  return plain === '' ? all : [...all, plain]
}

// A control is its name in two small letters, the second below the first, as its sign in Unicode has them.
function one(octet: number): TemplateResult {
  const drawn = (octet < 0x20 && octet !== 0x09) || octet === 0x7f ? nameOf(octet) : undefined
  return drawn === undefined
    ? html`<span class="octet">${glyph(octet)}</span>`
    : html`<span class="octet control" data-first=${drawn[0]} data-last=${drawn.at(-1)}>${glyph(octet)}</span>`
}
