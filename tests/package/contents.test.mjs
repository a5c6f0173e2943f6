// What is in the tarballs, and what publint and arethetypeswrong say of it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ROOT } from '../../npm/scripts/lib/paths.mjs'
import { tool } from '../../npm/scripts/lib/run.mjs'
import { main, packed, platform } from './packed.mjs'

const ALWAYS = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json']
const BUILT = [
  'dist/browser/browser.js',
  ...['index', 'convert'].flatMap((name) => [`dist/browser/${name}.d.ts`, `dist/browser/${name}.js`]),
  'dist/h1wire.wasm',
  'dist/inspector/assets/h1-inspector.js',
  'dist/inspector/index.html',
  'dist/node/cli.cjs',
  ...['index', 'wasm', 'net', 'wasm-net', 'convert'].flatMap((name) =>
    ['cjs', 'd.cts', 'd.mts', 'mjs'].map((ending) => `dist/node/${name}.${ending}`),
  ),
  'dist/types/package.json',
]
/** Chunks that entries share, declarations and the page's parts: their names follow the sources'. */
const FOLLOWING = [
  /^dist\/node\/[a-z-]+\d?\.cjs$/,
  /^dist\/inspector\/assets\/(index|worker|convert|h1wire|icon)-[\w-]+\.(js|css|wasm|svg)$/,
  /^dist\/types\/((facade|backend|convert|generated|interop|node)\/)?[a-z-]+\.d\.ts$/,
]

test('the package holds what is built, its readme and its licences, and nothing else', () => {
  const named = [...ALWAYS, ...BUILT]
  assert.deepEqual(
    named.filter((name) => !main.files.includes(name)),
    [],
  )
  const others = main.files.filter((name) => !named.includes(name))
  assert.deepEqual(
    others.filter((name) => !FOLLOWING.some((pattern) => pattern.test(name))),
    [],
  )
})

test('a platform package holds its addon', () => {
  assert.deepEqual(platform.files.sort(), [...ALWAYS, 'h1wire.node'].sort())
})

test('the package depends on nothing but, where they fit, the platform packages made with it', () => {
  const manifest = JSON.parse(readFileSync(join(main.folder, 'package.json'), 'utf8'))
  const platforms = Object.keys(packed).filter((name) => name !== 'h1wire')
  assert.deepEqual(
    manifest.optionalDependencies,
    Object.fromEntries(platforms.map((name) => [name, manifest.version])),
  )
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies', 'scripts']) {
    assert.equal(manifest[kind], undefined)
  }
})

test('every file the manifest names is there', () => {
  const manifest = JSON.parse(readFileSync(join(main.folder, 'package.json'), 'utf8'))
  const named = JSON.stringify([manifest.main, manifest.types, manifest.bin, manifest.exports]).matchAll(
    /"(?:\.\/)?(dist\/[^"]+)"/g,
  )
  for (const [, name] of named) assert.ok(main.files.includes(name), name)
})

test('the wasm module says nothing of the machine that built it', () => {
  const octets = readFileSync(join(main.folder, 'dist', 'h1wire.wasm'))
  for (const path of [homedir(), ROOT]) assert.equal(octets.includes(path), false, path)
})

// Octets. What is reached, and a little room: who makes the module smaller lowers it.
const WASM_LIMIT = 62_000

test('the wasm module, gzipped, is no larger than its limit', () => {
  const weight = gzipSync(readFileSync(join(main.folder, 'dist', 'h1wire.wasm')), { level: 9 }).length
  assert.ok(weight > 10_000 && weight <= WASM_LIMIT, `${weight} octets`)
})

test('publint finds nothing', () => {
  for (const { tarball } of Object.values(packed)) check('publint', 'publint', ['run', tarball, '--strict'])
})

test('arethetypeswrong finds nothing', () => {
  const flags = ['--profile', 'node16', '--exclude-entrypoints', './h1wire.wasm', './inspector', '--no-emoji']
  check('@arethetypeswrong/cli', 'attw', [main.tarball, ...flags])
})

function check(name, command, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool(name, command), ...args], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout + stderr)
}
