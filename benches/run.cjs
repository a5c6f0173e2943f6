// `npm run bench [-- SUITE …] [--json]`: times the public API beside its peers, on both backends; with --json the rows
// go to target/bench.json too: `[{ suite, work, subject, peer, ns, peerNs, ratio }]`, times a call, `ratio` how many
// times as fast as the peer we are.
'use strict'

const { execFileSync } = require('node:child_process')
const { existsSync, mkdirSync, writeFileSync } = require('node:fs')
const path = require('node:path')
const suites = require('./lib/suites.cjs')
const { ROUNDS } = require('./lib/turns.cjs')

const TARGET = path.join(__dirname, '../target')
const MEASURE = path.join(__dirname, 'lib/measure.cjs')

const args = process.argv.slice(2)
const named = args.filter((arg) => arg !== '--json')
// Over sockets a benchmark is a program of its own, and does not run unless it is named.
const program = path.join(__dirname, `${named[0]}.cjs`)
if (named.length === 1 && named[0].startsWith('net') && existsSync(program)) require(program)
else runSuites()

function runSuites() {
  const unknown = named.find((name) => !(name in suites))
  if (unknown !== undefined) {
    console.error(`no suite is named ${unknown}: there are ${Object.keys(suites).join(', ')}`)
    process.exit(1)
  }
  console.log(
    `Node ${process.version}; medians of ${ROUNDS} rounds by turns, ± half of the middle half; ns a call`,
  )
  const rows = (named.length > 0 ? named : Object.keys(suites)).flatMap(runSuite)
  if (args.includes('--json')) {
    mkdirSync(TARGET, { recursive: true })
    const short = rows.map(({ spread, peerSpread, ...row }) => row)
    writeFileSync(path.join(TARGET, 'bench.json'), `${JSON.stringify(short, null, 2)}\n`)
  }
}

function runSuite(suite) {
  console.log(
    `\n${suite}\n\n| work | h1wire | ns | peer | ns | ratio |\n| --- | --- | --- | --- | --- | --- |`,
  )
  const rows = []
  for (const [index] of suites[suite]()(require('h1wire')).entries()) {
    for (const backend of ['native', 'wasm']) {
      const env = { ...process.env, H1WIRE_BACKEND: backend }
      const output = execFileSync(process.execPath, [MEASURE, suite, String(index)], { env })
      for (const row of JSON.parse(output)) {
        rows.push(row)
        console.log(line(row))
      }
    }
  }
  return rows
}

function line({ work, subject, peer, ns, peerNs, ratio, spread, peerSpread }) {
  const time = (ns, spread) => `${ns.toFixed(0)} ± ${spread.toFixed(0)} %`
  return `| ${work} | ${subject} | ${time(ns, spread)} | ${peer} | ${time(peerNs, peerSpread)} | ${ratio.toFixed(2)} |`
}
