// Leaving: what happens to the connection when nobody wants the rest of a response; signals; time limits of single requests.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { connect, pool } = require('h1wire/net')
const { answering, echo, nodeServer, rawServer, rejection, sleep } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }
const PIECE = '2\r\nhi\r\n'

/** A server whose first answers never end: an event now and then; later ones are whole. */
function trickling(t, head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n') {
  return rawServer(t, (socket, number) => {
    socket.on('data', () => {
      if (number !== 0) return socket.write(OK)
      socket.write(`${head}${PIECE}`)
      const timer = setInterval(() => socket.write(PIECE), 20)
      socket.on('close', () => clearInterval(timer))
    })
  })
}

const ways = {
  'a loop is left': async (response) => {
    for await (const _ of response) break
  },
  'the stream is cancelled': (response) => response.stream.cancel(),
  'it is dropped': (response) => response.dump(),
  'its iterator returns while it is waited for': async (response) => {
    const iterator = response[Symbol.asyncIterator]()
    await iterator.next()
    const waiting = iterator.next()
    await iterator.return()
    assert.equal((await waiting).done, true)
    assert.deepEqual(await iterator.next(), { done: true, value: undefined })
  },
}

for (const [how, leave] of Object.entries(ways)) {
  test(`a response that trickles gives its connection up soon when ${how}`, async (t) => {
    const server = await trickling(t)
    const clients = pool(server.origin, { connections: 1 })
    await leave(await clients.request(GET))
    const began = Date.now()
    assert.equal(await (await clients.request(GET)).text(), 'hi')
    const took = Date.now() - began
    assert.ok(took > 200 && took < 1500, `${took} ms`)
    assert.equal(server.count, 2)
    await clients.close()
  })
}

test('the time for what nobody wants is an option, of the client and of the request', async (t) => {
  for (const [options, own] of [
    [{ drainTimeout: 50 }, undefined],
    [{}, { drainTimeout: 50 }],
  ]) {
    const server = await trickling(t)
    const client = connect(server.origin, options)
    ;(await client.request(GET, own)).dump()
    const error = await rejection(client.request(GET))
    assert.equal(error.code, 'H1_SOCKET_CLOSED')
    assert.match(error.message, /drainTimeout/)
  }
})

test('what is known to be long, or ends the connection, is not read at all', async (t) => {
  for (const head of ['Content-Length: 100000', 'Connection: close']) {
    const server = await trickling(t, `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`)
    const clients = pool(server.origin, { connections: 1, drainTimeout: 0 })
    ;(await clients.request(GET)).dump()
    const began = Date.now()
    assert.equal(await (await clients.request(GET)).text(), 'hi')
    assert.ok(Date.now() - began < 150)
    await clients.close()
  }
})

test('what is short, or ends soon, leaves the connection as it is', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.on('data', async () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n')
      await sleep(20)
      socket.write('0\r\n\r\n')
    })
  })
  const client = connect(server.origin)
  for (let round = 0; round < 3; round++) (await client.request(GET)).dump()
  assert.equal(server.count, 1)
  await client.close()
})

test('times of one request are in place of those of its client', async (t) => {
  const server = await answering(t, undefined, OK)
  const clients = pool(server.origin, { connections: 1 })
  const error = await rejection(clients.request(GET, { headersTimeout: 30 }))
  assert.deepEqual([error.code, /30 ms/.test(error.message)], ['H1_HEADERS_TIMEOUT', true])
  assert.equal(await (await clients.request(GET)).text(), 'hi')
  clients.destroy()
  const patient = pool((await answering(t, (socket) => setTimeout(() => socket.write(OK), 120))).origin, {
    headersTimeout: 30,
  })
  assert.equal(await (await patient.request(GET, { headersTimeout: 0 })).text(), 'hi')
  await patient.close()
  const slow = pool((await answering(t, (socket) => socket.write(OK.slice(0, -1)))).origin)
  const response = await slow.request(GET, { bodyTimeout: 30 })
  assert.equal((await rejection(response.text())).code, 'H1_BODY_TIMEOUT')
  const expecting = await rawServer(t, (socket) => {
    socket.on('data', (data) => data.includes('body') && socket.write(OK))
  })
  const asking = pool(expecting.origin, { continueTimeout: 0 })
  const put = { method: 'PUT', target: '/', headers: { Expect: '100-continue' }, body: 'body' }
  assert.equal((await asking.request(put, { continueTimeout: 20 })).status, 200)
  asking.destroy()
  for (const name of ['headersTimeout', 'bodyTimeout', 'continueTimeout', 'unreadTimeout', 'drainTimeout']) {
    assert.match(
      (await rejection(slow.request(GET, { [name]: '5s' }))).message,
      new RegExp(`options\\.${name} must`),
    )
  }
  assert.match(
    (await rejection(slow.request(GET, { idleTimeout: 1 }))).message,
    /^options\.idleTimeout is not known/,
  )
})

test('continueTimeout: 0 waits for the 100 without end', async (t) => {
  let seen = ''
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      seen += data
      if (seen.endsWith('body')) socket.write(OK)
    })
    setTimeout(() => {
      assert.ok(!seen.includes('body'))
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    }, 100)
  })
  const client = connect(server.origin, { continueTimeout: 0 })
  const put = { method: 'PUT', target: '/', headers: { Expect: '100-continue' }, body: 'body' }
  assert.equal((await client.request(put)).status, 200)
  await client.close()
})

test('many requests on one signal: no warning, and each is aborted', async (t) => {
  const warnings = []
  const warn = (warning) => warnings.push(warning)
  process.on('warning', warn)
  t.after(() => process.off('warning', warn))
  const server = await rawServer(t, () => {})
  const clients = pool(server.origin, { connections: 3 })
  const controller = new AbortController()
  const { signal } = controller
  const failed = Array.from({ length: 40 }, () => rejection(clients.request(GET, { signal })))
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 20)
  for (const error of await Promise.all(failed)) assert.equal(error, reason)
  await sleep(1)
  assert.deepEqual(warnings, [])
  await clients.close()
})

test('an abort behind the whole body fails who reads it then, and nobody who has read it', async (t) => {
  const server = await nodeServer(t, echo)
  const client = connect(server.origin)
  for (const read of [
    (response) => response.text(),
    (response) => response.bytes(),
    (response) => response[Symbol.asyncIterator]().next(),
    (response) => response.stream.getReader().read(),
  ]) {
    const controller = new AbortController()
    const response = await client.request(GET, controller)
    await sleep(20)
    controller.abort(new Error('enough'))
    assert.equal((await rejection(read(response))).message, 'enough')
  }
  const controller = new AbortController()
  const response = await client.request(GET, { signal: controller.signal })
  const text = await response.text()
  controller.abort()
  assert.match(text, /GET/)
  await client.close()
})

test('a signal of a client or pool ends all of it', async (t) => {
  const server = await rawServer(t, () => {})
  for (const make of [connect, pool]) {
    const controller = new AbortController()
    const clients = make(server.origin, { signal: controller.signal })
    const failed = [1, 2, 3].map(() => rejection(clients.request(GET)))
    await sleep(20)
    const reason = new Error('enough')
    controller.abort(reason)
    for (const error of await Promise.all(failed)) assert.equal(error, reason)
    await clients.close()
    assert.equal((await rejection(clients.request(GET))).code, 'H1_CLOSED')
    const late = make(server.origin, { signal: controller.signal })
    assert.equal((await rejection(late.request(GET))).code, 'H1_CLOSED')
    await late.close()
    const calm = make(server.origin, { signal: null })
    await calm.close()
    assert.throws(() => make(server.origin, { signal: {} }), /options\.signal must be an AbortSignal/)
  }
})
