// Octets beside octets: behind one another, the same, or from where on they differ.

/** All pieces behind one another, in memory of their own. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** The first octet that is not the same in both, or is in one alone; -1 if all are the same. */
export function firstDifference(one: Uint8Array, other: Uint8Array): number {
  const least = Math.min(one.length, other.length)
  for (let at = 0; at < least; at++) if (one[at] !== other[at]) return at
  return one.length === other.length ? -1 : least
}
