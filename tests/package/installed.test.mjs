// What a user gets: the tarballs installed in an empty folder, with and without this machine's platform package.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startUi } from '../../npm/scripts/lib/ui.mjs'
import { attempt, installed, node, npx } from './installed.mjs'
import { main, platform, platformName } from './packed.mjs'

const ROUND_TRIP = `
  const { formatRequest, parseRequest } = h1wire
  const octets = formatRequest({ method: 'POST', target: '/', headers: { Host: 'example.test' }, body: 'name=Jörg' })
  const request = parseRequest(octets)
  console.log([h1wire.backend, request.method, request.headers.get('content-length')].join(' '))`
const REQUIRE = `const h1wire = require('h1wire')\n${ROUND_TRIP}`
const IMPORT = `import * as h1wire from 'h1wire'\n${ROUND_TRIP}`
const BOTH = `
  import { createRequire } from 'node:module'
  import * as imported from 'h1wire'
  import * as wasm from 'h1wire/wasm'
  const required = createRequire(import.meta.url)('h1wire')
  const { ...names } = imported
  console.log(Object.keys(names).every((name) => names[name] === required[name]))
  console.log(Object.keys(required).sort().join() === Object.keys(names).sort().join())
  console.log(wasm.H1Error === imported.H1Error, wasm.FieldSection === imported.FieldSection, wasm.backend)`
const MODULE = '--input-type=module'

test('with the platform package', async (t) => {
  const folder = installed(t, [main.tarball, platform.tarball])

  await t.test('require runs on the native backend', () => {
    assert.equal(node(folder, ['-e', REQUIRE]), 'native POST 10\n')
  })
  await t.test('import runs on the native backend', () => {
    assert.equal(node(folder, [MODULE, '-e', IMPORT]), 'native POST 10\n')
  })
  await t.test('require, import and h1wire/wasm see the same classes', () => {
    assert.equal(node(folder, [MODULE, '-e', BOTH]), 'true\ntrue\ntrue true wasm\n')
  })
  await t.test('H1WIRE_BACKEND=wasm forces wasm', () => {
    assert.equal(node(folder, ['-e', REQUIRE], { H1WIRE_BACKEND: 'wasm' }), 'wasm POST 10\n')
  })
  await t.test('npx h1wire parse prints the events', () => {
    const lines = npx(folder, ['h1wire', 'parse', '-'], 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n')
      .trim()
      .split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).type),
      ['head', 'end'],
    )
  })
  await t.test('h1wire ui serves the page that the package carries', async () => {
    const { url, stop } = await startUi({
      cli: join(folder, 'node_modules', 'h1wire', 'dist', 'node', 'cli.cjs'),
    })
    const page = await fetch(url)
    const text = await page.text()
    const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(text) ?? assert.fail(text)
    const served = await fetch(new URL(script, url))
    assert.deepEqual(
      [served.status, served.headers.get('content-type')],
      [200, 'text/javascript; charset=utf-8'],
    )
    await stop()
  })
  await t.test('h1wire/h1wire.wasm and h1wire/package.json can be resolved', () => {
    const script = "console.log(require.resolve('h1wire/h1wire.wasm'), require('h1wire/package.json').name)"
    assert.match(node(folder, ['-e', script]), /h1wire\.wasm h1wire\n$/)
  })
})

test('without the platform package', async (t) => {
  const folder = installed(t, [main.tarball], '--omit=optional')

  await t.test('require falls back to wasm by itself', () => {
    assert.equal(node(folder, ['-e', REQUIRE]), 'wasm POST 10\n')
  })
  await t.test('import falls back to wasm by itself', () => {
    assert.equal(node(folder, [MODULE, '-e', IMPORT]), 'wasm POST 10\n')
  })
  await t.test('H1WIRE_BACKEND=native says which package is missing', () => {
    const { status, stderr } = attempt(folder, ['-e', REQUIRE], { H1WIRE_BACKEND: 'native' })
    assert.notEqual(status, 0)
    assert.match(stderr, new RegExp(`Install the package ${platformName}`))
  })
  await t.test('npx h1wire parse works', () => {
    assert.match(npx(folder, ['h1wire', 'parse', '-'], 'HTTP/1.1 204 \r\n\r\n'), /"status":204/)
  })
})
