// Messages as those of Fetch, and parsers as streams.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { Readable } = require('node:stream')
const { parseRequest, parseResponse, RequestParser, ResponseParser } = require('h1wire')
const {
  connect,
  fromFetchRequest,
  fromFetchResponse,
  parserStream,
  parserTransform,
  toFetchRequest,
  toFetchResponse,
} = require('h1wire/net')
const { echo, nodeServer } = require('./net/client.js')

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
