// Bodies that were received, given as bodies to be sent: they have the framing they came with, and none where there is none.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { connect, createServer } = require('h1wire/net')
const { rawServer } = require('./net/client.js')
const { open } = require('./peers/raw.js')

async function start(t, handler) {
  const server = createServer({ onError: (error) => assert.fail(error) }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return () => open({ port: server.address().port, host: '127.0.0.1' })
}

const REQUESTS = {
  length: [
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
    { contentLength: 3, chunked: false, hasBody: true },
  ],
  chunked: [
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    { contentLength: null, chunked: true, hasBody: true },
  ],
  zero: [
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
    { contentLength: 0, chunked: false, hasBody: false },
  ],
  none: ['DELETE / HTTP/1.1\r\nHost: a\r\n\r\n', { contentLength: null, chunked: false, hasBody: false }],
}
const FRAMING = {
  length: /\r\nContent-Length: 3\r\n\r\nabc$/,
  chunked: /\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/,
  zero: /\r\nContent-Length: 0\r\n\r\n$/,
  none: /^(?![\s\S]*(Transfer-Encoding|Content-Length: [1-9]))[\s\S]*\r\n\r\n$/,
}

for (const [name, [octets, facts]] of Object.entries(REQUESTS)) {
  test(`a request tells its framing, and its body is a response's with the same: ${name}`, async (t) => {
    const client = await start(t, (request) => {
      const { contentLength, chunked, hasBody } = request
      assert.deepEqual({ contentLength, chunked, hasBody }, facts)
      return { status: 200, body: request }
    })
    const one = await client()
    one.write(octets)
    assert.match(await one.until(FRAMING[name]), /^HTTP\/1\.1 200 OK\r\n/)
    one.write(octets)
    await one.until(/200 OK[\s\S]*200 OK[\s\S]*\r\n\r\n/)
  })

  test(`and a client's request with the same: ${name}`, async (t) => {
    let sent = ''
    const upstream = await rawServer(t, (socket) => {
      socket.on('data', (data) => {
        sent += data
        if (FRAMING[name].test(sent)) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const client = await start(t, async (request) => {
      const origin = connect(upstream.origin)
      t.after(() => origin.destroy())
      const { method, target } = request
      return origin.request({ method, target, body: request })
    })
    const one = await client()
    one.write(octets)
    assert.match(await one.until(/ok$/), /^HTTP\/1\.1 200 OK\r\nContent-Length: 2\r\n/)
    assert.match(sent, FRAMING[name])
  })
}

test('a response is passed on whole: status, headers, length or chunks, and the trailers that may be', async (t) => {
  const answers = {
    '/length': 'HTTP/1.1 404 Nope\r\nContent-Length: 3\r\nX-A: 1\r\n\r\nabc',
    '/chunked':
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\nContent-Length: 1\r\n\r\n',
    '/204': 'HTTP/1.1 204 No Content\r\n\r\n',
    '/304': 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
  }
  const upstream = await rawServer(t, (socket) => {
    socket.on('data', (data) => socket.write(answers[String(data).split(' ')[1]]))
  })
  const origin = connect(upstream.origin)
  t.after(() => origin.destroy())
  const client = await start(t, ({ target }) => origin.request({ target }))
  for (const [target, expected] of [
    ['/length', /^HTTP\/1\.1 404 Nope\r\nContent-Length: 3\r\nX-A: 1\r\nDate: [^\r]*\r\n\r\nabc$/],
    ['/chunked', /\r\nTransfer-Encoding: chunked\r\n[\s\S]*\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n$/],
    ['/204', /^HTTP\/1\.1 204 No Content\r\nDate: [^\r]*\r\n\r\n$/],
    ['/304', /^HTTP\/1\.1 304 Not Modified\r\nETag: "a"\r\nDate: [^\r]*\r\n\r\n$/],
  ]) {
    const one = await client()
    one.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
    await one.until(expected)
    one.socket.destroy()
  }
})
