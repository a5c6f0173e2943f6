// Chance that can be repeated: the same numbers for the same seed.

/** Dice for one thing of a kind, by the seed of all and its own number. */
export function chance(seed, number) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (bound) => next() % Math.max(1, bound)
  return {
    below,
    /** True once in so many times. */
    one: (times) => below(times) === 0,
    /** A key, as often as its weight says. */
    pick(weights) {
      const entries = Object.entries(weights)
      let left = below(entries.reduce((total, [, weight]) => total + weight, 0))
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      throw new Error('no weight')
    },
  }
}
