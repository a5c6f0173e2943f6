// Many requests on a connection, and many connections: nothing grows, and everything is answered.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const net = require('node:net')
const v8 = require('node:v8')
const vm = require('node:vm')
const { createServer } = require('h1wire/net')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'

v8.setFlagsFromString('--expose-gc')
const collect = vm.runInNewContext('gc')

async function start(t, handler) {
  const server = createServer({ keepAliveTimeout: 0 }, handler)
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 })
  await once(server, 'listening')
  t.after(() => server.shutdown({ timeout: 0 }))
  return { server, port: server.address().port }
}

/** Asks so many times, one after the other, on one socket; the answers are counted and not kept. */
async function askAgain(socket, octets, times, end) {
  let left = times
  await new Promise((resolve, reject) => {
    let tail = ''
    socket.once('error', reject)
    socket.on('data', (data) => {
      tail = (tail + data.toString('latin1')).slice(-end.length)
      if (tail !== end) return
      if (--left === 0) resolve()
      else socket.write(octets)
    })
    socket.write(octets)
  })
  socket.removeAllListeners('data').removeAllListeners('error')
}

test('10,000 requests on a connection: the heap does not grow', async (t) => {
  const { port } = await start(t, async (request) =>
    request.method === 'GET'
      ? { status: 200, body: 'abc' }
      : { status: 200, body: request.body, trailers: { 'X-A': '1' } },
  )
  const socket = net.connect(port, '127.0.0.1')
  const used = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const round = async (times) => {
    await askAgain(socket, GET, times / 2, '\r\n\r\nabc')
    await askAgain(socket, POST, times / 2, '0\r\nX-A: 1\r\n\r\n')
    return used()
  }
  await round(4000)
  const before = await round(1000)
  const after = await round(10_000)
  const later = await round(10_000)
  // 40 octets a request: less than any object that could stay behind. What the engine itself keeps once may come in one
  // of the rounds, what a request leaves behind comes in both.
  assert.ok(Math.min(after - before, later - after) < 400_000, `${before} to ${after} to ${later}`)
  socket.destroy()
})

test('1,000 connections at once', async (t) => {
  const { server, port } = await start(t, async (request) => ({ status: 200, body: request.target }))
  const clients = await Promise.all(Array.from({ length: 1000 }, () => open({ port, host: '127.0.0.1' })))
  for (const [at, one] of clients.entries()) one.write(`GET /${at} HTTP/1.1\r\nHost: a\r\n\r\n`)
  const texts = await Promise.all(clients.map((one, at) => one.until(new RegExp(`\r\n\r\n/${at}$`))))
  assert.equal(texts.length, 1000)
  const count = () => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))
  assert.equal(await count(), 1000)
  const ends = Promise.all(clients.map((one) => one.closed))
  server.close()
  await ends
  await once(server, 'close')
})

test('abort at any octet of an exchange: the server goes on', async (t) => {
  const { server, port } = await start(t, async (request) => ({ status: 200, body: request.body }))
  for (let at = 0; at <= POST.length; at++) {
    for (const way of ['destroy', 'resetAndDestroy', 'end']) {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.resume()
      socket.write(POST.slice(0, at))
      socket[way]()
      if (way !== 'end') continue
      await once(socket, 'close')
    }
  }
  const one = await open({ port, host: '127.0.0.1' })
  one.write(POST)
  await one.until(/abc\r\n0\r\n\r\n$/)
  one.socket.destroy()
  while (await new Promise((resolve) => server.getConnections((_, number) => resolve(number))))
    await new Promise((resolve) => setTimeout(resolve, 10))
})

test('the server closes at the moment the client sends: answered, or cut off before a first octet', async (t) => {
  for (let round = 0; round < 20; round++) {
    const { server, port } = await start(t, () => ({ status: 200, body: 'abc' }))
    const one = await open({ port, host: '127.0.0.1' })
    one.write(GET)
    if (round % 2) await new Promise(setImmediate)
    server.close()
    const text = await one.closed
    assert.match(text, /^$|^HTTP\/1\.1 200 [\s\S]*abc$/)
  }
})
