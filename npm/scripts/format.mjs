// `npm run format`: formats Rust with rustfmt, and TypeScript, JavaScript and JSON with biome, which also mends what its
// rules can mend safely.

import { isMain, main } from './lib/main.mjs'
import { install } from './lib/modules.mjs'
import { run, runTool } from './lib/run.mjs'

async function format() {
  await install()
  await run('cargo', ['fmt', '--all'])
  await runTool('@biomejs/biome', 'biome', ['check', '--write'])
}

if (isMain(import.meta)) main(format)
