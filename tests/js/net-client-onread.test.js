// Sockets that are read with `onread`: into memory that is used again, so nothing handed out may lie in it; and requests
// that ask for another protocol, which need other sockets.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const http = require('node:http')
const { connect, pool } = require('h1wire/net')
const { answering, echo, nodeServer, rawServer, rejection, sleep } = require('./net/client.js')

const GET = { target: '/' }
const UPGRADE = { target: '/', headers: { Connection: 'Upgrade', Upgrade: 'x' } }
const reads = process.platform !== 'win32'

/** Octets that no other number has: its digest, over and over. */
function contentOf(number, length) {
  return Buffer.alloc(length, createHash('sha512').update(`${number}`).digest())
}

test('bodies, heads and trailers that are kept stay what they were, over hundreds of responses', async (t) => {
  // Some smaller than a pool of buffers, some than one read, some many reads long.
  const lengths = [0, 1, 40, 3000, 5000, 20_000, 65_536, 200_000]
  const server = await nodeServer(t, (request, response) => {
    const number = Number(request.url.slice(1))
    const content = contentOf(number, lengths[number % lengths.length])
    response.setHeader('X-Number', `number ${number}`)
    if (number % 3 === 0) {
      response.setHeader('Trailer', 'X-End')
      response.write(content)
      response.addTrailers({ 'X-End': `end ${number}` })
      response.end()
    } else {
      response.end(content)
    }
  })
  const clients = pool(server.origin, { connections: 4, pipelining: 2 })
  t.after(() => clients.destroy())
  const kept = []
  const ask = async (number) => {
    const response = await clients.request({ target: `/${number}` })
    const pieces = []
    if (number % 2 === 0) for await (const piece of response) pieces.push(piece)
    else pieces.push(await response.bytes())
    kept.push({ number, headers: response.headers, pieces, trailers: await response.trailers })
  }
  for (let from = 0; from < 480; from += 24) {
    await Promise.all(Array.from({ length: 24 }, (_, at) => ask(from + at)))
  }
  assert.equal(kept.length, 480)
  for (const { number, headers, pieces, trailers } of kept) {
    const expected = contentOf(number, lengths[number % lengths.length])
    assert.ok(Buffer.concat(pieces).equals(expected), `the body of ${number}`)
    assert.equal(headers.get('X-Number'), `number ${number}`)
    if (number % 3 === 0) assert.equal(trailers.get('X-End'), `end ${number}`)
  }
})

test('what was received of a head that is not whole is kept too', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nA: ')
      setTimeout(() => socket.write('1\r\nB: '), 20)
      setTimeout(() => socket.end('2'), 40)
    })
  })
  const client = connect({ origin: server.origin, onread: true })
  const other = await answering(t, `HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n${'x'.repeat(2000)}`)
  const failed = rejection(client.request(GET))
  await sleep(30)
  const between = connect({ origin: other.origin, onread: true })
  assert.equal((await (await between.request(GET)).text()).length, 2000)
  between.destroy()
  assert.equal(String((await failed).received), 'HTTP/1.1 200 OK\r\nA: 1\r\nB: 2')
})

test('while nobody reads a body, nothing is read', async (t) => {
  let sent = 0
  const server = await rawServer(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n')
      const piece = Buffer.alloc(1_000_000, 'x')
      const more = () => {
        if (sent === 50) return
        sent++
        socket.write(piece, more)
      }
      more()
    })
  })
  const client = connect({ origin: server.origin, onread: true })
  t.after(() => client.destroy())
  const response = await client.request(GET)
  await sleep(200)
  const { bytesRead } = client.socket
  assert.ok(bytesRead <= 3 * 65_536, `${bytesRead} octets read`)
  let length = 0
  for await (const piece of response) {
    length += piece.length
    if (length > 10_000_000 && sent !== 0) await sleep(0)
  }
  assert.equal(length, 50_000_000)
})

test('a pool sends what asks for another protocol over a socket that can be given away', async (t) => {
  const server = http.createServer(echo)
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nrest')
    socket.on('data', (data) => socket.end(`echo ${data}`))
    socket.on('error', () => {})
  })
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\n\r\ntunnel')
  })
  const sockets = new Set()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const clients = pool(`http://127.0.0.1:${server.address().port}`, { connections: 1 })
  t.after(() => clients.destroy())
  for (let round = 0; round < 3; round++) {
    // The only connection there may be is idle, and gives way.
    assert.equal((await (await clients.request(GET)).json()).target, '/')
    const [{ socket, rest }, after] = await Promise.all([clients.request(UPGRADE), clients.request(GET)])
    const { socket: tunnel } = await clients.request({ method: 'CONNECT', target: 'a:1' })
    let text = String(rest)
    socket.on('data', (data) => {
      text += data
    })
    socket.resume().write('hello')
    await new Promise((resolve) => socket.on('end', resolve))
    assert.equal(text, 'restecho hello')
    assert.equal((await after.json()).method, 'GET')
    let through = ''
    for await (const data of tunnel) through += data
    assert.match(through, /^(tunnel)?$/)
  }
})

test('such a request waits for a connection like any other, and those behind it in order', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'), 10)
      order.push(data.includes('Upgrade') ? 'upgrade' : 'get')
    })
  })
  const order = []
  const clients = pool(server.origin, { connections: 2 })
  t.after(() => clients.destroy())
  const got = await Promise.all(
    [GET, GET, UPGRADE, UPGRADE, GET, GET, GET].map(async (request) => {
      const response = await clients.request(request)
      assert.equal(response.socket, undefined, 'it was declined')
      return response.text()
    }),
  )
  assert.deepEqual(got, new Array(7).fill('hi'))
  assert.deepEqual(order.slice(0, 4), ['get', 'get', 'upgrade', 'upgrade'])
  // One that was declined can be used for anything.
  assert.ok(server.count <= 4, `${server.count} connections`)
})

test('over a connection of its own kind such a request is refused, and the next goes on', async (t) => {
  if (!reads) return
  const server = await nodeServer(t, echo)
  const client = connect({ origin: server.origin, onread: true })
  t.after(() => client.destroy())
  for (const request of [UPGRADE, { method: 'CONNECT', target: 'a:1' }]) {
    await assert.rejects(client.request(request), /leave out onread/)
  }
  assert.equal((await (await client.request(GET)).json()).method, 'GET')
  assert.equal(client.socket.listenerCount('readable'), 0)
  assert.throws(() => connect({ origin: server.origin, onread: {} }), TypeError)
})
