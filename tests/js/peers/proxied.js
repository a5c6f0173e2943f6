// What our client and our server say to each other through a proxy, whichever it is: every case is run in front of
// each of them. What a proxy keeps for itself (trailers, 1xx) is for its own test to say.

'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const { formatResponse } = require('h1wire')
const { connect, createServer, pool, serve } = require('h1wire/net')
const { deferred, rejection, standsStill } = require('../net/client.js')

const LARGE = Buffer.alloc(3_000_000, 'a great deal ')
const PIECE = Buffer.alloc(64 * 1024, 'x')
/** What may lie between our server and our client: the kernel's and the proxy's buffers, a fraction of this. */
const MOST_BETWEEN = 4 * 1024 * 1024
const SENT = 64 * 1024 * 1024

/** Pieces to `SENT` octets; `given.octets` counts what was asked for, `given.stopped` resolves when no more is. */
function* pieces(given) {
  const stop = deferred()
  given.stopped = stop.promise
  try {
    for (given.octets = 0; given.octets < SENT; ) {
      given.octets += PIECE.length
      yield PIECE
    }
  } finally {
    stop.resolve()
  }
}

/**
 * Our server, where the proxy looks for it, and what its tests look at: how often each target was asked for, the
 * requests, the errors, the number of sockets.
 */
async function startOurs(t, { ours }) {
  const state = { executed: new Map(), given: {}, errors: [], sockets: 0, heads: [] }
  const gate = deferred()
  state.open = gate.resolve
  const ROUTES = {
    '/hello': () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hello' }),
    '/chunks': () => ({
      status: 200,
      headers: { Trailer: 'X-Sum' },
      body: ['in ', 'chunks'],
      trailers: { 'X-Sum': '9' },
    }),
    '/empty': () => ({ status: 204 }),
    '/unchanged': () => ({ status: 304, headers: { ETag: '"h1wire"' } }),
    '/early': (request) => {
      request.sendInformational({ status: 103, headers: { Link: '</style.css>; rel=preload' } })
      return { status: 200, body: 'late' }
    },
    '/echo': async (request) => {
      const body = await request.bytes()
      const trailers = await request.trailers
      return { status: 200, body, ...(trailers.size !== 0 && { trailers }) }
    },
    '/stream': (request) => ({ status: 200, body: request.body }),
    '/large': () => ({ status: 200, body: LARGE }),
    '/pieces': () => ({ status: 200, body: pieces(state.given) }),
    '/no': () => ({ status: 401, body: 'no' }),
    '/broken': () => ({ status: 200, body: breaking() }),
    '/short': () => ({ status: 200, headers: { 'Content-Length': '100' }, body: breaking() }),
    '/gated': async (request) => {
      await gate.promise
      let length = 0
      for await (const data of request) length += data.length
      return { status: 200, body: String(length) }
    },
  }
  const server = createServer(
    {
      keepAliveTimeout: 0,
      onError: (error) => state.errors.push(error),
      onUpgrade(_request, socket, rest) {
        socket.write(formatResponse({ status: 101, headers: { Upgrade: 'echo', Connection: 'Upgrade' } }))
        socket.write(rest)
        socket.pipe(socket)
      },
    },
    (request) => {
      const { executed } = state
      executed.set(request.target, (executed.get(request.target) ?? 0) + 1)
      state.heads.push(request)
      return (ROUTES[request.target] ?? ROUTES['/echo'])(request)
    },
  )
  server.on('connection', () => state.sockets++)
  await listen(server, ours)
  t.after(() => server.shutdown({ timeout: 0 }))
  return state
}

async function* breaking() {
  yield 'begun'
  // The head has left the proxy when the client has it: only then does this go on.
  const told = deferred()
  breaking.go = told.resolve
  await told.promise
  throw new Error('broken')
}

/** Every case there is. */
async function proxied(t, place) {
  const state = await startOurs(t, place)
  const client = connect({ path: place.proxy, origin: 'http://name.example' })
  const post = (body, more) => ({ method: 'POST', target: '/echo', body, ...more })
  const last = () => state.heads.at(-1)

  await t.test('GET, HEAD, 204 and 304, over one connection', async () => {
    const hello = await client.request({ target: '/hello' })
    assert.deepEqual([hello.status, await hello.text(), hello.keepAlive], [200, 'hello', true])
    assert.equal(last().headers.get('host'), 'name.example')
    const head = await client.request({ method: 'HEAD', target: '/hello' })
    assert.deepEqual([head.headers.get('content-length'), await head.text()], ['5', ''])
    for (const [target, status] of [
      ['/empty', 204],
      ['/unchanged', 304],
    ]) {
      const response = await client.request({ target })
      assert.deepEqual([response.status, await response.text()], [status, ''])
    }
    assert.equal(state.sockets, 1)
  })

  await t.test('POST: with a length, in chunks, and back', async () => {
    const counted = await client.request(post('name=Jörg'))
    assert.equal(await counted.text(), 'name=Jörg')
    assert.equal(last().headers.get('content-length'), '10')
    const chunked = await client.request(post(['in ', 'chunks']))
    assert.equal(await chunked.text(), 'in chunks')
    for (const body of [LARGE, [LARGE.subarray(0, 1_000_000), LARGE.subarray(1_000_000)]]) {
      const echo = await client.request(post(body))
      assert.ok((await echo.bytes()).equals(LARGE))
    }
    assert.equal(last().headers.get('transfer-encoding'), 'chunked')
    assert.ok((await (await client.request({ target: '/large' })).bytes()).equals(LARGE))
  })

  await t.test('200 requests on one connection, and 200 pipelined', async () => {
    const before = state.sockets
    for (let at = 0; at < 200; at++) {
      const target = `/${at}`
      assert.equal(await (await client.request(post(target, { target }))).text(), target)
    }
    const ahead = connect({ path: place.proxy }, { pipelining: 16 })
    const texts = await Promise.all(
      Array.from({ length: 200 }, async (_, at) =>
        (await ahead.request({ method: 'PUT', target: `/put/${at}`, body: `<${at}>` })).text(),
      ),
    )
    assert.deepEqual(
      texts,
      texts.map((_, at) => `<${at}>`),
    )
    await ahead.close()
    assert.ok(state.sockets <= before + 1, `${state.sockets} connections to our server`)
    for (let at = 0; at < 200; at++) {
      assert.deepEqual([state.executed.get(`/${at}`), state.executed.get(`/put/${at}`)], [1, 1])
    }
  })

  await t.test('a client that does not read holds our server back through the proxy', async () => {
    const response = await client.request({ target: '/pieces' })
    await standsStill(() => state.given.octets)
    assert.ok(state.given.octets < MOST_BETWEEN, `${state.given.octets} octets were asked for`)
    let read = 0
    for await (const data of response) {
      read += data.length
      const between = state.given.octets - read
      assert.ok(between < MOST_BETWEEN, `${between} octets are between them`)
    }
    assert.equal(read, SENT)
  })

  await t.test('a handler that does not read holds our client back through the proxy', async () => {
    const given = {}
    const asked = client.request({ method: 'POST', target: '/gated', body: pieces(given) })
    await standsStill(() => given.octets)
    assert.ok(given.octets < MOST_BETWEEN, `${given.octets} octets were asked for`)
    state.open()
    assert.equal(await (await asked).text(), String(SENT))
  })

  await t.test('Expect: 100-continue', async () => {
    const expects = { Expect: '100-continue' }
    const waiting = connect({ path: place.proxy }, { continueTimeout: 0x7fffffff })
    for (const body of ['whole', ['in ', 'pieces']]) {
      const response = await waiting.request(post(body, { headers: expects }))
      assert.deepEqual(
        response.informational.map(({ status }) => status),
        [100],
      )
      assert.equal(await response.text(), [body].flat().join(''))
    }
    await waiting.close()
  })

  await t.test('a 103 ahead of the response: passed on or not', async () => {
    const late = await client.request({ target: '/early' })
    assert.equal(await late.text(), 'late')
    for (const { status, headers } of late.informational) {
      assert.deepEqual([status, headers.get('link')], [103, '</style.css>; rel=preload'])
    }
  })

  await t.test('an upgrade, and what is said behind it', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'echo' }
    const switched = await connect({ path: place.proxy }).request({ target: '/chat', headers })
    assert.deepEqual([switched.status, switched.headers.get('upgrade')], [101, 'echo'])
    const { socket } = switched
    let said = String(switched.rest)
    socket.write('another protocol')
    for await (const data of socket) {
      said += data
      if (said === 'another protocol') socket.end()
    }
    assert.equal(said, 'another protocol')
  })

  await t.test('a response of ours that breaks off breaks off at the client', async () => {
    for (const [target, codes] of [
      ['/broken', ['H1_TRUNCATED_CHUNKS', 'H1_SOCKET_CLOSED']],
      ['/short', ['H1_TRUNCATED_BODY', 'H1_SOCKET_CLOSED']],
    ]) {
      const one = connect({ path: place.proxy })
      const response = await one.request({ target })
      breaking.go()
      const error = await rejection(response.text())
      assert.ok(codes.includes(error.code), error.code)
      assert.equal(String(error.received), 'begun')
      assert.equal(state.errors.pop().message, 'broken')
      await one.close()
    }
  })

  await t.test('a client that gives up: the source of our response is stopped', async () => {
    const abort = new AbortController()
    const one = connect({ path: place.proxy })
    const response = await one.request({ target: '/pieces' }, abort)
    abort.abort(new Error('enough'))
    await assert.rejects(response.bytes(), { message: 'enough' })
    await state.given.stopped
    assert.ok(state.given.octets < SENT)
    await one.close()
  })

  await client.close()
  assert.deepEqual(state.errors, [])
}

/**
 * Our server closes an idle connection at the moment at which the next request comes over it, every third time.
 * Nothing is executed twice; what is idempotent comes through; of the rest it is known what became of it.
 */
async function closedWhenIdle(t, { proxy, ours }) {
  const executed = new Map()
  let closed = 0
  const answer = async ({ method, target, body }) => {
    if (method === 'POST') await body.text()
    executed.set(target, (executed.get(target) ?? 0) + 1)
    return { status: 200, body: target }
  }
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const served = serve(socket, answer)
    let reads = 0
    socket.on('error', () => {})
    // Before the server sees what has come.
    socket.prependListener('data', () => {
      if (reads++ === 0 || !served.idle || executed.size % 3 !== 0) return
      closed++
      served.close()
    })
    t.after(() => served.destroy())
  })
  await listen(server, ours)
  t.after(() => server.close())
  const clients = pool({ path: proxy }, { connections: 4 })
  const ask = async (method, target) => {
    try {
      const response = await clients.request({ method, target, body: method === 'POST' ? 'x' : null })
      await response.text()
      return [method, target, response.status]
    } catch (error) {
      return [method, target, error.code]
    }
  }
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, at) => ask(at % 4 === 0 ? 'POST' : 'GET', `/${at}`)),
  )
  await clients.close()
  assert.ok(closed > 20, `${closed} connections were closed at that moment`)
  let failed = 0
  for (const [method, target, outcome] of outcomes) {
    const times = executed.get(target) ?? 0
    if (method === 'GET' || outcome === 200) {
      assert.deepEqual([outcome, times], [200, 1], target)
    } else {
      assert.ok([502, 'H1_RESPONSE_MISSING', 'H1_SOCKET_CLOSED'].includes(outcome), `${outcome}`)
      assert.equal(times, 0, target)
      failed++
    }
  }
  assert.ok(failed > 0)
}

/** Listens on a Unix socket that anybody may connect to. */
async function listen(server, path) {
  fs.rmSync(path, { force: true })
  server.listen({ path, writableAll: true, readableAll: true })
  await once(server, 'listening')
}

module.exports = { closedWhenIdle, proxied, startOurs }
