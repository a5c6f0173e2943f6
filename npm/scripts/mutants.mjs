// `npm run mutants [-- FILE … MINUTES]`: changes the files that decide what a message means, one spot at a time, and runs the
// core's tests on each change. What no test notices is listed, and is a failure. A file is named as in src, without its
// ending; all of them take hours, so that a run ends after so many minutes, 240 unless told otherwise, and each begins
// with other mutants.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isMain, main } from './lib/main.mjs'
import { ROOT, TARGET } from './lib/paths.mjs'
import { Trouble, which } from './lib/run.mjs'

const OUT = join(TARGET, 'mutants.out')

/** What a mutant that never ends may take, in bytes of address space; compilers take less. */
const MEMORY = 8_000_000_000

async function mutants(args) {
  if (!which('cargo-mutants')) {
    throw new Trouble(
      'Mutants are made by cargo-mutants, which is missing: `cargo install --locked cargo-mutants`',
    )
  }
  const minutes = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 240)
  const files = args.filter((arg) => !/^\d+$/.test(arg))
  rmSync(OUT, { recursive: true, force: true })
  const ended = await test(files, minutes)
  const [caught, timedOut, missed] = ['caught', 'timeout', 'missed'].map(outcomes)
  const tested = caught.length + timedOut.length + missed.length
  if (tested === 0) throw new Trouble('no mutant was tested: what cargo-mutants says above is why')
  if (ended) console.log(`Ended after ${minutes} minutes: not every mutant was tested.`)
  for (const mutant of missed) console.log(`MISSED ${mutant}`)
  console.log(`${tested - missed.length} passed, ${missed.length} failed`)
  if (missed.length > 0) process.exitCode = 1
}

/** Tests the mutants of these files, or of all; returns whether it was ended before it was done. */
async function test(files, minutes) {
  const limit = which('prlimit') ? ['prlimit', `--as=${MEMORY}`] : []
  // Folders are named too: `connection` is the file and what it is made of.
  const chosen = files.length > 0 ? ['--re', `^src/(${files.join('|')})(\\.rs|/)`] : []
  const [command, ...args] = [...limit, 'cargo', 'mutants', '--jobs=1', `--output=${TARGET}`, ...chosen]
  // The random tests make the same cases each time: a mutant is missed, or it is not.
  const env = { ...process.env, CARGO_BUILD_JOBS: '1', PROPTEST_RNG_SEED: '1' }
  const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit' })
  let ended = false
  const timer = setTimeout(() => {
    ended = true
    child.kill('SIGINT')
  }, minutes * 60_000)
  await once(child, 'close')
  clearTimeout(timer)
  return ended
}

/** The mutants with this outcome. */
function outcomes(name) {
  try {
    return readFileSync(join(OUT, `${name}.txt`), 'utf8')
      .split('\n')
      .filter(Boolean)
  } catch {
    return []
  }
}

if (isMain(import.meta)) main(() => mutants(process.argv.slice(2)))
