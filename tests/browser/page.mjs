// Runs in the page: all vectors and the checks of the browser package; run.mjs asks for the results.

import * as h1wire from 'h1wire'
import { formatConformance } from '/vectors/format/harness.mjs'
import { conformance } from '/vectors/harness.mjs'
import { checks } from './checks.mjs'

window.runConformance = async () => {
  await h1wire.init()
  const files = await (await fetch('/vectors.json')).json()
  return conformance(h1wire, files)
}

window.runFormatConformance = async () => {
  await h1wire.init()
  const files = await (await fetch('/format-vectors.json')).json()
  return formatConformance(h1wire, files)
}

/** One result a check: its name, and what went wrong if anything did. */
window.runChecks = async () => {
  const results = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check()
      results.push({ name })
    } catch (error) {
      results.push({ name, failure: `${error?.stack ?? error}` })
    }
  }
  return results
}
