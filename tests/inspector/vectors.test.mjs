// The vectors in the build of the inspector page: bundled by its own configuration, run in a worker, on its wasm file.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { build, mergeConfig } from 'vite'
import pageConfig from '../../npm/inspector/vite.config.mjs'
import { BROWSER_ARGUMENTS, findBrowser } from '../../npm/scripts/lib/browser.mjs'
import { INSPECTOR, TARGET } from '../../npm/scripts/lib/paths.mjs'
import { startServer } from '../browser/server.mjs'
import { count, readFormatVectors, readVectors } from '../vectors/files.mjs'
import { formatSummary } from '../vectors/format/harness.mjs'
import { summary } from '../vectors/harness.mjs'

const BUILT = join(TARGET, 'inspector-vectors')

test('every vector holds in the page’s build', async (t) => {
  await build(
    mergeConfig(pageConfig, { root: join(import.meta.dirname, 'vectors'), build: { outDir: BUILT } }),
  )
  assert.deepEqual(wasmIn(BUILT), wasmIn(join(INSPECTOR, 'dist')), 'the same wasm file')

  const server = await startServer({ '/page/': pathToFileURL(`${BUILT}/`) })
  t.after(() => server.stop())
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGUMENTS })
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${server.url}page/index.html`)
  const { read, written } = await page.evaluate(() => window.results)
  console.log(summary('inspector page', read))
  console.log(formatSummary('inspector page', written))
  assert.deepEqual([...read.failures, ...written.failures], [])
  assert.equal(read.vectors, count(readVectors()))
  assert.equal(written.vectors, count(readFormatVectors()))
  assert.ok(read.vectors > 1000 && written.vectors > 500)
})

/** The name, which has a hash of its octets, and the octets of the wasm file of a build. */
function wasmIn(folder) {
  const [name, ...others] = readdirSync(join(folder, 'assets')).filter((one) => one.endsWith('.wasm'))
  assert.deepEqual(others, [])
  return [name, readFileSync(join(folder, 'assets', name))]
}
