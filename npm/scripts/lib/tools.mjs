// What a build needs before anything can be fetched: Node.js, npm, cargo, and a Rust that knows WebAssembly; and what the
// tests build for besides.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.mjs'
import { attempt, run, Trouble, which } from './run.mjs'

export const WASM_TARGET = 'wasm32-unknown-unknown'

/** A processor without an operating system, and so without Rust's standard library: the core must build for it. */
export const BARE_TARGET = 'thumbv7em-none-eabihf'

/** Checks the tools and brings the wasm target; throws a Trouble that names everything missing. */
export async function checkTools() {
  const missing = []
  if (!atLeast(process.versions.node, '20.19')) {
    missing.push(`Node.js 20.19 or newer (this is ${process.versions.node}): https://nodejs.org`)
  }
  if (!which('npm')) missing.push('npm: it comes with Node.js')
  if (!which('cargo')) missing.push('cargo: install Rust from https://rustup.rs')
  if (!which(process.platform === 'win32' ? 'link' : 'cc') && process.platform !== 'win32') {
    missing.push(
      'cc, which Rust links with: on Debian `apt-get install gcc`, on macOS `xcode-select --install`',
    )
  }
  if (missing.length > 0)
    throw new Trouble(`What h1wire is built with is missing:\n  ${missing.join('\n  ')}`)
  await checkRust()
  const lacks = await bringTarget(WASM_TARGET)
  if (lacks) throw new Trouble(lacks)
}

/** Brings the target without an operating system, which only a test needs; returns its name if it is missing still. */
export async function bringBareTarget() {
  const lacks = await bringTarget(BARE_TARGET)
  if (!lacks) return []
  process.stdout.write(`\n*** ${lacks} What needs it cannot be shown. ***\n\n`)
  return [BARE_TARGET]
}

async function checkRust() {
  const wanted = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8').match(/^rust-version = "(.+)"/m)[1]
  const version = (await run('rustc', ['--version'])).match(/^rustc (\d+\.\d+\.\d+)/)?.[1] ?? '0'
  if (!atLeast(version, wanted)) {
    throw new Trouble(
      `Rust ${wanted} or newer is needed and this is ${version}: run \`rustup update stable\``,
    )
  }
}

/** Brings Rust's libraries for a target, unless they are there; returns what is wrong if it cannot. */
async function bringTarget(target) {
  const libraries = (await run('rustc', ['--print', 'target-libdir', '--target', target])).trim()
  if (existsSync(libraries)) return undefined
  process.stdout.write(`rustup target add ${target} …\n`)
  const { status, output } = await attempt('rustup', ['target', 'add', target])
  if (status === 0) return undefined
  return (
    `Rust's libraries for ${target} are missing and rustup could not bring them:\n${output}` +
    `Install them as your Rust was installed: \`rustup target add ${target}\`, or your system's package.`
  )
}

function atLeast(version, wanted) {
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number))
  const differs = want.findIndex((part, index) => part !== (have[index] ?? 0))
  return differs === -1 || (have[differs] ?? 0) > want[differs]
}
