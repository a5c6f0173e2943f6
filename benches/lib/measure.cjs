// One comparison, in a process of its own, so that no other shares its compiled code: `measure.cjs SUITE WORK
// [--quick | --check]` on the backend that H1WIRE_BACKEND names. Prints, as JSON, the times of each subject, peer and
// floor in every round, by name, and why a peer failed. With --check nothing is timed.
'use strict'

const h1wire = require('h1wire')
const suites = require('./suites.cjs')
const { byTurns, QUICK, THOROUGH } = require('./turns.cjs')

const [suite, index, mode] = process.argv.slice(2)
const { subjects, peers, floors = {}, outcome } = suites[suite]().works(h1wire)[index]

const failed = check()
const timed = Object.entries({ ...subjects, ...peers, ...floors }).filter(([name]) => !(name in failed))
const runs = timed.map(([, run]) => run)
const samples = mode === '--check' ? runs.map(() => []) : byTurns(runs, mode ? QUICK : THOROUGH)
const timesOf = (group) =>
  Object.fromEntries(timed.map(([name], at) => [name, samples[at]]).filter(([name]) => name in group))
process.stdout.write(
  JSON.stringify({ subjects: timesOf(subjects), others: timesOf({ ...peers, ...floors }), failed }),
)

/** Throws where a result differs; returns the peers that gave none, and why. */
function check() {
  const [[first, run], ...rest] = Object.entries(subjects)
  const wanted = outcome(run)
  const failed = {}
  const same = (name, got) => {
    if (got !== wanted) throw new Error(`${name} does\n${got}\nand ${first || 'h1wire'}\n${wanted}`)
  }
  for (const [name, run] of rest) same(name, outcome(run))
  for (const [peer, run] of Object.entries(peers)) {
    let got
    try {
      // Twice: some have to be ready for the next message first.
      outcome(run)
      got = outcome(run)
    } catch (fault) {
      failed[peer] = String(fault?.message ?? fault)
      continue
    }
    same(peer, got)
  }
  return failed
}
