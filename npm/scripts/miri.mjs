// `npm run miri`: the core's unit tests under Miri, which sees undefined behaviour: with the processor's usual vectors,
// with its long ones, and without any.

import { hasNightly } from './lib/fuzz.mjs'
import { isMain, main } from './lib/main.mjs'
import { attempt, run, Trouble } from './lib/run.mjs'

const ROUNDS = [
  { name: 'all', filter: [], flags: '' },
  ...(process.arch === 'x64'
    ? [{ name: 'scan, AVX2', filter: ['scan'], flags: '-C target-feature=+avx2' }]
    : []),
  { name: 'scan, portable', filter: ['scan'], flags: '--cfg h1wire_portable' },
]

async function miri() {
  if (!hasNightly())
    throw new Trouble('Miri needs a nightly Rust toolchain: `rustup toolchain install nightly`')
  await run('rustup', ['component', 'add', 'miri', 'rust-src', '--toolchain', 'nightly'])
  for (const { name, filter, flags } of ROUNDS) {
    const args = ['+nightly', 'miri', 'test', '-p', 'h1wire', '--lib', ...filter]
    const { status, output } = await attempt('cargo', args, { env: { RUSTFLAGS: flags } })
    const ran = Number(output.match(/^test result: ok\. (\d+) passed/m)?.[1] ?? 0)
    const fine = status === 0 && ran > 0
    if (!fine) console.log(output.trimEnd())
    console.log(`miri, ${name}: ${fine ? `${ran} passed` : 'FAILED'}`)
    if (!fine) process.exitCode = 1
  }
}

if (isMain(import.meta)) main(miri)
