// `npm start`: makes the clone ready, then shows h1wire at work: a server and clients on real sockets of this
// machine, what they say to each other, and whether all of it came out right. Ends with 0 only if it did.

import { createRequire } from 'node:module'
import { isMain, main } from './lib/main.mjs'
import { setup } from './setup.mjs'
import { EXCHANGES } from './start/exchanges.mjs'
import { Stage } from './start/stage.mjs'

const require = createRequire(import.meta.url)

/** Runs every exchange with the backend in force and, if that is native, the short ones with wasm again. */
export async function start() {
  process.exitCode = 1 // until all has come out right
  await setup()
  const stages = [await play(require('h1wire'), EXCHANGES)]
  if (stages[0].backend !== 'wasm') {
    const short = EXCHANGES.filter((exchange) => exchange.short)
    stages.push(await play(require('h1wire/wasm'), short))
  }
  summarise(stages)
}

async function play(h1wire, exchanges) {
  const stage = new Stage(h1wire)
  for (const { title, run } of exchanges) await stage.exchange(title, run)
  return stage
}

function summarise(stages) {
  process.stdout.write('\n')
  for (const { backend, passed, failed } of stages) {
    process.stdout.write(`${backend}: ${passed} checks right, ${failed} wrong\n`)
  }
  if (stages.every(({ failed }) => failed === 0)) process.exitCode = 0
}

if (isMain(import.meta)) main(start)
