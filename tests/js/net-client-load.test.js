// Many requests on a connection, many connections, slow ends: nothing grows, and what is held stays within its bounds.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { getDefaultHighWaterMark } = require('node:stream')
const v8 = require('node:v8')
const vm = require('node:vm')
const { Worker } = require('node:worker_threads')
const { RequestParser } = require('h1wire')
const { connect, createServer, pool } = require('h1wire/net')
const { nodeServer, rawServer, sleep } = require('./net/client.js')

v8.setFlagsFromString('--expose-gc')
const collect = vm.runInNewContext('gc')

/** One read of a socket. */
const READ = 65_536
/** What a socket may buffer when it is paused: it reads on until it has so much, in reads. */
const BUFFERED = getDefaultHighWaterMark(false) + READ

test('10,000 requests on a connection: the heap does not grow', async (t) => {
  const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-A: 1\r\n\r\n'
  const server = await rawServer(t, (socket) => {
    const parser = new RequestParser()
    socket.on('data', (data) => {
      for (const { type } of parser.push(data)) if (type === 'end') socket.write(answer)
    })
  })
  const client = connect(server.origin)
  t.after(() => client.destroy())
  const { signal } = new AbortController()
  const used = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const round = async (times) => {
    for (let at = 0; at < times; at++) {
      const post = at % 4 === 0 && { method: 'POST', body: ['a', 'b'], trailers: () => ({ 'X-B': '2' }) }
      const response = await client.request({ target: '/', ...post }, { signal })
      if ((await response.text()) !== 'hi') throw new Error('no')
    }
    return used()
  }
  await round(4_000)
  const sizes = [await round(1_000)]
  for (let at = 0; at < 3; at++) sizes.push(await round(3_333))
  const grown = Math.min(...sizes.slice(1).map((size, at) => size - sizes[at]))
  // 40 octets a request: less than any object that could stay behind. What the engine itself keeps once comes in one
  // round or two, what a request leaves behind comes in all of them.
  assert.ok(grown < 40 * 3_333, `${sizes}`)
  assert.equal(server.count, 1)
  const listeners = ['data', 'drain'].map((event) => client.socket.listenerCount(event))
  assert.deepEqual(listeners, [1, 1])
})

/** A server that answers when so many requests are under way at once, each with its target. */
async function gatedServer(t, most) {
  const waiting = []
  const server = createServer({ keepAliveTimeout: 0 }, ({ target }) => {
    if (target === '/free') return { status: 200, body: target }
    return new Promise((resolve) => {
      waiting.push(() => resolve({ status: 200, body: target }))
      if (waiting.length === most) for (const answer of waiting.splice(0)) answer()
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 })
  await once(server, 'listening')
  t.after(() => server.shutdown({ timeout: 0 }))
  const count = () => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))
  return { origin: `http://127.0.0.1:${server.address().port}`, count }
}

test('1,000 clients at once', async (t) => {
  const server = await gatedServer(t, 1000)
  const clients = Array.from({ length: 1000 }, () => connect(server.origin))
  for (let round = 0; round < 3; round++) {
    const texts = await Promise.all(
      clients.map(async (client, at) => (await client.request({ target: `/${at}` })).text()),
    )
    assert.deepEqual(
      texts,
      clients.map((_, at) => `/${at}`),
    )
  }
  assert.equal(await server.count(), 1000)
  await Promise.all(clients.map((client) => client.close()))
})

test('a pool of 1,000 connections', async (t) => {
  const server = await gatedServer(t, 1000)
  const clients = pool(server.origin, { connections: 1000 })
  const ask = async (target) => (await clients.request({ target })).text()
  const targets = Array.from({ length: 1000 }, (_, at) => `/${at}`)
  for (let round = 0; round < 2; round++) assert.deepEqual(await Promise.all(targets.map(ask)), targets)
  assert.equal(await server.count(), 1000)
  // More than there are connections: the rest waits, and there are no more of them.
  const free = await Promise.all(Array.from({ length: 5000 }, () => ask('/free')))
  assert.ok(free.every((text) => text === '/free'))
  assert.equal(await server.count(), 1000)
  await clients.close()
})

const ENDLESS = 'HTTP/1.1 200 OK\r\n\r\n'

/** A server in a thread of its own, whose memory is not ours: it sends as much as is taken from it. */
async function endlessServer(t) {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
    const piece = Buffer.alloc(1 << 16)
    const server = require('node:net').createServer((socket) => {
      const more = () => {
        while (socket.write(piece));
      }
      socket.on('drain', more)
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write(workerData)
        more()
      })
    })
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`,
    { eval: true, workerData: ENDLESS },
  )
  t.after(() => worker.terminate())
  const [port] = await once(worker, 'message')
  return `http://127.0.0.1:${port}`
}

test('100 bodies that nobody reads: a read of each is held, and what its socket buffers', async (t) => {
  const origin = await endlessServer(t)
  const held = () => {
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const before = held()
  const clients = pool(origin, { connections: 100 })
  t.after(() => clients.destroy())
  const responses = await Promise.all(Array.from({ length: 100 }, () => clients.request({ target: '/' })))
  let most = 0
  for (let look = 0; look < 10; look++) {
    await sleep(10)
    most = Math.max(most, held() - before)
  }
  assert.ok(most <= 100 * (READ + BUFFERED), `${most} octets are held`)
  for (const { body } of responses) assert.ok(body.waiting > 0 && body.waiting <= READ, `${body.waiting}`)
})

test('a reader that takes its time: a read is taken ahead, and what the socket buffers', async (t) => {
  const client = connect(await endlessServer(t))
  t.after(() => client.destroy())
  const response = await client.request({ target: '/' })
  let taken = ENDLESS.length
  let most = 0
  for await (const data of response) {
    taken += data.length
    await sleep(1)
    most = Math.max(most, client.socket.bytesRead - taken)
    if (taken > 4 << 20) break
  }
  assert.ok(most <= READ + BUFFERED, `${most} octets were taken ahead`)
})

test('a body that others wait behind is read ahead by 64 KiB, and the read under way', async (t) => {
  const client = connect(await endlessServer(t), { unreadTimeout: 0 })
  t.after(() => client.destroy())
  const response = await client.request({ target: '/' })
  client.request({ target: '/behind' }).catch(() => {})
  const { body } = response
  for (let before = -1; before !== body.waiting && body.waiting < 2 * READ; await sleep(20))
    before = body.waiting
  assert.ok(body.waiting >= READ && body.waiting < 2 * READ, `${body.waiting} octets wait`)
})

test('a server that reads slowly: the client holds one piece, and what the socket buffers', async (t) => {
  const received = []
  const server = await nodeServer(t, async (request, response) => {
    let length = 0
    for await (const data of request) {
      length += data.length
      if (length < 4 << 20) await sleep(1)
    }
    received.push(length)
    response.end()
  })
  for (const size of [1_000, 65_536, 1 << 20]) {
    const client = connect(server.origin)
    const piece = Buffer.alloc(size)
    const total = Math.ceil((8 << 20) / size) * size
    let most = 0
    const body = (function* () {
      for (let at = 0; at < total; at += size) {
        most = Math.max(most, client.socket.writableLength)
        yield piece
        most = Math.max(most, client.socket.writableLength)
      }
    })()
    await (await client.request({ method: 'POST', target: '/', body })).text()
    // What a chunk is framed with: its size in at most 6 digits, and two line ends.
    const bound = client.socket.writableHighWaterMark + size + 10
    assert.ok(most <= bound, `${most} octets wait in the socket, not ${bound}`)
    assert.equal(received.pop(), total)
    await client.close()
  }
})
