// Clients that leave: whatever they have sent that nobody reads, the server learns of it while a handler waits.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const net = require('node:net')
const tls = require('node:tls')
const { createServer, serve } = require('h1wire/net')
const { deferred } = require('./net/client.js')
const { selfMade } = require('./peers/certificate.js')
const { missing } = require('./peers/missing.js')
const { open } = require('./peers/raw.js')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const later = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value))

async function start(t, options, handler) {
  const server = createServer({ onError() {}, ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, client: () => open({ port: server.address().port, host: '127.0.0.1' }) }
}

const post = (length) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`

/** What a client sends and nobody reads while the handler waits. */
const UNREAD = {
  nothing: GET,
  'a request behind it': GET + GET,
  '100 KB of requests behind it': GET.repeat(3_600),
  'half of a request behind it': GET + GET.slice(0, 20),
  '100 KB of a body': post(200_000) + 'x'.repeat(100_000),
  'more of a body than is read ahead': post(20_000_000) + 'x'.repeat(4_000_000),
}
// Behind so much, the end of a client's side does not even arrive.
const TOO_MUCH = 'more of a body than is read ahead'

for (const [what, octets] of Object.entries(UNREAD)) {
  for (const way of ['reset', 'end']) {
    if (way === 'end' && what === TOO_MUCH) continue
    test(`${way}, with ${what} unread: the signal is aborted, and the socket closed`, async (t) => {
      const asked = deferred()
      const { client, server } = await start(t, { onHalfClose: 'abort' }, (request) => {
        asked.resolve(request)
        return new Promise(() => {})
      })
      const one = await client()
      one.write(octets)
      const request = await asked.promise
      await later(100)
      if (way === 'reset') one.socket.resetAndDestroy()
      else one.end()
      const late = later(4_000).then(() => assert.fail('nobody has noticed'))
      if (!request.signal.aborted) await Promise.race([once(request.signal, 'abort'), late])
      assert.equal(request.signal.reason.code, 'H1_SOCKET_CLOSED')
      while ((await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))) !== 0) {
        await Promise.race([later(10), late])
      }
    })
  }
}

test('over TLS, a reset behind 100 KB of requests is noticed', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const asked = deferred()
  const server = tls.createServer({ ...certificate, allowHalfOpen: true }, (socket) => {
    const handler = (request) => {
      asked.resolve(request)
      return new Promise(() => {})
    }
    // Node.js tells such a reset as the end of the client's side.
    serve(socket, handler, { onHalfClose: 'abort' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const raw = net.connect(server.address().port, '127.0.0.1')
  const client = tls.connect({ socket: raw, rejectUnauthorized: false })
  client.on('error', () => {})
  await once(client, 'secureConnect')
  client.write(GET.repeat(3_600))
  const request = await asked.promise
  await later(100)
  raw.resetAndDestroy()
  const late = later(4_000).then(() => assert.fail('nobody has noticed'))
  if (!request.signal.aborted) await Promise.race([once(request.signal, 'abort'), late])
})

test("onHalfClose: 'answer', the default: all is answered, in order, what was read ahead too", async (t) => {
  let count = 0
  const { client } = await start(t, {}, async ({ signal, target }) => {
    if (count++ === 0) await later(2_500)
    assert.equal(signal.aborted, false)
    return { status: 200, body: target }
  })
  const one = await client()
  const targets = Array.from({ length: 3_000 }, (_, number) => `/${number}`)
  one.end(targets.map((target) => GET.replace('/', target)).join(''))
  const text = await one.ended
  assert.deepEqual(text.match(/(?<=\r\n\r\n)\/\d+/g), targets)
})

test('a body that is read late is whole', async (t) => {
  const { client } = await start(t, {}, async (request) => {
    await later(2_500)
    return { status: 200, body: String((await request.bytes()).length) }
  })
  const one = await client()
  one.write(post(3_000_000) + 'x'.repeat(3_000_000))
  await one.until(/\r\n\r\n3000000$/)
  one.write(GET)
  await one.until(/\r\n\r\n0$/)
})

test('while a handler waits, no more is read ahead than the bound', async (t) => {
  const asked = deferred()
  const { client } = await start(t, {}, (request) => {
    asked.resolve(request)
    return new Promise(() => {})
  })
  const one = await client()
  one.write(post(20_000_000) + 'x'.repeat(10_000_000))
  const { socket } = await asked.promise
  await later(3_500)
  const { bytesRead } = socket
  // Read at first, read ahead, and the read in which the bound was reached; what the stream itself buffers.
  assert.ok(bytesRead > 131_072 && bytesRead <= 131_072 + 4 * 65_536, `${bytesRead}`)
})

test("onHalfClose: 'abort' waits for an answer that is only on its way", async (t) => {
  const body = 'x'.repeat(8_000_000)
  const { client } = await start(t, { onHalfClose: 'abort' }, () => ({ status: 200, body }))
  const one = await client()
  one.socket.pause()
  one.write(GET)
  await later(100)
  one.end()
  await later(100)
  one.socket.resume()
  assert.equal((await one.ended).endsWith(`\r\n\r\n${body}`), true)
})

test('what was read ahead of a switch is given away with the socket', async (t) => {
  const { client } = await start(
    t,
    {
      onUpgrade(_, socket, rest) {
        let text = ''
        const take = (data) => {
          text += data
          if (text.endsWith('.')) socket.end(`${text.length}`)
        }
        take(rest)
        socket.on('data', take)
      },
    },
    () => later(2_500, { status: 200, body: 'http' }),
  )
  const one = await client()
  const upgrade = GET.replace('\r\n\r\n', '\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
  one.write(GET + upgrade)
  for (let left = 15; left !== 0; left--) {
    one.write('x'.repeat(10_000))
    await later(200)
  }
  one.write('.')
  assert.match(await one.ended, /http150001$/)
})

test('requests that wait longer than what is read ahead takes are answered, though their client has ended its side', async (t) => {
  const faults = []
  const { client } = await start(t, { onError: (error) => faults.push(error.code) }, async ({ target }) => {
    await later(700)
    return { status: 200, body: `<${target}>` }
  })
  const one = await client()
  one.end(['/1', '/2', '/3', '/4', '/5'].map((target) => GET.replace('/', target)).join(''))
  const answers = (await one.closed).match(/<[^>]*>/g).join('')
  assert.deepEqual([answers, faults], ['</1></2></3></4></5>', []])
})
