// Plays exchanges on one stage after the other: the backend in force, and then WebAssembly if that is another.

import { createRequire } from 'node:module'
import { EXCHANGES } from './exchanges.mjs'
import { Stage } from './stage.mjs'

const require = createRequire(import.meta.url)

/** Plays every exchange with every backend there is to show, the second in brief; gives the stages. */
export async function playAll(print) {
  const stages = [await play(new Stage(require('h1wire'), { print }), EXCHANGES)]
  if (stages[0].backend !== 'wasm') {
    stages.push(await play(new Stage(require('h1wire/wasm'), { print, brief: true }), EXCHANGES))
  }
  return stages
}

/** Plays these exchanges on this stage, and gives it back. */
export async function play(stage, exchanges) {
  for (const { title, run } of exchanges) await stage.exchange(title, run)
  return stage
}
