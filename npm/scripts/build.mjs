// `npm run build`: builds what is out of date: the addon, the wasm module, the generated layout, the package and the
// inspector page.

import { buildInspector } from './lib/inspector.mjs'
import { generateLayout } from './lib/layout.mjs'
import { isMain, main } from './lib/main.mjs'
import { linkBuilt } from './lib/modules.mjs'
import { buildNative } from './lib/native.mjs'
import { buildPackage } from './lib/package.mjs'
import { buildWasm } from './lib/wasm.mjs'

/** Builds everything that is out of date; says whether the committed layout was. */
export async function build() {
  await buildNative()
  await buildWasm()
  const layoutWasStale = await generateLayout()
  await buildPackage()
  await linkBuilt()
  await buildInspector()
  return { layoutWasStale }
}

if (isMain(import.meta)) main(build)
