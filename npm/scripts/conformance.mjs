// `npm run conformance`: every vector in every cut by all four runners, and what each of them counted.

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
    const line = output.match(new RegExp(`^(?:ℹ |# )?(conformance ${name}: .*)$`, 'm'))?.[1]
    console.log(line ?? `conformance ${name}: nothing was counted`)
    if (status === 0 && line) continue
    console.log(output.trimEnd())
    process.exitCode = 1
  }
}

if (isMain(import.meta)) main(conformance)
