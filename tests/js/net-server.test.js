// Servers on real sockets, asked octet by octet: answers, bodies both ways, their order, and how a connection ends.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const channel = require('node:diagnostics_channel')
const { once } = require('node:events')
const net = require('node:net')
const { Duplex, duplexPair, Readable } = require('node:stream')
const { inspect } = require('node:util')
const { createServer, serve } = require('h1wire/net')
const { deferred, standsStill } = require('./net/client.js')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const post = (length, more = '') => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n${more}\r\n`
const CHUNKED = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const DATE = /\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/

/** A server for one test, and what connects to it. */
async function start(t, handler, options = {}) {
  const errors = []
  const server = createServer({ onError: (error) => errors.push(error), ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address()
  return { server, errors, port, client: () => open({ port, host: '127.0.0.1' }) }
}

const ok = (body, more) => ({ status: 200, body, ...more })
const later = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value))
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((one) => Number(one[1]))

test('it is a net.Server, with its options', async (t) => {
  const { server, port, client } = await start(t, () => ok('hi'), { maxConnections: 1 })
  assert.ok(server instanceof net.Server)
  assert.equal(server.maxConnections, 1)
  const first = await client()
  const second = net.connect(port, '127.0.0.1')
  second.on('error', () => {})
  await once(second, 'close')
  first.write(GET)
  await first.until(/hi$/)
})

test('answers may know more about themselves, as a response that was received does', async (t) => {
  const more = { contentLength: 2, keepAlive: true }
  const { client, errors } = await start(t, async (request) => {
    request.sendInformational({ status: 103, headers: { A: 'b' }, ...more })
    const body = request.target === '/pieces' ? ['h', 'i'] : 'hi'
    return ok(body, more)
  })
  const one = await client()
  one.write(GET)
  assert.match(await one.until(/hi$/), /^HTTP\/1\.1 103 Early Hints\r\nA: b\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  one.write(GET.replace('/', '/pieces'))
  assert.match(await one.until(/0\r\n\r\n$/), /1\r\nh\r\n/)
  assert.deepEqual(errors, [])
})

test('answers at once and later, with a Date unless given', async (t) => {
  const { client } = await start(t, ({ target }) => {
    if (target === '/given') return ok('x', { headers: [['date', 'now']] })
    return target === '/later' ? later(10, ok('later')) : ok('now', { headers: { 'X-A': ['1', '2'] } })
  })
  const one = await client()
  one.write(GET)
  const text = await one.until(/now$/)
  assert.match(text, /^HTTP\/1\.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nDate: /)
  assert.match(text, DATE)
  one.write('GET /later HTTP/1.1\r\nHost: a\r\n\r\n')
  await one.until(/later$/)
  one.write('GET /given HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.equal((await one.until(/x$/)).match(/date: /gi).length, 3)
  one.write('HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  assert.match(await one.ended, /Connection: close\r\nContent-Length: 3\r\n\r\n$/)
})

test('the request: method, target, version, fields, socket; and no body', async (t) => {
  const seen = []
  const { client } = await start(t, async (request) => {
    const { method, target, version, headers, socket } = request
    seen.push([method, target, version, headers.get('x-a'), socket.remoteAddress])
    return ok(`${await request.body.text()}|${(await request.trailers).size}`)
  })
  const one = await client()
  one.write('PURGE /a?b HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nConnection: close\r\n\r\n')
  assert.match(await one.ended, /\r\n\r\n\|0$/)
  assert.deepEqual(seen, [['PURGE', '/a?b', '1.1', '1', '127.0.0.1']])
})

test('every way to read the body, of the request and of its body', async (t) => {
  const { client } = await start(t, async (request) => {
    const { target } = request
    if (target === '/text') return ok(await request.text())
    if (target === '/json') return ok(JSON.stringify(await request.json()))
    if (target === '/bytes') return ok(await request.bytes({ limit: 3 }))
    if (target === '/stream') return ok(request.stream)
    if (target === '/request') return ok(request)
    let text = ''
    for await (const data of request) text += data
    return ok(text)
  })
  const one = await client()
  for (const target of ['/text', '/json', '/bytes', '/each']) {
    one.write(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n[1]`)
  }
  await one.until(/(\[1\].*){4}$/s)
  for (const target of ['/stream', '/request']) {
    one.write(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n[1]`)
  }
  await one.until(/chunked\r\n\r\n3\r\n\[1\]\r\n0\r\n\r\n.*Content-Length: 3\r\n\r\n\[1\]$/s)
  one.write(`POST /bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n[10]`)
  assert.match(await one.ended, /HTTP\/1\.1 413 /)
})

test('cut after every octet', async (t) => {
  const { client } = await start(t, async (request) =>
    ok(`${await request.body.text()} ${(await request.trailers).get('x-t')}`),
  )
  const one = await client()
  one.socket.setNoDelay(true)
  for (const octet of `${CHUNKED}3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n`) {
    one.write(octet)
    await new Promise(setImmediate)
  }
  await one.until(/abcde 1$/)
})

test('pipelined requests are answered in order, one at a time', async (t) => {
  let running = 0
  const { client } = await start(t, async (request) => {
    assert.equal(++running, 1)
    const body = await request.body.text()
    await later(Math.random() * 5)
    running--
    return ok(`<${request.target}${body}>`)
  })
  const one = await client()
  let expected = ''
  let all = ''
  for (let at = 0; at < 50; at++) {
    all += `POST /${at} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!`
    expected += `</${at}!>`
  }
  one.end(all)
  const text = await one.closed
  assert.equal(text.match(/<[^>]*>/g).join(''), expected)
})

for (const [how, handler] of [
  ['at once', ({ target }) => ok(`<${target}>`)],
  ['in one turn of promises', async ({ target }) => ok(`<${target}>`)],
  [
    'both ways',
    ({ target }) => {
      const answer = ok(`<${target}>`)
      return target.endsWith('3') ? Promise.resolve(answer) : answer
    },
  ],
]) {
  test(`many pipelined requests answered ${how} go out together`, async (t) => {
    const { client, server } = await start(t, handler)
    let writes = 0
    server.prependListener('connection', (socket) => {
      const { write } = socket
      socket.write = (...args) => {
        writes++
        return write.apply(socket, args)
      }
    })
    const one = await client()
    one.write(Array.from({ length: 100 }, (_, at) => `GET /${at} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
    const text = await one.until(/<\/99>$/)
    const expected = Array.from({ length: 100 }, (_, at) => `</${at}>`)
    assert.deepEqual(text.match(/<[^>]*>/g), expected)
    assert.ok(writes <= 3, `${writes} writes`)
  })
}

test('bodies in pieces: chunked, counted, to a 1.0 client until close, to HEAD none', async (t) => {
  const pieces = async function* () {
    yield 'ab'
    await later(5)
    yield Buffer.from('c')
  }
  const left = deferred()
  const { client } = await start(t, ({ target, method }) => {
    if (method === 'HEAD') {
      const body = Readable.from(pieces())
      body.on('close', left.resolve)
      return ok(body)
    }
    if (target === '/counted') return ok(pieces(), { headers: { 'Content-Length': 3 } })
    if (target === '/web') return ok(new Blob(['abc']).stream())
    return ok(pieces(), { trailers: () => ({ 'X-Sum': '3' }) })
  })
  const one = await client()
  one.write(GET)
  assert.match(
    await one.until(/0\r\n.*\r\n\r\n$/s),
    /Transfer-Encoding: chunked\r\n[\s\S]*2\r\nab\r\n1\r\nc\r\n0\r\nX-Sum: 3\r\n\r\n$/,
  )
  one.write('GET /counted HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.match(await one.until(/\r\n\r\nabc$/), /Content-Length: 3\r\n/)
  one.write('GET /web HTTP/1.1\r\nHost: a\r\n\r\n')
  await one.until(/3\r\nabc\r\n0\r\n\r\n$/)
  one.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')
  await one.until(/\r\n\r\nHTTP[\s\S]*\r\n\r\n$/)
  await left.promise
  one.write('GET /web HTTP/1.0\r\n\r\n')
  assert.match(await one.ended, /Connection: close\r\n\r\nabc$/)
})

test('an echo streams: what comes goes before all has come', async (t) => {
  const { client } = await start(t, (request) => ok(request.body))
  const one = await client()
  one.write(`${CHUNKED}3\r\nabc\r\n`)
  await one.until(/3\r\nabc\r\n$/)
  one.write('2\r\nde\r\n0\r\n\r\n')
  await one.until(/2\r\nde\r\n0\r\n\r\n$/)
  one.write(LAST)
  await one.ended
})

test('a body that nobody reads is not taken from the socket', async (t) => {
  let release
  const { client } = await start(t, async (request) => {
    await new Promise((resolve) => {
      release = () => resolve()
    })
    let length = 0
    for await (const data of request.body) length += data.length
    return ok(`${length}`)
  })
  const size = 32 * 1024 * 1024
  const one = await client()
  one.write(post(size))
  one.write(Buffer.alloc(size, 'x'))
  await standsStill(() => one.socket.writableLength)
  // What the kernel holds on both sides, and one read of ours.
  assert.ok(one.socket.writableLength > size / 2, `${one.socket.writableLength} of ${size} are left`)
  release()
  await one.until(/\r\n\r\n33554432$/)
})

test('a client that does not read holds the handler back, and memory stays bounded', async (t) => {
  let given = 0
  const piece = Buffer.alloc(64 * 1024, 'x')
  const { client, server } = await start(t, () =>
    ok(
      (function* () {
        for (let at = 0; at < 1024; at++) {
          given += piece.length
          yield piece
        }
      })(),
    ),
  )
  let most = 0
  server.on('connection', (socket) => {
    const timer = setInterval(() => (most = Math.max(most, socket.writableLength)), 5)
    socket.on('close', () => clearInterval(timer))
  })
  const one = await client()
  one.socket.pause()
  one.write(LAST)
  await standsStill(() => given)
  assert.ok(given < 64 * 1024 * 1024, `${given} octets were asked for`)
  // Never more than one piece, and what it is framed with.
  assert.ok(most < 2 * piece.length, `${most} octets wait in the socket`)
  one.socket.resume()
  await one.ended
  assert.equal(given, 64 * 1024 * 1024)
})

test('pipelined requests of a client that does not read are not answered for ever', async (t) => {
  let answered = 0
  const { client } = await start(t, () => {
    answered++
    return ok(Buffer.alloc(16 * 1024))
  })
  const one = await client()
  one.socket.pause()
  one.write(GET.repeat(20_000))
  await standsStill(() => answered)
  assert.ok(answered < 2000, `${answered} were answered`)
  one.socket.destroy()
})

test('100-continue: sent when the body is first read, or by hand', async (t) => {
  const { client } = await start(t, async (request) => {
    if (request.target === '/hand') {
      request.sendInformational({ status: 103, headers: { Link: '</a>' } })
      request.sendInformational({ status: 100 })
    }
    return ok(await request.body.text())
  })
  const head = (target) =>
    `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`
  const one = await client()
  one.write(head('/'))
  assert.equal(await one.until(/\r\n\r\n/), 'HTTP/1.1 100 Continue\r\n\r\n')
  one.write('ab')
  await one.until(/\r\n\r\nab$/)
  one.write(head('/hand'))
  await one.until(/ab[\s\S]*103 [\s\S]*100 Continue\r\n\r\n$/)
  one.write('cd')
  const text = await one.until(/\r\n\r\ncd$/)
  assert.deepEqual(statuses(text), [100, 200, 103, 100, 200])
})

test('an answer in place of a 100 ends the connection', async (t) => {
  const { client } = await start(t, () => ({ status: 401, body: 'no' }))
  const one = await client()
  one.write(post(5, 'Expect: 100-continue\r\n'))
  assert.match(await one.ended, /^HTTP\/1\.1 401 [\s\S]*Connection: close\r\n[\s\S]*no$/)
})

test('a body that nobody wanted: up to 64 KiB are dropped, with more the connection is closed', async (t) => {
  const { client } = await start(t, () => ok('done'))
  const one = await client()
  one.write(post(60_000))
  await one.until(/done$/)
  assert.doesNotMatch(one.text(), /Connection: close/)
  one.write(Buffer.alloc(60_000))
  one.write(GET)
  await one.until(/done[\s\S]*done$/)
  one.write(post(70_000))
  assert.match(await one.ended, /done[\s\S]*done[\s\S]*Connection: close[\s\S]*done$/)
  // The answer survives what the client still sends.
  const other = await client()
  other.write(`${CHUNKED}`)
  for (let at = 0; at < 40; at++) other.write(`2710\r\n${'x'.repeat(10_000)}\r\n`)
  assert.match(await other.ended, /done$/)
  assert.equal(other.error, undefined)
})

test('half-close behind the request, answered later: the answer comes all the same', async (t) => {
  const { client } = await start(t, async ({ socket }) => {
    if (!socket.readableEnded) await once(socket, 'end')
    return later(20, ok('late'))
  })
  const one = await client()
  one.end(GET)
  assert.match(await one.closed, /^HTTP\/1\.1 200 [\s\S]*late$/)
  const two = await client()
  two.end(GET + GET)
  assert.deepEqual(statuses(await two.closed), [200, 200])
  const idle = await client()
  idle.end()
  assert.equal(await idle.closed, '')
})

test('a client that goes away aborts the signal and the body', async (t) => {
  const [begun, aborted, failed] = [deferred(), deferred(), deferred()]
  const { client, errors } = await start(t, async (request) => {
    request.signal.addEventListener('abort', () => aborted.resolve(request.signal.reason.code))
    begun.resolve()
    try {
      await request.body.text()
    } catch (error) {
      failed.resolve(error.code)
      throw error
    }
    return ok('')
  })
  const one = await client()
  one.write(`${post(5)}ab`)
  await begun.promise
  one.socket.resetAndDestroy()
  assert.deepEqual(await Promise.all([aborted.promise, failed.promise]), [
    'H1_SOCKET_CLOSED',
    'H1_SOCKET_CLOSED',
  ])
  await new Promise(setImmediate)
  assert.deepEqual(errors, [])
})

test('a client that goes away stops the source of a response', async (t) => {
  let stopped
  const gone = new Promise((resolve) => {
    stopped = resolve
  })
  const { client } = await start(t, () =>
    ok(
      (async function* () {
        try {
          for (;;) {
            yield 'x'
            await later(1)
          }
        } finally {
          stopped()
        }
      })(),
    ),
  )
  const one = await client()
  one.write(GET)
  await one.until(/x\r\n/)
  one.socket.destroy()
  await gone
})

test('a source that gives nothing more is stopped too when its client goes away', async (t) => {
  const source = new Readable({ read() {} })
  source.push('<first>')
  const { client } = await start(t, () => ok(source))
  const one = await client()
  one.write(GET)
  await one.until(/<first>/)
  one.socket.resetAndDestroy()
  await once(source, 'close')
  assert.ok(source.destroyed)
})

test('faults of a handler: 500 before the head, cut off behind it, and both are told', async (t) => {
  const { client, errors } = await start(t, async ({ target }) => {
    if (target === '/throw') throw new Error('thrown')
    if (target === '/nothing') return undefined
    if (target === '/101') return { status: 101 }
    if (target === '/bad') return ok('', { headers: { 'X-A': 'a\r\nB: c' } })
    return ok(
      (async function* () {
        yield 'begun'
        throw new Error('broken')
      })(),
    )
  })
  const one = await client()
  for (const target of ['/throw', '/nothing', '/101', '/bad']) {
    one.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
  }
  one.write(GET)
  const text = await one.closed
  assert.deepEqual(statuses(text), [500, 500, 500, 500, 200])
  assert.match(text, /begun\r\n$/)
  assert.doesNotMatch(text, /thrown|broken/)
  assert.deepEqual(
    errors.map(({ code, message, name }) => code ?? (name === 'TypeError' ? name : message)),
    ['thrown', 'TypeError', 'TypeError', 'H1_FIELD_VALUE', 'broken'],
  )
})

test('without onError a fault of a handler goes to stderr', async (t) => {
  const told = t.mock.method(console, 'error', () => {})
  const { client } = await start(t, () => Promise.reject(new Error('thrown')), { onError: undefined })
  const one = await client()
  one.write(GET)
  await one.until(/\r\n\r\nInternal Server Error\n$/)
  assert.equal(told.mock.calls[0].arguments[0].message, 'thrown')
})

/** What is published on the channels of servers while a test runs: `[name, message]`. */
function listening(t) {
  const told = []
  for (const name of ['connection', 'request:start', 'response:finish', 'error']) {
    const hear = (message) => told.push([name, message])
    channel.subscribe(`h1wire:server:${name}`, hear)
    t.after(() => channel.unsubscribe(`h1wire:server:${name}`, hear))
  }
  return told
}

test('diagnostics: what is published, and when', async (t) => {
  const requests = []
  const { client, server } = await start(t, (request) => {
    requests.push(request)
    if (request.target === '/throw') throw new Error('thrown')
    return ok('')
  })
  const told = listening(t)
  const connected = once(server, 'connection')
  const one = await client()
  const [socket] = await connected
  one.write(`${GET}GET /throw HTTP/1.1\r\nHost: a\r\n\r\n`)
  await one.until(/ 500 /)
  assert.equal(told[4][1].error.message, 'thrown')
  assert.deepEqual(told, [
    ['connection', { socket }],
    ['request:start', { request: requests[0], socket }],
    ['response:finish', { request: requests[0], status: 200, socket }],
    ['request:start', { request: requests[1], socket }],
    ['error', { error: told[4][1].error, request: requests[1], socket }],
    ['response:finish', { request: requests[1], status: 500, socket }],
  ])
})

test('diagnostics: a fault before a request, in one, and behind its answer; a socket given away', async (t) => {
  const broken = async function* () {
    yield 'begun'
    throw new Error('broken')
  }
  const onUpgrade = (_request, socket) => socket.end()
  const handler = async (request) => ok(request.target === '/broken' ? broken() : await request.text())
  const { client } = await start(t, handler, { onUpgrade })
  const told = listening(t)
  for (const octets of [
    'BAD\r\n\r\n',
    `${CHUNKED}1\r\nab`,
    'GET /broken HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
  ]) {
    const one = await client()
    one.end(octets)
    await one.closed
  }
  assert.deepEqual(
    told.map(([name, { request, status, error }]) => [
      name,
      request?.target,
      status ?? error?.code ?? error?.message,
    ]),
    [
      ['connection', undefined, undefined],
      ['error', undefined, 'H1_METHOD'],
      ['connection', undefined, undefined],
      ['request:start', '/', undefined],
      ['error', '/', 'H1_CHUNK_DATA_END'],
      ['response:finish', '/', 400],
      ['connection', undefined, undefined],
      ['request:start', '/broken', undefined],
      ['error', '/broken', 'broken'],
      ['connection', undefined, undefined],
      ['request:start', '/x', undefined],
    ],
  )
})

test('close() ends idle connections, and the others behind their response', async (t) => {
  const [begun, held] = [deferred(), deferred()]
  const { server, client } = await start(t, () => {
    begun.resolve()
    return held.promise
  })
  const [idle, busy] = [await client(), await client()]
  busy.write(GET)
  await begun.promise
  const closed = once(server, 'close')
  server.close()
  assert.equal(await idle.ended, '')
  held.resolve(ok('done'))
  assert.match(await busy.ended, /Connection: close\r\n[\s\S]*done$/)
  for (const one of [idle, busy]) one.end()
  await closed
})

test('shutdown() waits for what is under way, and not longer than it is told', async (t) => {
  for (const timeout of [undefined, 50]) {
    const begun = deferred()
    const { server, client } = await start(t, () => {
      begun.resolve()
      return timeout ? new Promise(() => {}) : later(20, ok('done'))
    })
    server.prependOnceListener('connection', (socket) => socket.destroy())
    await (await client()).closed
    const one = await client()
    one.write(GET)
    await begun.promise
    await Promise.all([server.shutdown({ timeout }), server.shutdown()])
    assert.deepEqual(statuses(await one.closed), timeout ? [] : [200])
  }
})

test('serve: any Duplex', async () => {
  const [ours, theirs] = duplexPairOf()
  const events = ['data', 'drain', 'close']
  const counts = () => events.map((event) => ours.listenerCount(event))
  const before = counts()
  const served = serve(ours, async (request) => ok(await request.body.text()))
  let text = ''
  theirs.on('data', (data) => {
    text += data
  })
  theirs.write(`${post(3)}abc`)
  while (!text.endsWith('\r\n\r\nabc')) await once(theirs, 'data')
  assert.equal(served.idle, true)
  served.close()
  theirs.end()
  await once(ours, 'close')
  serve(ours, () => assert.fail())
  assert.deepEqual(counts(), before)
})

test('what is no option, handler or octets is refused by name', async (t) => {
  const bad = (options) => assert.throws(() => createServer(options, () => {}), /options\.|handler/)
  for (const name of ['headersTimeout', 'requestTimeout', 'keepAliveTimeout', 'minBodyRate', 'sendTimeout']) {
    bad({ [name]: '1' })
    bad({ [name]: -1 })
  }
  bad({ onUpgrade: 1 })
  bad({ limits: { maxStuff: 1 } })
  assert.throws(() => createServer({}), /handler/)
  const { server, errors, client } = await start(t, () => ok(''))
  server.on('connection', (socket) => socket.setEncoding('utf8'))
  const one = await client()
  one.write(GET)
  await one.closed
  assert.match(errors[0].message, /setEncoding/)
})

test('an option that is not known is refused, with the name that was probably meant, and only those that apply', () => {
  const create = (options) => createServer(options, () => {})
  const one = (options) => serve(new Duplex(), () => {}, options)
  for (const make of [create, one]) {
    assert.throws(
      () => make({ keepAliveTimout: 1 }),
      /options\.keepAliveTimout is not known: did you mean keepAliveTimeout\?/,
    )
    assert.throws(
      () => make({ maxHeadSize: 1 }),
      /options\.maxHeadSize is not known: it belongs in options\.limits/,
    )
    assert.throws(
      () => make({ xyzzy: 1 }),
      ({ message }) => {
        assert.match(message, /options\.xyzzy is not known: there are .*onHalfClose/)
        assert.doesNotMatch(message, /role|cycles/)
        assert.equal(/maxConnections/.test(message), make === create)
        return true
      },
    )
    assert.throws(() => make({ onHalfClose: 'close' }), /options\.onHalfClose must be 'answer' or 'abort'/)
    assert.throws(() => make([]), /options must be an object/)
  }
  assert.throws(() => one({ maxConnections: 1 }), /it is an option of createServer\(\)/)
  for (const name of ['timeout', 'maxConnections', 'maxPendingHeads']) {
    assert.throws(() => create({ [name]: '1' }), new RegExp(`options\\.${name} must be a number`))
  }
  const ofNode = {
    allowHalfOpen: true,
    highWaterMark: 1000,
    keepAlive: true,
    keepAliveInitialDelay: 1,
    noDelay: true,
  }
  create({ ...ofNode, pauseOnConnect: false, captureRejections: false, limits: undefined })
})

test('options stay as they were when they were given', async (t) => {
  const options = { limits: { maxStartLine: 100 }, lenient: ['missingHost'] }
  const { client } = await start(t, () => ok('hi'), options)
  options.limits.maxStartLine = 1
  options.lenient.length = 0
  const one = await client()
  one.write('GET / HTTP/1.1\r\n\r\n')
  await one.until(/hi$/)
})

test('what is no response, or has a member that would not be read, is 500, and told', async (t) => {
  const answers = [
    undefined,
    null,
    'text',
    ok('x', { header: { A: 'b' } }),
    { statusCode: 200 },
    { ...ok('x'), length: 1 },
  ]
  const { client, errors } = await start(t, () => answers[errors.length])
  const one = await client()
  for (const [at] of answers.entries()) {
    one.write(GET)
    await one.until(new RegExp(`( 500 [^E]*Error\\r\\n[^E]*Error\\n[^E]*){${at + 1}}$`))
  }
  assert.deepEqual(
    errors.map(({ message }) => message.replace(/:.*/, '')),
    [
      ...Array(3).fill('A handler returns a response, such as { status'),
      ...['header is not known', 'statusCode is not known', 'length is not known'],
    ],
  )
  assert.match(errors[3].message, /did you mean headers\?/)
  assert.match(errors[4].message, /did you mean status\?/)
})

/** Reads a little of a body, and leaves it. */
async function leave(request) {
  for await (const _ of request) break
}

test('a body that is left: the rest of it is dropped if it is little and comes soon', async (t) => {
  const { client } = await start(t, async (request) => leave(request).then(() => ok('left')))
  const one = await client()
  one.write(`${post(10)}12345`)
  await one.until(/left$/)
  await later(50)
  one.write(`67890${GET}`)
  await one.until(/left.*left$/s)
})

for (const [what, head, piece] of [
  ['of known length', post(1000), 'x'],
  ['in chunks', CHUNKED, '1\r\nx\r\n'],
]) {
  test(`a body that is left and trickles does not hold its connection: ${what}`, async (t) => {
    const { client } = await start(t, async (request) => leave(request).then(() => ok('left')), {
      drainTimeout: 200,
    })
    const one = await client()
    one.write(head + piece)
    await one.until(/left$/)
    const began = performance.now()
    const trickle = setInterval(() => one.write(piece), 20)
    await one.ended
    clearInterval(trickle)
    const took = performance.now() - began
    assert.ok(took > 150 && took < 1_500, `${took}`)
  })
}

test('of a body that is left while the handler works, no more is read than is dropped', async (t) => {
  let read
  const { client } = await start(t, async (request) => {
    await leave(request)
    await later(600)
    read = request.socket.bytesRead
    return ok('left')
  })
  const one = await client()
  one.write(`${CHUNKED}1000000\r\n${'x'.repeat(3_000_000)}`)
  assert.match(await one.ended, /Connection: close[\s\S]*left$/)
  // What is dropped and the read in which it is, what is read ahead, and what the socket buffers.
  assert.ok(read < 65_536 * 8, `${read}`)
})

test('an onError that throws or rejects keeps no request from its answer', async (t) => {
  const said = t.mock.method(console, 'error', () => {})
  for (const onError of [
    () => {
      throw new Error('mine')
    },
    async () => {
      throw new Error('mine')
    },
  ]) {
    const { client } = await start(t, () => Promise.reject(new Error('yours')), { onError })
    const one = await client()
    one.write(GET)
    await one.until(/ 500 [\s\S]*Error\n$/)
    one.write('garbage\r\n\r\n')
    await one.until(/ 400 [\s\S]*\n$/)
    one.socket.destroy()
  }
  assert.deepEqual(
    said.mock.calls.map(({ arguments: [error] }) => error.message),
    Array(4).fill('mine'),
  )
})

test('responses say how long the connection is kept, where that is set and the client keeps it', async (t) => {
  const handler = ({ target }) =>
    ok(target === '/pieces' ? ['x'] : 'x', target === '/own' ? { headers: { Connection: 'x', x: '' } } : {})
  const { client } = await start(t, handler, { keepAliveTimeout: 7_900 })
  const said = /\r\nConnection: keep-alive\r\nKeep-Alive: timeout=7\r\n/
  for (const [octets, expected] of [
    [GET, said],
    [GET.replace('/', '/pieces'), said],
    [GET.replace('/', '/own'), /\r\nConnection: x\r\n/],
    ['GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', /^(?!.*timeout).*\r\nConnection: keep-alive\r\n/s],
    [LAST, /^(?!.*timeout).*\r\nConnection: close\r\n/s],
  ]) {
    const one = await client()
    one.write(octets)
    assert.match(await one.until(/x$|x\r\n0\r\n\r\n$/), expected)
    one.socket.destroy()
  }
  for (const options of [{}, { keepAliveTimeout: 900 }, { keepAliveTimeout: 0 }]) {
    const { client } = await start(t, handler, options)
    const one = await client()
    one.write(GET)
    assert.doesNotMatch(await one.until(/x$/), /Keep-Alive|Connection/)
    one.socket.destroy()
  }
})

test('a server counts what it serves, and it and requests show themselves', async (t) => {
  const asked = deferred()
  const { server, client } = await start(t, (request) => {
    asked.resolve(request)
    return new Promise(() => {})
  })
  const [one] = [await client(), await client()]
  one.write(post(3, 'X-A: 1\r\n'))
  const request = await asked.promise
  while (server.size !== 2) await later(1)
  const { size, pending, free } = server
  assert.deepEqual({ size, pending, free }, { size: 2, pending: 1, free: 1 })
  assert.match(inspect(server), /^Server \{\s+listening: true,[\s\S]*size: 2,\s+free: 1,\s+pending: 1\s+\}$/)
  const shown = inspect(request)
  assert.match(shown, /^IncomingRequest \{\s+method: 'POST',\s+target: '\/',[\s\S]*X-A: '1'/)
  assert.match(
    shown,
    /contentLength: 3,\s+chunked: false,\s+body: \{ received: 0, ended: false, used: false \}\s+\}$/,
  )
})

test('Symbol.asyncDispose waits for the responses under way', { skip: !Symbol.asyncDispose }, async (t) => {
  const asked = deferred()
  const { server, client } = await start(t, () => {
    asked.resolve()
    return later(50, ok('done'))
  })
  const one = await client()
  one.write(GET)
  await asked.promise
  await server[Symbol.asyncDispose]()
  assert.match(await one.ended, /done$/)
  assert.deepEqual([server.size, server.listening], [0, false])
})

/** Two ends of a pipe; Node.js 20 has a function for it from 20.17 on. */
function duplexPairOf() {
  if (duplexPair) return duplexPair()
  const ends = []
  for (const other of [1, 0]) {
    ends.push(
      new Duplex({
        read() {},
        write(data, _encoding, done) {
          ends[other].push(data)
          done()
        },
        final(done) {
          ends[other].push(null)
          done()
        },
      }),
    )
  }
  return ends
}

test('a socket that is paused when it comes is read', async (t) => {
  const { client } = await start(t, () => ok('hi'), { pauseOnConnect: true })
  const one = await client()
  one.write(GET)
  await one.until(/hi$/)
  const [ours, theirs] = duplexPairOf()
  ours.pause()
  serve(ours, () => ok('hi'))
  theirs.write(LAST)
  let text = ''
  for await (const data of theirs) text += data
  assert.match(text, /hi$/)
})
