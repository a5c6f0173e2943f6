// Whether octets hold requests or responses, by how they begin.

const TELLING = 'HTTP/1'.length

/** Whether so many octets tell what the input holds. */
export function tellsKind(start: Uint8Array): boolean {
  return start.length - firstLineOf(start) >= TELLING
}

/** What input that begins so holds. */
export function kindOf(start: Uint8Array): 'request' | 'response' {
  const at = firstLineOf(start)
  const begins = String.fromCharCode(...start.subarray(at, at + TELLING))
  return /^HTTP\/\d/.test(begins) ? 'response' : 'request'
}

/** The parsers skip CRLFs before a message, and refuse a head that with them is longer than this. */
const MOST_SKIPPED = 65_536

function firstLineOf(start: Uint8Array): number {
  let at = 0
  while (at < MOST_SKIPPED && start[at] === 0x0d && start[at + 1] === 0x0a) at += 2
  return at
}
