// Builds dist/h1wire.wasm, and the glue that wasm-bindgen makes for it into src/generated/wasm.

import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { built, cargo, RUST_INPUTS } from './cargo.mjs'
import { DIST, GENERATED } from './paths.mjs'
import { runTool } from './run.mjs'
import { upToDate } from './stamp.mjs'
import { WASM_TARGET } from './tools.mjs'

const WASM = join(DIST, 'h1wire.wasm')
const GLUE = join(GENERATED, 'wasm')
const PROFILE = 'wasm'

// Where a panic of a dependency would be said to lie: without the folder of whoever built it, so that the file is the same
// from every machine. These flags are split at spaces.
const REGISTRY = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry', 'src')
const REMAPPED = REGISTRY.includes(' ') ? [] : [`--remap-path-prefix=${REGISTRY}=registry`]

/** Set for the target alone: the builds for this machine keep what they have cached. */
export const RUSTFLAGS = {
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: [
    '-C target-feature=+simd128,+bulk-memory',
    ...REMAPPED,
  ].join(' '),
}
const FEATURES = [
  'simd',
  'bulk-memory',
  'nontrapping-float-to-int',
  'sign-ext',
  'mutable-globals',
  'reference-types',
  'multivalue',
]
// Measured: compiling for size (the profile) saves 10 % of the gzipped file and costs 5 % of the time, as long as the
// smallest functions of the hot path are inlined by name; wasm-opt saves 9 % of the file and costs none.
const OPTIMIZE = ['-O3', ...FEATURES.map((name) => `--enable-${name}`)]

export function buildWasm() {
  const inputs = [...RUST_INPUTS, 'bindings/wasm', 'bindings/bindgen', 'package-lock.json']
  const outputs = [WASM, join(GLUE, 'h1wire.js')]
  return upToDate({ name: 'wasm module', inputs, settings: [RUSTFLAGS, OPTIMIZE], outputs }, async () => {
    await cargo('build', ['--profile', PROFILE, '--target', WASM_TARGET, '-p', 'h1wire-wasm'], {
      env: RUSTFLAGS,
    })
    rmSync(GLUE, { recursive: true, force: true })
    await cargo('run', [
      '-p',
      'h1wire-bindgen',
      '--',
      await built(WASM_TARGET, PROFILE, 'h1wire_wasm.wasm'),
      GLUE,
    ])
    mkdirSync(DIST, { recursive: true })
    await runTool('binaryen', 'wasm-opt', [...OPTIMIZE, join(GLUE, 'h1wire_bg.wasm'), '-o', `${WASM}.new`])
    renameSync(`${WASM}.new`, WASM)
    rmSync(join(GLUE, 'h1wire_bg.wasm'))
  })
}
