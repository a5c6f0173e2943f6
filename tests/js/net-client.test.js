// The client of h1wire/net against node:http: requests and bodies of every kind, responses read in every way.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { Readable } = require('node:stream')
const { json, multipart, H1Error } = require('h1wire')
const { connect } = require('h1wire/net')
const {
  answering,
  deferred,
  echo,
  nodeServer,
  rawServer,
  rejection,
  sleep,
  standsStill,
} = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'

async function echoing(t, options) {
  const server = await nodeServer(t, echo)
  const client = connect(server.origin, options)
  t.after(() => client.destroy())
  const ask = async (request) => (await client.request({ method: 'POST', target: '/', ...request })).json()
  return { server, client, ask, host: server.origin.slice('http://'.length) }
}

test('requests in order over one connection, with the Host of the origin', async (t) => {
  const { server, client, host } = await echoing(t)
  let connections = 0
  server.on('connection', () => connections++)
  const responses = await Promise.all(
    [1, 2, 3].map(async (number) => {
      const response = await client.request({ target: `/${number}` })
      return [response.status, response.reason, response.version, await response.json()]
    }),
  )
  for (const [index, [status, reason, version, seen]] of responses.entries()) {
    assert.deepEqual([status, reason, version], [200, 'OK', '1.1'])
    assert.deepEqual([seen.method, seen.target, seen.host], ['GET', `/${index + 1}`, host])
  }
  assert.equal(connections, 1)
  assert.equal(client.pending, 0)
})

test('a Host of the caller stands, however headers are given', async (t) => {
  const { ask } = await echoing(t)
  const single = function* () {
    yield ['host', 'one.example']
  }
  for (const headers of [
    { Host: 'one.example' },
    [['HOST', 'one.example']],
    new Map([['Host', 'one.example']]),
    single(),
  ]) {
    assert.equal((await ask({ headers })).host, 'one.example')
  }
  assert.equal((await ask({ host: 'three.example' })).host, 'three.example')
})

test('bodies that are whole', async (t) => {
  const { ask } = await echoing(t)
  const large = Buffer.alloc(300_000, 'x')
  for (const [body, expected, type] of [
    ['Jörg', Buffer.from('Jörg').toString('latin1')],
    [Buffer.from('abc'), 'abc'],
    [new Uint16Array([0x4241]), 'AB'],
    [new TextEncoder().encode('view').buffer, 'view'],
    [large, large.toString()],
    [large.buffer, Buffer.from(large.buffer).toString('latin1')],
    [{ content: large, type: 'text/x-large' }, large.toString(), 'text/x-large'],
    [json({ a: 1 }), '{"a":1}', 'application/json'],
    [new URLSearchParams({ a: 'ö' }), 'a=%C3%B6', 'application/x-www-form-urlencoded'],
    [new Blob(['blob'], { type: 'text/x-blob' }), 'blob', 'text/x-blob'],
    [null, ''],
  ]) {
    const seen = await ask({ body })
    assert.deepEqual([seen.body, seen.type, seen.length], [expected, type, String(expected.length)])
  }
})

test('forms with files', async (t) => {
  const { ask } = await echoing(t)
  const form = new FormData()
  form.set('name', 'Jörg')
  form.set('file', new Blob(['octets'], { type: 'text/plain' }), 'a.txt')
  for (const body of [form, await multipart(form)]) {
    const seen = await ask({ body })
    assert.match(seen.type, /^multipart\/form-data; boundary=/)
    assert.match(seen.body, /filename="a\.txt"\r\nContent-Type: text\/plain\r\n\r\noctets\r\n/)
    assert.equal(seen.length, String(seen.body.length))
  }
})

test('bodies in pieces: chunked, or as long as the caller says', async (t) => {
  const { ask } = await echoing(t)
  const pieces = ['one ', Buffer.from('two '), new Uint8Array([0x33])]
  const sources = {
    array: () => pieces,
    generator: function* () {
      yield* pieces
    },
    'async generator': async function* () {
      for (const piece of pieces) {
        await sleep(1)
        yield piece
      }
    },
    'node stream': () => Readable.from(pieces, { objectMode: true }),
    'web stream': () => ReadableStream.from(pieces),
  }
  for (const [name, make] of Object.entries(sources)) {
    const chunked = await ask({ body: make() })
    assert.deepEqual(
      [chunked.body, chunked.coding, chunked.length],
      ['one two 3', 'chunked', undefined],
      name,
    )
    const counted = await ask({ body: make(), headers: { 'Content-Length': 9 } })
    assert.deepEqual([counted.body, counted.coding, counted.length], ['one two 3', undefined, '9'], name)
  }
})

test('a target that has to be permitted', async (t) => {
  const { client } = await echoing(t)
  await assert.rejects(client.request({ method: 'NOTIFY', target: '*' }), { code: 'H1_TARGET_FORM' })
  // The server at the other end does not permit it.
  const answer = await client
    .request({ method: 'NOTIFY', target: '*', lenient: ['asterisk'] })
    .catch((error) => error)
  assert.notEqual(answer.side, 'local')
})

test('a source that gives too much or too little ends the connection, not the process', async (t) => {
  for (const length of [2, 4]) {
    const { client } = await echoing(t)
    const request = { method: 'POST', target: '/', body: ['abc'], headers: { 'Content-Length': length } }
    const error = await rejection(client.request(request))
    assert.deepEqual([error.code, error.side], ['H1_BODY_LENGTH', 'local'])
    assert.deepEqual([error.expected, error.actual], [length, 3])
    assert.ok(client.closed)
  }
})

test('a source that fails fails the request, with its own error', async (t) => {
  const { client } = await echoing(t)
  const body = (async function* () {
    yield 'abc'
    throw new Error('the disk is gone')
  })()
  const error = await rejection(client.request({ method: 'POST', target: '/', body }))
  assert.equal(error.message, 'the disk is gone')
})

test('trailers of both sides', async (t) => {
  const { ask, client } = await echoing(t)
  assert.deepEqual((await ask({ body: 'abc', trailers: { 'X-Sum': '6' } })).trailers, { 'x-sum': '6' })
  assert.deepEqual((await ask({ body: ['abc'], trailers: { 'X-Sum': '7' } })).trailers, { 'x-sum': '7' })
  let sum = 0
  const body = (async function* () {
    for (const piece of ['a', 'bc']) {
      sum += piece.length
      yield piece
    }
  })()
  assert.deepEqual((await ask({ body, trailers: async () => ({ 'X-Sum': sum }) })).trailers, { 'x-sum': '3' })
  const misuse = client.request({ target: '/', body: 'x', trailers: () => ({}) })
  await assert.rejects(misuse, { name: 'TypeError', message: /in pieces/ })

  const server = await nodeServer(t, (_request, response) => {
    response.writeHead(200, { Trailer: 'X-End' })
    response.write('abc')
    response.addTrailers({ 'X-End': 'yes' })
    response.end()
  })
  const other = connect(server.origin)
  t.after(() => other.destroy())
  const response = await other.request({ target: '/' })
  assert.equal(await response.text(), 'abc')
  assert.deepEqual([...(await response.trailers)], [['X-End', 'yes']])
})

test('what is refused leaves the connection as it was', async (t) => {
  const { client, ask } = await echoing(t)
  const refused = await rejection(client.request({ target: '/', headers: { 'X-Bad': 'a\r\nb' } }))
  assert.ok(refused instanceof H1Error)
  assert.deepEqual(
    [refused.code, refused.side, refused.part],
    ['H1_FIELD_VALUE', 'local', 'headers[0].value'],
  )
  await assert.rejects(client.request(), { name: 'TypeError' })
  await assert.rejects(client.request({ target: '/', body: 7 }), { name: 'TypeError' })
  assert.equal((await ask({ body: 'x' })).body, 'x')
  assert.equal(client.closed, false)
})

test('a response body is read in one way, whichever', async (t) => {
  const server = await nodeServer(t, (_request, response) => response.end('{"a":"ö"}'))
  const client = connect(server.origin)
  t.after(() => client.destroy())
  const get = () => client.request({ target: '/' })
  const whole = Buffer.from('{"a":"ö"}')
  assert.deepEqual(await (await get()).bytes(), whole)
  assert.equal(await (await get()).text(), whole.toString())
  assert.deepEqual(await (await get()).json(), { a: 'ö' })
  assert.deepEqual(
    Buffer.concat((await Array.fromAsync?.(await get())) ?? (await collect(await get()))),
    whole,
  )
  assert.deepEqual(Buffer.concat(await collect((await get()).stream)), whole)
  const response = await get()
  await response.text()
  await assert.rejects(response.text(), { name: 'TypeError' })
})

async function collect(iterable) {
  const pieces = []
  for await (const piece of iterable) pieces.push(piece)
  return pieces
}

test('HEAD, 204, 304 and until-close', async (t) => {
  const server = await answering(
    t,
    'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n',
    (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'),
  )
  const client = connect(server.origin)
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ]) {
    const response = await client.request({ method, target: '/' })
    assert.deepEqual([response.status, await response.text(), response.keepAlive], [status, '', true])
  }
  const last = await client.request({ target: '/' })
  assert.equal(last.keepAlive, false)
  assert.equal(await last.text(), 'to the end')
  assert.ok(client.closed)
  await assert.rejects(client.request({ target: '/' }), { code: 'H1_SOCKET_CLOSED' })
  await client.close()
})

test('100-continue: sent when told, or when nobody tells', async (t) => {
  const server = await nodeServer(t, echo)
  let asked = 0
  server.on('checkContinue', (request, response) => {
    asked++
    setImmediate(() => {
      response.writeContinue()
      echo(request, response)
    })
  })
  const client = connect(server.origin, { continueTimeout: 60_000 })
  t.after(() => client.destroy())
  const bodies = ['whole', ['in ', 'pieces']]
  for (const body of bodies) {
    const response = await client.request({
      method: 'PUT',
      target: '/',
      body,
      headers: { Expect: '100-continue' },
    })
    assert.deepEqual(
      response.informational.map(({ status }) => status),
      [100],
    )
    assert.equal((await response.json()).body, [body].flat().join(''))
  }
  assert.equal(asked, 2)

  const silent = await rawServer(t, (socket) => {
    let seen = ''
    socket.on('data', (data) => {
      seen += data
      if (seen.endsWith('body')) socket.write(OK)
    })
  })
  const other = connect(silent.origin, { continueTimeout: 30 })
  t.after(() => other.destroy())
  const start = performance.now()
  const response = await other.request({
    method: 'PUT',
    target: '/',
    body: 'body',
    headers: [['expect', '100-continue']],
  })
  assert.equal(await response.text(), 'hi')
  assert.ok(performance.now() - start >= 25)
})

test('100-continue: a final answer instead, and the body is not sent', async (t) => {
  let seen = ''
  let ended
  const over = new Promise((resolve) => {
    ended = resolve
  })
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      seen += data
      if (seen.includes('\r\n\r\n')) socket.write('HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno')
    })
    socket.on('end', ended)
  })
  const client = connect(server.origin, { continueTimeout: 100 })
  let stopped = false
  const body = new ReadableStream(
    {
      pull: (controller) => controller.enqueue('never'),
      cancel: () => {
        stopped = true
      },
    },
    { highWaterMark: 0 },
  )
  const request = {
    method: 'PUT',
    target: '/',
    body,
    headers: { Expect: '100-continue', 'Content-Length': 5 },
  }
  const response = await client.request(request)
  assert.deepEqual([response.status, await response.text()], [417, 'no'])
  await over
  await sleep(120)
  assert.ok(seen.endsWith('\r\n\r\n'), seen)
  assert.ok(client.closed)
  assert.ok(stopped)
})

test('informational responses: told as they come, and kept', async (t) => {
  const server = await answering(
    t,
    `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`,
    OK,
    'HTTP/1.1 102 Processing\r\n\r\n'.repeat(17),
  )
  const client = connect(server.origin)
  const told = []
  const response = await client.request({ target: '/' }, { onInformational: (one) => told.push(one) })
  assert.deepEqual(told, response.informational)
  assert.deepEqual(
    response.informational.map(({ status, reason, headers }) => [status, reason, headers.get('link')]),
    [
      [102, 'Processing', undefined],
      [103, 'Early Hints', '</a>'],
    ],
  )
  assert.equal(await response.text(), 'hi')
  assert.deepEqual((await client.request({ target: '/' })).informational, [])
  const flood = await rejection(client.request({ target: '/' }))
  assert.equal(flood.code, 'H1_TOO_MANY_INFORMATIONAL')
})

test('pipelining: idempotent requests go ahead, others wait', async (t) => {
  let seen = ''
  let come = deferred()
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      seen += data
      come.resolve()
    })
  })
  const client = connect(server.origin, { pipelining: 3 })
  t.after(() => client.destroy())
  const heads = async (count) => {
    for (;;) {
      const all = [...seen.matchAll(/^(\S+) (\/\S*) HTTP/gm)]
      if (all.length >= count) return all.map(([, method, target]) => `${method} ${target}`)
      come = deferred()
      await come.promise
    }
  }
  const got = []
  const ask = (method, target, init) =>
    client
      .request({ method, target, ...init })
      .then(async (response) => got.push(`${target} ${await response.text()}`))
  const all = [
    ask('GET', '/1'),
    ask('GET', '/2'),
    ask('POST', '/3', { body: 'x\n' }),
    ask('POST', '/4', { body: 'y\n', idempotent: true }),
    ask('GET', '/5'),
    ask('GET', '/6'),
  ]
  assert.deepEqual(await heads(2), ['GET /1', 'GET /2'])
  const [socket] = server.sockets
  const { bytesWritten } = client.socket
  socket.write(OK)
  await all[0]
  assert.equal(client.socket.bytesWritten, bytesWritten)
  socket.write(OK)
  assert.deepEqual((await heads(3)).slice(2), ['POST /3'])
  socket.write(OK)
  assert.deepEqual((await heads(6)).slice(3), ['POST /4', 'GET /5', 'GET /6'])
  socket.write(OK + OK + OK)
  await Promise.all(all)
  assert.deepEqual(got, ['/1 hi', '/2 hi', '/3 hi', '/4 hi', '/5 hi', '/6 hi'])
})

test('back-pressure: nothing is read that nobody reads', async (t) => {
  const size = 64 << 20
  const server = await nodeServer(t, (_request, response) => {
    response.setHeader('Content-Length', size)
    const piece = Buffer.alloc(1 << 16)
    let left = size
    const more = () => {
      while (left > 0) {
        left -= piece.length
        if (!response.write(piece)) return response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  const client = connect(server.origin)
  t.after(() => client.destroy())
  const response = await client.request({ target: '/' })
  await standsStill(() => client.socket.bytesRead)
  assert.ok(client.socket.bytesRead < 200_000, `${client.socket.bytesRead} octets read`)
  let length = 0
  for await (const data of response) length += data.length
  assert.equal(length, size)
})

test('back-pressure: a source is asked when the socket has taken what was there', async (t) => {
  const server = await rawServer(t, (socket) => socket.pause())
  const client = connect(server.origin)
  t.after(() => client.destroy())
  let given = 0
  const piece = Buffer.alloc(1 << 16)
  const body = (async function* () {
    for (;;) {
      given += piece.length
      yield piece
    }
  })()
  client.request({ method: 'POST', target: '/', body }).catch(() => {})
  await standsStill(() => given)
  assert.ok(given > 0 && given < 16 << 20, `${given} octets taken`)
})

test('unread: a short body does not keep the next request waiting, and can still be read', async (t) => {
  const server = await nodeServer(t, (request, response) => response.end(request.url.repeat(10_000)))
  const client = connect(server.origin)
  t.after(() => client.destroy())
  const [one, two] = await Promise.all([client.request({ target: '/1' }), client.request({ target: '/2' })])
  assert.equal(await two.text(), '/2'.repeat(10_000))
  assert.equal(await one.text(), '/1'.repeat(10_000))
})

test('unread: a long one fails, with what is behind it, when its time is over', async (t) => {
  const server = await nodeServer(t, (_request, response) => response.end(Buffer.alloc(4 << 20)))
  const client = connect(server.origin, { unreadTimeout: 50 })
  const first = await client.request({ target: '/1' })
  const second = await rejection(client.request({ target: '/2' }))
  assert.deepEqual([second.code, second.cause?.code], ['H1_SOCKET_CLOSED', 'H1_BODY_UNREAD'])
  await assert.rejects(first.bytes(), { code: 'H1_BODY_UNREAD' })
})

test('unread: dropped bodies are read to their end if it is near, else the connection is closed', async (t) => {
  const server = await nodeServer(t, (request, response) =>
    response.end(Buffer.alloc(Number(request.url.slice(1)))),
  )
  const client = connect(server.origin)
  ;(await client.request({ target: '/60000' })).dump()
  assert.equal((await (await client.request({ target: '/5' })).bytes()).length, 5)
  ;(await client.request({ target: '/9000000' })).dump()
  await assert.rejects(client.request({ target: '/5' }), { code: 'H1_SOCKET_CLOSED' })
  for await (const _data of await connect(server.origin).request({ target: '/9000000' })) break
})

test('close() waits for what was given, destroy() does not', async (t) => {
  const closing = deferred()
  const server = await nodeServer(t, async (_request, response) => {
    await closing.promise
    response.end('late')
  })
  const client = connect(server.origin)
  const asked = Promise.all([client.request({ target: '/' }), client.request({ target: '/' })])
  const closed = client.close()
  await assert.rejects(client.request({ target: '/' }), { code: 'H1_CLOSED' })
  closing.resolve()
  for (const response of await asked) assert.equal(await response.text(), 'late')
  await closed
  assert.ok(client.socket.destroyed)

  const silent = await rawServer(t, () => {})
  const other = connect(silent.origin)
  const both = [other.request({ target: '/' }), other.request({ target: '/' })].map(rejection)
  await once(silent, 'connection')
  const error = new Error('enough')
  other.destroy(error)
  assert.deepEqual(await Promise.all(both), [error, error])
  await other.close()
  const third = connect(server.origin)
  const asking = rejection(third.request({ target: '/' }))
  third.destroy()
  assert.equal((await asking).code, 'H1_CLOSED')
  await third.close()
})
