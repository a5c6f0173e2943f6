// Builds the native addon into this machine's platform package.

import { copyFileSync, renameSync } from 'node:fs'
import { built, cargo, RUST_INPUTS } from './cargo.mjs'
import { upToDate } from './stamp.mjs'
import { addonOf, hostTriple } from './triple.mjs'

const LIBRARY =
  { win32: 'h1wire_node.dll', darwin: 'libh1wire_node.dylib' }[process.platform] ?? 'libh1wire_node.so'

export async function buildNative() {
  const triple = hostTriple()
  if (!triple) {
    process.stdout.write(
      `No native addon for ${process.platform} on ${process.arch}: h1wire runs on wasm here.\n`,
    )
    return
  }
  const addon = addonOf(triple)
  const inputs = [...RUST_INPUTS, 'bindings/node']
  await upToDate({ name: 'native addon', inputs, outputs: [addon] }, async () => {
    await cargo('build', ['--release', '-p', 'h1wire-node'])
    // Renamed into place: a process that has the old one loaded keeps it.
    copyFileSync(await built('release', LIBRARY), `${addon}.new`)
    renameSync(`${addon}.new`, addon)
  })
}
