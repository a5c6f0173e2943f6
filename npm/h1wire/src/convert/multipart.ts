// Bodies of multipart/form-data; all text is latin-1, one character a byte.

import { fromLatin1 } from './octets.js'

/** A part of a form. */
export interface Part {
  readonly name: string
  readonly value: string
  readonly filename?: string | undefined
  readonly type?: string | undefined
}

/** The body that these parts make, and its type; the boundary is made up unless it is given. */
export function multipart(parts: readonly Part[], given?: string): { octets: Uint8Array; type: string } {
  const boundary = given ?? boundaryFor(parts)
  const lines = parts.map(({ name, value, filename, type }) => {
    const file = filename === undefined ? '' : `; filename="${escaped(filename)}"`
    const typed = type === undefined ? '' : `Content-Type: ${type}\r\n`
    return `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"${file}\r\n${typed}\r\n${value}\r\n`
  })
  return {
    octets: fromLatin1(`${lines.join('')}--${boundary}--\r\n`),
    type: `multipart/form-data; boundary=${boundary}`,
  }
}

/** The boundary that a Content-Type names. */
export function boundaryOf(type: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type)
  return match?.[1] ?? match?.[2]
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&')
}

function boundaryFor(parts: readonly Part[]): string {
  const text = parts.map(({ value }) => value).join('\n')
  let boundary = ''
  for (let number = 0; number === 0 || text.includes(boundary); number++) {
    boundary = `${'-'.repeat(24)}${number.toString(16).padStart(16, '0')}`
  }
  return boundary
}
