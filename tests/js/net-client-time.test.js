// Whatever a client waits for comes to an end: responses ahead of others, bodies that are not taken, sockets that are ended.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const net = require('node:net')
const { Duplex } = require('node:stream')
const { connect, pool } = require('h1wire/net')
const { answering, rawServer, rejection, sleep } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }

/** What a promise comes to, unless it takes too long. */
function within(milliseconds, promise) {
  return Promise.race([promise, sleep(milliseconds).then(() => assert.fail(`not within ${milliseconds} ms`))])
}

/** A server that reads so many bytes each so many milliseconds, and answers when it has read all. */
function slowReader(t, length, pause) {
  return rawServer(t, (socket) => {
    let read = 0
    socket.on('data', (data) => {
      read += data.length
      if (read > length) return void socket.write(OK)
      socket.pause()
      setTimeout(() => socket.resume(), pause)
    })
  })
}

test('pipelined responses that nobody reads yet: the one behind still comes', async (t) => {
  const long = `HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n${'x'.repeat(200)}`
  const server = await answering(t, undefined, async (socket) => {
    socket.write(long.slice(0, 100))
    await sleep(20)
    socket.write(long.slice(100, 180))
    await sleep(20)
    socket.write(long.slice(180) + OK)
  })
  const client = connect(server.origin, { pipelining: 2, headersTimeout: 2000 })
  const responses = await within(1000, Promise.all([client.request(GET), client.request(GET)]))
  const texts = await Promise.all(responses.map((response) => response.text()))
  assert.deepEqual(
    texts.map((text) => text.length),
    [200, 2],
  )
  await client.close()
})

test('a pipelined response that is too long to be kept must be read in time', async (t) => {
  const length = 10_000_000
  const server = await answering(t, (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`)
    socket.write(Buffer.alloc(length))
  })
  const client = connect(server.origin, { pipelining: 2, unreadTimeout: 100 })
  const first = await client.request(GET)
  assert.equal((await within(1000, rejection(client.request(GET)))).code, 'H1_SOCKET_CLOSED')
  assert.equal((await rejection(first.text())).code, 'H1_BODY_UNREAD')
})

test('the time for a response begins when the request was sent: a steady upload takes as long as it takes', async (t) => {
  const body = Buffer.alloc(24_000_000)
  const server = await slowReader(t, body.length, 6)
  const client = connect(server.origin, { headersTimeout: 1200, bodyTimeout: 700 })
  const began = Date.now()
  assert.equal(await (await client.request({ method: 'PUT', target: '/', body })).text(), 'hi')
  assert.ok(Date.now() - began > 1300, 'the server was too fast for this test to say anything')
  await client.close()
})

test('a whole body that the socket does not take fails in time, large or not', async (t) => {
  const server = await rawServer(t, (socket) => socket.pause())
  const client = connect(server.origin, { headersTimeout: 5000, bodyTimeout: 200 })
  const body = Buffer.alloc(20_000_000)
  assert.equal(
    (await within(2000, rejection(client.request({ method: 'PUT', target: '/', body })))).code,
    'H1_BODY_TIMEOUT',
  )
  const stuck = new Duplex({ read() {}, write() {} })
  const over = connect(stuck, { headersTimeout: 5000, bodyTimeout: 200 })
  const small = over.request({
    method: 'PUT',
    target: '/',
    headers: { Host: 'a' },
    body: Buffer.alloc(20_000),
  })
  assert.equal((await within(2000, rejection(small))).code, 'H1_BODY_TIMEOUT')
})

test('a large body is written as it is given, and repeated where that is allowed', async (t) => {
  const body = Buffer.from(Array.from({ length: 600_001 }, (_, index) => index % 251))
  let seen = Buffer.alloc(0)
  const server = await rawServer(t, (socket, number) => {
    let isFirst = true
    seen = Buffer.alloc(0)
    socket.on('data', (data) => {
      if (isFirst) {
        isFirst = false
        return void socket.write(OK)
      }
      seen = Buffer.concat([seen, data])
      if (number === 0) socket.resetAndDestroy()
      else if (seen.length > body.length) socket.write(OK)
    })
  })
  const client = connect(server.origin)
  await (await client.request(GET)).text()
  const put = { method: 'PUT', target: '/', body, headers: { 'Content-Length': body.length } }
  const lost = rejection(client.request(put))
  assert.equal((await lost).code, 'H1_SOCKET_CLOSED')
  const clients = pool(server.origin, { connections: 1 })
  await (await clients.request(GET)).text()
  await (await clients.request({ ...put, headers: undefined, trailers: { 'X-A': '1' } })).text()
  const [head, ...rest] = seen.toString('latin1').split('\r\n\r\n')
  assert.match(head, /^PUT .*Transfer-Encoding: chunked/s)
  assert.ok(rest.join('\r\n\r\n').endsWith('0\r\nX-A: 1\r\n\r\n'))
  await clients.close()
})

const REFUSED = 'HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

test('an end that the server neither reads nor closes has a limit', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.once('data', () => {
      socket.pause()
      // By then nothing more of the request is taken.
      setTimeout(() => socket.write(REFUSED), 200)
    })
  })
  const put = () => ({ method: 'PUT', target: '/', body: Buffer.alloc(20_000_000) })
  const client = connect(server.origin)
  assert.equal((await client.request(put())).status, 413)
  await within(3000, client.close())
  assert.ok(client.socket.destroyed)
  const sockets = []
  const createConnection = (options) => sockets[sockets.push(net.connect(options)) - 1]
  const clients = pool(server.origin, { createConnection })
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => (await clients.request(put())).status),
  )
  assert.deepEqual(statuses, new Array(5).fill(413))
  await within(3000, clients.close())
  assert.deepEqual(
    sockets.map(({ destroyed }) => destroyed),
    new Array(5).fill(true),
  )
})

test('a connection that is never made keeps nobody waiting', async () => {
  const made = []
  const createConnection = (_options, callback) => void made.push(callback)
  for (const make of [connect, pool]) {
    for (const end of ['close', 'destroy']) {
      const clients = make('http://127.0.0.1:9', { createConnection })
      const failed = clients.request(GET).catch((error) => error.code)
      clients[end]()
      if (end === 'close') {
        await sleep(10)
        clients.destroy()
      }
      await within(500, clients.close())
      assert.equal(await failed, 'H1_CLOSED')
    }
    const late = make('http://127.0.0.1:9', { createConnection, connectTimeout: 30 })
    assert.equal((await within(500, rejection(late.request(GET)))).code, 'H1_CONNECT_TIMEOUT')
    await within(500, late.close())
  }
  // What comes too late is not kept.
  for (const callback of made) {
    const socket = new net.Socket()
    callback(null, socket)
    assert.ok(socket.destroyed)
  }
})

test('close() waits for bodies that are read, and for others not for ever', async (t) => {
  const length = 1_000_000
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`
  for (const make of [connect, pool]) {
    const server = await answering(t, (socket) => {
      socket.write(OK.slice(0, -1))
      setTimeout(() => socket.write(OK.slice(-1)), 50)
    })
    const clients = make(server.origin, { unreadTimeout: 100 })
    const kept = await clients.request(GET)
    await within(1000, clients.close())
    assert.equal(await kept.text(), 'hi')
    const large = await answering(t, (socket) => socket.write(head + 'x'.repeat(length)))
    const others = make(large.origin, { unreadTimeout: 100 })
    const unread = await others.request(GET)
    await within(1000, others.close())
    assert.equal((await rejection(unread.text())).code, 'H1_BODY_UNREAD')
    const read = make((await answering(t, (socket) => socket.write(head + 'x'.repeat(length)))).origin)
    const response = await read.request(GET)
    const closed = read.close()
    assert.equal((await response.text()).length, length)
    await within(1000, closed)
  }
})
