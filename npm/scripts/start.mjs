// `npm start`: makes the clone ready, then shows h1wire at work: a server and clients on real sockets of this
// machine, what they say to each other, and whether all of it came out right. Ends with 0 only if it did.

import { isMain, main } from './lib/main.mjs'
import { setup } from './setup.mjs'
import { playAll } from './start/play.mjs'

/** Plays every exchange with the backend in force and, if that is native, with WebAssembly again. */
export async function start() {
  process.exitCode = 1 // until all has come out right
  await setup()
  const stages = await playAll(print)
  print('')
  for (const { backend, passed, failed } of stages)
    print(`${backend}: ${passed} checks right, ${failed} wrong`)
  if (stages.every(({ failed }) => failed === 0)) process.exitCode = 0
}

function print(line) {
  process.stdout.write(`${line}\n`)
}

if (isMain(import.meta)) main(start)
