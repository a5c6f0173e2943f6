// Aborts, at every point of an exchange: what the caller gets, what becomes of the connection and of other requests.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { Readable } = require('node:stream')
const { connect, pool } = require('h1wire/net')
const { answering, deferred, nodeServer, rawServer, rejection } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }

/** A client of a server that answers the first request so, as the only one. */
async function asking(t, answer, options) {
  const server = await answering(t, answer)
  const client = connect(server.origin, options)
  t.after(() => client.destroy())
  return { server, client }
}

test('before anything, and while connecting', async (t) => {
  const { client } = await asking(t, OK)
  const signal = AbortSignal.abort(new Error('early'))
  assert.equal(await rejection(client.request(GET, { signal })), signal.reason)
  assert.equal(await (await client.request(GET)).text(), 'hi')

  const abort = new AbortController()
  const never = connect({ host: 'slow.invalid', port: 80, lookup: () => {} })
  t.after(() => never.destroy())
  const asked = [never.request(GET, abort), never.request(GET)].map(rejection)
  abort.abort('stop')
  assert.equal(await asked[0], 'stop')
  assert.deepEqual([never.closed, never.pending], [false, 1])
})

test('in the queue only that request goes', async (t) => {
  let seen = ''
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      seen += data
      if (seen.includes('/3')) socket.write(OK)
    })
  })
  const client = connect(server.origin)
  t.after(() => client.destroy())
  const abort = new AbortController()
  const [one, two, three] = [
    client.request({ target: '/1' }),
    rejection(client.request({ target: '/2' }, abort)),
    client.request({ target: '/3' }),
  ]
  const [socket] = await once(server, 'connection')
  abort.abort()
  assert.equal(await two, abort.signal.reason)
  socket.write(OK)
  assert.equal(await (await one).text(), 'hi')
  assert.equal(await (await three).text(), 'hi')
  assert.ok(!seen.includes('/2'), seen)
})

test('when it was sent, the connection ends, and those behind fail untouched', async (t) => {
  const { client } = await asking(t, undefined, { pipelining: 2 })
  const abort = new AbortController()
  const asked = [client.request(GET, abort), client.request(GET), client.request(GET)].map(rejection)
  await once(client.socket, 'connect')
  abort.abort()
  const [one, two, three] = await Promise.all(asked)
  assert.equal(one, abort.signal.reason)
  for (const error of [two, three]) {
    assert.deepEqual([error.code, error.cause, error.received.length], ['H1_SOCKET_CLOSED', one, 0])
  }
  await client.close()
})

test('in the upload the source is stopped', async (t) => {
  let begun
  const server = await rawServer(t, (socket) => socket.on('data', () => begun.resolve()))
  const sources = {
    'async generator': (stop) =>
      (async function* () {
        try {
          for (;;) {
            yield 'x'
            await new Promise(setImmediate)
          }
        } finally {
          stop()
        }
      })(),
    'node stream that says nothing': (stop) => {
      const stream = new Readable({ read() {} })
      return stream.on('close', stop)
    },
    'web stream that says nothing': (stop) => new ReadableStream({ cancel: stop }),
  }
  for (const [name, make] of Object.entries(sources)) {
    const client = connect(server.origin)
    const abort = new AbortController()
    const stopped = deferred()
    begun = deferred()
    const body = make(stopped.resolve)
    const asked = rejection(client.request({ method: 'POST', target: '/', body }, abort))
    await begun.promise
    abort.abort()
    assert.equal(await asked, abort.signal.reason, name)
    await stopped.promise
    await client.close()
  }
})

test('in the response the body fails; a near end is read, a far one is not', async (t) => {
  for (const [length, closes] of [
    [1000, false],
    [1_000_000, true],
  ]) {
    const rest = deferred()
    const server = await rawServer(t, (socket) => {
      socket.on('data', async () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\nabc`)
        await rest.promise
        socket.write('x'.repeat(length - 3))
      })
    })
    const client = connect(server.origin)
    const abort = new AbortController()
    const response = await client.request(GET, abort)
    const reading = rejection(response.text())
    abort.abort()
    assert.equal(await reading, abort.signal.reason)
    assert.equal(client.closed, closes)
    rest.resolve()
    if (!closes) assert.equal((await (await client.request(GET)).bytes()).length, length)
    client.destroy()
  }
})

test('after the end it means nothing, and nothing listens any more', async (t) => {
  const { client } = await asking(t, OK)
  const abort = new AbortController()
  let listeners = 0
  const { signal } = abort
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args) => {
    listeners++
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args) => {
    listeners--
    removeEventListener.apply(signal, args)
  }
  const response = await client.request(GET, { signal })
  assert.equal(await response.text(), 'hi')
  assert.equal(listeners, 0)
  abort.abort()
  assert.equal(client.closed, false)
})

test('while the body waits for a 100: it is not sent, and its source is stopped', async (t) => {
  let seen = ''
  const head = deferred()
  const over = deferred()
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      seen += data
      head.resolve()
    })
    for (const event of ['end', 'close']) socket.on(event, over.resolve)
  })
  const client = connect(server.origin, { continueTimeout: 0x7fffffff })
  const abort = new AbortController()
  const stopped = deferred()
  const body = new ReadableStream(
    { pull: () => assert.fail(), cancel: stopped.resolve },
    { highWaterMark: 0 },
  )
  const request = { method: 'PUT', target: '/', body, headers: { Expect: '100-continue' } }
  const asked = rejection(client.request(request, abort))
  await head.promise
  abort.abort()
  assert.equal(await asked, abort.signal.reason)
  await stopped.promise
  await client.close()
  await over.promise
  assert.ok(seen.endsWith('\r\n\r\n'), seen)
})

test('while TLS is being agreed on', async (t) => {
  const server = await rawServer(t, (socket) => socket.resume())
  const { port } = server.address()
  const client = connect({ host: '127.0.0.1', port, tls: { rejectUnauthorized: false } })
  const abort = new AbortController()
  const asked = [client.request(GET, abort), client.request(GET)].map(rejection)
  await once(server, 'connection')
  abort.abort('stop')
  assert.equal(await asked[0], 'stop')
  assert.deepEqual([client.closed, client.pending], [false, 1])
  client.destroy()
  assert.equal((await asked[1]).code, 'H1_CLOSED')
})

const CHUNKED =
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' +
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-A: 1\r\n\r\n'

test('at any octet of a response: the caller gets the reason, and what is behind fails untouched', async (t) => {
  let at
  let begun
  const server = await rawServer(t, (socket) => {
    socket.on('data', () => {
      socket.write(CHUNKED.slice(0, at))
      begun.resolve()
    })
  })
  for (at = 0; at <= CHUNKED.length; at++) {
    begun = deferred()
    const client = connect(server.origin)
    const abort = new AbortController()
    let text = ''
    const outcome = (async () => {
      for await (const data of await client.request(GET, abort)) text += data
      return 'whole'
    })().catch((error) => error)
    const behind = rejection(client.request(GET))
    await begun.promise
    while (client.socket.bytesRead < at) await once(client.socket, 'data')
    abort.abort('enough')
    if (at === CHUNKED.length) {
      assert.deepEqual([await outcome, text], ['whole', 'abcde'])
      client.destroy()
    } else {
      assert.equal(await outcome, 'enough', `${at}`)
      assert.ok('abcde'.startsWith(text), text)
      const { code, cause, received } = await behind
      assert.deepEqual([code, cause, received.length], ['H1_SOCKET_CLOSED', 'enough', 0])
    }
    await client.close()
  }
})

test('in a pool: the others go on', async (t) => {
  const begun = deferred()
  const server = await nodeServer(t, (request, response) => {
    if (request.url === '/never') begun.resolve()
    else response.end('hi')
  })
  const clients = pool(server.origin, { connections: 2 })
  const abort = new AbortController()
  const never = rejection(clients.request({ target: '/never' }, abort))
  await begun.promise
  abort.abort('no')
  assert.equal(await never, 'no')
  for (let round = 0; round < 4; round++) assert.equal(await (await clients.request(GET)).text(), 'hi')
  await clients.close()
})
