// Words to the reader of the page, with what may be done about it.

import { html, nothing, type TemplateResult } from 'lit'

export interface Notice {
  says: string
  warn?: boolean
  actions?: { title: string; act: () => void }[]
}

export function noticeBar(notice: Notice | undefined, close: () => void): TemplateResult | typeof nothing {
  if (!notice) return nothing
  return html`<div class="notice ${notice.warn ? 'warn' : ''}" role=${notice.warn ? 'alert' : 'status'}>
    <p>${notice.says}</p>
    ${notice.actions?.map(({ title, act }) => html`<button @click=${act}>${title}</button>`)}
    <button @click=${close}>Close</button>
  </div>`
}
