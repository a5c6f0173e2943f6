// The client of h1wire/net over every kind of socket, and sockets handed over: TLS, paths, Duplexes, CONNECT, upgrades.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const http = require('node:http')
const https = require('node:https')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { Duplex } = require('node:stream')
const tls = require('node:tls')
const { connect, pool } = require('h1wire/net')
const { echo, nodeServer, rawServer, rejection } = require('./net/client.js')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-net-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

/** A certificate for localhost, made here. */
function certificate() {
  const key = path.join(folder, 'key.pem')
  const cert = path.join(folder, 'cert.pem')
  if (!fs.existsSync(cert)) {
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext ${names} -keyout ${key} -out ${cert}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    )
  }
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert) }
}

async function secureServer(t, handler) {
  const server = https.createServer(certificate(), handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

test('TLS: by origin, by options, over a TLSSocket of the caller', async (t) => {
  const server = await secureServer(t, echo)
  const { port } = server.address()
  const { cert: ca } = certificate()
  const socket = tls.connect({ port, host: '127.0.0.1', ca, servername: 'localhost' })
  for (const client of [
    connect({ origin: `https://localhost:${port}`, tls: { ca } }),
    connect({ host: '127.0.0.1', port, tls: { ca, servername: 'localhost' } }),
    connect(socket, { origin: `https://localhost:${port}` }),
    pool({ origin: `https://127.0.0.1:${port}`, ca }),
  ]) {
    const seen = await (
      await client.request({ method: 'POST', target: '/', body: Buffer.alloc(200_000, 'x') })
    ).json()
    assert.equal(seen.body.length, 200_000)
    assert.match(seen.host, new RegExp(`^(localhost|127\\.0\\.0\\.1):${port}$`))
    await client.close()
  }
  const distrusting = connect(`https://localhost:${port}`)
  const error = await rejection(distrusting.request({ target: '/' }))
  assert.deepEqual([error.code, error.cause.code], ['H1_CONNECT_FAILED', 'DEPTH_ZERO_SELF_SIGNED_CERT'])
})

test('a Unix socket', { skip: process.platform === 'win32' }, async (t) => {
  const where = path.join(folder, 'socket')
  const server = http.createServer(echo).listen(where)
  await once(server, 'listening')
  t.after(() => server.close())
  for (const client of [connect({ path: where }), connect({ path: where, origin: 'http://name.example' })]) {
    const seen = await (await client.request({ target: '/x' })).json()
    assert.ok(['localhost', 'name.example'].includes(seen.host))
    await client.close()
  }
})

test('the zone of an IPv6 address leads to its socket, and stays out of Host', async () => {
  for (const [given, expected] of [
    [{ host: 'fe80::1%eth0', port: 80 }, '[fe80::1]'],
    [{ host: 'fe80::1%25eth0', port: 8080 }, '[fe80::1]:8080'],
  ]) {
    const socket = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        this.sent = chunk.toString()
        this.push('HTTP/1.1 204 No Content\r\n\r\n')
        done()
      },
    })
    let to
    const createConnection = (options) => {
      to = options.host
      return socket
    }
    const client = connect(given, { createConnection })
    await client.request({ target: '/' })
    assert.equal(socket.sent, `GET / HTTP/1.1\r\nHost: ${expected}\r\n\r\n`)
    assert.equal(to, given.host)
    await client.close()
  }
})

test('options go through to net.createConnection', async (t) => {
  const server = await nodeServer(t, echo)
  const { port } = server.address()
  const looked = []
  const lookup = (host, options, callback) => {
    looked.push([host, options.family])
    callback(null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4)
  }
  const client = connect({ host: 'name.example', port, lookup, family: 4, localAddress: '127.0.0.2' })
  const seen = await (await client.request({ target: '/' })).json()
  assert.deepEqual([seen.host, looked], [`name.example:${port}`, [['name.example', 4]]])
  assert.equal(client.socket.localAddress, '127.0.0.2')
  await client.close()
  const abort = new AbortController()
  const other = connect({ host: '127.0.0.1', port, signal: abort.signal })
  const asked = rejection(other.request({ target: '/' }))
  abort.abort()
  assert.equal((await asked).cause.name, 'AbortError')
})

test('a socket of the caller: connecting, connected, any Duplex', async (t) => {
  const server = await nodeServer(t, echo)
  const { port } = server.address()
  const connected = net.createConnection({ port, host: '127.0.0.1' })
  await once(connected, 'connect')
  for (const socket of [net.createConnection({ port, host: '127.0.0.1' }), connected, wrapped(port)]) {
    const client = connect(socket, { origin: 'http://name.example' })
    assert.equal(client.socket, socket)
    for (let round = 0; round < 2; round++) {
      assert.equal((await (await client.request({ target: '/' })).json()).host, 'name.example')
    }
    await client.close()
    const bare = connect(wrapped(port))
    await assert.rejects(bare.request({ target: '/' }), { code: 'H1_HOST_MISSING', side: 'local' })
    assert.equal((await bare.request({ url: 'http://a/' })).status, 200)
    bare.destroy()
  }
  const gone = net.createConnection({ port, host: '127.0.0.1' }).destroy()
  await assert.rejects(connect(gone).request({ url: 'http://a/' }), { code: 'H1_CONNECT_FAILED' })
})

/** A Duplex that is no socket, in front of one. */
function wrapped(port) {
  const inner = net.createConnection({ port, host: '127.0.0.1' })
  const duplex = new Duplex({
    read: () => inner.resume(),
    write: (data, _encoding, done) => inner.write(data, done),
    final: (done) => inner.end(done),
    destroy: (error, done) => {
      inner.destroy()
      done(error)
    },
  })
  inner.on('data', (data) => duplex.push(data) || inner.pause())
  inner.on('end', () => duplex.push(null))
  inner.on('error', (error) => duplex.destroy(error))
  return duplex
}

test('an upgrade hands the socket over, with what came behind the head', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nfirst')
      socket.on('data', (data) => socket.write(`<${data}>`))
    })
  })
  const client = connect(server.origin)
  const asked = client.request({ target: '/', headers: { Connection: 'Upgrade', Upgrade: 'echo' } })
  const behind = rejection(client.request({ target: '/' }))
  const { status, socket, rest, body } = await asked
  assert.deepEqual([status, String(rest), await body.text()], [101, 'first', ''])
  assert.equal((await behind).code, 'H1_CLOSED')
  for (const event of ['data', 'error', 'drain']) assert.equal(socket.listenerCount(event), 0, event)
  assert.ok(socket.isPaused())
  socket.write('ping')
  socket.resume()
  assert.equal(String((await once(socket, 'data'))[0]), '<ping>')
  await client.close()
  socket.destroy()
})

test('an upgrade that is declined is a response like any other', async (t) => {
  const server = await nodeServer(t, echo)
  const client = connect(server.origin)
  const response = await client.request({ target: '/', headers: { Connection: 'Upgrade', Upgrade: 'x' } })
  assert.deepEqual([response.status, response.socket, response.rest], [200, undefined, undefined])
  await response.text()
  assert.equal((await client.request({ target: '/' })).status, 200)
  client.destroy()
})

test('a WebSocket handshake with a server of node:http', async (t) => {
  const server = await nodeServer(t, echo)
  server.on('upgrade', (_request, socket, head) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.write(head)
    socket.pipe(socket)
  })
  const client = connect(server.origin)
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': 13,
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  const { socket } = await client.request({ target: '/', headers })
  socket.end('octets')
  assert.equal(String(Buffer.concat(await socket.toArray())), 'octets')
})

test('CONNECT: TLS through a proxy, to a client on the tunnel', async (t) => {
  const origin = await secureServer(t, echo)
  const authority = `localhost:${origin.address().port}`
  const proxy = await nodeServer(t, echo)
  const asked = []
  proxy.on('connect', (request, socket, head) => {
    asked.push([request.url, request.headers.host])
    const upstream = net.createConnection({ port: origin.address().port, host: '127.0.0.1' }, () => {
      socket.write('HTTP/1.1 200 Connected\r\nContent-Length: 9\r\n\r\n')
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    for (const one of [socket, upstream]) one.on('error', () => {})
  })
  const { status, socket, rest } = await connect(proxy.origin).request({
    method: 'CONNECT',
    target: authority,
  })
  assert.deepEqual([status, rest.length, asked], [200, 0, [[authority, authority]]])
  const secure = tls.connect({ socket, ca: certificate().cert, servername: 'localhost' })
  const client = connect(secure, { origin: `https://${authority}` })
  for (let round = 0; round < 3; round++) {
    assert.equal((await (await client.request({ target: `/${round}` })).json()).target, `/${round}`)
  }
  await client.close()

  const refusing = await nodeServer(t, echo)
  refusing.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno'))
  const refused = await connect(refusing.origin).request({ method: 'CONNECT', target: authority })
  assert.deepEqual([refused.status, refused.socket, await refused.text()], [407, undefined, 'no'])
})

test("Python's http.server", async (t) => {
  fs.writeFileSync(path.join(folder, 'page.txt'), 'Grüße\n'.repeat(1000))
  const python = spawn('python3', [
    '-u',
    '-m',
    'http.server',
    '--bind',
    '127.0.0.1',
    '--directory',
    folder,
    '0',
  ])
  t.after(() => python.kill())
  let said = ''
  python.stderr.resume()
  python.stdout.on('data', (data) => {
    said += data
  })
  while (!said.includes('\n')) await once(python.stdout, 'data')
  const clients = pool(`http://127.0.0.1:${/port (\d+)/.exec(said)[1]}`)
  const got = await Promise.all(
    [1, 2, 3].map(async () => (await clients.request({ target: '/page.txt' })).text()),
  )
  for (const text of got) assert.equal(text, 'Grüße\n'.repeat(1000))
  const missing = await clients.request({ target: '/none' })
  assert.deepEqual([missing.status, missing.version, missing.keepAlive], [404, '1.0', false])
  await missing.text()
  await clients.close()
})

test('a socket that is paused is read: over the CONNECT of another client', async (t) => {
  const server = await nodeServer(t, echo)
  const proxy = await rawServer(t, (socket) => {
    socket.once('data', () => {
      const to = net.connect(server.address().port, '127.0.0.1')
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket
        .pipe(to)
        .on('error', () => {})
        .pipe(socket)
    })
  })
  const { socket } = await connect(proxy.origin).request({ method: 'CONNECT', target: 'example.com:80' })
  assert.ok(socket.isPaused())
  const client = connect(socket, { origin: server.origin })
  for (const target of ['/1', '/2'])
    assert.equal((await (await client.request({ target })).json()).target, target)
  await client.close()
})
