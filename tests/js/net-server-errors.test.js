// Whose error it is that a handler fails with, and what is said about it: to the client, to onError, on the channel.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { subscribe, unsubscribe } = require('node:diagnostics_channel')
const { once } = require('node:events')
const { Duplex } = require('node:stream')
const { connect, createServer, serve } = require('h1wire/net')
const { parseRequest } = require('h1wire')
const { answering } = require('./net/client.js')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const post = (body) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

async function start(t, handler, options = {}) {
  const errors = []
  const server = createServer({ onError: (error) => errors.push(error), ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, errors, client: () => open({ port: server.address().port, host: '127.0.0.1' }) }
}

const FAULTS = {
  'a malformed head': 'HTTP/1.1 200 OK\r\nSecret: \0\r\n\r\n',
  'a head that is too large': `HTTP/1.1 200 OK\r\nX: ${'secret'.repeat(20_000)}\r\n\r\n`,
  'another version': 'HTTP/3.0 200 OK\r\n\r\n',
  'a body that breaks off': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n',
  'a body larger than is taken': 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret',
}

for (const [what, answer] of Object.entries(FAULTS)) {
  test(`what an upstream does is no fault of the client's: ${what}`, async (t) => {
    const upstream = await answering(t, answer, answer)
    const { client, errors } = await start(t, async () => {
      const origin = connect(upstream.origin)
      t.after(() => origin.destroy())
      const response = await origin.request({ target: '/' })
      return { status: 200, body: await response.text({ limit: 3 }) }
    })
    const one = await client()
    one.write(GET)
    const text = await one.until(/Error\n$/)
    assert.match(text, /^HTTP\/1\.1 500 Internal Server Error\r\n/)
    assert.ok(text.endsWith('\r\n\r\nInternal Server Error\n'), text)
    assert.match(errors[0].code, /^H1_/)
    // The connection had no part in it.
    one.write(GET)
    await one.until(/Error\n[\s\S]*Error\n$/)
  })
}

test('nor is what a handler parses by itself', async (t) => {
  const { client } = await start(t, async (request) => ({
    status: 200,
    body: parseRequest(await request.bytes()).target,
  }))
  const one = await client()
  one.write(post('GET /secret HTTP/9.9\r\n\r\n'))
  assert.match(await one.until(/Error\n$/), /^HTTP\/1\.1 500 [^\0]*\r\n\r\nInternal Server Error\n$/)
})

test('its own connection is: it is answered as the error says, which tells where it happened', async (t) => {
  let asked
  const { client, errors } = await start(t, async (request) => {
    asked = request
    return { status: 200, body: await request.text({ limit: 3 }) }
  })
  for (const [octets, status] of [
    [post('long'), 413],
    ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', 400],
  ]) {
    const one = await client()
    one.write(octets)
    assert.match(await one.ended, new RegExp(`^HTTP/1\\.1 ${status} `))
    const error = errors.pop()
    assert.equal(error.connection.socket, asked.socket)
    assert.equal(error.connection.role, 'server')
    assert.ok(!Object.keys(error).includes('connection'), 'a logger would print the socket')
    one.socket.destroy()
  }
})

test('the reason of a signal tells where it happened too', async (t) => {
  let aborted
  const { client } = await start(t, async ({ signal }) => {
    aborted = once(signal, 'abort').then(() => signal.reason.connection)
    return aborted.then(() => ({ status: 200 }))
  })
  const one = await client()
  one.write(GET)
  while (aborted === undefined) await new Promise(setImmediate)
  one.socket.resetAndDestroy()
  assert.equal((await aborted).role, 'server')
})

test('without onError, what an upstream does is written to stderr, and what the client does is not', async (t) => {
  const upstream = await answering(t, FAULTS['a malformed head'])
  const { client } = await start(
    t,
    async ({ method }) => {
      if (method === 'POST') throw new Error('not reached')
      const origin = connect(upstream.origin)
      t.after(() => origin.destroy())
      await origin.request({ target: '/' })
    },
    { onError: undefined },
  )
  const said = t.mock.method(console, 'error', () => {})
  const one = await client()
  one.write(GET)
  await one.until(/Error\n$/)
  one.write('garbage\r\n\r\n')
  await one.ended
  assert.equal(said.mock.callCount(), 1)
  assert.match(said.mock.calls[0].arguments[0].code, /^H1_/)
})

const BAD = 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'

/** Looks at what an error shows of a head: it begins with the head, and has the byte at fault where it says. */
function checkReceived(error, before, head) {
  assert.equal(error.receivedOffset, before)
  assert.ok(
    head.startsWith(String(error.received)) || String(error.received).startsWith(head),
    `${error.received}`,
  )
  assert.equal(error.received[error.offset - error.receivedOffset], error.byte)
}

for (const [what, before] of [
  ['alone', ''],
  ['behind a request', GET],
  ['behind more requests than are read ahead', GET.repeat(50)],
  ['behind a body', post('x'.repeat(100))],
]) {
  for (const cut of [Infinity, 1]) {
    test(`a fault shows the head it lies in, ${what}, ${cut === 1 ? 'byte by byte' : 'whole'}`, async (t) => {
      const published = []
      const note = (message) => published.push(message)
      subscribe('h1wire:server:error', note)
      t.after(() => unsubscribe('h1wire:server:error', note))
      const asked = []
      const handler = async (request) => ({ status: 200, body: await request.text() })
      const { client, errors } = await start(t, handler, {
        onError(error, request) {
          errors.push(error)
          asked.push(request)
        },
      })
      const one = await client()
      const { localPort } = one.socket.setNoDelay(true)
      const octets = before + BAD
      for (let at = 0; at < octets.length; at += cut) {
        one.write(octets.slice(at, at + cut))
        if (cut === 1) await new Promise(setImmediate)
      }
      assert.match(await one.ended, / 400 /)
      assert.equal(errors.length, 1)
      checkReceived(errors[0], before.length, BAD)
      assert.equal(errors[0].connection.remoteAddress, '127.0.0.1')
      assert.equal(errors[0].connection.remotePort, localPort)
      // None of the requests before it has to do with it.
      assert.deepEqual(asked, [undefined])
      assert.equal(published[0].error, errors[0])
    })
  }
}

test('a head that is never whole shows what had come of it', async (t) => {
  const { client, errors } = await start(t, () => ({ status: 200 }), { headersTimeout: 100 })
  const one = await client()
  one.write(`${GET}GET /slow`)
  await one.ended
  assert.deepEqual(
    errors.map(({ code, received, receivedOffset }) => [code, String(received), receivedOffset]),
    [['H1_HEADERS_TIMEOUT', 'GET /slow', GET.length]],
  )
})

test('a head that comes byte by byte costs time that grows with its bytes', async () => {
  const times = []
  for (const length of [15_000, 15_000, 60_000]) {
    const socket = new Duplex({ read() {}, write: (_data, _coding, done) => done() })
    serve(socket, () => ({ status: 200 }), { onError() {} })
    const began = performance.now()
    for (let left = length; left !== 0; left--) socket.emit('data', Buffer.from('x'))
    times.push(performance.now() - began)
    socket.destroy()
  }
  assert.ok(times[2] < 12 * times[1] + 50, `${times}`)
})
