// Builds and runs the fuzz targets with a nightly compiler, as cargo-fuzz does, which it does not need.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeSeeds } from '../../../fuzz/seeds.mjs'
import { ROOT, TARGET } from './paths.mjs'
import { attempt, run, Trouble, which } from './run.mjs'

const FUZZ = join(ROOT, 'fuzz')
const TARGET_DIR = join(TARGET, 'fuzz')
const TRIPLE = 'x86_64-unknown-linux-gnu'
// Instrumentation for libFuzzer, AddressSanitizer, and the assertions of a debug build.
const RUSTFLAGS = [
  '--cfg fuzzing',
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '-Zsanitizer=address',
  '-Cdebug-assertions',
  '-Ccodegen-units=1',
].join(' ')

/** Every target. */
export const TARGETS = readdirSync(join(FUZZ, 'fuzz_targets')).map((file) => file.replace(/\.rs$/, ''))

/** What fuzzing lacks on this machine, if anything. */
export function fuzzLacks() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Linux on x86-64'
  if (!which('c++')) return 'a C++ compiler'
  return hasNightly() ? undefined : 'a nightly Rust toolchain'
}

/** Whether `cargo +nightly` runs. */
export function hasNightly() {
  try {
    execFileSync('cargo', ['+nightly', '--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Builds every target and writes the seeds. */
export async function buildTargets() {
  const lacks = fuzzLacks()
  if (lacks) throw new Trouble(`fuzzing needs ${lacks}`)
  const locked = process.env.CI ? ['--locked'] : []
  const args = ['+nightly', 'build', ...locked, '--release', '--bins', '--target', TRIPLE]
  await run('cargo', [...args, '--target-dir', TARGET_DIR], { cwd: FUZZ, env: { RUSTFLAGS } })
  writeSeeds()
}

// A run that others wait for must not find today what it did not find yesterday.
const SAME_EACH_TIME = ['-seed=1', '-reload=0']

/** Runs a target; gives `{ target, status, output, executions }`. */
export async function runTarget(target, { seconds, executions: most }) {
  const corpus = join(FUZZ, 'corpus', target)
  const artifacts = join(FUZZ, 'artifacts', target)
  for (const folder of [corpus, artifacts]) mkdirSync(folder, { recursive: true })
  const result = await attempt(
    join(TARGET_DIR, TRIPLE, 'release', target),
    [
      ...(most === undefined ? [`-max_total_time=${seconds}`] : [`-runs=${most}`, ...SAME_EACH_TIME]),
      '-max_len=4096',
      `-dict=${join(FUZZ, 'http.dict')}`,
      '-timeout=10',
      '-print_final_stats=1',
      `-artifact_prefix=${artifacts}/`,
      corpus,
    ],
    { limit: ((seconds ?? 120) + 60) * 1000 },
  )
  const executions = Number(result.output.match(/^stat::number_of_executed_units: (\d+)$/m)?.[1] ?? 0)
  return { target, ...result, executions }
}
