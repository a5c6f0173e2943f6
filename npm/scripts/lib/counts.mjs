// Reads how many tests passed and failed out of what a runner printed.

const CARGO = [
  [/^test result: .* (\d+) passed;/gm, 'passed'],
  [/^test result: .* (\d+) failed;/gm, 'failed'],
  [/^test result: .* (\d+) ignored;/gm, 'skipped'],
]
const NODE = [
  [/^ℹ pass (\d+)$/gm, 'passed'],
  [/^ℹ (?:fail|cancelled) (\d+)$/gm, 'failed'],
  [/^ℹ (?:skipped|todo) (\d+)$/gm, 'skipped'],
]
const PLAIN = [
  [/^(\d+) passed, \d+ failed$/gm, 'passed'],
  [/^\d+ passed, (\d+) failed$/gm, 'failed'],
]

/** How the counts of a step's tests are read: from the words of its runner, or it is one test itself. */
export const COUNTS = {
  cargo: (result) => read(CARGO, result),
  node: (result) => read(NODE, result),
  plain: (result) => read(PLAIN, result),
  one: ({ status }) => ({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }),
}

// A runner that failed without a failed test, or that did not say what it ran, counts one failure.
function read(patterns, { status, output }) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const found = patterns.flatMap(([pattern, kind]) =>
    [...output.matchAll(pattern)].map((match) => [kind, match[1]]),
  )
  for (const [kind, number] of found) counts[kind] += Number(number)
  if (counts.failed === 0 && (status !== 0 || found.length === 0)) counts.failed = 1
  return counts
}
