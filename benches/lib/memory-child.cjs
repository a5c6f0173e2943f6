// One measurement of `memory.cjs`, in a process of its own with --expose-gc: `memory-child.cjs MODE NAME`.
'use strict'

const { readFileSync } = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')
const v8 = require('node:v8')
const inputs = require('./inputs.cjs')
const { PEERS } = require('./parsers.cjs')
const { last } = require('./told.cjs')

const COUNT = 20_000
/** Messages read before anything is looked at: by then the engine has compiled what it will. */
const WARM_UP = 100_000
const MILLION = 1_000_000
const BODY = 'Hello, world!'
const HOUR = 3_600_000

const MODES = { server, parsers, heads, growth }

const [mode, name] = process.argv.slice(2)
MODES[mode]().catch((error) => {
  console.error(error)
  process.exit(1)
})

/** What is held now, in octets. */
async function look() {
  // What finalisers let go of goes with a later collection.
  for (let times = 0; times < 4; times++) {
    global.gc()
    await sleep(20)
  }
  const { used_heap_size: heap, total_physical_size: resident } = v8.getHeapStatistics()
  return { 'JS heap': heap, native: ofProcess() - resident }
}

/** Anonymous memory of the process that is resident. */
function ofProcess() {
  if (process.platform !== 'linux') return process.memoryUsage.rss()
  return 1024 * Number(readFileSync('/proc/self/status', 'utf8').match(/^RssAnon:\s+(\d+) kB$/m)[1])
}

async function server() {
  const server = serverOf(name)
  server.listen(0, '127.0.0.1', 5000, () => process.send(server.address().port))
  process.on('message', async () => process.send(await look()))
  process.on('disconnect', () => process.exit())
}

/** A server that answers each request and keeps the connection. */
function serverOf(name) {
  if (name === 'net') {
    const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`)
    return require('node:net').createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      socket.on('data', () => socket.write(answer))
      socket.on('error', () => socket.destroy())
    })
  }
  if (name === 'node:http') {
    const server = require('node:http').createServer((_request, response) => response.end(BODY))
    server.keepAliveTimeout = HOUR
    return server
  }
  return require('h1wire/net').createServer({ keepAliveTimeout: HOUR }, () => ({ status: 200, body: BODY }))
}

/** Parsers that have read one message each. */
async function parsers() {
  const make = maker()
  const push = make()
  for (let read = 0; read < WARM_UP; read++) push(inputs.browserGet)
  const kept = fill(make, COUNT)
  const before = await look()
  const more = fill(make, COUNT)
  const after = await look()
  report(before, after, COUNT, kept.concat(more))
}

function fill(make, count) {
  return Array.from({ length: count }, () => {
    const push = make()
    push(Buffer.from(inputs.browserGet))
    return push
  })
}

/** Makes functions that read a piece, each with a parser of its own. */
function maker() {
  const peer = PEERS.find((one) => one.name === name)
  if (peer) return () => peer.make('request')
  const { RequestParser } = require('h1wire')
  return () => {
    const parser = new RequestParser()
    return (piece) => parser.push(piece)
  }
}

/** What was told of messages, kept. */
async function heads() {
  const read = reader()
  for (let count = 0; count < WARM_UP; count++) read()
  const kept = Array.from({ length: COUNT }, read)
  const before = await look()
  const more = Array.from({ length: COUNT }, read)
  const after = await look()
  report(before, after, COUNT, kept.concat(more))
}

/** Reads a message and returns what is kept of it. */
function reader() {
  const peer = PEERS.find((one) => one.name === name)
  if (peer) {
    const push = peer.make('request')
    return () => {
      push(ownCopy())
      return last.fields
    }
  }
  const { RequestParser } = require('h1wire')
  const parser = new RequestParser()
  const every = name.endsWith('every field read')
  return () => {
    const [head] = parser.push(ownCopy())
    return every ? head.headers.raw : head
  }
}

/** In memory of its own, as a socket gives it, and not of a pool. */
function ownCopy() {
  const chunk = Buffer.allocUnsafeSlow(inputs.browserGet.length)
  chunk.set(inputs.browserGet)
  return chunk
}

/** Reads a million messages and keeps none. */
async function growth() {
  const push = maker()()
  for (let read = 0; read < WARM_UP; read++) push(inputs.browserGet)
  const before = await look()
  for (let read = WARM_UP; read < MILLION; read++) push(inputs.browserGet)
  const after = await look()
  report(before, after, MILLION - WARM_UP, push)
}

/** Prints what each took; `kept` is kept until then. */
function report(before, after, count, kept) {
  const each = (kind) => (after[kind] - before[kind]) / count
  process.stdout.write(JSON.stringify({ 'JS heap': each('JS heap'), native: each('native') }))
  return kept
}
