// `npm run generate`: rewrites what is generated from Rust (TypeScript, a page of the documentation), and from the
// CLI's table of commands (docs/cli).

import { build } from './build.mjs'
import { writeCliPages } from './lib/cli-pages.mjs'
import { isMain, main } from './lib/main.mjs'

async function generate() {
  await build()
  writeCliPages()
}

if (isMain(import.meta)) main(generate)
