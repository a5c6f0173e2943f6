// Rows as tables, for the terminal and for docs/benchmarks.md: a line for what we do with a work, a column for each peer.
'use strict'

const { execFileSync } = require('node:child_process')
const os = require('node:os')
const { target } = require('./targets.cjs')

/** The table of a suite's rows. */
function table(rows) {
  const peers = [...new Set(rows.map(({ peer }) => peer))].filter(Boolean)
  const lines = grouped(rows)
  const head = ['work', 'h1wire', '', ...peers]
  const ruler = ['---', '---', '---:', ...peers.map(() => '---:')]
  const body = [...lines.values()].map((row) => line(row, peers))
  return [head, ruler, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** What rows with the same line have in common. */
function lineOf({ work, subject }) {
  return `${work}\n${subject}`
}

function grouped(rows) {
  const lines = new Map()
  for (const row of rows) lines.set(lineOf(row), [...(lines.get(lineOf(row)) ?? []), row])
  return lines
}

function line(rows, peers) {
  const [{ work, subject }] = rows
  const aims = new Set(rows.filter(({ unit }) => unit).map(aimed))
  const failed = rows.find((row) => row.failed && row.peer === undefined)
  const ours = rows.find((row) => !row.failed)
  const own = failed ? `failed: ${failed.failed}` : amount(ours, 'ns', 'value', 'spread') + [...aims].join('')
  const beside = peers.map((peer) => cell(rows.find((row) => row.peer === peer)))
  return [work, subject, own, ...beside]
}

/** What a peer took, how many times as fast we are, and what we want to be. */
function cell(row) {
  if (row === undefined) return ''
  if (row.failed) return `failed: ${row.failed}`
  const taken = amount(row, 'peerNs', 'peerValue', 'peerSpread')
  if (row.unit) return taken
  return `${taken}: **${row.ratio.toFixed(2)} ×**${aimed(row)}`
}

function aimed(row) {
  const aim = target(row)
  return aim === undefined ? '' : ` (${aim.text}${aim.met ? '' : ': missed'})`
}

function amount(row, ns, value, spread) {
  if (row.unit) return row[value] == null ? '' : rounded(row[value])
  return `${time(row[ns])} ± ${row[spread].toFixed(0)} %`
}

/** Large numbers without a fraction. */
function rounded(value) {
  return `${Number(value.toFixed(Math.abs(value) < 10 ? 3 : 0))}`
}

function time(ns) {
  if (ns < 10_000) return `${ns.toFixed(0)} ns`
  return ns < 1e7 ? `${(ns / 1000).toFixed(1)} µs` : `${(ns / 1e6).toFixed(1)} ms`
}

/** A section of docs/benchmarks.md. */
function section(name, { about, notes }, rows) {
  const used = new Set(rows.flatMap(({ work, subject, peer }) => [work, ...namesIn(subject), peer]))
  const told = Object.entries(notes).filter(([name]) => used.has(name))
  const parts = [
    `## ${name}`,
    about,
    table(rows),
    told.map(([name, text]) => `- **${name}**: ${text}${text.endsWith('.') ? '' : '.'}`).join('\n'),
    `*${conditions()}*`,
  ]
  return parts.join('\n\n')
}

/** A subject is a backend and what is done with it. */
function namesIn(subject) {
  return [subject, subject.replace(/^(native|wasm), /, '')]
}

/** Where and with what rows are measured. */
function conditions() {
  const [{ model }] = os.cpus()
  const versions = ['undici', 'http-parser-js', '@perseveranza-pets/milo'].map(
    (name) => `${name.split('/').at(-1)} ${require(`${name}/package.json`).version}`,
  )
  const rustc = ask('rustc', '--version').split(' ').slice(0, 2).join(' ')
  const commit = ask('git', 'rev-parse', '--short', 'HEAD')
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${model.trim()}, ${os.cpus().length} processors, ${os.type()} on ${os.arch()}`
  return `${date}, commit ${commit}; ${machine}; ${[`Node.js ${process.version}`, ...versions, rustc].join(', ')}.`
}

function ask(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8' }).trim()
}

module.exports = { table, section, conditions }
