// `npm run format`: formats Rust with rustfmt, and TypeScript, JavaScript and JSON with biome, which also mends what its
// rules can mend safely.

import { join } from 'node:path'
import { isMain, main } from './lib/main.mjs'
import { install } from './lib/modules.mjs'
import { ROOT } from './lib/paths.mjs'
import { run, runTool } from './lib/run.mjs'

async function format() {
  await install()
  await run('cargo', ['fmt', '--all'])
  await run('cargo', ['fmt', '--manifest-path', join(ROOT, 'fuzz', 'Cargo.toml')])
  await runTool('@biomejs/biome', 'biome', ['check', '--write'])
}

if (isMain(import.meta)) main(format)
