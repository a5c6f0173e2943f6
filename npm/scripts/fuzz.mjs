// `npm run fuzz [-- TARGET … SECONDS]`: fuzzes every target, or those named, for a minute or so many seconds each;
// `npm run fuzz -- --smoke`: each for so many executions that are the same every time, two at a time.

import { buildTargets, runTarget, TARGETS } from './lib/fuzz.mjs'
import { isMain, main } from './lib/main.mjs'
import { Trouble } from './lib/run.mjs'

const SMOKE = { executions: 10_000 }

async function fuzz(args) {
  const smoke = args.includes('--smoke')
  const seconds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 60)
  const named = args.filter((arg) => !/^\d+$|^--smoke$/.test(arg))
  const unknown = named.find((name) => !TARGETS.includes(name))
  if (unknown !== undefined)
    throw new Trouble(`no target is named ${unknown}: there are ${TARGETS.join(', ')}`)
  await buildTargets()

  const left = named.length > 0 ? named : [...TARGETS]
  let passed = 0
  let failed = 0
  const work = async () => {
    for (let target = left.shift(); target !== undefined; target = left.shift()) {
      const { status, output, executions } = await runTarget(target, smoke ? SMOKE : { seconds })
      // A target that ran nothing has shown nothing.
      const fine = status === 0 && executions > 0
      if (fine) passed++
      else failed++
      if (!fine) console.log(output.trimEnd())
      console.log(`fuzz ${target}: ${executions} executions, ${fine ? 'nothing found' : 'FAILED'}`)
    }
  }
  await Promise.all(smoke ? [work(), work()] : [work()])
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

if (isMain(import.meta)) main(() => fuzz(process.argv.slice(2)))
