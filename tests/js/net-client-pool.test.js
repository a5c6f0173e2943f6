// The pool of h1wire/net: how many connections, in which order, for how long, and what is repeated.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const net = require('node:net')
const { once } = require('node:events')
const { pool } = require('h1wire/net')
const { answering, deferred, echo, nodeServer, rawServer, rejection } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }

test('as many connections as it may have, and requests wait in order', async (t) => {
  const order = []
  const server = await nodeServer(t, (request, response) => {
    order.push(request.url)
    setTimeout(() => response.end(request.url), 10)
  })
  let connections = 0
  server.on('connection', () => connections++)
  const clients = pool(server.origin, { connections: 3 })
  const targets = Array.from({ length: 12 }, (_, index) => `/${index}`)
  const got = await Promise.all(targets.map(async (target) => (await clients.request({ target })).text()))
  assert.deepEqual(got, targets)
  assert.equal(connections, 3)
  // They set out in order, over three connections: on the way one can overtake two.
  const late = order.filter((target, index) => Math.abs(Number(target.slice(1)) - index) >= 3)
  assert.deepEqual(late, [], order.join(' '))
  await clients.close()
  await assert.rejects(clients.request(GET), { code: 'H1_CLOSED' })
})

test('one after the other they go over one connection', async (t) => {
  const server = await nodeServer(t, echo)
  let connections = 0
  server.on('connection', () => connections++)
  const clients = pool(server.origin)
  for (let round = 0; round < 5; round++) await (await clients.request(GET)).text()
  assert.equal(connections, 1)
  await clients.close()
})

test('pipelining: when there are no more connections, requests go ahead on those there are', async (t) => {
  const server = await rawServer(t, (socket) => {
    let seen = ''
    socket.on('data', (data) => {
      seen += data
      const count = seen.split('\r\n\r\n').length - 1
      if (count === 3) socket.write(OK.repeat(3))
    })
  })
  const clients = pool(server.origin, { connections: 2, pipelining: 3 })
  const got = await Promise.all(Array.from({ length: 6 }, async () => (await clients.request(GET)).text()))
  assert.deepEqual(got, new Array(6).fill('hi'))
  assert.equal(server.count, 2)
  await clients.close()
})

test('pipelining: what is not idempotent waits until a connection is idle, and no longer', async (t) => {
  const seen = []
  const server = await nodeServer(t, (request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume()
    response.end(request.url)
  })
  const clients = pool(server.origin, { connections: 1, pipelining: 6 })
  const requests = ['/1', '/2', '/3', '/4'].map((target) => ({
    method: target === '/3' ? 'POST' : 'GET',
    target,
  }))
  const got = await Promise.all(requests.map(async (request) => (await clients.request(request)).text()))
  assert.deepEqual(got, ['/1', '/2', '/3', '/4'])
  assert.deepEqual(seen, ['GET /1', 'GET /2', 'POST /3', 'GET /4'])
  await clients.close()
})

/** A server whose first connection answers once and then fails the next request so; others always answer. */
function failing(t, fail) {
  return rawServer(t, (socket, number) => {
    let count = 0
    socket.on('data', () => {
      if (number === 0 && count++ === 1) fail(socket)
      else socket.write(OK)
    })
  })
}

for (const [how, fail] of [
  ['closes', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
]) {
  test(`a used connection ${how} before it answers: what is idempotent is repeated, else not`, async (t) => {
    for (const [request, isRepeated] of [
      [GET, true],
      [{ method: 'PUT', target: '/', body: 'x' }, true],
      [{ method: 'POST', target: '/', body: 'x', idempotent: true }, true],
      [{ method: 'POST', target: '/', body: 'x' }, false],
      [{ method: 'PUT', target: '/', body: ['x'] }, false],
    ]) {
      const server = await failing(t, fail)
      const clients = pool(server.origin, { connections: 1 })
      await (await clients.request(GET)).text()
      if (isRepeated) {
        assert.equal(await (await clients.request(request)).text(), 'hi')
        assert.equal(server.count, 2)
      } else {
        const error = await rejection(clients.request(request))
        assert.ok(['H1_RESPONSE_MISSING', 'H1_SOCKET_CLOSED'].includes(error.code), error.code)
        assert.equal(error.received.length, 0)
      }
      clients.destroy()
    }
  })
}

test('the beginning of a response that comes in one read with others is the beginning of it', async (t) => {
  for (const begun of ['HTTP/1.1 2', 'H']) {
    const server = await rawServer(t, (socket, number) => {
      let seen = ''
      socket.on('data', (data) => {
        seen += data
        const count = seen.split('PUT ').length - 1
        if (number !== 0 || count === 1) return socket.write(OK)
        if (count < 4) return
        socket.write(OK + OK + begun)
        setTimeout(() => socket.resetAndDestroy(), 20)
      })
    })
    const clients = pool(server.origin, { connections: 1, pipelining: 3 })
    const put = async (target) => (await clients.request({ method: 'PUT', target, body: 'x' })).text()
    await put('/0')
    const [first, second, third] = await Promise.allSettled(['/1', '/2', '/3'].map(put))
    assert.deepEqual([first.value, second.value, third.reason?.code], ['hi', 'hi', 'H1_SOCKET_CLOSED'])
    assert.equal(third.reason.received.toString(), begun)
    assert.equal(server.count, 1)
    clients.destroy()
  }
})

test('what has begun to be answered, or goes over a new connection, is not repeated', async (t) => {
  const begun = await failing(t, (socket) => socket.end('HTTP/1.1 2'))
  const clients = pool(begun.origin, { connections: 1 })
  await (await clients.request(GET)).text()
  await assert.rejects(clients.request(GET), { code: 'H1_TRUNCATED_HEAD' })

  const fresh = await rawServer(t, (socket) => socket.end())
  await assert.rejects(pool(fresh.origin).request(GET), (error) =>
    ['H1_RESPONSE_MISSING', 'H1_SOCKET_CLOSED'].includes(error.code),
  )
  assert.equal(fresh.count, 1)

  const nobody = pool('http://127.0.0.1:1')
  await assert.rejects(nobody.request(GET), { code: 'H1_CONNECT_FAILED' })
})

test('a connection that ends makes room for another', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi'))
  })
  const clients = pool(server.origin, { connections: 2 })
  const got = await Promise.all(Array.from({ length: 7 }, async () => (await clients.request(GET)).text()))
  assert.deepEqual(got, new Array(7).fill('hi'))
  assert.equal(server.count, 7)
  await clients.close()
})

test('idle connections are closed: by the time given, or before the server does', async (t) => {
  for (const [options, fields, most] of [
    [{ idleTimeout: 40 }, '', 300],
    [{ idleTimeout: 60_000 }, 'Keep-Alive: timeout=1, max=5\r\n', 300],
  ]) {
    const server = await answering(t, OK.replace('\r\n', `\r\n${fields}`))
    const clients = pool(server.origin, options)
    await (await clients.request(GET)).text()
    const start = performance.now()
    const [socket] = server.sockets
    await once(socket, 'end')
    assert.ok(performance.now() - start < most)
    clients.destroy()
  }
})

test('an abort in the queue removes the request, and close() does not wait for it', async (t) => {
  const begun = deferred()
  const server = await answering(t, begun.resolve)
  const clients = pool(server.origin, { connections: 1 })
  const first = clients.request(GET)
  const abort = new AbortController()
  const waiting = rejection(clients.request(GET, abort))
  const closed = clients.close()
  abort.abort('no')
  assert.equal(await waiting, 'no')
  ;(await begun.promise).write(OK)
  assert.equal(await (await first).text(), 'hi')
  await closed
})

test('destroy() fails what is there, everywhere', async (t) => {
  const server = await rawServer(t, () => {})
  const clients = pool(server.origin, { connections: 1 })
  const asked = [1, 2, 3].map(() => rejection(clients.request(GET)))
  await once(server, 'connection')
  clients.destroy()
  for (const error of await Promise.all(asked)) assert.equal(error.code, 'H1_CLOSED')
  await clients.close()
})

test('unread bodies do not keep a pool waiting for ever', async (t) => {
  const server = await nodeServer(t, (_request, response) => response.end(Buffer.alloc(4 << 20)))
  const clients = pool(server.origin, { connections: 1, unreadTimeout: 50 })
  const unread = await clients.request(GET)
  const next = await clients.request(GET)
  await assert.rejects(unread.bytes(), { code: 'H1_BODY_UNREAD' })
  assert.equal((await next.bytes()).length, 4 << 20)
  await clients.close()
})

test('createConnection: what it returns, calls back with, or fails with', async (t) => {
  const server = await nodeServer(t, echo)
  const { port } = server.address()
  const seen = []
  const make = ({ host, port }) => net.createConnection({ host, port })
  for (const createConnection of [
    (options) => {
      seen.push(options)
      return make(options)
    },
    (options, callback) => {
      setImmediate(() => callback(null, make(options)))
    },
    (options, callback) => {
      const socket = make(options)
      socket.on('connect', () => callback(null, socket))
    },
  ]) {
    const clients = pool(server.origin, { createConnection })
    const got = await Promise.all([1, 2].map(async () => (await clients.request(GET)).json()))
    assert.deepEqual([got[0].method, got[1].host], ['GET', `127.0.0.1:${port}`])
    await clients.close()
  }
  assert.deepEqual(seen[0], { noDelay: true, host: '127.0.0.1', port })
  for (const createConnection of [
    (_options, callback) => callback(new Error('no')),
    () => {
      throw new Error('no')
    },
  ]) {
    const clients = pool(server.origin, { createConnection })
    const error = await rejection(clients.request(GET))
    assert.deepEqual([error.code, error.cause.message], ['H1_CONNECT_FAILED', 'no'])
    await clients.close()
  }
})

test('options that are wrong', () => {
  assert.throws(() => pool('http://127.0.0.1', { connections: 0 }), RangeError)
  assert.throws(() => pool('127.0.0.1'), TypeError)
})
