// One comparison, in a process of its own, so that no other shares its compiled code: `measure.cjs SUITE WORK
// [--quick | --check]` on the backend that H1WIRE_BACKEND names; prints rows as JSON. With --check nothing is timed: rows
// then say who did the work.
'use strict'

const h1wire = require('h1wire')
const { timeRow } = require('./rows.cjs')
const suites = require('./suites.cjs')
const { byTurns, QUICK, THOROUGH } = require('./turns.cjs')

const [suite, index, mode] = process.argv.slice(2)
const { work, subjects, peers, floors = {}, outcome } = suites[suite]().works(h1wire)[index]

const failed = check()
const timed = { ...subjects, ...peers, ...floors }
for (const { peer } of failed) delete timed[peer]
const times = mode === '--check' ? undefined : byTurns(Object.values(timed), mode ? QUICK : THOROUGH)
const timeOf = (name) => times[Object.keys(timed).indexOf(name)]
const rows = Object.keys(subjects).flatMap((name) => {
  const row = { suite, work, subject: `${h1wire.backend}${name && `, ${name}`}` }
  const others = Object.keys({ ...peers, ...floors }).filter((peer) => peer in timed)
  return [
    ...others.map((peer) =>
      times ? timeRow({ ...row, peer }, timeOf(name), timeOf(peer)) : { ...row, peer },
    ),
    ...failed.map(({ peer, reason }) => ({ ...row, peer, failed: reason })),
  ]
})
process.stdout.write(JSON.stringify(rows))

/** Throws where a result differs; returns the peers that gave none. */
function check() {
  const [[first, run], ...rest] = Object.entries(subjects)
  const wanted = outcome(run)
  const failed = []
  const same = (name, got) => {
    if (got !== wanted) throw new Error(`${work}: ${name} does\n${got}\nand ${first || 'h1wire'}\n${wanted}`)
  }
  for (const [name, run] of rest) same(name, outcome(run))
  for (const [peer, run] of Object.entries(peers)) {
    let got
    try {
      // Twice: some have to be ready for the next message first.
      outcome(run)
      got = outcome(run)
    } catch (fault) {
      failed.push({ peer, reason: String(fault?.message ?? fault) })
      continue
    }
    same(peer, got)
  }
  return failed
}
