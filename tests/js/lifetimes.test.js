// Parsers that are made and dropped leave nothing behind, freed or not.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const v8 = require('node:v8')
const vm = require('node:vm')
const { setImmediate: turn } = require('node:timers/promises')
const { RequestParser, backend, formatRequest, parseRequest } = require('h1wire')

const POST = Buffer.from('POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 10\r\n\r\nabc')
const HALF = Buffer.from('GET / HTTP/1.1\r\nHost: exam')
const WHOLE = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')

const MEBI = 1 << 20

v8.setFlagsFromString('--expose-gc')
const collect = vm.runInNewContext('gc')

/** Memory of this process after everything unreachable is gone: its own, and what wasm and buffers take. */
async function memory() {
  for (let round = 0; round < 3; round++) {
    collect()
    await turn()
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heapUsed, external }
}

function show(name, before, after) {
  const grown = Object.keys(before).map(
    (key) => `${key} ${((after[key] - before[key]) / MEBI).toFixed(1)} MiB`,
  )
  console.log(`${backend}, ${name}: grown by ${grown.join(', ')}`)
}

/** Makes so many parsers in the middle of a message, letting finalisers run every thousand. */
async function drop(count, done = (_parser) => {}) {
  for (let made = 0; made < count; made++) {
    const parser = new RequestParser()
    parser.push(made % 2 === 0 ? POST : HALF)
    done(parser)
    if (made % 1000 === 999) await turn()
  }
}

test('memory that a large head took to build is given back', async () => {
  const parsers = Array.from({ length: 400 }, () => new RequestParser())
  const before = await memory()
  formatRequest({ url: 'http://a/', headers: { A: 'x'.repeat(4 * MEBI) } })
  const built = await memory()
  // Half a head each, 24 MiB in all.
  const half = Buffer.from(`GET / HTTP/1.1\r\nA: ${'x'.repeat(60_000)}`)
  for (const parser of parsers) parser.push(half)
  const after = await memory()
  show('a head of 4 MiB built', before, built)
  show('24 MiB of heads held', built, after)
  // Wasm memory never shrinks: there, what was given back is what the parsers take.
  const grown = backend === 'wasm' ? after.external - built.external : built.external - before.external
  assert.ok(grown < 4 * MEBI)
  for (const parser of parsers) parser.free()
})

test('a million parsers dropped in the middle of a message', async () => {
  await drop(200_000)
  const before = await memory()
  await drop(1_000_000)
  const after = await memory()
  show('1,000,000 dropped', before, after)
  // A parser takes several hundred octets. Wasm memory never shrinks: it is as large as the most that waited
  // for the collector at once.
  assert.ok(after.heapUsed - before.heapUsed < 16 * MEBI)
  assert.ok(after.external - before.external < 64 * MEBI)
  assert.ok(after.rss - before.rss < 128 * MEBI)
})

test('parsers that are freed, ended, failed or disposed of', async () => {
  const ways = [
    (parser) => parser.free(),
    (parser) => parser.end(),
    (parser) => parser.push(Buffer.alloc(64 * 1024, 0)),
    (parser) => parser[Symbol.dispose](),
  ]
  let turnOf = 0
  const done = (parser) => ways[turnOf++ % ways.length](parser)
  await drop(20_000, done)
  const before = await memory()
  await drop(200_000, done)
  const after = await memory()
  show('200,000 done with', before, after)
  assert.ok(after.heapUsed - before.heapUsed < 8 * MEBI)
  assert.ok(after.external - before.external < 8 * MEBI)
})

test('free() gives wasm memory back at once: more parsers than there are places, in one turn', () => {
  for (let made = 0; made < 1_100_000; made++) {
    if (made % 8 === 0) parseRequest(WHOLE)
    else new RequestParser().free()
  }
})

test('a parser that was kept stays whole when others go', async () => {
  const kept = Array.from({ length: 100 }, () => new RequestParser())
  for (const [index, parser] of kept.entries()) parser.push(Buffer.from(`GET /${index} HTTP/1.1\r\nHo`))
  await drop(50_000)
  await memory()
  for (const [index, parser] of kept.entries()) {
    const [head] = parser.push(Buffer.from('st: a\r\n\r\n'))
    assert.equal(head.target, `/${index}`)
  }
})

test('using frees', () => {
  let parser
  // What `using` compiles to.
  parser = new RequestParser()
  parser[Symbol.dispose]()
  assert.throws(() => parser.push(WHOLE), { code: 'H1_FREED' })
})

test('events outlive their parser', async () => {
  let parser = new RequestParser()
  const [head, body] = parser.push(Buffer.from(POST))
  parser.free()
  parser = undefined
  await memory()
  assert.equal(head.headers.get('host'), 'example.com')
  assert.equal(body.data.toString(), 'abc')
})
