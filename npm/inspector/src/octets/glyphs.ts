// One visible character for each octet.

/** What an octet is shown as; always one column wide. */
export function glyph(octet: number): string {
  if (octet === 0x20) return '·'
  if (octet === 0x09) return '⇥'
  if (octet < 0x20) return String.fromCharCode(0x2400 + octet)
  if (octet === 0x7f) return '␡'
  if (octet > 0x7f && octet < 0xa1) return '▫'
  if (octet === 0xad) return '▫' // a soft hyphen shows nothing
  return String.fromCharCode(octet)
}

const NAMES = [
  ...[
    'NUL',
    'SOH',
    'STX',
    'ETX',
    'EOT',
    'ENQ',
    'ACK',
    'BEL',
    'BS',
    'HTAB',
    'LF',
    'VT',
    'FF',
    'CR',
    'SO',
    'SI',
  ],
  ...[
    'DLE',
    'DC1',
    'DC2',
    'DC3',
    'DC4',
    'NAK',
    'SYN',
    'ETB',
    'CAN',
    'EM',
    'SUB',
    'ESC',
    'FS',
    'GS',
    'RS',
    'US',
    'SP',
  ],
]

/** What an octet is called. */
export function nameOf(octet: number): string {
  if (octet === 0x7f) return 'DEL'
  if (octet > 0x7f) return 'obs-text'
  return NAMES[octet] ?? `"${String.fromCharCode(octet)}"`
}

/** Two hexadecimal digits. */
export function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0')
}
