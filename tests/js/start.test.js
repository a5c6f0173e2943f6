// What `npm start` plays: every exchange that has an example, on every backend, each really checked.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { backend } = require('h1wire')

const EXAMPLES = path.join(__dirname, '../../examples')

test('every example is played', async () => {
  const { EXCHANGES } = await import('../../npm/scripts/start/exchanges.mjs')
  const scripts = ['', 'net/'].flatMap((place) =>
    fs
      .readdirSync(path.join(EXAMPLES, place))
      .filter((name) => name.endsWith('.js'))
      .map((name) => place + name),
  )
  const played = new Set(EXCHANGES.flatMap(({ example }) => example ?? []))
  assert.deepEqual([...played], scripts)
})

test('every exchange comes out right, with the backend in force and with wasm', async () => {
  const { EXCHANGES } = await import('../../npm/scripts/start/exchanges.mjs')
  const { playAll } = await import('../../npm/scripts/start/play.mjs')
  const lines = []
  const stages = await playAll((line) => lines.push(line))
  const output = lines.join('\n')
  const backends = [...new Set([backend, 'wasm'])]
  assert.deepEqual(
    stages.map((stage) => [stage.backend, stage.failed]),
    backends.map((name) => [name, 0]),
    output,
  )
  for (const name of backends) {
    for (const { title } of EXCHANGES) assert.ok(output.includes(`=== ${title} (${name})`), title)
  }
})

test('an exchange that comes out wrong, throws or checks nothing is counted', async () => {
  const { play } = await import('../../npm/scripts/start/play.mjs')
  const { Stage } = await import('../../npm/scripts/start/stage.mjs')
  const lines = []
  const stage = new Stage(require('h1wire'), { print: (line) => lines.push(line), brief: true })
  const wrong = [
    (stage) => {
      stage.check('right', 1, 1)
      stage.check('one is two', 1, 2)
    },
    () => {
      throw new Error('it throws')
    },
    () => {},
  ]
  await play(
    stage,
    wrong.map((run) => ({ title: 'wrong', run })),
  )
  assert.equal(stage.failed, wrong.length)
  assert.match(lines.join('\n'), /WRONG {2}one is two: 1 instead of 2.*it throws/s)
})
