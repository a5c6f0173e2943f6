// What bodies in pieces are read from, as a server is given it: owned at once, asked before a head is written, stopped once.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const { Duplex, PassThrough, Readable } = require('node:stream')
const { createServer, serve } = require('h1wire/net')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const HEAD = GET.replace('GET', 'HEAD')
const MISSING = '/nowhere/at/all'
const hasDescriptors = fs.existsSync('/proc/self/fd')

async function start(t, handler, options = {}) {
  const errors = []
  const server = createServer({ onError: (error) => errors.push(error), ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address()
  return { server, errors, port, client: () => open({ port, host: '127.0.0.1' }) }
}

const later = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value))

/** How many descriptors of this file are open. */
function descriptorsOf(file) {
  const of = (name) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${name}`)
    } catch {
      return undefined // the one of reading the folder
    }
  }
  return fs.readdirSync('/proc/self/fd').filter((name) => of(name) === file).length
}

/** Waits until a condition holds; what opens a file in a thread must come to close it. */
async function until(condition, what) {
  for (let left = 200; !condition(); left--) {
    assert.notEqual(left, 0, what)
    await later(10)
  }
}

/** An endless source that counts how often it is stopped. */
function counted() {
  const source = { stops: 0, asked: 0 }
  source[Symbol.asyncIterator] = () => ({
    next: async () => {
      source.asked++
      return later(1, { done: false, value: 'x'.repeat(1000) })
    },
    return: async () => {
      source.stops++
      return { done: true, value: undefined }
    },
  })
  return source
}

test('a file that is missing is answered with 500, and the connection goes on', async (t) => {
  const { client, errors } = await start(t, ({ target }) => ({
    status: 200,
    body: target === '/ok' ? 'fine' : fs.createReadStream(MISSING),
  }))
  const one = await client()
  one.write(GET)
  assert.match(await one.until(/\r\n\r\n.+$/s), /^HTTP\/1\.1 500 [\s\S]*\r\n\r\nInternal Server Error\n$/)
  one.write(GET.replace('/', '/ok'))
  await one.until(/fine$/)
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['ENOENT'],
  )
})

// What can happen to a response before its body is asked for. Each with a file that is missing, whose error nobody would
// hear, and with one that is there and would stay open.
const WAYS = {
  HEAD: { request: HEAD, init: { status: 200 }, answer: /^HTTP\/1\.1 200 / },
  304: { request: GET, init: { status: 304 }, answer: /^HTTP\/1\.1 304 / },
  'a body with 204, which is refused': { request: GET, init: { status: 204 }, answer: /^HTTP\/1\.1 500 / },
  'a head that is refused': {
    request: GET,
    init: { status: 200, headers: { X: 'a\nb' } },
    answer: /^HTTP\/1\.1 500 /,
  },
  'a switch that is refused': { request: GET, init: { status: 101 }, answer: /^HTTP\/1\.1 500 / },
  'a client that is gone before the handler returns': { request: GET, resets: 'before' },
  'a client that is gone while the first piece is awaited': { request: GET, resets: 'behind' },
  'a client that is gone while it waits for its turn': {
    request: `${GET.replace('/', '/slow')}${GET}`,
    resets: 'behind',
  },
}

for (const [way, { request, init = { status: 200 }, answer, resets }] of Object.entries(WAYS)) {
  test(`no error is uncaught, no descriptor left: ${way}`, async (t) => {
    const given = []
    const { client } = await start(
      t,
      async ({ target, signal }) => {
        if (target === '/slow') return new Promise(() => {})
        if (resets === 'before' && !signal.aborted) await once(signal, 'abort')
        const body = fs.createReadStream(target === '/there' ? __filename : MISSING, { highWaterMark: 64 })
        given.push(body)
        return { ...init, body }
      },
      { pipelining: 2 },
    )
    for (const target of ['/missing', '/there']) {
      const one = await client()
      one.write(request.replace(/ \/ /, ` ${target} `))
      if (answer !== undefined) await one.until(/\r\n\r\n/)
      if (answer !== undefined) assert.match(one.text(), answer)
      if (resets === 'behind') await until(() => given.length !== 0, 'the handler is called')
      if (resets !== undefined) await later(20)
      if (resets !== undefined) one.socket.resetAndDestroy()
      await until(() => given.length === 1, 'the body is given')
      const [body] = given.splice(0)
      await until(() => body.closed, 'it is closed')
      one.socket.destroy()
    }
    if (hasDescriptors) await until(() => descriptorsOf(__filename) === 0, 'a descriptor is left')
  })
}

test('behind a slow answer, a missing file ends no process, and is its own 500', async (t) => {
  const { client } = await start(
    t,
    async ({ target }) =>
      target === '/slow'
        ? later(50, { status: 200, body: 'slow' })
        : { status: 200, body: fs.createReadStream(MISSING) },
    { pipelining: 2 },
  )
  const one = await client()
  one.write(GET.replace('/', '/slow') + GET)
  await one.until(/ 200 [\s\S]*slowHTTP\/1\.1 500 [\s\S]*Error\n$/)
})

test('a client that is gone in the middle of a body: its source is stopped once', async (t) => {
  const source = counted()
  const streams = []
  let cancelled
  const { client } = await start(t, ({ target }) => {
    if (target === '/counted') return { status: 200, body: source }
    if (target === '/web') {
      const pull = (controller) => later(1, 'x').then((text) => controller.enqueue(text))
      return {
        status: 200,
        body: new ReadableStream({
          pull,
          cancel: (reason) => {
            cancelled = reason
          },
        }),
      }
    }
    streams.push(fs.createReadStream('/dev/zero'))
    return { status: 200, body: streams[0] }
  })
  for (const target of ['/counted', '/web', '/file']) {
    const one = await client()
    one.socket.pause()
    one.write(GET.replace('/', target))
    await later(50)
    one.socket.resetAndDestroy()
  }
  await until(() => source.stops !== 0, 'the iterator is told')
  await until(() => cancelled !== undefined, 'the web stream is cancelled')
  assert.equal(cancelled.code, 'H1_SOCKET_CLOSED')
  await until(() => streams[0].closed, 'the stream is destroyed')
  await later(30)
  assert.equal(source.stops, 1)
})

test('a source that gives more than its Content-Length is stopped', async (t) => {
  const source = counted()
  const { client } = await start(t, () => ({ status: 200, headers: { 'Content-Length': 1 }, body: source }))
  const one = await client()
  one.write(GET)
  await one.closed
  assert.deepEqual([source.asked, source.stops], [1, 1])
})

test('a source that ends or fails by itself is not stopped', async (t) => {
  const source = counted()
  let fails = false
  const iterator = source[Symbol.asyncIterator]()
  iterator.next = async () => {
    if (fails) throw new Error('broken')
    return { done: true, value: undefined }
  }
  source[Symbol.asyncIterator] = () => iterator
  const { client } = await start(t, () => ({ status: 200, body: source }))
  const one = await client()
  one.write(GET)
  await one.until(/\r\n0\r\n\r\n$/)
  fails = true
  one.write(GET)
  await one.until(/ 500 [\s\S]*Error\n$/)
  assert.equal(source.stops, 0)
})

test('a body that somebody else reads, or has read, is an error before any head is written', async (t) => {
  const bodies = {
    locked: () => {
      const stream = new Blob(['abc']).stream()
      stream.getReader()
      return stream
    },
    disturbed: async () => {
      const stream = new Blob(['abc']).stream()
      const reader = stream.getReader()
      await reader.read()
      reader.releaseLock()
      return stream
    },
    ended: async () => {
      const stream = Readable.from(['a'])
      await stream.toArray()
      return stream
    },
    destroyed: () => new PassThrough().destroy(),
    request: async (request) => {
      await request.text()
      return request
    },
  }
  const { client, errors } = await start(t, async (request) => ({
    status: 200,
    body: await bodies[request.target.slice(1)](request),
  }))
  for (const name of Object.keys(bodies)) {
    const one = await client()
    one.write(GET.replace('/', `/${name}`))
    assert.match(await one.until(/Error\n$/), /^HTTP\/1\.1 500 /, name)
    one.socket.destroy()
    const error = errors.pop()
    if (name === 'destroyed') assert.equal(error.code, 'ERR_STREAM_PREMATURE_CLOSE')
    else assert.ok(error instanceof TypeError && /read/.test(error.message), `${name}: ${error.message}`)
  }
})

/** A socket of which every write is kept, together with what is written behind it at once. */
function recording() {
  const writes = []
  const socket = new Duplex({
    read() {},
    write(data, _, done) {
      writes.push(data.toString('latin1'))
      done()
    },
    writev(chunks, done) {
      writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString('latin1'))
      done()
    },
  })
  return { socket, writes }
}

test('the head and the first piece are one write, and so are the head and the end of nothing', async () => {
  for (const [pieces, written] of [
    [['a', 'b'], [/200 OK[\s\S]*\r\n\r\n1\r\na\r\n/]],
    [[], [/200 OK[\s\S]*\r\n\r\n0\r\n\r\n$/]],
  ]) {
    for (const make of [
      () => pieces,
      () => Readable.from(pieces),
      async function* () {
        await later(5)
        yield* pieces
      },
    ]) {
      const { socket, writes } = recording()
      serve(socket, () => ({ status: 200, body: make() }))
      socket.push(GET)
      await until(() => /\r\n0\r\n\r\n$/.test(writes.join('')), 'all is written')
      for (const [at, pattern] of written.entries()) assert.match(writes[at], pattern)
      socket.destroy()
    }
  }
})

test('the head waits half a second for the first piece, and not at all for an empty one', async (t) => {
  const { client } = await start(t, ({ target }) => ({
    status: 200,
    body: (async function* () {
      if (target === '/empty') yield ''
      await later(1500)
      yield 'event'
    })(),
  }))
  const one = await client()
  const began = performance.now()
  one.write(GET)
  await one.until(/\r\n\r\n$/)
  const waited = performance.now() - began
  assert.ok(waited > 450 && waited < 1400, `${waited}`)
  await one.until(/event\r\n0\r\n\r\n$/)
  const other = await client()
  const then = performance.now()
  other.write(GET.replace('/', '/empty'))
  await other.until(/\r\n\r\n$/)
  assert.ok(performance.now() - then < 400)
  await other.until(/event\r\n0\r\n\r\n$/)
})

for (const kind of ['sync', 'async']) {
  test(`a generator that never waits leaves others their turn: ${kind}`, async () => {
    const piece = Buffer.alloc(1024, 'x')
    const makers = {
      *sync() {
        for (let left = 20_000; left !== 0; left--) yield piece
      },
      async *async() {
        for (let left = 20_000; left !== 0; left--) yield piece
      },
    }
    // A socket that takes all at once.
    const { socket, writes } = recording()
    serve(socket, () => ({ status: 200, body: makers[kind]() }))
    let turns = 0
    const counting = setInterval(() => turns++, 1)
    socket.push(GET)
    await until(() => writes.at(-1) === '0\r\n\r\n', 'all is written')
    clearInterval(counting)
    socket.destroy()
    assert.ok(turns > 5, `others had ${turns} turns`)
  })
}

test('a source that fills one buffer again and again is sent as it was', async (t) => {
  const buffer = Buffer.alloc(10_000)
  const hash = createHash('sha256')
  const { port } = await start(t, () => ({
    status: 200,
    headers: { 'Content-Length': 10_000 * 500 },
    body: (async function* () {
      for (let number = 1; number <= 500; number++) {
        buffer.fill(number % 251)
        hash.update(buffer)
        yield buffer
      }
    })(),
  }))
  const socket = net.connect(port, '127.0.0.1')
  socket.write(GET)
  const got = createHash('sha256')
  let head = true
  let length = 0
  // Slowly at first, so that the server's socket fills.
  await later(100)
  for await (let data of socket) {
    if (head) data = data.subarray(data.indexOf('\r\n\r\n') + 4)
    head = false
    got.update(data)
    length += data.length
    if (length % 7 === 0) await later(1)
    if (length === 10_000 * 500) break
  }
  assert.equal(got.digest('hex'), hash.digest('hex'))
})
