// Requests to many origins: agents, and the URLs that clients and pools refuse.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const net = require('node:net')
const { PassThrough, Readable } = require('node:stream')
const { inspect } = require('node:util')
const { agent, connect, pool } = require('h1wire/net')
const { answering, echo, nodeServer, rawServer, rejection, sleep } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'

test('each request goes to the origin of its URL, over connections that are kept', async (t) => {
  const servers = [await nodeServer(t, echo), await nodeServer(t, echo)]
  const counts = servers.map((server) => {
    const seen = { count: 0 }
    server.on('connection', () => seen.count++)
    return seen
  })
  const everywhere = agent()
  for (let round = 0; round < 3; round++) {
    for (const { origin } of servers) {
      for (const url of [
        `${origin}/x?y`,
        new URL(`${origin}/x?y`),
        `${origin.replace('http', 'HTTP')}/x?y#f`,
      ]) {
        const seen = await (await everywhere.request({ url })).json()
        assert.deepEqual([seen.target, `http://${seen.host}`], ['/x?y', origin])
      }
    }
  }
  assert.deepEqual(
    counts.map(({ count }) => count),
    [1, 1],
  )
  assert.deepEqual(
    everywhere.origins,
    servers.map(({ origin }) => origin),
  )
  assert.deepEqual([everywhere.size, everywhere.free, everywhere.pending], [2, 2, 0])
  assert.match(inspect(everywhere), /^Agent \{\s+origins: \[.*size: 2/s)
  await everywhere.close()
  assert.deepEqual([everywhere.size, everywhere.closed], [0, true])
  assert.equal((await rejection(everywhere.request({ url: servers[0].origin }))).code, 'H1_CLOSED')
})

test('a pool is dropped when its connections are closed, and made again', async (t) => {
  const server = await nodeServer(t, echo)
  const everywhere = agent({ idleTimeout: 30 })
  for (let round = 0; round < 2; round++) {
    await (await everywhere.request({ url: server.origin })).text()
    assert.deepEqual(everywhere.origins, [server.origin])
    await sleep(100)
    assert.deepEqual(everywhere.origins, [])
  }
  // One to which no connection can be made is not kept either.
  const error = await rejection(everywhere.request({ url: 'http://127.0.0.1:1/' }))
  assert.equal(error.code, 'H1_CONNECT_FAILED')
  assert.deepEqual(everywhere.origins, [])
  await everywhere.close()
})

test('close() waits, destroy() and a signal do not', async (t) => {
  const slow = await answering(t, (socket) => setTimeout(() => socket.write(OK), 50))
  const closing = agent()
  const answer = closing.request({ url: slow.origin })
  const closed = closing.close()
  assert.equal(await (await answer).text(), 'hi')
  await closed
  const silent = await rawServer(t, () => {})
  const destroyed = agent()
  const failed = rejection(destroyed.request({ url: silent.origin }))
  destroyed.destroy(new Error('enough'))
  assert.equal((await failed).message, 'enough')
  const controller = new AbortController()
  const aborted = agent({ signal: controller.signal })
  const others = rejection(aborted.request({ url: silent.origin }))
  controller.abort(new Error('aborted'))
  assert.equal((await others).message, 'aborted')
  await aborted.close()
})

test('options are for each origin, and sockets are made as they say', async (t) => {
  const server = await nodeServer(t, echo)
  const looked = []
  const lookup = (host, options, callback) => {
    looked.push(host)
    callback(null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4)
  }
  const everywhere = agent({ connections: 1, sockets: { lookup, onread: false } })
  const { port } = server.address()
  await (await everywhere.request({ url: `http://bücher.example:${port}/` })).text()
  assert.deepEqual(everywhere.origins, [`http://xn--bcher-kva.example:${port}`])
  assert.deepEqual(looked, ['xn--bcher-kva.example'])
  await everywhere.close()
  let to
  const createConnection = (options) => {
    to = [options.host, options.port, Boolean(options.tls)]
    throw new Error('no further')
  }
  const nowhere = agent({ createConnection })
  for (const [url, expected] of [
    ['https://a.example', ['a.example', 443, true]],
    ['http://u:p@a.example/', ['a.example', 80, false]],
    ['http://[::1]:8080/x', ['::1', 8080, false]],
    ['http://[fe80::1%25eth0]/x', ['fe80::1%eth0', 80, false]],
  ]) {
    assert.equal((await rejection(nowhere.request({ url }))).cause?.message, 'no further')
    assert.deepEqual(to, expected)
  }
  assert.deepEqual(nowhere.origins, [])
})

test('what is no URL, and options that are wrong', async () => {
  const everywhere = agent()
  for (const url of [
    undefined,
    null,
    5,
    '/x',
    'ftp://a/',
    'http:a',
    'http://',
    'http://a b/',
    'http://a\\@b/',
  ]) {
    const error = await rejection(everywhere.request({ url }))
    assert.ok(error instanceof TypeError || error.code === 'H1_CONNECT_FAILED', `${url}: ${error}`)
  }
  // URLs that this and the parser of URLs might read differently go nowhere.
  for (const url of ['http://a.example\\@b.example/', 'http://a@b@c.example/', 'http://x\\y@a.example/']) {
    assert.ok((await rejection(everywhere.request({ url }))) instanceof TypeError, url)
  }
  const body = new Readable({ read() {} })
  await rejection(everywhere.request({ body }))
  assert.ok(body.destroyed)
  assert.equal((await rejection(everywhere.request())).name, 'TypeError')
  assert.throws(() => agent({ conections: 1 }), /did you mean connections\?/)
  assert.throws(() => agent({ zzz: 1 }), /createConnection, sockets$/)
  assert.throws(
    () => agent({ sockets: { host: 'a' } }),
    /options\.sockets\.host is given by each request's url/,
  )
  assert.throws(() => agent({ sockets: { onread: 1 } }), /onread must be true or false/)
  assert.throws(() => agent({ headersTimeout: '5s' }), RangeError)
})

test('a url of another origin is refused, and nothing is sent', async (t) => {
  const seen = []
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      seen.push(/^\S+ \S+/.exec(data)[0])
      socket.write(OK)
    })
  })
  const { port } = server.address()
  for (const [make, urls] of [
    [
      () => pool(server.origin),
      ['https://other.example/', 'http://other.example/', `https://127.0.0.1:${port}/`],
    ],
    [
      () => connect(server.origin),
      ['https://other.example/', 'http://127.0.0.1:1/', `http://127.0.0.1@x:${port}/`],
    ],
    [() => connect({ host: '127.0.0.1', port }), ['https://other.example/']],
    [() => connect(net.connect(port, '127.0.0.1'), { origin: server.origin }), ['https://other.example/']],
  ]) {
    const clients = make()
    for (const url of urls) {
      for (const given of [url, new URL(url)]) {
        const error = await rejection(clients.request({ url: given }))
        assert.equal(error.name, 'TypeError')
        assert.match(error.message, /^The url is one of https?:\/\/.*: use agent\(\)/)
      }
    }
    const body = new PassThrough()
    await rejection(clients.request({ method: 'PUT', url: urls[0], body }))
    assert.ok(body.destroyed)
    for (const url of [
      server.origin,
      `${server.origin}/a`,
      `${server.origin}?q`,
      `http://u:p@127.0.0.1:${port}/b`,
    ])
      await (await clients.request({ url })).text()
    await clients.close()
  }
  // Whose place was not named by an origin may be asked for any of them, without TLS for those of http.
  const client = connect({ host: '127.0.0.1', port })
  await (await client.request({ url: 'http://name.example/' })).text()
  await client.close()
  assert.ok(seen.every((line) => /^GET \/(a|b|\?q)?$/.test(line)))
})
