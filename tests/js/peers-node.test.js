// Node's own http and fetch as peers: our client asks its server, its clients ask our server.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const http = require('node:http')
const { METHODS } = http
const net = require('node:net')
const { connect } = require('./peers/client.js')
const { generatedRequests, generatedResponses, raw } = require('./peers/generated.js')
const { startServer } = require('./peers/server.js')

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const LARGE = Buffer.alloc(300_000, 'The quick brown fox. ')

test('our client, http.createServer', async (t) => {
  const seen = []
  const server = http.createServer(async (request, response) => {
    const body = []
    for await (const data of request) body.push(data)
    const { method, url, headers, rawTrailers, socket } = request
    seen.push({ method, url, headers, rawTrailers, socket, body: Buffer.concat(body) })
    answers[url](response, Buffer.concat(body))
  })
  const answers = {
    '/hello': (response) => response.setHeader('Content-Length', 5).end('hello'),
    '/chunks': (response) => {
      response.writeHead(200, { Trailer: 'X-Sum' })
      response.write('in ')
      response.addTrailers({ 'X-Sum': '9' })
      response.end('chunks')
    },
    '/empty': (response) => response.writeHead(204).end(),
    '/unchanged': (response) => response.writeHead(304, { ETag: '"node"' }).end(),
    '/early': (response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      response.end('late')
    },
    '/echo': (response, body) => response.end(body),
    '/last': (response) => response.writeHead(200, { Connection: 'close' }).end('last'),
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect(server.address().port)
  const last = () => seen.at(-1)

  try {
    await t.test('GET', async () => {
      const { head, body } = await client.ask({ method: 'GET', target: '/hello' })
      assert.deepEqual([head.status, head.reason, head.contentLength, head.keepAlive], [200, 'OK', 5, true])
      assert.equal(body.toString(), 'hello')
    })
    await t.test('HEAD: a length, and no body', async () => {
      const { head, body } = await client.ask({ method: 'HEAD', target: '/hello' })
      assert.equal(last().method, 'HEAD')
      assert.equal(head.headers.get('content-length'), '5')
      assert.equal(body.length, 0)
    })
    await t.test('POST of a form in UTF-8, its length in octets', async () => {
      const { body } = await client.ask({ method: 'POST', target: '/echo', headers: FORM, body: 'name=Jörg' })
      assert.equal(last().headers['content-length'], '10')
      assert.equal(last().headers['content-type'], FORM['Content-Type'])
      assert.equal(last().body.toString(), 'name=Jörg')
      assert.equal(body.toString(), 'name=Jörg')
    })
    await t.test('POST of many octets', async () => {
      const { body } = await client.ask({ method: 'POST', target: '/echo', body: LARGE })
      assert.equal(last().headers['content-length'], String(LARGE.length))
      assert.ok(last().body.equals(LARGE))
      assert.ok(body.equals(LARGE))
    })
    await t.test('POST in chunks with trailers', async () => {
      const trailers = { 'X-Sum': '10' }
      await client.ask({ method: 'POST', target: '/echo', headers: FORM, body: 'name=Jörg', trailers })
      assert.equal(last().headers['transfer-encoding'], 'chunked')
      assert.equal(last().headers['content-length'], undefined)
      assert.equal(last().body.toString(), 'name=Jörg')
      assert.deepEqual(last().rawTrailers, ['X-Sum', '10'])
    })
    await t.test('a response in chunks with trailers', async () => {
      const { head, body, trailers } = await client.ask({ method: 'GET', target: '/chunks' })
      assert.equal(head.chunked, true)
      assert.equal(body.toString(), 'in chunks')
      assert.deepEqual(trailers, [['X-Sum', '9']])
    })
    await t.test('204 and 304: no body', async () => {
      const empty = await client.ask({ method: 'GET', target: '/empty' })
      assert.deepEqual([empty.head.status, empty.body.length, empty.head.keepAlive], [204, 0, true])
      const unchanged = await client.ask({ method: 'GET', target: '/unchanged' })
      assert.deepEqual([unchanged.head.status, unchanged.body.length], [304, 0])
      assert.equal(unchanged.head.headers.get('etag'), '"node"')
    })
    await t.test('1xx come before the answer', async () => {
      const { head, informational, body } = await client.ask({ method: 'GET', target: '/early' })
      assert.deepEqual([informational, head.status, body.toString()], [[103], 200, 'late'])
    })
    await t.test('Expect: 100-continue: the body waits for the 100', async () => {
      const { head, informational, body } = await client.askFirst({
        method: 'POST',
        target: '/echo',
        body: LARGE,
      })
      assert.deepEqual([informational, head.status], [[100], 200])
      assert.ok(body.equals(LARGE))
    })
    await t.test('several requests sent at once are answered in their order', async () => {
      const asked = [
        { method: 'POST', target: '/echo', body: 'one' },
        { method: 'HEAD', target: '/hello' },
        { method: 'GET', target: '/chunks' },
        { method: 'GET', target: '/hello' },
      ]
      const answers = await Promise.all(asked.map((request) => client.ask(request)))
      assert.deepEqual(
        answers.map(({ body }) => body.toString()),
        ['one', '', 'in chunks', 'hello'],
      )
    })
    await t.test('all that went over one connection; Connection: close ends it', async () => {
      const { head } = await client.ask({ method: 'GET', target: '/last' })
      assert.equal(head.keepAlive, false)
      await client.closed
      assert.equal(new Set(seen.map(({ socket }) => socket)).size, 1)
    })
  } finally {
    client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

test('http.request, our server', async (t) => {
  const server = await startServer()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const last = () => server.exchanges.at(-1)

  function ask(method, target, { headers, body, trailers, chunks } = {}) {
    return new Promise((resolve, reject) => {
      const request = http.request(`${server.url}${target}`, { method, headers, agent })
      let continues = 0
      request.on('error', reject)
      request.on('continue', () => {
        continues += 1
        request.end(body)
      })
      request.on('response', async (response) => {
        const octets = []
        for await (const data of response) octets.push(data)
        const { statusCode: status, headers, rawTrailers } = response
        const reused = request.reusedSocket
        resolve({ status, headers, rawTrailers, continues, reused, body: Buffer.concat(octets) })
      })
      if (headers?.Expect) return request.flushHeaders()
      for (const chunk of chunks ?? []) request.write(chunk)
      if (trailers) request.addTrailers(trailers)
      request.end(body)
    })
  }

  try {
    await t.test('GET', async () => {
      const { status, headers, body } = await ask('GET', '/hello')
      assert.deepEqual([status, headers['content-length'], body.toString()], [200, '5', 'hello'])
      assert.equal(last().head.headers.get('host'), `127.0.0.1:${server.port}`)
    })
    await t.test('HEAD: a length, and no body', async () => {
      const { headers, body } = await ask('HEAD', '/hello')
      assert.deepEqual([headers['content-length'], body.length], ['5', 0])
    })
    await t.test('POST of a form in UTF-8', async () => {
      const { body } = await ask('POST', '/echo', {
        headers: { ...FORM, 'Content-Length': 10 },
        body: 'name=Jörg',
      })
      assert.equal(last().head.contentLength, 10)
      assert.equal(last().body.toString(), 'name=Jörg')
      assert.equal(body.toString(), 'name=Jörg')
    })
    await t.test('POST in chunks with trailers', async () => {
      const headers = { Trailer: 'X-Sum' }
      await ask('POST', '/echo', {
        headers,
        chunks: ['name=', 'Jö'],
        body: 'rg',
        trailers: { 'X-Sum': '10' },
      })
      assert.equal(last().head.chunked, true)
      assert.equal(last().body.toString(), 'name=Jörg')
      assert.deepEqual(last().trailers, [['X-Sum', '10']])
    })
    await t.test('a response in chunks with trailers', async () => {
      const { headers, body, rawTrailers } = await ask('GET', '/chunks')
      assert.equal(headers['transfer-encoding'], 'chunked')
      assert.equal(body.toString(), 'in chunks')
      assert.deepEqual(rawTrailers, ['X-Sum', '9'])
    })
    await t.test('204 and 304: no body', async () => {
      const empty = await ask('GET', '/empty')
      assert.deepEqual(
        [empty.status, empty.body.length, empty.headers['content-length']],
        [204, 0, undefined],
      )
      const unchanged = await ask('GET', '/unchanged')
      assert.deepEqual(
        [unchanged.status, unchanged.headers.etag, unchanged.body.length],
        [304, '"h1wire"', 0],
      )
    })
    await t.test('Expect: 100-continue', async () => {
      const headers = { Expect: '100-continue', 'Content-Length': LARGE.length }
      const { continues, body } = await ask('POST', '/echo', { headers, body: LARGE })
      assert.equal(continues, 1)
      assert.ok(body.equals(LARGE))
    })
    await t.test('all that went over one connection; after Connection: close comes another', async () => {
      assert.equal((await ask('GET', '/last')).reused, true)
      assert.deepEqual([...new Set(server.exchanges.map(({ connection }) => connection))], [1])
      assert.equal((await ask('GET', '/hello')).reused, false)
      assert.equal(last().connection, 2)
    })
    assert.deepEqual(server.faults, [])
  } finally {
    agent.destroy()
    await server.stop()
  }
})

test('fetch, our server', async (t) => {
  const server = await startServer()
  const last = () => server.exchanges.at(-1)

  try {
    await t.test('GET', async () => {
      const response = await fetch(`${server.url}/hello`)
      assert.deepEqual([response.status, await response.text()], [200, 'hello'])
    })
    await t.test('HEAD: a length, and no body', async () => {
      const response = await fetch(`${server.url}/hello`, { method: 'HEAD' })
      assert.deepEqual([response.headers.get('content-length'), await response.text()], ['5', ''])
    })
    await t.test('POST of a form', async () => {
      const body = new URLSearchParams({ name: 'Jörg', age: '30' })
      const response = await fetch(`${server.url}/echo`, { method: 'POST', body })
      assert.equal(last().head.contentLength, 21)
      assert.match(last().head.headers.get('content-type'), /^application\/x-www-form-urlencoded/)
      assert.equal(await response.text(), 'name=J%C3%B6rg&age=30')
    })
    await t.test('POST of a stream, in chunks', async () => {
      const body = new Blob([LARGE]).stream()
      const response = await fetch(`${server.url}/echo`, { method: 'POST', body, duplex: 'half' })
      assert.equal(last().head.chunked, true)
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(LARGE))
    })
    await t.test('a response in chunks', async () => {
      const response = await fetch(`${server.url}/chunks`)
      assert.equal(response.headers.get('transfer-encoding'), 'chunked')
      assert.equal(await response.text(), 'in chunks')
    })
    await t.test('204 and 304: no body', async () => {
      const empty = await fetch(`${server.url}/empty`)
      assert.deepEqual([empty.status, await empty.text()], [204, ''])
      const unchanged = await fetch(`${server.url}/unchanged`, { headers: { 'If-None-Match': '"h1wire"' } })
      assert.deepEqual([unchanged.status, await unchanged.text()], [304, ''])
    })
    await t.test('connections are used again', async () => {
      const before = server.exchanges.length
      for (let number = 0; number < 5; number += 1) await (await fetch(`${server.url}/hello`)).text()
      const used = server.exchanges.slice(before).map(({ connection }) => connection)
      assert.equal(used.length, 5)
      assert.ok(new Set(used).size < 5, `${used}`) // how many it keeps is for fetch to decide
    })
    assert.deepEqual(server.faults, [])
  } finally {
    await server.stop()
  }
})

test('http.createServer reads what is generated', async () => {
  // Node knows a list of methods and refuses any other token, and an absolute-form without '//'.
  const messages = await generatedRequests(
    ({ method, target }) => METHODS.includes(method) && target !== 'urn:x',
  )
  const server = http.createServer(async (request, response) => {
    const body = []
    for await (const data of request) body.push(data)
    const { method, url, httpVersion, rawHeaders, rawTrailers } = request
    const read = { method, url, httpVersion, rawHeaders, rawTrailers, body: Buffer.concat(body) }
    response.setHeader('Connection', 'close')
    response.end()
    server.emit('read', read)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  try {
    for (const { octets, read, where } of messages) {
      const got = await new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1', () => socket.write(octets))
        const take = (read) => {
          resolve(read)
          socket.resume()
        }
        server.once('read', take)
        // Whoever gets an answer was read before: it is a refusal only if nothing was.
        socket.once('data', (data) => {
          server.off('read', take)
          reject(new Error(`${data}\n${where}`))
        })
        socket.on('error', reject)
      })
      assert.deepEqual(
        got,
        {
          method: read.method,
          url: read.target,
          httpVersion: read.version,
          rawHeaders: raw(read.headers),
          rawTrailers: raw(read.trailers),
          body: read.body,
        },
        where,
      )
    }
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

test('http.request reads what is generated', async () => {
  const messages = await generatedResponses(() => true)
  let answer
  const server = net.createServer((socket) =>
    socket.once('data', () => socket.end(answer)).on('error', () => {}),
  )
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  try {
    for (const { octets, parts, read, where } of messages) {
      answer = octets
      const got = await new Promise((resolve, reject) => {
        const request = http.request({ port, method: parts.requestMethod ?? 'GET', agent: false })
        request.on('error', (error) => reject(new Error(where, { cause: error })))
        request.on('response', async (response) => {
          const body = []
          for await (const data of response) body.push(data)
          const { statusCode, statusMessage, httpVersion, rawHeaders, rawTrailers } = response
          resolve({
            statusCode,
            statusMessage,
            httpVersion,
            rawHeaders,
            rawTrailers,
            body: Buffer.concat(body),
          })
        })
        request.end()
      })
      assert.deepEqual(
        got,
        {
          statusCode: read.status,
          statusMessage: read.reason,
          httpVersion: read.version,
          rawHeaders: raw(read.headers),
          rawTrailers: raw(read.trailers),
          body: read.body,
        },
        where,
      )
    }
  } finally {
    server.close()
  }
})
