// `npm run bench [-- SUITE …] [--quick] [--json] [--markdown] [--check]`: measures the public API beside its peers, on both
// backends.
//
// --json: the rows go to target/bench.json too, `[{ suite, work, subject, peer, ns, peerNs, ratio }]`: medians of a call,
// `ratio` how many times as fast as the peer we are, `spread` and `peerSpread` half the middle half's width in percent. What
// is no time has `unit`, `value` and `peerValue` instead; a peer that cannot do the work has `failed`.
// --markdown: the tables go to docs/benchmarks.md. --quick: fewer rounds. --check: nothing is timed, only shown that all do
// the same work.
'use strict'

const { execFileSync } = require('node:child_process')
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const path = require('node:path')
const { conditions, section, table } = require('./lib/report.cjs')
const { timeRow } = require('./lib/rows.cjs')
const suites = require('./lib/suites.cjs')
const { QUICK, summed, THOROUGH } = require('./lib/turns.cjs')

const ROOT = path.join(__dirname, '..')
const MEASURE = path.join(__dirname, 'lib/measure.cjs')
const BACKENDS = ['native', 'wasm']
const FLAGS = ['--quick', '--json', '--markdown', '--check']

const args = process.argv.slice(2)
const flags = Object.fromEntries(FLAGS.map((flag) => [flag.slice(2), args.includes(flag)]))
const named = args.filter((arg) => !FLAGS.includes(arg))

main().catch((error) => {
  console.error(error.stack)
  process.exitCode = 1
})

async function main() {
  const unknown = named.find((name) => !(name in suites))
  if (unknown !== undefined) {
    throw new Error(`no suite is named ${unknown}: there are ${Object.keys(suites).join(', ')}`)
  }
  if (flags.check) return check()
  console.log(
    `${conditions()}\nMedians by turns ± half of the middle half; ratio: times as fast as the peer.`,
  )
  const measured = []
  for (const name of named.length > 0 ? named : Object.keys(suites)) {
    const suite = suites[name]()
    const rows = await (suite.rows ? suite.rows(flags) : rowsByTurns(name, suite))
    console.log(`\n${name}\n\n${table(rows)}`)
    measured.push({ name, suite, rows })
  }
  if (flags.json) writeJson(measured.flatMap(({ rows }) => rows))
  if (flags.markdown) writeMarkdown(measured)
}

/** Each work on each backend, in processes of its own: what the engine makes of the same code differs between them. */
function rowsByTurns(suite, { works }) {
  const { processes } = flags.quick ? QUICK : THOROUGH
  const args = flags.quick ? ['--quick'] : []
  return works(require('h1wire')).flatMap(({ work }, index) =>
    BACKENDS.flatMap((backend) => {
      const measured = Array.from({ length: processes }, () => measure(suite, index, backend, args))
      const times = (group, name) => summed(measured.flatMap((one) => one[group][name]))
      const [{ subjects, others, failed }] = measured
      return Object.keys(subjects).flatMap((name) => {
        const row = { suite, work, subject: `${backend}${name && `, ${name}`}` }
        const ours = times('subjects', name)
        return [
          ...Object.keys(others).map((peer) => timeRow({ ...row, peer }, ours, times('others', peer))),
          ...Object.entries(failed).map(([peer, reason]) => ({ ...row, peer, failed: reason })),
        ]
      })
    }),
  )
}

function measure(name, index, backend, args) {
  const env = { ...process.env, H1WIRE_BACKEND: backend }
  return JSON.parse(execFileSync(process.execPath, [MEASURE, name, `${index}`, ...args], { env }))
}

/** Shows that subjects and peers do the same work; a peer that fails is no failure of ours, but is said. */
function check() {
  let passed = 0
  let failed = 0
  for (const [name, load] of Object.entries(suites)) {
    const { works } = load()
    if (works === undefined || (named.length > 0 && !named.includes(name))) continue
    for (const [index, { work }] of works(require('h1wire')).entries()) {
      for (const backend of BACKENDS) {
        try {
          const { failed } = measure(name, index, backend, ['--check'])
          for (const [peer, reason] of Object.entries(failed)) {
            console.log(`${name}, ${work}: ${peer} cannot do it: ${reason}`)
          }
          passed++
        } catch {
          console.log(`FAILED ${name}, ${work}, ${backend}: see above`)
          failed++
        }
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

function writeJson(rows) {
  const target = path.join(ROOT, 'target')
  mkdirSync(target, { recursive: true })
  writeFileSync(path.join(target, 'bench.json'), `${JSON.stringify(rows, null, 2)}\n`)
}

/** Puts each suite's section in the place that the page has for it. */
function writeMarkdown(measured) {
  const file = path.join(ROOT, 'docs/benchmarks.md')
  let page = readFileSync(file, 'utf8')
  for (const { name, suite, rows } of measured) {
    const place = new RegExp(`(<!-- measured: ${name} -->\n)[^]*?(<!-- end: ${name} -->)`)
    if (!place.test(page)) throw new Error(`docs/benchmarks.md has no place for ${name}`)
    page = page.replace(place, (_all, start, end) => `${start}\n${section(name, suite, rows)}\n\n${end}`)
  }
  writeFileSync(file, page)
}
