// What is typed or pasted, to octets; and octets to what can be typed. Nothing is changed that was not asked for.

/** How what is typed becomes octets. */
export type Spelling = 'crlf' | 'as-is' | 'escapes' | 'hex'

/** The octets that a text stands for; throws a RangeError that says what cannot be read. */
export function octetsOf(text: string, spelling: Spelling): Uint8Array<ArrayBuffer> {
  switch (spelling) {
    case 'crlf':
      return new TextEncoder().encode(text.replace(/\r\n|\r|\n/g, '\r\n'))
    case 'as-is':
      return new TextEncoder().encode(text)
    case 'escapes':
      return fromEscapes(text)
    case 'hex':
      return fromHex(text)
  }
}

/** Octets as text with escapes, a new line behind each LF: reads back as the same octets. */
export function toEscapes(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += octet === 0x0a ? '\\n\n' : escaped(octet)
  return text
}

/** Octets as hexadecimal digits, 16 octets a line. */
export function toHex(octets: Uint8Array): string {
  let text = ''
  octets.forEach((octet, at) => {
    text += octet.toString(16).padStart(2, '0') + (at % 16 === 15 ? '\n' : ' ')
  })
  return text.trimEnd()
}

const ESCAPES: Record<string, number> = { r: 0x0d, n: 0x0a, t: 0x09, 0: 0, '\\': 0x5c, "'": 0x27, '"': 0x22 }

function escaped(octet: number): string {
  if (octet === 0x0d) return '\\r'
  if (octet === 0x0a) return '\\n'
  if (octet === 0x09) return '\\t'
  if (octet === 0x5c) return '\\\\'
  if (octet < 0x20 || octet > 0x7e) return `\\x${octet.toString(16).padStart(2, '0')}`
  return String.fromCharCode(octet)
}

function fromEscapes(text: string): Uint8Array<ArrayBuffer> {
  const octets: number[] = []
  // New lines lay the text out; the line ends of the message are written.
  const plain = text.replace(/\r\n|\r|\n/g, '')
  for (const [whole, code, digits] of plain.matchAll(/\\(x([0-9a-fA-F]{2})|.?)|[^\\]+/gsu)) {
    if (code === undefined) octets.push(...new TextEncoder().encode(whole))
    else if (digits !== undefined) octets.push(Number.parseInt(digits, 16))
    else if (Object.hasOwn(ESCAPES, code)) octets.push(ESCAPES[code] as number)
    else
      throw new RangeError(
        `${whole} is no escape: there are \\r \\n \\t \\0 \\\\ \\' \\" and \\x with two digits`,
      )
  }
  return Uint8Array.from(octets)
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/0x|[\s,:]/gi, '')
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong) throw new RangeError(`"${wrong[0]}" is no hexadecimal digit`)
  if (digits.length % 2 === 1) throw new RangeError('An odd number of hexadecimal digits: each octet has two')
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  )
}
