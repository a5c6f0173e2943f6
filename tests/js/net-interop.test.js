// Messages as those of Fetch, and parsers as streams.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { Readable } = require('node:stream')
const zlib = require('node:zlib')
const { parseRequest, parseResponse, RequestParser, ResponseParser } = require('h1wire')
const {
  connect,
  createServer,
  fromFetchRequest,
  fromFetchResponse,
  parserStream,
  parserTransform,
  toFetchRequest,
  toFetchResponse,
} = require('h1wire/net')
const { deferred, echo, nodeServer } = require('./net/client.js')

const request = (head, body = '') => parseRequest(Buffer.from(`${head}\r\nHost: a.example\r\n\r\n${body}`))

test('a received request as one of Fetch', async () => {
  const post = request('POST //x?q HTTP/1.1\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2', 'hi')
  const fetched = toFetchRequest(post)
  assert.deepEqual([fetched.method, fetched.url], ['POST', 'http://a.example//x?q'])
  assert.deepEqual([fetched.headers.get('x-a'), await fetched.text()], ['1, 2', 'hi'])
  assert.equal(toFetchRequest(post, 'https://b.example:8443').url, 'https://b.example:8443//x?q')
  const absolute = request('GET http://a.example/y HTTP/1.1\r\nContent-Length: 2', 'hi')
  assert.deepEqual(
    [toFetchRequest(absolute).url, toFetchRequest(absolute).body],
    ['http://a.example/y', null],
  )
  assert.throws(() => toFetchRequest(request('TRACE / HTTP/1.1')), TypeError)
  const bare = parseRequest(Buffer.from('GET / HTTP/1.0\r\n\r\n'))
  assert.throws(() => toFetchRequest(bare), TypeError)
})

test('a received response as one of Fetch', async () => {
  const parsed = parseResponse(
    Buffer.from('HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nhi'),
  )
  const fetched = toFetchResponse(parsed)
  assert.deepEqual([fetched.status, fetched.statusText, await fetched.text()], [200, 'Fine', 'hi'])
  assert.deepEqual(fetched.headers.getSetCookie(), ['a=1', 'b=2'])
  const empty = toFetchResponse(parseResponse(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')))
  assert.deepEqual([empty.status, empty.body], [204, null])
  const switched = parseResponse(Buffer.from('HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'))
  assert.throws(() => toFetchResponse(switched), RangeError)
})

test('a request of Fetch through a client, and the response back', async (t) => {
  const server = await nodeServer(t, echo)
  const client = connect(server.origin)
  const body = ReadableStream.from([Buffer.from('octets')])
  const asked = new Request(`${server.origin}/x?q#f`, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'X-A': '1' },
  })
  const response = toFetchResponse(await client.request(fromFetchRequest(asked), { signal: asked.signal }))
  const seen = await response.json()
  assert.deepEqual([seen.method, seen.target, seen.body, seen.coding], ['POST', '/x?q', 'octets', 'chunked'])
  assert.equal(asked.bodyUsed, true)
  await client.close()
})

test('a response of Fetch as parts', async () => {
  const { status, reason, headers, body } = fromFetchResponse(
    Response.json({ a: 1 }, { status: 201, statusText: 'Made' }),
  )
  assert.deepEqual([status, reason, headers.get('content-type')], [201, 'Made', 'application/json'])
  assert.equal(await new Response(body).text(), '{"a":1}')
  assert.throws(() => fromFetchResponse(Response.error()), TypeError)
})

test('what fetch() returns is decoded, and sent as that', async (t) => {
  const text = 'x'.repeat(5000)
  const origin = await nodeServer(t, (request, response) => {
    const coding = request.url.slice(1)
    const coded = { gzip: zlib.gzipSync(text), br: zlib.brotliCompressSync(text), other: Buffer.from(text) }[
      coding
    ]
    response.setHeader('Content-Encoding', coding)
    response.setHeader('Content-Length', coded.length)
    response.setHeader('Connection', 'close, X-Hop')
    response.setHeader('X-Hop', '1')
    response.end(coded)
  })
  const relay = createServer(async ({ method, target }) => {
    const fetched = await fetch(origin.origin + target, { method })
    return method === 'PUT' ? fetched : fromFetchResponse(fetched)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  t.after(() => relay.shutdown({ timeout: 0 }))
  const client = connect(`http://127.0.0.1:${relay.address().port}`)
  for (const method of ['GET', 'PUT']) {
    for (const [coding, kept] of [
      ['gzip', undefined],
      ['br', undefined],
      ['other', 'other'],
    ]) {
      const response = await client.request({ method, target: `/${coding}` })
      assert.equal(response.headers.get('content-encoding'), kept)
      assert.equal(response.contentLength, kept ? text.length : null)
      assert.deepEqual([response.keepAlive, response.headers.has('x-hop')], [true, false])
      assert.equal(await response.text(), text)
    }
  }
  const head = await client.request({ method: 'HEAD', target: '/gzip' })
  assert.equal(head.headers.get('content-encoding'), 'gzip')
  await client.close()
  const own = new Response('x', { headers: { 'Content-Encoding': 'gzip', Connection: 'close' } })
  assert.deepEqual(
    [...fromFetchResponse(own).headers.keys()],
    ['connection', 'content-encoding', 'content-type'],
  )
})

test('a handler may return a Response', async (t) => {
  const server = createServer(({ target }) =>
    target === '/error' ? Response.error() : new Response('hi', { status: 201, statusText: 'Made' }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.shutdown({ timeout: 0 }))
  const client = connect(`http://127.0.0.1:${server.address().port}`)
  const response = await client.request({ target: '/' })
  assert.deepEqual([response.status, response.reason, await response.text()], [201, 'Made', 'hi'])
  const errors = []
  server.on('error', (error) => errors.push(error))
  assert.equal((await client.request({ target: '/error' })).status, 500)
  await client.close()
})

test('a request of Fetch is aborted with the one received, and may be read into memory of its reader', async (t) => {
  const aborted = deferred()
  const seen = []
  const server = createServer(async (received) => {
    const fetched = toFetchRequest(received)
    if (received.target === '/waits') {
      fetched.signal.addEventListener('abort', () => aborted.resolve(fetched.signal.reason))
      return new Promise(() => {})
    }
    const reader = fetched.body.getReader({ mode: 'byob' })
    for (let view = new Uint8Array(3); ; ) {
      const { done, value } = await reader.read(view)
      if (done) break
      seen.push(Buffer.from(value).toString())
      view = new Uint8Array(value.buffer)
    }
    return { status: 204 }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.shutdown({ timeout: 0 }))
  const client = connect(`http://127.0.0.1:${server.address().port}`)
  assert.equal((await client.request({ method: 'PUT', target: '/', body: ['abcd', 'efgh'] })).status, 204)
  assert.equal(seen.join(''), 'abcdefgh')
  assert.ok(seen.every((piece) => piece.length <= 3))
  const waiting = client.request({ target: '/waits' }).catch(() => {})
  setTimeout(() => client.socket.resetAndDestroy(), 20)
  assert.equal((await aborted.promise).code, 'H1_SOCKET_CLOSED')
  await waiting
  const lower = request('get / HTTP/1.1\r\nContent-Length: 2', 'hi')
  assert.deepEqual([toFetchRequest(lower).method, toFetchRequest(lower).body], ['GET', null])
})

const INPUT = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'

for (const [name, over] of [
  ['node:stream', (source, parser) => Readable.from(source).pipe(parserTransform(parser))],
  ['the web', (source, parser) => ReadableStream.from(source).pipeThrough(parserStream(parser))],
]) {
  test(`a parser as a stream of ${name}`, async () => {
    const read = async (source, parser) => {
      const types = []
      for await (const event of over(source.map(Buffer.from), parser)) types.push(event.type)
      return types
    }
    assert.deepEqual(await read([INPUT.slice(0, 9), INPUT.slice(9)], new RequestParser()), [
      'head',
      'body',
      'end',
    ])
    const close = ['HTTP/1.1 200 OK\r\n\r\n', 'hi']
    assert.deepEqual(await read(close, new ResponseParser()), ['head', 'body', 'end'])
    await assert.rejects(read(['nonsense\r\n'], new RequestParser()), { code: 'H1_METHOD' })
    await assert.rejects(read([INPUT.slice(0, -1)], new RequestParser()), { code: 'H1_TRUNCATED_BODY' })
  })
}
