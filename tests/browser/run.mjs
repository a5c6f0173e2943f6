// Runs the vectors and the checks of the browser package in Chromium.
//
// Where there is no browser: a failure under CI=true, elsewhere a loud word and nothing shown.

import { chromium } from 'playwright-core'
import { BROWSER_ARGUMENTS, findBrowser } from '../../npm/scripts/lib/browser.mjs'
import { count, readFormatVectors, readVectors } from '../vectors/files.mjs'
import { formatSummary } from '../vectors/format/harness.mjs'
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
    console.log(summary('chromium wasm', vectors))
    faults.push(...faultsOf(vectors, readVectors()))
    const formatted = await page.evaluate(() => window.runFormatConformance())
    console.log(formatSummary('chromium wasm', formatted))
    faults.push(...faultsOf(formatted, readFormatVectors()))

    const checks = await page.evaluate(() => window.runChecks())
    const failures = checks.filter(({ failure }) => failure)
    faults.push(...failures.map(({ name, failure }) => `${name}: ${failure}`))
    console.log(`browser package: ${checks.length} checks, ${failures.length} failed`)

    for (const fault of faults) console.log(`FAILED ${fault}`)
    const passed = vectors.passed + formatted.passed + checks.length - failures.length
    console.log(`${passed} passed, ${faults.length} failed`)
    return faults.length
  } finally {
    await browser.close()
    server.stop()
  }
}

/** What failed; one more if the page did not run them all. */
function faultsOf({ vectors, failures }, files) {
  const held = count(files)
  if (vectors === held && held > 0) return failures
  return [...failures, `${vectors} vectors were run of ${held}`]
}
