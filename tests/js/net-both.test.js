// Our client and our server, both ends ours, over each kind of connection: TLS, a path, a tunnel, a WebSocket.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { createHash, randomBytes } = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const tls = require('node:tls')
const { Receiver, Sender, WebSocketServer } = require('ws')
const { formatResponse } = require('h1wire')
const { connect, createServer, pool, serve } = require('h1wire/net')
const { deferred, rejection } = require('./net/client.js')
const { selfMade } = require('./peers/certificate.js')
const { missing } = require('./peers/missing.js')

const LARGE = Buffer.alloc(3_000_000, 'a great deal ')

/** What every server here answers. */
async function handler(request) {
  switch (request.target) {
    case '/early':
      request.sendInformational({ status: 103, headers: { Link: '</a>' } })
      return { status: 200, body: ['in ', 'chunks'], trailers: { 'X-Sum': '9' } }
    case '/ended':
      if (!request.socket.readableEnded) await once(request.socket, 'end')
      return { status: 200, body: 'after the end' }
    default:
      return { status: 200, body: request.body }
  }
}

/** What every connection must carry. */
async function talk(client) {
  const early = await client.request({ target: '/early' })
  assert.equal(await early.text(), 'in chunks')
  assert.deepEqual([early.informational[0].status, (await early.trailers).get('x-sum')], [103, '9'])
  for (const body of [LARGE, [LARGE.subarray(0, 100_000), LARGE.subarray(100_000)]]) {
    const echo = await client.request({ method: 'POST', target: '/', body })
    assert.ok((await echo.bytes()).equals(LARGE))
  }
  const headers = { Expect: '100-continue' }
  const asked = await client.request({ method: 'POST', target: '/', body: 'x', headers })
  assert.deepEqual([asked.informational[0].status, await asked.text()], [100, 'x'])
  const many = Array.from({ length: 50 }, async (_, at) => {
    const response = await client.request({ method: 'PUT', target: '/', body: `${at}` })
    return response.text()
  })
  assert.deepEqual(
    await Promise.all(many),
    many.map((_, at) => `${at}`),
  )
}

/** A TLS server of ours, with a certificate of its own making. */
async function secureServer(t, certificate) {
  const sockets = new Set()
  const server = tls.createServer({ ...certificate, allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)))
    serve(socket, handler, { onError() {} })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return Object.assign(server, { sockets })
}

test('TLS, both ends', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const server = await secureServer(t, certificate)
  const { port } = server.address()
  const place = { origin: `https://localhost:${port}`, host: '127.0.0.1', tls: { ca: certificate.cert } }
  for (const clients of [connect(place), pool(place), pool(place, { connections: 2, pipelining: 4 })]) {
    await talk(clients)
    await clients.close()
  }
  const distrusting = await rejection(connect({ ...place, tls: true }).request({ target: '/' }))
  assert.deepEqual(
    [distrusting.code, distrusting.cause.code],
    ['H1_CONNECT_FAILED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  )
})

test('TLS, half-closed behind the request: the answer comes all the same', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const server = await secureServer(t, certificate)
  const { port } = server.address()
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    ca: certificate.cert,
    servername: 'localhost',
    allowHalfOpen: true,
  })
  const client = connect(socket, { origin: 'https://localhost' })
  const asked = client.request({ target: '/ended' })
  await once(socket, 'secureConnect')
  socket.end()
  assert.equal(await (await asked).text(), 'after the end')
  await client.close()
})

test('a path, both ends', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-both-'))
  const windows = process.platform === 'win32'
  const place = { path: windows ? `\\\\.\\pipe\\h1wire-${process.pid}` : path.join(folder, 'socket') }
  const server = createServer(handler)
  server.listen(place)
  await once(server, 'listening')
  t.after(async () => {
    await server.shutdown({ timeout: 0 })
    fs.rmSync(folder, { recursive: true })
  })
  for (const clients of [connect(place), pool(place), pool(place, { connections: 2, pipelining: 4 })]) {
    await talk(clients)
    await clients.close()
  }
  const socket = net.connect({ ...place, allowHalfOpen: true })
  const client = connect(socket, { origin: 'http://localhost' })
  const asked = client.request({ target: '/ended' })
  socket.once('connect', () => setImmediate(() => socket.end()))
  assert.equal(await (await asked).text(), 'after the end')
  await client.close()
})

test('CONNECT: a proxy of ours, and TLS through it to a server of ours', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const origin = await secureServer(t, certificate)
  const proxy = createServer(
    {
      onConnect(request, socket, rest) {
        const [host, port] = request.target.split(':')
        const target = net.connect({ port, host, noDelay: true }, () => {
          socket.write(formatResponse({ status: 200, requestMethod: 'CONNECT' }))
          target.write(rest)
          socket.pipe(target).pipe(socket)
        })
        socket.on('error', () => target.destroy())
        target.on('error', () => socket.destroy())
      },
    },
    handler,
  )
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(() => proxy.close())
  const through = connect(`http://127.0.0.1:${proxy.address().port}`)
  const target = `127.0.0.1:${origin.address().port}`
  const { status, socket } = await through.request({ method: 'CONNECT', target })
  assert.equal(status, 200)
  const secure = tls.connect({ socket, ca: certificate.cert, servername: 'localhost' })
  const client = connect(secure, { origin: 'https://localhost' })
  await talk(client)
  await client.close()
  assert.ok(socket.destroyed)
})

test('a WebSocket: our handshake with a server of the ws package, whose frames go over our socket', async (t) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  t.after(() => server.close())
  server.on('connection', (webSocket, { url }) => {
    webSocket.send(`welcome to ${url}`) // may come with the head of the 101
    webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }))
  })
  const client = connect(`http://127.0.0.1:${server.address().port}`)
  const key = randomBytes(16).toString('base64')
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': 13,
    'Sec-WebSocket-Key': key,
  }
  const { status, headers: fields, socket, rest } = await client.request({ target: '/chat', headers })
  const accepted = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  assert.deepEqual([status, fields.get('sec-websocket-accept')], [101, accepted])

  const receiver = new Receiver()
  const sender = new Sender(socket)
  const messages = []
  let come = deferred()
  receiver.on('message', (data) => {
    messages.push(String(data))
    come.resolve()
  })
  receiver.write(rest)
  socket.pipe(receiver)
  const options = { fin: true, mask: true, compress: false }
  for (const text of ['hello', 'x'.repeat(100_000)]) sender.send(text, options)
  while (messages.length < 3) {
    await come.promise
    come = deferred()
  }
  assert.deepEqual(messages, ['welcome to /chat', 'hello', 'x'.repeat(100_000)])
  sender.close(1000, '', true)
  await once(receiver, 'conclude')
  await once(socket, 'close')
})

test('a large body over TLS is not cut off while its client takes it', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const body = Buffer.alloc(32_000_000, 'x')
  const faults = []
  const options = { sendTimeout: 500, onError: (error) => faults.push(error.code) }
  const server = tls.createServer({ ...certificate, allowHalfOpen: true, noDelay: true }, (socket) => {
    serve(socket, () => ({ status: 200, body }), options)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address()
  const socket = tls.connect({ port, host: '127.0.0.1', ca: certificate.cert, servername: 'localhost' })
  const client = connect(socket, { origin: 'https://localhost' })
  const response = await client.request({ target: '/' })
  let length = 0
  for await (const data of response) {
    length += data.length
    // Some 16 MB a second: two seconds in all, of which none passes without a read.
    await new Promise((resolve) => setTimeout(resolve, data.length / 16_000))
  }
  assert.deepEqual([length, response.headers.get('content-length'), faults], [body.length, '32000000', []])
  client.destroy()
})
