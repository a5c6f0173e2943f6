// Parsers in several threads at once, each with memory of its own; threads that end in the middle of everything.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { setTimeout: wait } = require('node:timers/promises')
const vm = require('node:vm')
const { Worker } = require('node:worker_threads')
const { RequestParser } = require('h1wire')

/** Starts a thread that reads messages of its own, one octet at a time, until it has read `rounds` of them. */
function start(name, rounds) {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    const { RequestParser } = require(workerData.module)
    const message = Buffer.from(workerData.message)
    const parsers = []
    for (let round = 0; round < workerData.rounds; round++) {
      const parser = new RequestParser()
      parsers[round % 100] = parser
      const events = []
      for (const octet of message) events.push(...parser.push(Buffer.of(octet)))
      if (events[0].headers.get('x-thread') !== workerData.name) throw new Error('read ' + events[0].headers.get('x-thread'))
      if (String(events[1].data) !== workerData.name[0]) throw new Error('read ' + events[1].data)
      if (round === 10) parentPort.postMessage('running')
    }
    parentPort.postMessage('done')
  `
  const message = `POST /${name} HTTP/1.1\r\nHost: a\r\nX-Thread: ${name}\r\nContent-Length: 1\r\n\r\n${name[0]}`
  const workerData = { module: require.resolve('h1wire'), message, name, rounds }
  return new Worker(code, { eval: true, workerData })
}

async function message(worker, wanted) {
  for (;;) {
    const [got] = await once(worker, 'message')
    if (got === wanted) return
  }
}

test('threads do not see one another', async () => {
  const workers = Array.from({ length: 4 }, (_, index) => start(`thread-${index}`, 300))
  const done = Promise.all(workers.map((worker) => message(worker, 'done')))
  // Meanwhile this thread reads as well.
  const parser = new RequestParser()
  let finished = false
  done.finally(() => {
    finished = true
  })
  while (!finished) {
    const [head] = parser.push(Buffer.from('GET /main HTTP/1.1\r\nHost: main\r\n\r\n'))
    assert.equal(head.target, '/main')
    await wait(1)
  }
  await done
})

test('threads ended in the middle', async () => {
  for (let round = 0; round < 3; round++) {
    const workers = Array.from({ length: 4 }, (_, index) => start(`victim-${index}`, Infinity))
    await Promise.all(workers.map((worker) => message(worker, 'running')))
    const codes = await Promise.all(workers.map((worker) => worker.terminate()))
    assert.deepEqual(codes, [1, 1, 1, 1])
  }
  const [head] = new RequestParser().push(
    Buffer.from('GET / HTTP/1.1\r\nHost: still here\r\n\r\n'.replace(' here', '')),
  )
  assert.equal(head.headers.get('host'), 'still')
})

test('a thread that ends by itself, with parsers alive', async () => {
  const worker = start('short', 50)
  const [code] = await once(worker, 'exit')
  assert.equal(code, 0)
})

test('octets of another context', () => {
  const chunk = vm.runInNewContext('new Uint8Array(octets)', {
    octets: [...Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  })
  assert.equal(chunk instanceof Uint8Array, false)
  assert.equal(new RequestParser().push(chunk)[0].headers.get('host'), 'a')
})
