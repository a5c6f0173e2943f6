// Times functions by turns, so that whatever else the machine does meets all of them alike.
'use strict'

const ROUNDS = 31
const ROUND_NS = 4e6
const WARM_UP_NS = 200_000_000n

/** Calls each function in many rounds; `[{ ns, spread }]`: median of a call, and half the middle half's width in percent. */
function byTurns(runs) {
  const counts = runs.map(calibrate)
  const samples = runs.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, run] of runs.entries()) samples[index].push(time(run, counts[index]))
  }
  return samples.map(summed)
}

function summed(samples) {
  const sorted = samples.sort((a, b) => a - b)
  const at = (share) => sorted[Math.round((ROUNDS - 1) * share)]
  const ns = at(0.5)
  return { ns, spread: (50 * (at(0.75) - at(0.25))) / ns }
}

// Runs until the engine has compiled what it will, and returns how often fits in a round.
function calibrate(run) {
  const end = process.hrtime.bigint() + WARM_UP_NS
  let runs = 0
  while (process.hrtime.bigint() < end || runs < 3) {
    run()
    runs++
  }
  return Math.max(1, Math.round(ROUND_NS / (Number(WARM_UP_NS) / runs)))
}

function time(run, count) {
  const start = process.hrtime.bigint()
  for (let at = 0; at < count; at++) run()
  return Number(process.hrtime.bigint() - start) / count
}

module.exports = { byTurns, ROUNDS }
