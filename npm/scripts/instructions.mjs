// `npm run instructions [-- --update]`: counts what the core's hot paths take, in instructions and allocations, and
// compares with benches/instructions.json: times cannot be trusted on a busy machine, counts can. It also shows
// that costs grow no faster than their input. With --update the file is written anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { callgrindLacks, count, countedWith } from './lib/callgrind.mjs'
import { isMain, main } from './lib/main.mjs'
import { ROOT } from './lib/paths.mjs'
import { Trouble } from './lib/run.mjs'

const { growth, MOST, SCALES } = createRequire(import.meta.url)('../../benches/lib/growth.cjs')

const FILE = join(ROOT, 'benches', 'instructions.json')

/** A count may be this much above the recorded one, in parts of it. */
const TOLERANCE = 0.02

async function instructions(update) {
  if (callgrindLacks())
    throw new Trouble(`Instructions are counted by ${callgrindLacks()}, which is missing.`)
  const [counts, now] = [await count(), await countedWith()]
  const growing = counts.filter(({ name }) => scaled(name))
  const hot = counts.filter(({ name }) => !scaled(name))
  if (update) record(hot, now)
  const faults = [...compare(hot, now), ...judgeGrowth(growing)]
  for (const fault of faults) console.log(`FAILED ${fault}`)
  console.log(`${counts.length - faults.length} passed, ${faults.length} failed`)
  if (faults.length > 0) process.exitCode = 1
}

function record(hot, now) {
  const rows = Object.fromEntries(hot.map(({ name, ...row }) => [name, row]))
  writeFileSync(FILE, `${JSON.stringify({ countedWith: now, rows }, null, 2)}\n`)
}

/** Prints the counts beside those recorded; returns what is wrong with them. */
function compare(hot, now) {
  const { countedWith: then, rows } = JSON.parse(readFileSync(FILE, 'utf8'))
  const alike = Object.keys(now).every((key) => now[key] === then[key])
  console.log('| core | instructions | recorded | | allocations |\n| --- | ---: | ---: | ---: | ---: |')
  const faults = []
  for (const { name, instructions, allocations } of hot) {
    const before = rows[name]
    const change = before ? instructions / before.instructions - 1 : 0
    const cells = [name, instructions, before?.instructions ?? '–', percent(change), allocations]
    console.log(`| ${cells.join(' | ')} |`)
    if (!before) faults.push(`${name}: it is not recorded; npm run instructions -- --update`)
    else if (alike && change > TOLERANCE) {
      faults.push(`${name}: ${instructions} instructions and not ${before.instructions}`)
    } else if (alike && allocations > before.allocations) {
      faults.push(`${name}: ${allocations} allocations and not ${before.allocations}`)
    } else if (alike && change < -TOLERANCE) {
      console.log(`${name} got better: keep it with npm run instructions -- --update`)
    }
  }
  const counted = new Set(hot.map(({ name }) => name))
  for (const name of Object.keys(rows)) {
    if (!counted.has(name)) faults.push(`${name}: it is recorded and was not counted`)
  }
  if (!alike) {
    const [here, there] = [now, then].map((one) => Object.values(one).join(', '))
    console.log(
      `\n*** Counts are shown and NOT judged: this is ${here}; they were recorded with ${there}. ***`,
    )
  }
  return faults
}

/** Prints how costs grow; returns which do so faster than their input. */
function judgeGrowth(counts) {
  console.log(`\n| grows with | ×${SCALES.join(' | ×')} | exponent | last step |`)
  console.log(`| --- |${' ---: |'.repeat(SCALES.length + 2)}`)
  const faults = []
  const names = new Set(counts.map(({ name }) => scaled(name)))
  for (const one of names) {
    const costs = SCALES.map((scale) => counts.find(({ name }) => name === `${one} ×${scale}`).instructions)
    const { fitted, last } = growth(costs)
    console.log(`| ${[one, ...costs, fitted.toFixed(3), last.toFixed(3)].join(' | ')} |`)
    const worst = Math.max(fitted, last)
    if (worst > MOST) faults.push(`${one}: its cost grows with the power ${worst.toFixed(3)}`)
  }
  if (names.size === 0) faults.push('nothing was counted that grows')
  return faults
}

/** The name without its scale; undefined if it has none. */
function scaled(name) {
  return name.match(/^(.*) ×\d+$/)?.[1]
}

function percent(change) {
  return `${change < 0 ? '' : '+'}${(100 * change).toFixed(1)} %`
}

if (isMain(import.meta)) main(() => instructions(process.argv.includes('--update')))
