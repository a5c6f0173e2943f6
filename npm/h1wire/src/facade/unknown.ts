// Members that would not be read: refused, with the name that was probably meant.
//
// A misspelt name would otherwise change what a message says without a word.

/** Other names for members, from `node:http`, `fetch` and the like. */
const SYNONYMS = new Map([
  ['path', 'target'],
  ['uri', 'url'],
  ['hostname', 'host'],
  ['httpversion', 'version'],
  ['statuscode', 'status'],
  ['statusmessage', 'reason'],
  ['statustext', 'reason'],
  ['data', 'body'],
])

/**
 * Throws a TypeError for a member with none of the `known` names. Names are read where they lie, be that a prototype; only own
 * ones are refused. `what` is what messages call the object, empty for a message's parts; `place` says where a name
 * belongs that is known elsewhere; `hidden` names are known, and no user's concern.
 */
export function refuseUnknown(
  given: object,
  what: string,
  known: readonly string[],
  place: (name: string) => string | undefined = nowhere,
  hidden: readonly string[] = [],
): void {
  // What iterates, such as a Map or an array, keeps what it holds elsewhere than under names.
  if (typeof given !== 'object' || given === null || Symbol.iterator in given) {
    throw new TypeError(`${what || 'The message'} must be an object of names and values`)
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name) || hidden.includes(name)) continue
    const advice = place(name) ?? adviceOn(name, known)
    throw new TypeError(`${what === '' ? name : `${what}.${name}`} is not known: ${advice}`)
  }
}

/**
 * Throws a TypeError for a member whose name looks like one of the `known`, or that belongs elsewhere. Others pass: they
 * are for somebody else, who knows more names than these.
 */
export function refuseMisspelt(
  given: object,
  what: string,
  known: readonly string[],
  place: (name: string) => string | undefined,
): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const nearest = nearestTo(name, known)
    const advice = place(name) ?? (nearest && `did you mean ${nearest}?`)
    if (advice !== undefined) throw new TypeError(`${what}.${name} is not known: ${advice}`)
  }
}

function nowhere(): undefined {}

function adviceOn(name: string, known: readonly string[]): string {
  const nearest = nearestTo(name, known)
  return nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`
}

/** The known name that needs the fewest letters changed, unless these are more than a third of it. */
function nearestTo(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  const synonym = SYNONYMS.get(lower)
  if (synonym !== undefined && known.includes(synonym)) return synonym
  let nearest: string | undefined
  let fewest = Infinity
  for (const other of known) {
    const most = Math.floor(other.length / 3)
    // A name that is much longer needs no closer look, which would take its time.
    if (Math.abs(name.length - other.length) > most) continue
    const changes = changesBetween(lower, other.toLowerCase())
    if (changes <= most && changes < fewest) {
      nearest = other
      fewest = changes
    }
  }
  return nearest
}

/** How many letters are to be put in, left out or replaced (the distance of Levenshtein), or swapped with the next. */
function changesBetween(one: string, other: string): number {
  let above: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      let least = Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1)
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (above[j - 2] as number) + 1)
      next.push(least)
    }
    above = row
    row = next
  }
  return row[other.length] as number
}
