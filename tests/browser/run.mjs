// Runs the vectors and the checks of the browser package in Chromium.
//
// Where there is no browser: a failure under CI=true, elsewhere a loud word and nothing shown.

import { chromium } from 'playwright-core'
import { BROWSER_ARGUMENTS, findBrowser } from '../../npm/scripts/lib/browser.mjs'
import { count, readVectors } from '../vectors/files.mjs'
import { summary } from '../vectors/harness.mjs'
import { startServer } from './server.mjs'

const executablePath = findBrowser()
if (executablePath) {
  process.exitCode = (await run()) === 0 ? 0 : 1
} else {
  console.log(
    '\n*** Chromium is missing: NOTHING was shown in a browser. Install it, or name it in CHROME_PATH. ***\n',
  )
  const failed = process.env.CI === 'true' ? 1 : 0
  console.log(`0 passed, ${failed} failed`)
  process.exitCode = failed
}

/** Returns how much failed. */
async function run() {
  const server = await startServer()
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS })
  try {
    const page = await browser.newPage()
    const faults = []
    page.on('pageerror', (error) => faults.push(`the page: ${error.stack}`))
    await page.goto(`${server.url}browser/page.html`)
    await page.waitForFunction(() => 'runChecks' in window, undefined, { timeout: 30_000 })

    const vectors = await page.evaluate(() => window.runConformance())
    faults.push(...vectors.failures)
    console.log(summary('chromium wasm', vectors))
    const held = count(readVectors())
    if (vectors.vectors !== held || held === 0) faults.push(`${vectors.vectors} vectors were run of ${held}`)

    const checks = await page.evaluate(() => window.runChecks())
    const failures = checks.filter(({ failure }) => failure)
    faults.push(...failures.map(({ name, failure }) => `${name}: ${failure}`))
    console.log(`browser package: ${checks.length} checks, ${failures.length} failed`)

    for (const fault of faults) console.log(`FAILED ${fault}`)
    const passed = vectors.passed + checks.length - failures.length
    console.log(`${passed} passed, ${faults.length} failed`)
    return faults.length
  } finally {
    await browser.close()
    server.stop()
  }
}
