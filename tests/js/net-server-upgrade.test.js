// Sockets given away: an upgrade, a WebSocket served by the ws package, a tunnel with TLS in it; and what declines them.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const net = require('node:net')
const { pipeline } = require('node:stream')
const tls = require('node:tls')
const { WebSocket, WebSocketServer } = require('ws')
const { formatResponse } = require('h1wire')
const { connect, createServer } = require('h1wire/net')
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

const POST = (length, more = '') =>
  UPGRADE.replace('GET', 'POST').replace('\r\n\r\n', `\r\nContent-Length: ${length}\r\n${more}\r\n`)
const CONNECT = 'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n'
const later = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value))

/** Says what comes, in angle brackets. */
function echo(socket, rest) {
  socket.on('error', () => {})
  if (rest.length !== 0) socket.write(`<${rest}>`)
  socket.on('data', (data) => socket.write(`<${data}>`))
  socket.on('end', () => socket.end())
}

for (const [what, octets, option] of [
  ['onUpgrade', UPGRADE, 'onUpgrade'],
  ['onConnect', CONNECT, 'onConnect'],
]) {
  test(`${what} that rejects: the socket is destroyed, and onError told`, async (t) => {
    const told = []
    const { client } = await start(t, {
      onError: (error, request) => told.push([error.message, request.method]),
      async [option]() {
        await later(10)
        throw new Error('no')
      },
    })
    const one = await client()
    one.write(octets)
    assert.equal(await one.closed, '')
    assert.deepEqual(told, [['no', octets.slice(0, octets.indexOf(' '))]])
  })

  for (const [how, decline] of [
    ['at once', () => false],
    ['later', async () => later(20, false)],
  ]) {
    test(`${what} declines ${how}: the handler answers, and HTTP goes on`, async (t) => {
      let signal
      const { client } = await start(t, { [option]: decline }, (request) => {
        signal ??= request.signal
        return { status: request.method === 'CONNECT' ? 405 : 200, body: request.target }
      })
      const one = await client()
      one.write(octets + GET.replace('/', '/behind'))
      await one.until(/HTTP[\s\S]*HTTP[\s\S]*\/behind$/)
      one.write(GET.replace('/', '/more'))
      await one.until(/\/more$/)
      assert.equal(signal.aborted, false)
    })
  }
}

test('a client that is gone while onUpgrade decides ends no process', async (t) => {
  let given
  const { client } = await start(t, {
    async onUpgrade(request, socket) {
      given = { request, socket }
      await later(100)
      socket.write('too late')
    },
  })
  const one = await client()
  one.write(UPGRADE)
  while (given === undefined) await later(1)
  // It is read, so that the reset is seen.
  given.socket.resume()
  one.socket.resetAndDestroy()
  await later(50)
  assert.equal(given.request.signal.aborted, true)
  await later(100)
})

const SWITCH = { status: 101, headers: { Connection: 'Upgrade', Upgrade: 'echo' } }
const chunked = UPGRADE.replace('GET', 'POST').replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')

for (const [what, octets, status, expects = ''] of [
  ['a request without a body', `${UPGRADE}early`, 101],
  ['a body that is there', `${POST(3)}abcearly`, 101],
  ['a chunked body', `${chunked}3\r\nabc\r\n0\r\n\r\nearly`, 101],
  ['a body that waits for a 100', POST(3, 'Expect: 100-continue\r\n'), 101, 'abcearly'],
  ['CONNECT', `${CONNECT}early`, 200],
]) {
  for (const reads of [true, false]) {
    test(`a handler answers with a switch behind ${what}, ${reads ? 'read' : 'unread'}`, async (t) => {
      const { client } = await start(t, { onConnect: () => false }, async (request) => {
        const text = reads ? await request.text() : ''
        const answer = request.method === 'CONNECT' ? { status: 200 } : SWITCH
        return {
          ...answer,
          takeOver(socket, rest) {
            socket.write(text)
            echo(socket, rest)
          },
        }
      })
      const one = await client()
      one.write(octets)
      if (expects) {
        await one.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
        one.write(expects)
      }
      const text = await one.until(/<early>$/)
      assert.match(
        text,
        new RegExp(
          `HTTP/1\\.1 ${status} [^<]*\r\n\r\n${reads && / \/x[\s\S]*abc/.test(octets + expects) ? 'abc' : ''}<early>$`,
        ),
      )
      one.write('late')
      await one.until(/<late>$/)
      one.socket.destroy()
    })
  }
}

test('a body that comes in pieces: the switch waits for its end', async (t) => {
  const { client } = await start(t, {}, () => ({ ...SWITCH, takeOver: echo }))
  const one = await client()
  one.write(`${POST(3)}a`)
  await later(50)
  assert.equal(one.text(), '')
  one.write('bcearly')
  await one.until(/ 101 [\s\S]*<early>$/)
  one.socket.destroy()
})

test('switches that cannot be are answered with 500, and HTTP goes on', async (t) => {
  const errors = []
  const takeOver = () => assert.fail()
  const answers = {
    'GET /unasked': { ...SWITCH, takeOver },
    'GET /nobody': SWITCH,
    'GET /x': SWITCH,
    'GET /200': { status: 200, takeOver },
    'GET /none': { ...SWITCH, takeOver: true },
    'GET /body': { ...SWITCH, takeOver, body: ['x'] },
    'GET /header': { ...SWITCH, headers: {}, takeOver },
    'CONNECT b:1': { status: 200 },
  }
  const { client } = await start(
    t,
    { onConnect: () => false, onError: (error) => errors.push(error) },
    ({ method, target }) => answers[`${method} ${target}`],
  )
  const one = await client()
  let count = 0
  for (const name of Object.keys(answers)) {
    if (name === 'GET /unasked') one.write(GET.replace('/', '/unasked'))
    else if (name.startsWith('CONNECT')) one.write(CONNECT)
    else one.write(UPGRADE.replace('/x', name.slice(4)))
    await one.until(new RegExp(`^(HTTP/1\\.1 500 [^E]*Error\\r\\n[^E]*Error\\n){${++count}}$`))
  }
  assert.equal(errors.length, count)
  one.socket.destroy()
})

test('a body too large to be dropped, or broken, stands before no switch', async (t) => {
  const { client } = await start(t, {}, () => ({ ...SWITCH, takeOver: () => assert.fail() }))
  for (const [octets, status] of [
    [POST(100_000) + 'x'.repeat(100_000), 413],
    [`${chunked}x\r\n`, 400],
  ]) {
    const one = await client()
    one.write(octets)
    assert.match(await one.ended, new RegExp(`^HTTP/1\\.1 ${status} `))
    one.socket.destroy()
  }
})

test('what takes over behind a response and rejects: the socket is destroyed', async (t) => {
  const errors = []
  const takeOver = async () => {
    throw new Error('no')
  }
  const { client } = await start(t, { onError: ({ message }) => errors.push(message) }, () => ({
    ...SWITCH,
    takeOver,
  }))
  const one = await client()
  one.write(UPGRADE)
  assert.match(await one.closed, /^HTTP\/1\.1 101 /)
  assert.deepEqual(errors, ['no'])
})

test('a proxy: the upstream decides, behind a body, and the sockets are joined', async (t) => {
  const origin = await start(t, {}, async (request) => {
    const text = await request.text()
    if (text !== 'attach') return { status: 409, body: 'no such container' }
    return {
      ...SWITCH,
      takeOver(socket, rest) {
        socket.write('hello')
        echo(socket, rest)
      },
    }
  })
  const { client } = await start(t, {}, async (request) => {
    const upstream = connect(`http://127.0.0.1:${origin.port}`)
    t.after(() => upstream.destroy())
    const { method, target, signal } = request
    const headers = [...request.headers].filter(([name]) => name !== 'Content-Length')
    const body = await request.bytes()
    const response = await upstream.request({ method, target, headers, body }, { signal })
    const { status } = response
    if (response.socket === undefined) return { status, body: await response.text() }
    return {
      status,
      headers: response.headers,
      takeOver(socket, rest) {
        response.socket.write(rest)
        socket.write(response.rest)
        pipeline(socket, response.socket, socket, () => {})
      },
    }
  })
  const one = await client()
  one.write(`${POST(4)}nope`)
  await one.until(/ 409 [\s\S]*no such container$/)
  one.write(`${POST(6)}attachearly`)
  await one.until(/ 101 [\s\S]*\r\n\r\nhello<early>$/)
  one.write('late')
  await one.until(/<late>$/)
  one.socket.destroy()
})
