// `npm run setup`: makes a fresh clone ready, with nothing but Node.js: checks the tools, installs what the lock file
// names, builds, and brings the browser and the peers the tests talk to. It skips what is up to date.

import { build } from './build.mjs'
import { isMain, main } from './lib/main.mjs'
import { install } from './lib/modules.mjs'
import { bringPeers } from './lib/peers.mjs'
import { bringBareTarget, checkTools } from './lib/tools.mjs'

/** Makes everything ready; says which peers are missing still and whether the committed layout was stale. */
export async function setup() {
  await checkTools()
  const missingTargets = await bringBareTarget()
  const [missingPeers, { layoutWasStale }] = await Promise.all([bringPeers(), installAndBuild()])
  return { missingPeers: [...missingPeers, ...missingTargets], layoutWasStale }
}

async function installAndBuild() {
  await install()
  return build()
}

if (isMain(import.meta)) main(setup)
