// The steps of `npm test`, in order: a name, what runs, and how its tests are counted.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findFirefox } from './browser.mjs'
import { callgrindLacks } from './callgrind.mjs'
import { checkDirection } from './direction.mjs'
import { fuzzLacks } from './fuzz.mjs'
import { INSPECTOR, PACKAGE, ROOT, TARGET } from './paths.mjs'
import { attempt, tool, which } from './run.mjs'
import { BARE_TARGET, WASM_TARGET } from './tools.mjs'
import { RUSTFLAGS } from './wasm.mjs'

const TESTS = join(ROOT, 'tests')
const LOCKED = process.env.CI ? ['--locked'] : []
const DENY = ['--', '-D', 'warnings']
const CLIPPY = ['clippy', ...LOCKED]
const FUZZ = ['--manifest-path', join(ROOT, 'fuzz', 'Cargo.toml')]
const FUZZ_CLIPPY = [...CLIPPY, ...FUZZ, '--all-targets', '--target-dir', join(TARGET, 'fuzz')]
const BARE_BUILD = ['build', ...LOCKED, '-p', 'h1wire', '--no-default-features', '--target', BARE_TARGET]
const WASM_CLIPPY = [...CLIPPY, '-p', 'h1wire-wasm', '--target', WASM_TARGET]
// Under CI the random tests make the same cases each time; on anybody's own machine new ones.
const SEEDED = process.env.CI ? { PROPTEST_RNG_SEED: '1' } : {}
const LIMIT = 15 * 60_000

/** What `npm test` runs, given what set-up found. */
export function steps({ missingPeers, layoutWasStale }) {
  return [
    ...(process.env.CI ? missingPeers.map((name) => finding(`set-up: ${name}`, `${name} is missing`)) : []),
    finding('lint: generated', layoutWasStale && 'what is generated from Rust was stale: now rewritten'),
    { name: 'lint: fmt', count: 'one', run: () => cargo(['fmt', '--all', '--check']) },
    {
      name: 'lint: clippy',
      count: 'one',
      run: () => cargo([...CLIPPY, '--workspace', '--exclude=h1wire-wasm', '--all-targets', ...DENY]),
    },
    // A workspace of its own, which the two above do not see; its dependency compiles C++.
    { name: 'lint: fmt, fuzz', count: 'one', run: () => cargo(['fmt', ...FUZZ, '--check']) },
    ...(which('c++')
      ? [{ name: 'lint: clippy, fuzz', count: 'one', run: () => cargo([...FUZZ_CLIPPY, ...DENY]) }]
      : []),
    { name: 'lint: clippy, wasm', count: 'one', run: () => cargo([...WASM_CLIPPY, ...DENY], RUSTFLAGS) },
    {
      name: 'lint: rustdoc',
      count: 'one',
      run: () => cargo(['doc', ...LOCKED, '-p', 'h1wire', '--no-deps'], { RUSTDOCFLAGS: '-D warnings' }),
    },
    { name: 'lint: direction', count: 'one', run: checkDirection },
    {
      name: 'lint: biome',
      count: 'one',
      run: () => node([tool('@biomejs/biome', 'biome'), 'check', '--error-on-warnings']),
    },
    { name: 'types: package', count: 'one', run: () => typeCheck(join(PACKAGE, 'tsconfig.json')) },
    {
      name: 'types: inspector page',
      count: 'one',
      run: () => typeCheck(join(INSPECTOR, 'tsconfig.json')),
    },
    ...typeTests().map((name) => ({
      name: `types: ${name}`,
      count: 'one',
      run: () => typeCheck(join(TESTS, 'types', name)),
    })),
    { name: 'rust', count: 'cargo', run: () => cargo(['test', ...LOCKED, '--no-fail-fast'], SEEDED) },
    // Without that target it shows nothing, which set-up has said loudly; under CI that is a failure.
    ...(missingPeers.includes(BARE_TARGET) && !process.env.CI
      ? []
      : [{ name: 'rust, without a system', count: 'one', run: () => cargo(BARE_BUILD) }]),
    { name: 'rust, many cases', count: 'cargo', run: manyCases },
    { name: 'fuzz, smoke', count: 'plain', run: fuzz },
    { name: 'instructions', count: 'plain', run: instructions },
    { name: 'js, native', count: 'node', run: () => nodeTests('js', 'native') },
    { name: 'js, wasm', count: 'node', run: () => nodeTests('js', 'wasm') },
    { name: 'soak, native', count: 'plain', run: () => soak('native', 0.5) },
    { name: 'soak, wasm', count: 'plain', run: () => soak('wasm', 0.2) },
    // Without a browser it shows nothing, which set-up has said loudly; under CI that is a failure.
    ...(missingPeers.includes('Chromium') && !process.env.CI
      ? []
      : [
          { name: 'browser', count: 'plain', run: () => node([join(TESTS, 'browser', 'run.mjs')]) },
          { name: 'inspector page', count: 'node', run: () => nodeTests('inspector') },
        ]),
    { name: 'inspector page, Firefox', count: 'node', run: inFirefox },
    { name: 'cli', count: 'node', run: () => nodeTests('cli') },
    {
      name: 'benches, equal work',
      count: 'plain',
      run: () => node([join(ROOT, 'benches', 'run.cjs'), '--check']),
    },
    { name: 'package', count: 'node', run: () => nodeTests('package') },
  ]
}

/** What set-up found: `fault` says what is wrong with it, if anything. */
function finding(name, fault) {
  return { name, count: 'one', run: async () => ({ status: fault ? 1 : 0, output: `${fault}` }) }
}

function cargo(args, env) {
  return attempt('cargo', args, { env, limit: LIMIT })
}

// The random tests once more, compiled to be quick: half a minute looks at many times as many cases.
function manyCases() {
  const tests = ['inspect', 'oracle', 'properties', 'format', 'fuzz_bodies'].flatMap((name) => [
    '--test',
    name,
  ])
  const args = ['test', ...LOCKED, '--profile', 'properties', '--no-fail-fast', ...tests]
  return cargo(args, { ...SEEDED, PROPTEST_CASES: process.env.PROPTEST_CASES ?? '25000' })
}

function node(args, env) {
  return attempt(process.execPath, args, { env, limit: LIMIT })
}

function soak(backend, minutes) {
  const script = join(ROOT, 'npm', 'scripts', 'soak.mjs')
  return node([script, '--minutes', `${minutes}`], { H1WIRE_BACKEND: backend })
}

// Nothing but fuzzing needs a nightly compiler: where there is none, that is said and no failure.
async function fuzz() {
  const lacks = fuzzLacks()
  if (!lacks) return node([join(ROOT, 'npm', 'scripts', 'fuzz.mjs'), '--smoke'])
  console.log(`*** fuzzing is left out: it needs ${lacks}. ***`)
  return { status: 0, output: '0 passed, 0 failed' }
}

// Only callgrind counts instructions: where it is missing, that is said and no failure.
async function instructions() {
  const lacks = callgrindLacks()
  if (!lacks) return node([join(ROOT, 'npm', 'scripts', 'instructions.mjs')])
  console.log(`*** instructions are NOT counted: that needs ${lacks}. ***`)
  return { status: 0, output: '0 passed, 0 failed' }
}

// A second browser: where it is missing, that is said and no failure.
async function inFirefox() {
  if (findFirefox()) return nodeTests('firefox')
  console.log('*** the page is NOT shown in Firefox: it is missing. ***')
  return { status: 0, output: 'ℹ pass 0\n' }
}

function typeCheck(config) {
  return node([tool('typescript', 'tsc'), '--noEmit', '-p', config])
}

function typeTests() {
  return readdirSync(join(TESTS, 'types')).filter((name) => /^tsconfig\..*json$/.test(name))
}

// A test file named *.native.test.js or *.wasm.test.js is for that backend only.
async function nodeTests(folder, backend) {
  const others = /\.(native|wasm)\.test\.m?js$/
  const files = readdirSync(join(TESTS, folder))
    .filter((name) => /\.test\.m?js$/.test(name))
    .filter((name) => backend === undefined || [undefined, backend].includes(others.exec(name)?.[1]))
    .map((name) => join(TESTS, folder, name))
  // Without a file, node would look for tests of its own accord.
  if (files.length === 0) return { status: 1, output: `there is no test in tests/${folder}` }
  const args = ['--test', '--test-reporter=spec', '--test-timeout=300000', ...files.sort()]
  return node(args, backend && { H1WIRE_BACKEND: backend })
}
