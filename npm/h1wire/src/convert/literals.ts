// Octets as literals of programming languages, a line of the source for each line of the message.

const LETTERS: ReadonlyMap<number, string> = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x5c, '\\\\'],
])

/** An expression of JavaScript whose value is a Uint8Array of these octets. */
export function jsLiteral(octets: Uint8Array): string {
  const text = spelled(octets, "'", hexEscape)
  return `Uint8Array.from('${text}', (character) => character.charCodeAt(0))\n`
}

/** A byte string of Rust. A backslash at the end of a line joins it to the next, whose leading spaces it leaves out. */
export function rustLiteral(octets: Uint8Array): string {
  const lines = linesOf(octets).map((line) => {
    const text = spelled(line, '"', hexEscape)
    // A space in front would be left out with the indentation.
    return text.startsWith(' ') ? `\\x20${text.slice(1)}` : text
  })
  return `b"${lines.join('\\\n  ')}"\n`
}

/**
 * An array of C, a NUL at its end, and its length without that: string literals side by side, which the compiler joins. Octal escapes have three
 * digits and end there; hexadecimal ones would take the digits that follow. Every `?` behind another is escaped:
 * two of them begin a trigraph.
 */
export function cLiteral(octets: Uint8Array): string {
  const lines = linesOf(octets).map((line) => {
    const text = spelled(line, '"', (octet) => `\\${octet.toString(8).padStart(3, '0')}`)
    return `  "${text.replace(/(?<=\?)\?/g, '\\?')}"`
  })
  return `static const char message[] =\n${lines.join('\n') || '  ""'};\nstatic const unsigned long message_length = ${octets.length};\n`
}

function hexEscape(octet: number): string {
  return `\\x${octet.toString(16).padStart(2, '0')}`
}

function spelled(octets: Uint8Array, quote: string, escaped: (octet: number) => string): string {
  let text = ''
  for (const octet of octets) {
    if (octet === quote.charCodeAt(0)) text += `\\${quote}`
    else if (LETTERS.has(octet)) text += LETTERS.get(octet)
    else if (octet < 0x20 || octet > 0x7e) text += escaped(octet)
    else text += String.fromCharCode(octet)
  }
  return text
}

/** The octets up to each LF, and what follows the last. */
function linesOf(octets: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  let start = 0
  for (let end = octets.indexOf(0x0a) + 1; end > 0; end = octets.indexOf(0x0a, start) + 1) {
    lines.push(octets.subarray(start, end))
    start = end
  }
  if (start < octets.length) lines.push(octets.subarray(start))
  return lines
}
