// The platform packages agree with the loader's table and with the versions of everything else.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PACKAGE, PLATFORMS, ROOT } from '../../npm/scripts/lib/paths.mjs'
import { TRIPLES } from '../../npm/scripts/lib/triple.mjs'

const LIBC = { gnu: ['glibc'], musl: ['musl'], '': undefined }
const loader = readFileSync(join(PACKAGE, 'src', 'backend', 'native.ts'), 'utf8')
const rows = [...loader.matchAll(/\['(\w+)', '(\w+)', '(\w*)', '([\w-]+)'\]/g)].map((row) => row.slice(1))

test('every row of the loader has its package, and every package its row', () => {
  assert.deepEqual(rows.map(([, , , triple]) => triple).sort(), TRIPLES)
})

for (const [platform, arch, libc, triple] of rows) {
  test(`${triple} is for what the loader takes it for`, () => {
    const manifest = read(join(PLATFORMS, triple, 'package.json'))
    assert.equal(manifest.name, `h1wire-${triple}`)
    assert.deepEqual(manifest.os, [platform])
    assert.deepEqual(manifest.cpu, [arch])
    assert.deepEqual(manifest.libc, LIBC[libc])
    assert.equal(manifest.main, 'h1wire.node')
  })
}

test('all packages and crates are of one version', () => {
  const { version, engines } = read(join(PACKAGE, 'package.json'))
  assert.equal(/^version = "(.+)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))[1], version)
  for (const triple of TRIPLES) {
    const manifest = read(join(PLATFORMS, triple, 'package.json'))
    assert.equal(manifest.version, version)
    assert.deepEqual(manifest.engines, engines)
  }
})

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
