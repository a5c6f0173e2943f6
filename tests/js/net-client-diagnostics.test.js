// What the client and the pool of h1wire/net publish on diagnostics channels: each channel's message, and their order.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const channel = require('node:diagnostics_channel')
const net = require('node:net')
const { H1Error } = require('h1wire')
const { connect, pool } = require('h1wire/net')
const { answering, rawServer, rejection } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const NAMES = [
  'connect',
  'connected',
  'request:start',
  'request:repeat',
  'response:start',
  'response:finish',
  'error',
]

/** All that is published while a test runs, as `[name, message]`. */
function listening(t) {
  const told = []
  for (const name of NAMES) {
    const hear = (message, full) => told.push([full.slice('h1wire:client:'.length), message])
    channel.subscribe(`h1wire:client:${name}`, hear)
    t.after(() => channel.unsubscribe(`h1wire:client:${name}`, hear))
  }
  return told
}

/** The channels, with the target of the request and what became of it. */
const brief = (told) =>
  told.map(([name, { request, response, error }]) =>
    [name, request?.target, error ? (error.code ?? error.message ?? error) : response?.status]
      .filter((part) => part !== undefined)
      .join(' '),
  )

test('an exchange: each message, in order', async (t) => {
  const server = await answering(t, `HTTP/1.1 103 Early Hints\r\n\r\n${OK}`, OK)
  const told = listening(t)
  const client = connect(server.origin)
  const requests = [
    { target: '/1', headers: { 'X-A': '1' } },
    { method: 'POST', target: '/2', body: ['x'] },
  ]
  const responses = []
  for (const request of requests) {
    const response = await client.request(request)
    responses.push(response)
    await response.text()
  }
  const { socket } = client
  const { port } = server.address()
  assert.deepEqual(told, [
    ['connect', { options: { noDelay: true, host: '127.0.0.1', port } }],
    ['connected', { socket }],
    ['request:start', { request: requests[0], socket }],
    ['response:start', { request: requests[0], response: responses[0], socket }],
    ['response:finish', { request: requests[0], response: responses[0], socket }],
    ['request:start', { request: requests[1], socket }],
    ['response:start', { request: requests[1], response: responses[1], socket }],
    ['response:finish', { request: requests[1], response: responses[1], socket }],
  ])
  // They are the caller's own, and not like them.
  assert.equal(told[2][1].request, requests[0])
  assert.equal(told[3][1].response, responses[0])
  assert.equal(told[1][1].socket, socket)
  await client.close()
  assert.equal(told.length, 8)
})

test('a request starts when it is sent, not when it is given; over a socket of the caller none connects', async (t) => {
  const server = await answering(t, OK, OK)
  const told = listening(t)
  const socket = net.connect(server.address().port, '127.0.0.1')
  const client = connect(socket, { origin: server.origin })
  const asked = ['/1', '/2'].map((target) => client.request({ target }))
  assert.deepEqual(told, [])
  for (const response of await Promise.all(asked)) await response.text()
  assert.deepEqual(brief(told), [
    'connected',
    'request:start /1',
    'response:start /1 200',
    'response:finish /1 200',
    'request:start /2',
    'response:start /2 200',
    'response:finish /2 200',
  ])
  await client.close()
})

test('no connection: every request that waits for it fails, and none has started', async (t) => {
  const told = listening(t)
  const client = connect('http://127.0.0.1:1')
  await Promise.all(['/1', '/2'].map((target) => rejection(client.request({ target }))))
  assert.deepEqual(brief(told), ['connect', 'error /1 H1_CONNECT_FAILED', 'error /2 H1_CONNECT_FAILED'])
  assert.equal(told[1][1].error.cause.code, 'ECONNREFUSED')
})

test('a fault of the server, and those behind it', async (t) => {
  const server = await answering(t, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab')
  const told = listening(t)
  const client = connect(server.origin, { bodyTimeout: 30 })
  const asked = ['/1', '/2'].map((target) => client.request({ target }))
  const error = await rejection((await asked[0]).text())
  await rejection(asked[1])
  assert.deepEqual(brief(told).slice(2), [
    'request:start /1',
    'response:start /1 200',
    'error /1 H1_BODY_TIMEOUT',
    'error /2 H1_SOCKET_CLOSED',
  ])
  const [, message] = told[4]
  assert.deepEqual(Object.keys(message), ['error', 'request', 'response', 'socket'])
  assert.ok(message.error instanceof H1Error)
  assert.equal(message.error, error)
  assert.equal(message.socket, client.socket)
})

test('a fault of the caller: what is refused, what a source fails with', async (t) => {
  const server = await rawServer(t, (socket) => socket.resume())
  const told = listening(t)
  const client = connect(server.origin)
  await rejection(client.request({ target: '/1', headers: { 'X-A': 'a\nb' } }))
  const body = (async function* () {
    yield 'x'
    throw new Error('the disk is gone')
  })()
  await rejection(client.request({ method: 'POST', target: '/2', body }))
  assert.deepEqual(brief(told), [
    'connect',
    'connected',
    'request:start /1',
    'error /1 H1_FIELD_VALUE',
    'request:start /2',
    'error /2 the disk is gone',
  ])
})

test('an abort: in the queue, when sent, and with the end of the response near', async (t) => {
  const server = await answering(t, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab', undefined)
  const told = listening(t)
  const client = connect(server.origin)
  const aborts = Array.from({ length: 3 }, () => new AbortController())
  const near = await client.request({ target: '/near' }, aborts[0])
  const waiting = rejection(client.request({ target: '/waiting' }, aborts[1]))
  const sent = rejection(client.request({ target: '/sent' }, aborts[2]))
  aborts[1].abort('waiting')
  await waiting
  aborts[0].abort('near')
  assert.equal(await rejection(near.text()), 'near')
  for (const socket of server.sockets) socket.write('cde')
  await started('/sent')
  aborts[2].abort('sent')
  await sent
  await client.close()
  assert.deepEqual(brief(told).slice(2), [
    'request:start /near',
    'response:start /near 200',
    'error /waiting waiting',
    'error /near near',
    'request:start /sent',
    'error /sent sent',
  ])
})

/** Resolves when a request has started. */
function started(target) {
  return new Promise((resolve) => {
    const hear = ({ request }) => {
      if (request.target !== target) return
      channel.unsubscribe('h1wire:client:request:start', hear)
      resolve()
    }
    channel.subscribe('h1wire:client:request:start', hear)
  })
}

test('an upgrade finishes when the socket is handed over; a tunnel too', async (t) => {
  for (const [request, answer, status] of [
    [
      { target: '/', headers: { Connection: 'Upgrade', Upgrade: 'x' } },
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      101,
    ],
    [{ method: 'CONNECT', target: 'a:443' }, 'HTTP/1.1 200 OK\r\n\r\n', 200],
  ]) {
    const server = await answering(t, answer)
    const told = listening(t)
    const { socket } = await connect(server.origin).request(request)
    const { target } = request
    assert.deepEqual(brief(told).slice(2), [
      `request:start ${target}`,
      `response:start ${target} ${status}`,
      `response:finish ${target} ${status}`,
    ])
    assert.equal(told.at(-1)[1].socket, socket)
    assert.equal(told.at(-1)[1].response.socket, socket)
    socket.destroy()
  }
})

test('a pool: each connection, and a request that is repeated starts and ends once', async (t) => {
  const server = await rawServer(t, (socket, number) => {
    let count = 0
    socket.on('data', () => {
      if (number === 0 && count++ === 1) socket.end()
      else socket.write(OK)
    })
  })
  const told = listening(t)
  const clients = pool(server.origin, { connections: 1 })
  await (await clients.request({ target: '/1' })).text()
  await (await clients.request({ target: '/2' })).text()
  assert.deepEqual(brief(told), [
    'connect',
    'connected',
    'request:start /1',
    'response:start /1 200',
    'response:finish /1 200',
    'request:start /2',
    'request:repeat /2 H1_RESPONSE_MISSING',
    'connect',
    'connected',
    'response:start /2 200',
    'response:finish /2 200',
  ])
  assert.equal(told[5][1].socket, told[6][1].socket)
  assert.notEqual(told[6][1].socket, told[9][1].socket)
  await clients.close()
})

test('a request that is repeated in vain fails once', async (t) => {
  const server = await rawServer(t, (socket) => {
    let count = 0
    socket.on('data', () => {
      if (count++ === 0) return socket.write(OK)
      server.close()
      socket.end()
    })
  })
  const told = listening(t)
  const clients = pool(server.origin, { connections: 1 })
  await (await clients.request({ target: '/1' })).text()
  await rejection(clients.request({ target: '/2' }))
  assert.deepEqual(brief(told).slice(5), [
    'request:start /2',
    'request:repeat /2 H1_RESPONSE_MISSING',
    'connect',
    'error /2 H1_CONNECT_FAILED',
  ])
})

test('a pool: what has not started and goes to another connection has not failed', async (t) => {
  const server = await rawServer(t, (socket, number) => {
    socket.on('data', () => (number === 0 ? socket.end() : socket.write(OK)))
  })
  const told = listening(t)
  const clients = pool(server.origin, { connections: 1, pipelining: 2 })
  const headers = { Connection: 'Upgrade', Upgrade: 'x' }
  const [first, second] = [{ target: '/1', headers }, { target: '/2' }].map((one) => clients.request(one))
  await rejection(first)
  await (await second).text()
  assert.deepEqual(brief(told), [
    'connect',
    'connected',
    'request:start /1',
    'error /1 H1_RESPONSE_MISSING',
    'connect',
    'connected',
    'request:start /2',
    'response:start /2 200',
    'response:finish /2 200',
  ])
  await clients.close()
})

test('every request that starts comes to one end, whatever the server does', async (t) => {
  const answers = [OK, OK.slice(0, -1), OK.slice(0, 20), '', `${OK}more`, 'no HTTP\r\n']
  const server = await rawServer(t, (socket, number) => {
    socket.once('data', () => socket.end(answers[number % answers.length]))
  })
  const told = listening(t)
  const clients = pool(server.origin, { connections: 2, pipelining: 2 })
  await Promise.allSettled(
    Array.from({ length: 40 }, async (_, at) => (await clients.request({ target: `/${at}` })).text()),
  )
  await clients.close()
  const open = new Map()
  for (const [name, { request }] of told) {
    if (name === 'request:start') open.set(request, (open.get(request) ?? 0) + 1)
    if (name === 'response:finish' || name === 'error') open.set(request, (open.get(request) ?? 0) - 1)
  }
  assert.equal(open.size, 40)
  for (const [{ target }, count] of open) assert.equal(count, 0, target)
})
