// Times functions by turns, so that whatever else the machine does meets all of them alike. Times are those of the
// processor, collecting garbage included: on a busy machine the clock also counts what other programs do.
'use strict'

/** How often, how long a round is, and how long each function is run before; and in how many processes that is done. */
const THOROUGH = { processes: 3, rounds: 15, roundNs: 4e6, warmUpNs: 150e6 }
const QUICK = { processes: 1, rounds: 9, roundNs: 2e6, warmUpNs: 60e6 }

/** Calls each function in many rounds; for each, what a call took in every round, in nanoseconds. */
function byTurns(runs, effort) {
  const counts = runs.map((run) => calibrate(run, effort))
  const samples = runs.map(() => [])
  for (let round = 0; round < effort.rounds; round++) {
    for (const [index, run] of runs.entries()) samples[index].push(time(run, counts[index]))
  }
  return samples
}

/** `ns`, the median of samples, and `spread`, half the middle half's width in percent of it. */
function summed(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)]
  const ns = at(0.5)
  return { ns, spread: (50 * (at(0.75) - at(0.25))) / ns }
}

// Runs until the engine has compiled what it will, and returns how often fits in a round.
function calibrate(run, { warmUpNs, roundNs }) {
  const start = process.hrtime.bigint()
  let runs = 0
  let spent = 0
  while (spent < warmUpNs || runs < 3) {
    run()
    runs++
    spent = Number(process.hrtime.bigint() - start)
  }
  return Math.max(1, Math.round(roundNs / (spent / runs)))
}

function time(run, count) {
  const before = process.cpuUsage()
  for (let at = 0; at < count; at++) run()
  const { user, system } = process.cpuUsage(before)
  return (1000 * (user + system)) / count
}

module.exports = { byTurns, summed, THOROUGH, QUICK }
