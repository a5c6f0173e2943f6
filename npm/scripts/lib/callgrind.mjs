// Counts instructions and allocations with callgrind: of the core alone, built as for release, in its steady state.
//
// Twice: without asking the processor for anything, which any machine can repeat, and as it is used, with AVX2 where the
// processor has it. Valgrind cannot hide AVX2, so those counts can be repeated only where it is.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { built, cargo } from './cargo.mjs'
import { TARGET } from './paths.mjs'
import { run, which } from './run.mjs'

/** The function of the driver whose calls are counted. */
const MEASURED = 'instructions::measured'

/** libc copies with what the processor has; told this, with what every x86-64 has. */
const PLAIN_COPIES = { GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX_Fast_Unaligned_Load,-AVX512VL,-ERMS' }

/** Why nothing can be counted here, if so. */
export function callgrindLacks() {
  return which('valgrind') ? undefined : 'valgrind'
}

/** What counts depend on beside the source. */
export async function countedWith() {
  const rustc = await run('rustc', ['-vV'])
  const { glibcVersionRuntime } = process.report.getReport().header
  return {
    rustc: rustc.split('\n', 1)[0],
    host: rustc.match(/^host: (.*)$/m)[1],
    libc: glibcVersionRuntime ? `glibc ${glibcVersionRuntime}` : 'not glibc',
  }
}

/** Whether the processor has what the core's widest lanes are made of. */
export function hasAvx2() {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  return ['avx2', 'bmi1', 'bmi2'].every((name) => new RegExp(`\\b${name}\\b`).test(flags))
}

/** Does every work of the driver once under callgrind: `[{ name, instructions, withAvx2, allocations }]`. */
export async function count() {
  const plain = await countBuilt([])
  if (!hasAvx2()) return plain
  const widest = await countBuilt(['--features', 'std'])
  return plain.map((row, at) => ({ ...row, withAvx2: widest[at].instructions }))
}

async function countBuilt(features) {
  await cargo('build', [
    '--profile',
    'instructions',
    '-p',
    'h1wire-benches',
    '--bin',
    'instructions',
    ...features,
  ])
  mkdirSync(TARGET, { recursive: true })
  const folder = mkdtempSync(join(TARGET, 'callgrind-'))
  try {
    const counts = join(folder, 'counts')
    const output = await run(
      'valgrind',
      [
        '--tool=callgrind',
        `--toggle-collect=${MEASURED}`,
        `--dump-after=${MEASURED}`,
        '--compress-strings=no',
        `--callgrind-out-file=${counts}`,
        await built('instructions', 'instructions'),
      ],
      { env: PLAIN_COPIES },
    )
    return output
      .split('\n')
      .filter((line) => line.startsWith('did '))
      .map((line, index) => ({ name: line.slice(4), ...read(`${counts}.${index + 1}`) }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What one dump counted. */
function read(file) {
  const text = readFileSync(file, 'utf8')
  const calls = text.matchAll(/^cfn=(?:malloc|calloc|realloc|posix_memalign)\ncalls=(\d+) /gm)
  const allocations = [...calls].reduce((sum, [, count]) => sum + Number(count), 0)
  return { instructions: Number(text.match(/^totals: (\d+)/m)[1]), allocations }
}
