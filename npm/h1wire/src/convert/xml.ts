// As much of XML as tools export messages in: elements of a name, their text and attributes, one after another.

import { ConversionError } from './error.js'

/** An element's attributes, as text, and what it holds. */
export interface Element {
  readonly attributes: string
  readonly content: string
}

/** The elements of a name in a text; those of a name do not lie in each other. CDATA is passed over whole. */
export function* elements(text: string, name: string): Generator<Element> {
  const open = `<${name}`
  const close = `</${name}>`
  for (let at = text.indexOf(open); at !== -1; at = text.indexOf(open, at)) {
    const begin = at + open.length
    if (!/[\s>/]/.test(text[begin] ?? '')) {
      at = begin
      continue
    }
    const start = text.indexOf('>', begin)
    if (start === -1) throw new ConversionError(`the element ${name} is not closed`)
    const attributes = text.slice(begin, start)
    if (attributes.endsWith('/')) {
      yield { attributes, content: '' }
      at = start
      continue
    }
    let end = start + 1
    for (;;) {
      const closing = text.indexOf(close, end)
      if (closing === -1) throw new ConversionError(`the element ${name} is not closed`)
      const data = text.indexOf('<![CDATA[', end)
      end = closing
      if (data === -1 || data > closing) break
      const after = text.indexOf(']]>', data)
      if (after === -1) throw new ConversionError('a CDATA section is not closed')
      end = after
    }
    yield { attributes, content: text.slice(start + 1, end) }
    at = end + close.length
  }
}

/** The text of an element without others in it. */
export function plainText(content: string): string {
  return content.replace(/<!\[CDATA\[([\s\S]*?)\]\]>|&(#x?[0-9a-f]+|\w+);/gi, (spelt, data, entity) => {
    if (data !== undefined) return data
    const code = /^#(x?)([0-9a-f]+)$/i.exec(entity)
    if (code !== null)
      return String.fromCodePoint(Math.min(Number.parseInt(code[2] as string, code[1] ? 16 : 10), 0x10ffff))
    return ENTITIES[entity] ?? spelt
  })
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
