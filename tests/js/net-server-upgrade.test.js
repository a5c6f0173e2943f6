// Sockets given away: an upgrade, a WebSocket served by the ws package, a tunnel with TLS in it; and what declines them.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const net = require('node:net')
const tls = require('node:tls')
const { WebSocket, WebSocketServer } = require('ws')
const { formatResponse } = require('h1wire')
const { createServer } = require('h1wire/net')
const { selfMade } = require('./peers/certificate.js')
const { missing } = require('./peers/missing.js')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const UPGRADE = 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'
const SWITCHED = formatResponse({ status: 101, headers: { Upgrade: 'echo', Connection: 'Upgrade' } })

async function start(t, options, handler = () => ({ status: 200, body: 'http' })) {
  const server = createServer({ onError() {}, ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address()
  return { server, port, client: () => open({ port, host: '127.0.0.1' }) }
}

test('an upgrade: the socket, and what has come behind the request', async (t) => {
  let given
  const { client } = await start(t, {
    onUpgrade(request, socket, rest) {
      given = { target: request.target, rest: String(rest), socket }
      for (const event of ['data', 'end', 'error', 'close', 'drain', 'timeout']) {
        const ours = socket.listeners(event).filter((listener) => /^#?on[A-Z]\w+$/.test(listener.name))
        given.ours = [...(given.ours ?? []), ...ours.filter(({ name }) => name !== 'onReadableStreamEnd')]
      }
      socket.write(SWITCHED)
      // Nobody listens yet, and nothing is lost.
      setTimeout(() => socket.on('data', (data) => socket.write(`<${data}>`)), 20)
      socket.on('end', () => socket.end())
    },
  })
  const one = await client()
  one.write(`${GET}${UPGRADE}early`)
  await one.until(/http[\s\S]*101 [\s\S]*\r\n\r\n$/)
  one.write('late')
  await one.until(/<late>$/)
  assert.deepEqual([given.target, given.rest], ['/x', 'early'])
  assert.deepEqual(given.ours, [])
  one.end()
  await one.closed
})

test('nobody takes it over: it is answered as HTTP, and what follows is HTTP', async (t) => {
  const { client } = await start(t, {})
  const one = await client()
  one.write(UPGRADE + GET)
  await one.until(/200 [\s\S]*http[\s\S]*200 [\s\S]*http$/)
})

test('an upgrade with a body is not granted', async (t) => {
  const { client } = await start(t, { onUpgrade: () => assert.fail() }, async (request) => ({
    status: 200,
    body: await request.body.text(),
  }))
  const one = await client()
  one.write(`${UPGRADE.replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\n')}abc`)
  await one.until(/\r\n\r\nabc$/)
})

test('what takes over and throws: the socket is destroyed', async (t) => {
  const errors = []
  const { client } = await start(t, {
    onError: (error) => errors.push(error.message),
    onUpgrade() {
      throw new Error('no')
    },
  })
  const one = await client()
  one.write(UPGRADE)
  assert.equal(await one.closed, '')
  assert.deepEqual(errors, ['no'])
})

test('a WebSocket, served by the ws package', async (t) => {
  const sockets = new WebSocketServer({ noServer: true })
  const { server, port } = await start(t, {
    onUpgrade(request, socket, rest) {
      // What ws reads of a request.
      const { method, target: url } = request
      const message = { method, url, headers: request.headers.toObject(), socket }
      sockets.handleUpgrade(message, socket, rest, (webSocket) => {
        webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }))
      })
    },
  })
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/chat`)
  await once(webSocket, 'open')
  for (const text of ['hello', 'x'.repeat(100_000)]) {
    webSocket.send(text)
    const [data] = await once(webSocket, 'message')
    assert.equal(String(data), text)
  }
  webSocket.close()
  await once(webSocket, 'close')
  await server.shutdown()
})

test('CONNECT: 501 and the end, unless somebody takes it over', async (t) => {
  const { client } = await start(t, {}, () => assert.fail())
  const one = await client()
  one.write('CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\nnot HTTP')
  assert.match(await one.ended, /^HTTP\/1\.1 501 [\s\S]*Connection: close/)
})

test('CONNECT: a tunnel with TLS in it', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const origin = tls.createServer(certificate, (socket) => socket.end('through the tunnel'))
  origin.listen(0, '127.0.0.1')
  await once(origin, 'listening')
  t.after(() => origin.close())
  const { client } = await start(t, {
    onConnect(request, socket, rest) {
      const [host, port] = request.target.split(':')
      const target = net.connect(Number(port), host, () => {
        socket.write(formatResponse({ status: 200, requestMethod: 'CONNECT' }))
        target.write(rest)
        socket.pipe(target).pipe(socket)
      })
      socket.on('error', () => target.destroy())
      target.on('error', () => socket.destroy())
    },
  })
  const one = await client()
  one.write(`CONNECT 127.0.0.1:${origin.address().port} HTTP/1.1\r\nHost: a\r\n\r\n`)
  await one.until(/^HTTP\/1\.1 200 OK\r\n\r\n$/)
  one.socket.removeAllListeners('data')
  const secure = tls.connect({ socket: one.socket, ca: certificate.cert, servername: 'localhost' })
  let text = ''
  for await (const data of secure) text += data
  assert.equal(text, 'through the tunnel')
})
