// What a server does not put up with: malformed requests, too much, too slow. The answer, and that it arrives.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { createServer } = require('h1wire/net')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function start(
  t,
  options = {},
  handler = async (request) => ({ status: 200, body: await request.body.text() }),
) {
  const errors = []
  const server = createServer({ onError: (error) => errors.push(error.code), ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address()
  return { server, errors, client: () => open({ port, host: '127.0.0.1' }) }
}

const BAD = [
  [400, 'H1_SPACE_BEFORE_COLON', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
  [400, 'H1_HOST_MISSING', 'GET / HTTP/1.1\r\n\r\n'],
  [400, 'H1_LONE_LF', 'GET / HTTP/1.1\nHost: a\n\n'],
  [
    400,
    'H1_TRANSFER_ENCODING_WITH_LENGTH',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  [413, 'H1_BODY_TOO_LARGE', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n'],
  [413, 'H1_BODY_TOO_LARGE', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n'],
  [414, 'H1_START_LINE_TOO_LONG', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n`],
  [431, 'H1_HEAD_TOO_LARGE', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`],
  [431, 'H1_TOO_MANY_FIELDS', `GET / HTTP/1.1\r\n${'X: x\r\n'.repeat(300)}`],
  [501, 'H1_TRANSFER_CODING_UNKNOWN', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n'],
  [505, 'H1_VERSION_UNSUPPORTED', 'GET / HTTP/3.0\r\n'],
  [505, 'H1_HTTP2_PREFACE', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
]

test('what cannot be read is answered as its error says, then the connection is closed', async (t) => {
  const { client, errors } = await start(t, { limits: { maxBodySize: 100 } })
  for (const [status, code, octets] of BAD) {
    const one = await client()
    one.write(octets)
    // The client is not done: what it still sends must not cost it the answer.
    const more = Buffer.alloc(64 * 1024, 'x')
    for (let at = 0; at < 40; at++) one.write(more)
    const text = await one.ended
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} .*Connection: close\r\n.*\r\n\r\n.+\n$`, 's'), code)
    assert.equal(one.error, undefined)
    assert.equal(errors.pop(), code)
    one.socket.destroy()
  }
  assert.deepEqual(errors, [])
})

test('a fault behind a request: first its answer, then that of the fault', async (t) => {
  const { client } = await start(t)
  const one = await client()
  one.write(`${GET}BAD\r\n\r\n`)
  assert.match(await one.ended, /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 400 [\s\S]*Connection: close/)
})

test('a fault in a body goes to who reads it, and is the answer if nothing else is', async (t) => {
  const seen = []
  const { client, errors } = await start(t, {}, async (request) => {
    try {
      return { status: 200, body: await request.body.text() }
    } catch (error) {
      seen.push(error.code)
      if (request.target === '/caught') return { status: 422, body: 'caught' }
      throw error
    }
  })
  const bad = (target) =>
    `POST ${target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`
  const one = await client()
  one.write(bad('/'))
  assert.match(await one.ended, /^HTTP\/1\.1 400 [\s\S]*Connection: close/)
  const two = await client()
  two.write(bad('/caught'))
  assert.match(await two.ended, /^HTTP\/1\.1 422 [\s\S]*Connection: close\r\n[\s\S]*caught$/)
  const cut = await client()
  cut.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab')
  assert.match(await cut.closed, /^HTTP\/1\.1 400 /)
  assert.deepEqual(seen, ['H1_CHUNK_DATA_END', 'H1_CHUNK_DATA_END', 'H1_TRUNCATED_BODY'])
  assert.deepEqual(errors, ['H1_CHUNK_DATA_END', 'H1_TRUNCATED_BODY'])
})

test('a leniency that a request needed is told', async (t) => {
  const seen = []
  const { client } = await start(t, { lenient: ['optionalCRBeforeLF'] }, (request) => {
    seen.push(request.tolerated.map(({ name }) => name))
    return { status: 200 }
  })
  const one = await client()
  one.write(`GET / HTTP/1.1\nHost: a\r\n\r\n${GET}`)
  await one.until(/200[\s\S]*200[\s\S]*\r\n\r\n$/)
  assert.deepEqual(seen, [['optionalCRBeforeLF'], []])
})

test('headersTimeout: 408 in a head, no word to who said none', async (t) => {
  const { client, errors } = await start(t, { headersTimeout: 60 })
  const begin = performance.now()
  const [silent, slow] = [await client(), await client()]
  slow.write('GET / HTTP/1.1\r\nHo')
  assert.match(await slow.ended, /^HTTP\/1\.1 408 [\s\S]*Connection: close/)
  assert.ok(performance.now() - begin >= 60)
  assert.equal(await silent.ended, '')
  assert.deepEqual(errors, ['H1_HEADERS_TIMEOUT'])
  // Each octet counts for nothing.
  const drip = await client()
  const timer = setInterval(() => drip.write('x'), 10)
  drip.write('GET /')
  assert.match(await drip.ended, /^HTTP\/1\.1 408 /)
  clearInterval(timer)
})

test('headersTimeout counts for the next head too, from its first octet', async (t) => {
  const { client } = await start(t, { headersTimeout: 60, keepAliveTimeout: 0 })
  const one = await client()
  one.write(GET)
  await one.until(/\r\n\r\n$/)
  await later(150)
  one.write(`${GET}GET`)
  await one.until(/200[\s\S]*200[\s\S]*\r\n\r\n$/)
  assert.match(await one.ended, /408 Request Timeout/)
})

test('requestTimeout: 408 to who does not finish; the time a handler does not read is not counted', async (t) => {
  const { client } = await start(t, { requestTimeout: 80 }, async (request) => {
    if (request.target === '/slow') await later(300)
    return { status: 200, body: await request.body.text() }
  })
  const post = (target) => `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n`
  const one = await client()
  one.write(`${post('/')}abc`)
  assert.match(await one.ended, /^HTTP\/1\.1 408 /)
  const two = await client()
  two.write(post('/slow'))
  two.write('x'.repeat(200_000))
  assert.match(await two.until(/\r\n\r\nx{200000}$/), /^HTTP\/1\.1 200 /)
})

test('a fault in a body is told once, however long its handler goes on', async (t) => {
  const { client, errors } = await start(t, { requestTimeout: 60 }, async (request) => {
    const error = await request.text().catch((error) => error)
    await later(300)
    throw error
  })
  const one = await client()
  one.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab')
  assert.match(await one.ended, /^HTTP\/1\.1 408 /)
  assert.deepEqual(errors, ['H1_REQUEST_TIMEOUT'])
})

test('minBodyRate: 408 to a body that drips', async (t) => {
  const { client, errors } = await start(t, { minBodyRate: 100 })
  const one = await client()
  one.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n')
  const timer = setInterval(() => one.write('x'), 100)
  assert.match(await one.ended, /^HTTP\/1\.1 408 /)
  clearInterval(timer)
  assert.deepEqual(errors, ['H1_BODY_TOO_SLOW'])
})

test('keepAliveTimeout: idle connections are closed, and not before', async (t) => {
  const { client } = await start(t, { keepAliveTimeout: 60 })
  const one = await client()
  one.write(GET)
  await one.until(/\r\n\r\n$/)
  const begin = performance.now()
  assert.equal((await one.ended).match(/HTTP/g).length, 1)
  assert.ok(performance.now() - begin >= 50)
})

test('sendTimeout: a client that takes nothing is cut off, and one that does is not', async (t) => {
  const { client } = await start(t, { sendTimeout: 200, keepAliveTimeout: 50 }, () => ({
    status: 200,
    body: Buffer.alloc(32 * 1024 * 1024),
  }))
  const [stuck, slow] = [await client(), await client()]
  stuck.socket.pause()
  stuck.write(GET)
  slow.write(GET)
  const step = setInterval(() => {
    slow.socket.pause()
    setTimeout(() => slow.socket.resume(), 20)
  }, 40)
  await once(slow.socket, 'end')
  clearInterval(step)
  assert.ok(slow.text().length > 32 * 1024 * 1024)
  await later(300)
  stuck.socket.resume()
  await stuck.closed
  assert.ok(stuck.text().length < 32 * 1024 * 1024)
})

// What a client sends is no sign that it takes anything: the socket's own timer would be put off by it.
for (const [what, request] of [
  ['in the middle of an answer', GET],
  ['behind the last answer', GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')],
]) {
  test(`sendTimeout: a client that takes nothing and sends a byte now and then, ${what}`, async (t) => {
    const { client } = await start(t, { sendTimeout: 200 }, () => ({
      status: 200,
      body: Buffer.alloc(32 * 1024 * 1024),
    }))
    const one = await client()
    one.socket.pause()
    one.write(request)
    const trickle = setInterval(() => one.write('x'), 20)
    const began = performance.now()
    // The reset is seen by whoever writes.
    await once(one.socket, 'error')
    clearInterval(trickle)
    const took = performance.now() - began
    assert.ok(took > 190 && took < 2_000, `${took}`)
  })
}

test('behind the last answer, a client that does not end is waited for 5 seconds, whatever it sends', async (t) => {
  const { server } = await start(t, { sendTimeout: 0 })
  const one = await open({ port: server.address().port, host: '127.0.0.1', allowHalfOpen: true })
  one.write(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  await one.ended
  const trickle = setInterval(() => one.write('x'), 100)
  const began = performance.now()
  await one.closed
  clearInterval(trickle)
  const took = performance.now() - began
  assert.ok(took > 4_500 && took < 7_500, `${took}`)
})

test('timeout: a silent socket is destroyed', async (t) => {
  const { client } = await start(t, { timeout: 50 }, () => new Promise(() => {}))
  const one = await client()
  one.write(GET)
  assert.equal(await one.closed, '')
})

test('maxRequestsPerSocket', async (t) => {
  const { client } = await start(t, { maxRequestsPerSocket: 2 })
  const one = await client()
  one.write(GET.repeat(3))
  const text = await one.ended
  assert.equal(text.match(/HTTP\/1\.1 200/g).length, 2)
  assert.equal(text.match(/Connection: close/g).length, 1)
})

test('nothing is left behind: no timer, no listener, no connection', async (t) => {
  const { server, client } = await start(t)
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const sockets = []
  server.on('connection', (socket) => sockets.push(socket))
  const clients = await Promise.all(Array.from({ length: 10 }, client))
  for (const one of clients) one.write(GET)
  for (const one of clients) await one.until(/\r\n\r\n$/)
  for (const one of clients) one.end()
  for (const one of clients) await one.closed
  await server.shutdown()
  assert.ok(timers() <= before)
  for (const socket of sockets) {
    for (const event of ['data', 'end', 'drain', 'timeout']) {
      const ours = socket
        .listeners(event)
        .filter((listener) => !/onReadableStreamEnd|onend/.test(listener.name))
      assert.deepEqual(ours, [], event)
    }
  }
})

test('heads that come slowly are bounded over all connections: the oldest gives way', async (t) => {
  const { client, errors } = await start(t, { maxPendingHeads: 2 })
  const idle = await client()
  idle.write(GET)
  await idle.until(/200/)
  const [fresh, slow] = [await client(), await client()]
  slow.write('GET / HT')
  await later(20)
  // Neither the one that is idle counts, nor one whose head is whole.
  const whole = await client()
  assert.equal(await fresh.ended, '', 'nothing had come of the oldest')
  whole.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n')
  await later(20)
  idle.write('GET / ')
  await later(20)
  const last = await client()
  assert.match(await slow.ended, /^HTTP\/1\.1 408 .*Connection: close/s)
  whole.write('x')
  idle.write('HTTP/1.1\r\nHost: a\r\n\r\n')
  last.write(GET)
  for (const one of [whole, idle, last]) await one.until(/200.*x?$/s)
  assert.deepEqual(errors, ['H1_HEADERS_TIMEOUT'])
  assert.throws(() => createServer({ maxPendingHeads: '1' }, () => {}), TypeError)
})
