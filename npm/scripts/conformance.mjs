// `npm run conformance`: every vector by all four runners, and what each of them counted: of the parser's, and of
// the builder's.

import { isMain, main } from './lib/main.mjs'
import { attempt } from './lib/run.mjs'
import { setup } from './setup.mjs'

const NODE_TEST = ['--test', '--test-reporter=spec', 'tests/js/vectors.test.js']

const RUNNERS = [
  { name: 'rust', command: 'cargo', args: ['test', '--quiet', '--test', 'vectors'] },
  { name: 'node native', command: process.execPath, args: NODE_TEST, env: { H1WIRE_BACKEND: 'native' } },
  { name: 'node wasm', command: process.execPath, args: NODE_TEST, env: { H1WIRE_BACKEND: 'wasm' } },
  // Under CI a missing browser fails, and here too: four runners were asked for.
  { name: 'chromium wasm', command: process.execPath, args: ['tests/browser/run.mjs'], env: { CI: 'true' } },
]

async function conformance() {
  await setup()
  for (const { name, command, args, env } of RUNNERS) {
    const { status, output } = await attempt(command, args, { env })
    const lines = [name, `${name} format`].map((what) => counted(output, what))
    for (const { line } of lines) console.log(line)
    if (status === 0 && lines.every(({ found }) => found)) continue
    console.log(output.trimEnd())
    process.exitCode = 1
  }
}

/** The line that says what was counted; a runner may have put a mark of its own before it. */
function counted(output, what) {
  const found = output.match(new RegExp(`^(?:ℹ |# |\\.+)?(conformance ${what}: .*)$`, 'm'))?.[1]
  return { found, line: found ?? `conformance ${what}: nothing was counted` }
}

if (isMain(import.meta)) main(conformance)
