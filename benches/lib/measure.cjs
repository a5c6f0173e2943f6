// One comparison, in a process of its own, so that no other shares its compiled code: `measure.cjs SUITE WORK` on the
// backend that H1WIRE_BACKEND names; prints rows as JSON.
'use strict'

const h1wire = require('h1wire')
const suites = require('./suites.cjs')
const { byTurns } = require('./turns.cjs')

const [suite, index] = process.argv.slice(2)
const { work, subjects, peers, check } = suites[suite]()(h1wire)[index]
check()
const named = [...Object.entries(subjects), ...Object.entries(peers)]
const times = byTurns(named.map(([, run]) => run))
const timed = named.map(([name], at) => ({ name, ...times[at] }))
const others = timed.splice(Object.keys(subjects).length)
const rows = timed.flatMap(({ name, ns, spread }) =>
  others.map((peer) => ({
    suite,
    work,
    subject: `${h1wire.backend}${name && `, ${name}`}`,
    peer: peer.name,
    ns,
    peerNs: peer.ns,
    ratio: peer.ns / ns,
    spread,
    peerSpread: peer.spread,
  })),
)
process.stdout.write(JSON.stringify(rows))
