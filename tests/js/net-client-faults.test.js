// The client of h1wire/net where things go wrong: servers that misbehave, and times that run out.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const net = require('node:net')
const { once } = require('node:events')
const { Readable } = require('node:stream')
const { H1Error } = require('h1wire')
const { connect, pool } = require('h1wire/net')
const { answering, deferred, rawServer, rejection, sleep } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }

/** A client of a server that answers the first request so, as the only one; `reset` follows when it was read. */
async function asking(t, answer, options) {
  const server = await answering(t, answer?.reset ?? answer)
  const client = connect(server.origin, options)
  t.after(() => client.destroy())
  if (answer?.reset) {
    client.socket.once('data', () => {
      for (const socket of server.sockets) socket.resetAndDestroy()
    })
  }
  return { server, client }
}

for (const [what, answer, code, received] of [
  ['nothing, and the end', (socket) => socket.end(), 'H1_RESPONSE_MISSING', ''],
  ['nothing, and a reset', (socket) => socket.resetAndDestroy(), 'H1_SOCKET_CLOSED', ''],
  [
    'half a head, and the end',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nA: b'),
    'H1_TRUNCATED_HEAD',
    'HTTP/1.1 200 OK\r\nA: b',
  ],
  ['half a head, and a reset', { reset: 'HTTP/1.1 20' }, 'H1_SOCKET_CLOSED', 'HTTP/1.1 20'],
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 'H1_VERSION', 'SSH-2.0-OpenSSH\r\n'],
  [
    'a bad field',
    'HTTP/1.1 200 OK\r\nName : x\r\n\r\n',
    'H1_SPACE_BEFORE_COLON',
    'HTTP/1.1 200 OK\r\nName : x\r\n\r\n',
  ],
  [
    'both framing fields',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'H1_TRANSFER_ENCODING_WITH_LENGTH',
    undefined,
  ],
  [
    'a switch nobody asked for',
    'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'H1_UNEXPECTED_SWITCH',
    undefined,
  ],
]) {
  test(`a server answers with ${what}`, async (t) => {
    const { client } = await asking(t, answer)
    const behind = rejection(client.request(GET).then(() => client.request(GET)))
    const error = await behind
    assert.ok(error instanceof H1Error)
    assert.equal(error.code, code)
    if (received !== undefined) assert.equal(error.received.toString('latin1'), received)
    assert.ok(client.closed)
    await assert.rejects(client.request(GET), { code: 'H1_SOCKET_CLOSED' })
    await client.close()
  })
}

for (const [what, answer, body, code] of [
  [
    'cut short',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc'),
    'abc',
    'H1_TRUNCATED_BODY',
  ],
  [
    'cut short in a chunk',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'),
    'ab',
    'H1_TRUNCATED_CHUNKS',
  ],
  [
    'of bad chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nno\r\n',
    'abc',
    'H1_CHUNK_SIZE',
  ],
  ['reset', { reset: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc' }, 'abc', 'H1_SOCKET_CLOSED'],
]) {
  test(`a response's body is ${what}: what came is delivered first`, async (t) => {
    const { client } = await asking(t, answer)
    const response = await client.request(GET)
    let got = ''
    const error = await rejection(
      (async () => {
        for await (const data of response) got += data
      })(),
    )
    assert.deepEqual([error.code, got], [code, body])
    await assert.rejects(response.trailers, { code })

    const other = await asking(t, answer)
    const whole = await rejection((await other.client.request(GET)).text())
    assert.deepEqual([whole.code, String(whole.received)], [code, body])
  })
}

test('octets behind a response, and on an idle connection, end it', async (t) => {
  const { client } = await asking(t, `${OK}more`)
  assert.equal(await (await client.request(GET)).text(), 'hi')
  const behind = await rejection(client.request(GET))
  assert.deepEqual([behind.code, behind.cause.code], ['H1_SOCKET_CLOSED', 'H1_UNEXPECTED_RESPONSE'])

  const server = await rawServer(t, (socket) => socket.write(OK))
  const other = connect(server.origin)
  await once(server, 'connection')
  await other.close()
})

test('more than was asked for: the answer stands, and the connection ends', async (t) => {
  for (const [method, answer, text] of [
    ['HEAD', OK, ''],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\nhi', ''],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\nhi', ''],
    ['GET', OK.replace('Length: 2', 'Length: 1'), 'h'],
    ['GET', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n0\r\n\r\n`, 'hi'],
    ['GET', OK + OK, 'hi'],
    ['GET', `${OK}HTTP/1.1 100 Continue\r\n\r\n`, 'hi'],
  ]) {
    const { client } = await asking(t, answer)
    const response = await client.request({ method, target: '/' })
    assert.equal(await response.text(), text, answer)
    const { code, cause, received } = await rejection(client.request(GET))
    assert.deepEqual([code, cause.code, received.length], ['H1_SOCKET_CLOSED', 'H1_UNEXPECTED_RESPONSE', 0])
    await client.close()
  }
})

test('requests behind a response that ends the connection fail untouched', async (t) => {
  const closing = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi'
  for (const pipelining of [1, 3]) {
    const { client } = await asking(t, closing, { pipelining })
    const first = client.request(GET)
    const behind = [client.request(GET), client.request({ ...GET, method: 'POST' })].map(rejection)
    assert.equal(await (await first).text(), 'hi')
    for (const error of await Promise.all(behind)) {
      assert.deepEqual([error.code, error.received.length], ['H1_SOCKET_CLOSED', 0])
    }
    await client.close()
  }
})

test('the server closes at the moment the client sends', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.once('data', () => {
      socket.write(OK)
      socket.once('data', () => socket.destroy())
    })
  })
  const client = connect(server.origin)
  await (await client.request(GET)).text()
  const error = await rejection(client.request(GET))
  assert.ok(['H1_RESPONSE_MISSING', 'H1_SOCKET_CLOSED'].includes(error.code), error.code)
  assert.equal(error.received.length, 0)
})

test('half-close: by the server behind its response, by the client before it', async (t) => {
  const server = await answering(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'))
  const client = connect(server.origin)
  assert.equal(await (await client.request(GET)).text(), 'hi')
  await client.close()

  const late = await rawServer(t, (socket) => socket.resume().once('end', () => socket.end(OK)))
  const socket = net.createConnection({ port: late.address().port, host: '127.0.0.1', allowHalfOpen: true })
  const other = connect(socket, { origin: late.origin })
  const asked = other.request(GET)
  socket.once('connect', () => setImmediate(() => socket.end()))
  assert.equal(await (await asked).text(), 'hi')
})

test('an early response: the body goes on if the connection does, and stops if not', async (t) => {
  for (const close of [false, true]) {
    const server = await answering(
      t,
      OK.replace('\r\n\r\n', close ? '\r\nConnection: close\r\n\r\n' : '\r\n\r\n'),
      OK,
    )
    const client = connect(server.origin)
    const [answered, ended] = [deferred(), deferred()]
    const asked = []
    const body = (async function* () {
      try {
        for (const piece of ['one', 'two', 'three', '\r\n\r\n']) {
          asked.push(piece)
          yield piece
          await answered.promise
        }
      } finally {
        ended.resolve()
      }
    })()
    const response = await client.request({ method: 'POST', target: '/', body })
    assert.equal(await response.text(), 'hi')
    assert.deepEqual(asked, ['one'])
    if (close) await client.close()
    const next = close ? undefined : client.request(GET)
    answered.resolve()
    await ended.promise
    if (next) assert.equal(await (await next).text(), 'hi')
    // A source that was being waited for when it was stopped gives one piece more, to nobody.
    assert.deepEqual(asked, close ? ['one', 'two'] : ['one', 'two', 'three', '\r\n\r\n'])
    client.destroy()
  }
})

test('nobody listens, or nobody can be found', async () => {
  const refused = connect('http://127.0.0.1:1')
  const errors = await Promise.all([refused.request(GET), refused.request(GET)].map(rejection))
  for (const error of errors) {
    assert.deepEqual(
      [error.code, error.cause.code, error.received.length],
      ['H1_CONNECT_FAILED', 'ECONNREFUSED', 0],
    )
    assert.match(error.message, /connect ECONNREFUSED 127\.0\.0\.1:1/)
  }
  const lookup = (_host, _options, callback) => callback(new Error('no such host'))
  const unknown = connect({ host: 'nowhere.invalid', port: 80, lookup })
  assert.equal((await rejection(unknown.request(GET))).cause.message, 'no such host')
})

test('times: to connect, for the head, for the body', async (t) => {
  const never = connect({ host: 'slow.invalid', port: 80, lookup: () => {} }, { connectTimeout: 30 })
  const errors = await Promise.all([never.request(GET), never.request(GET)].map(rejection))
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['H1_CONNECT_TIMEOUT', 'H1_CONNECT_TIMEOUT'],
  )
  assert.match(errors[0].message, /30 ms/)

  const head = await asking(t, 'HTTP/1.1 200 O', { headersTimeout: 40 })
  const error = await rejection(head.client.request(GET))
  assert.deepEqual([error.code, String(error.received)], ['H1_HEADERS_TIMEOUT', 'HTTP/1.1 200 O'])

  const body = await asking(t, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab', { bodyTimeout: 40 })
  await assert.rejects((await body.client.request(GET)).text(), { code: 'H1_BODY_TIMEOUT' })

  const stuck = await rawServer(t, (socket) => socket.pause())
  const client = connect(stuck.origin, { bodyTimeout: 40, headersTimeout: 30_000 })
  const request = { method: 'POST', target: '/', body: Readable.from([Buffer.alloc(30 << 20), 'x']) }
  assert.equal((await rejection(client.request(request))).code, 'H1_BODY_TIMEOUT')
})

test('times: a body nobody reads, or whose source is slow, is given all it needs', async (t) => {
  const { client } = await asking(
    t,
    (socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n${'x'.repeat(400_000)}`),
    { bodyTimeout: 30 },
  )
  const response = await client.request(GET)
  await sleep(80)
  assert.equal((await response.bytes()).length, 400_000)

  const other = await asking(t, OK, { bodyTimeout: 20, headersTimeout: 20 })
  const body = (async function* () {
    await sleep(70)
    yield 'x'
    other.server.emit('none')
  })()
  assert.equal(await (await other.client.request({ method: 'POST', target: '/', body })).text(), 'hi')
})

/** What a request fails with while this is done over and over, if it fails. */
async function failsWhile(request, act) {
  let error
  rejection(request).then((reason) => {
    error = reason
  })
  for (let count = 0; count < 100 && error === undefined; count++) {
    act(count)
    await sleep(10)
  }
  return error?.code
}

test('times: further requests put none of them off', async (t) => {
  const ask = (client) => () => void client.request(GET).catch(() => {})
  const never = connect({ host: 'slow.invalid', port: 80, lookup: () => {} }, { connectTimeout: 40 })
  assert.equal(await failsWhile(never.request(GET), ask(never)), 'H1_CONNECT_TIMEOUT')

  const silent = await rawServer(t, (socket) => socket.resume())
  for (const pipelining of [1, 1000]) {
    const client = connect(silent.origin, { headersTimeout: 40, pipelining })
    assert.equal(await failsWhile(client.request(GET), ask(client)), 'H1_HEADERS_TIMEOUT')
  }

  const unread = await answering(t, `HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n${'x'.repeat(400_000)}`)
  const client = connect(unread.origin, { unreadTimeout: 40 })
  const { body } = await client.request(GET)
  await sleep(20)
  assert.equal(await failsWhile(client.request(GET), ask(client)), 'H1_SOCKET_CLOSED')
  assert.equal((await rejection(body.bytes())).code, 'H1_BODY_UNREAD')
})

test('times: requests that wait in a pool put none of them off', async (t) => {
  const server = await rawServer(t, (socket, index) => {
    socket.on('data', () => index === 0 || setTimeout(() => socket.write(OK), 5))
  })
  const clients = pool(server.origin, { connections: 2, headersTimeout: 500 })
  t.after(() => clients.destroy())
  const hanging = clients.request(GET)
  const ask = async () => (await clients.request(GET)).text()
  const askMany = () => {
    for (let count = 0; count < 3; count++) ask().catch(() => {})
  }
  assert.equal(await failsWhile(hanging, askMany), 'H1_HEADERS_TIMEOUT')
})

test('times: a head that comes octet by octet gets no more time, a body does', async (t) => {
  const sockets = []
  const begin = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nA: ')
    sockets.push(socket)
  }
  const slow = await asking(t, begin, { headersTimeout: 40 })
  const drip = () => {
    for (const socket of sockets) socket.write('b')
  }
  assert.equal(await failsWhile(slow.client.request(GET), drip), 'H1_HEADERS_TIMEOUT')

  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n'
  const { client } = await asking(
    t,
    async (socket) => {
      socket.write(head)
      for (let count = 0; count < 20; count++) {
        await sleep(30)
        socket.write('x')
      }
    },
    { bodyTimeout: 400 },
  )
  assert.equal(await (await client.request(GET)).text(), 'x'.repeat(20))
})

test('times: an idle client is closed', async (t) => {
  const { client } = await asking(t, OK, { idleTimeout: 30 })
  await (await client.request(GET)).text()
  await once(client.socket, 'close')
  assert.ok(client.closed)
})

test('a callback that throws ends its request with what it threw', async (t) => {
  const { client } = await asking(t, `HTTP/1.1 103 Early Hints\r\n\r\n${OK}`)
  const error = new Error('thrown')
  const onInformational = () => {
    throw error
  }
  assert.equal(await rejection(client.request(GET, { onInformational })), error)
})

test('options that are wrong', () => {
  for (const [destination, options, type] of [
    [undefined, undefined, TypeError],
    ['ftp://127.0.0.1', undefined, TypeError],
    ['http://127.0.0.1/path', undefined, TypeError],
    [{ host: '127.0.0.1', port: 1, onread: {} }, undefined, TypeError],
    ['http://127.0.0.1', { pipelining: 0 }, RangeError],
    ['http://127.0.0.1', { headersTimeout: '1' }, RangeError],
    ['http://127.0.0.1', { nonsense: 1 }, TypeError],
    ['http://127.0.0.1', { origin: 'http://a' }, TypeError],
  ]) {
    assert.throws(() => connect(destination, options), type)
  }
})

test('an error of a later response says where it is in what was received, and whose it is', async (t) => {
  const first = `HTTP/1.1 103 Early\r\n\r\n${OK}`
  const faulty = ['HTTP/1.1 200 OK\r\nA: ', 'b\0c\r\n\r\n']
  const server = await answering(t, first, async (socket) => {
    for (const piece of faulty) {
      socket.write(piece)
      await sleep(20)
    }
  })
  const client = connect(server.origin)
  const { socket } = client
  await (await client.request(GET)).text()
  const error = await rejection(client.request(GET))
  assert.deepEqual([error.code, String(error.received)], ['H1_FIELD_VALUE', faulty.join('')])
  assert.equal(error.receivedOffset, first.length)
  assert.equal(error.received[error.offset - error.receivedOffset], 0)
  assert.deepEqual([error.connection.role, error.connection.socket], ['client', socket])
  assert.equal(error.connection.remotePort, Number(new URL(server.origin).port))
  assert.equal(Object.keys(error).includes('connection'), false)
})

test('an error of another connection that ends a client keeps its own', async (t) => {
  const [one, other] = await Promise.all(['no HTTP', undefined].map((answer) => asking(t, answer)))
  const fault = await rejection(one.client.request(GET))
  const behind = rejection(other.client.request(GET))
  other.client.destroy(fault)
  assert.equal((await behind).connection, fault.connection)
})
