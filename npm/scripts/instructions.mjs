// `npm run instructions [-- --update]`: counts what the core's hot paths take, in instructions and allocations, and
// compares with benches/instructions.json: times cannot be trusted on a busy machine, counts can. It also shows
// that costs grow no faster than their input. With --update the file is written anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { callgrindLacks, count, countedWith, hasAvx2 } from './lib/callgrind.mjs'
import { isMain, main } from './lib/main.mjs'
import { ROOT } from './lib/paths.mjs'
import { Trouble } from './lib/run.mjs'

const { growth, MOST, SCALES } = createRequire(import.meta.url)('../../benches/lib/growth.cjs')

const FILE = join(ROOT, 'benches', 'instructions.json')

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
  if (!hasAvx2()) throw new Trouble('Counts are recorded where the processor has AVX2.')
  const rows = Object.fromEntries(hot.map(({ name, ...row }) => [name, row]))
  writeFileSync(FILE, `${JSON.stringify({ countedWith: now, rows }, null, 2)}\n`)
}

/** What is compared, and how much more of it is too much, in parts of what was recorded. */
const KINDS = [
  { key: 'instructions', tolerance: 0.02 },
  { key: 'withAvx2', tolerance: 0.02 },
  { key: 'allocations', tolerance: 0 },
]

/** Prints the counts beside those recorded; returns what is wrong with them. */
function compare(hot, now) {
  const { countedWith: then, rows } = JSON.parse(readFileSync(FILE, 'utf8'))
  const alike = Object.keys(now).every((key) => now[key] === then[key])
  console.log('| core | instructions | | with AVX2 | | allocations | |')
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
  const faults = []
  const better = []
  for (const { name, ...counts } of hot) {
    const before = rows[name]
    const cells = KINDS.flatMap(({ key }) => [counts[key] ?? '–', change(counts[key], before?.[key])])
    console.log(`| ${[name, ...cells].join(' | ')} |`)
    if (!before) faults.push(`${name}: it is not recorded; npm run instructions -- --update`)
    if (!before || !alike) continue
    for (const { key, tolerance } of KINDS) {
      // What this processor cannot do is not counted.
      if (counts[key] === undefined) continue
      if (!(counts[key] <= before[key] * (1 + tolerance))) {
        faults.push(`${name}: ${counts[key]} ${key} and not ${before[key]}`)
      }
      if (counts[key] < before[key] * (1 - tolerance)) better.push(`${name} (${key})`)
    }
  }
  const counted = new Set(hot.map(({ name }) => name))
  for (const name of Object.keys(rows)) {
    if (!counted.has(name)) faults.push(`${name}: it is recorded and was not counted`)
  }
  if (better.length > 0) {
    console.log(`\nBetter than recorded: ${better.join(', ')}. Keep it: npm run instructions -- --update`)
  }
  if (!alike) {
    const [here, there] = [now, then].map((one) => Object.values(one).join(', '))
    console.log(
      `\n*** Counts are shown and NOT judged: this is ${here}; they were recorded with ${there}. ***`,
    )
  } else if (!hasAvx2()) {
    console.log('\n*** Counts with AVX2 are NOT judged: this processor has none. ***')
  }
  return faults
}

/** How a count differs from the one recorded. */
function change(count, before) {
  if (count === undefined || !before) return ''
  const percent = 100 * (count / before - 1)
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`
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

if (isMain(import.meta)) main(() => instructions(process.argv.includes('--update')))
