// `npm test [-- NAME]`: sets up, then runs every step, or those whose name contains NAME, and sums up what they counted.

import { COUNTS } from './lib/counts.mjs'
import { isMain, main } from './lib/main.mjs'
import { Trouble } from './lib/run.mjs'
import { setup } from './setup.mjs'

async function test(part = '') {
  const found = await setup()
  // Only now: the steps name tools that set-up installs.
  const { steps } = await import('./lib/steps.mjs')
  const chosen = steps(found).filter(({ name }) => name.includes(part))
  if (chosen.length === 0) throw new Trouble(`no step of the tests has '${part}' in its name`)

  const rows = []
  for (const step of chosen) rows.push(await runStep(step))
  console.log('')
  console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])))
  for (const peer of found.missingPeers)
    console.log(`*** ${peer} is missing: what needs it was not shown. ***`)
  const passed = sum(rows, 'passed')
  const failed = sum(rows, 'failed')
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

async function runStep({ name, count, run }) {
  console.log(`${name} …`)
  const start = performance.now()
  const result = await run()
  const counts = judge(COUNTS[count](result))
  const seconds = Number(((performance.now() - start) / 1000).toFixed(1))
  if (counts.failed > 0) console.log(quoted(result.output))
  // What was shown, and what was not.
  for (const line of result.output.match(/^(?:(?:conformance|measured) .*|\*\*\* .* \*\*\*)$/gm) ?? [])
    console.log(line)
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`)
  return { name, ...counts, seconds }
}

// A skipped test shows nothing: where everything must be there, it is a failure.
function judge({ passed, failed, skipped }) {
  return process.env.CI ? { passed, failed: failed + skipped, skipped } : { passed, failed, skipped }
}

// What failed: of node's tests the list it ends with, of others everything but what passed.
function quoted(output) {
  const list = output.indexOf('✖ failing tests:')
  if (list !== -1) return output.slice(list).trimEnd()
  const lines = output.trimEnd().split('\n')
  return lines.filter((line) => !/^test .* ok$/.test(line)).join('\n')
}

function sum(rows, kind) {
  return rows.reduce((total, row) => total + row[kind], 0)
}

if (isMain(import.meta)) main(() => test(process.argv[2]))
