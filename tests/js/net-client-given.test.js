// What a client is given: it is read when it is given, not when it is sent, and a body belongs to the client from then on.
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { test } = require('node:test')
const { PassThrough, Readable } = require('node:stream')
const { connect, pool } = require('h1wire/net')
const { answering, echo, nodeServer, rawServer, rejection, sleep } = require('./net/client.js')

const NOWHERE = 'http://127.0.0.1:9'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }

/** A server that answers each request with its own head. */
async function mirror(t) {
  return nodeServer(t, (request, response) => {
    const heads = [`${request.method} ${request.url}`, ...request.rawHeaders]
    request.resume()
    request.on('end', () => response.end(JSON.stringify([...heads, ...Object.keys(request.trailers)])))
  })
}

const told = async (promise) => JSON.parse(await (await promise).text())

for (const [name, make] of [
  ['client', connect],
  ['pool', (origin) => pool(origin, { connections: 1 })],
]) {
  test(`a request that is changed after it was given to a ${name} is sent as it was`, async (t) => {
    const server = await mirror(t)
    const clients = make(server.origin)
    const request = { target: '/', headers: { 'X-A': ['1', '2'] } }
    const answers = []
    for (const target of ['/1', '/2', '/3']) {
      request.target = target
      request.headers['X-A'][0] = target
      answers.push(told(clients.request(request)))
    }
    request.headers = null
    assert.deepEqual(
      (await Promise.all(answers)).map((lines) => [lines[0], lines[lines.indexOf('X-A') + 1]]),
      ['/1', '/2', '/3'].map((target) => [`GET ${target}`, target]),
    )
    await clients.close()
  })

  test(`everything of a request waits unchanged in a ${name}`, async (t) => {
    const server = await mirror(t)
    const clients = make(server.origin)
    const pair = ['X-A', ['1', '2']]
    const headers = [pair, ['X-B', '1']]
    const url = new URL(`${server.origin}/a`)
    const body = new URLSearchParams({ a: '1' })
    const trailers = { 'X-T': '1' }
    const form = new FormData()
    form.set('a', new Blob(['1']))
    const answers = [
      clients.request({ target: '/', headers }),
      clients.request({ url }),
      clients.request({ method: 'PUT', target: '/', body }),
      clients.request({ method: 'PUT', target: '/', body: 'x', trailers }),
      clients.request({ method: 'PUT', target: '/', body: form }),
    ].map(told)
    pair[1][1] = 'changed'
    headers[1][1] = 'changed'
    headers.push(['X-C', 'changed'])
    url.pathname = '/changed'
    body.set('b', 'changed')
    trailers['X-Changed'] = 'changed'
    form.set('b', 'changed')
    for (const lines of await Promise.all(answers))
      assert.ok(!/changed/i.test(JSON.stringify(lines)), `${lines}`)
    assert.equal((await answers[2])[(await answers[2]).indexOf('Content-Length') + 1], '3')
    await clients.close()
  })

  test(`a member or an option of a request that is not known is refused by a ${name}`, async () => {
    const clients = make(NOWHERE)
    for (const [request, options, message] of [
      [{ target: '/', heders: {} }, undefined, 'heders is not known: did you mean headers?'],
      [
        { target: '/', signal: null },
        undefined,
        'signal is not known: it belongs in options, behind the request',
      ],
      [GET, { sginal: null }, 'options.sginal is not known: did you mean signal?'],
      [GET, { signal: {} }, 'options.signal must be an AbortSignal'],
      [GET, { onInformational: 1 }, 'options.onInformational must be a function'],
    ]) {
      const error = await rejection(clients.request(request, options))
      assert.deepEqual([error.name, error.message], ['TypeError', message])
    }
    clients.destroy()
  })
}

test('what is repeated is what was given', async (t) => {
  const seen = []
  const server = await rawServer(t, (socket, number) => {
    let count = 0
    socket.on('data', (data) => {
      seen.push(/X-A: (.*)\r/.exec(data)?.[1])
      if (number === 0 && count++ === 1) socket.end()
      else socket.write(OK)
    })
  })
  const clients = pool(server.origin, { connections: 1 })
  await (await clients.request(GET)).text()
  const headers = { 'X-A': 'first' }
  const answer = clients.request({ target: '/', headers })
  headers['X-A'] = 'second'
  assert.equal(await (await answer).text(), 'hi')
  assert.deepEqual(seen, [undefined, 'first', 'first'])
  await clients.close()
})

test('a body that must be read first: no signal, aborted, broken, closed behind it', async (t) => {
  const server = await nodeServer(t, echo)
  for (const make of [connect, pool]) {
    const clients = make(server.origin)
    const blob = () => new Blob(['abc'])
    const put = (body, options, headers) =>
      clients.request({ method: 'PUT', target: '/', body, headers }, options)
    assert.equal((await (await put(blob(), { signal: null })).json()).body, 'abc')
    const broken = {
      *[Symbol.iterator]() {
        yield ['a', 'b']
        throw new Error('no further')
      },
    }
    assert.equal((await rejection(put(blob(), undefined, broken))).message, 'no further')
    // Reading it takes for ever, and an abort does not wait for that.
    const endless = blob()
    endless.arrayBuffer = () => new Promise(() => {})
    assert.equal((await rejection(put(endless, { signal: AbortSignal.timeout(20) }))).name, 'TimeoutError')
    const failing = blob()
    failing.arrayBuffer = async () => {
      throw new Error('cannot be read')
    }
    assert.equal((await rejection(put(failing))).message, 'cannot be read')
    // In order, and what is given before close() is done.
    const answers = [put(blob()), clients.request({ target: '/2' })]
    const closed = clients.close()
    const [first, second] = await Promise.all(answers.map(async (answer) => (await answer).json()))
    assert.deepEqual([first.body, second.target], ['abc', '/2'])
    await closed
    assert.equal((await rejection(put(blob()))).code, 'H1_CLOSED')
  }
})

/** A stream that says whether it was stopped. */
function endless() {
  return new Readable({ read: () => {}, highWaterMark: 1 })
}

/** What becomes of a request with such a body; it is destroyed, and its errors go nowhere. */
const ways = {
  'the connection fails': async (_t, body) => {
    const clients = connect({ host: '127.0.0.1', port: 1 })
    assert.equal(
      (await rejection(clients.request({ method: 'PUT', target: '/', body }))).code,
      'H1_CONNECT_FAILED',
    )
  },
  'the client is closed': async (_t, body) => {
    const clients = pool(NOWHERE)
    clients.destroy()
    assert.equal((await rejection(clients.request({ method: 'PUT', target: '/', body }))).code, 'H1_CLOSED')
  },
  'it is aborted in the queue': async (t, body) => {
    const server = await rawServer(t, () => {})
    const client = connect(server.origin)
    const first = rejection(client.request(GET))
    const options = { signal: AbortSignal.timeout(20) }
    const error = await rejection(client.request({ method: 'PUT', target: '/', body }, options))
    assert.equal(error.name, 'TimeoutError')
    client.destroy()
    await first
  },
  'it waits for a 100': async (t, body) => {
    const server = await rawServer(t, () => {})
    const client = connect(server.origin, { continueTimeout: 0 })
    const headers = { Expect: '100-continue' }
    const options = { signal: AbortSignal.timeout(50) }
    const error = await rejection(client.request({ method: 'PUT', target: '/', headers, body }, options))
    assert.equal(error.name, 'TimeoutError')
  },
  'its head is refused': async (t, body) => {
    const server = await answering(t, OK)
    const client = connect(server.origin)
    const error = await rejection(
      client.request({ method: 'PUT', target: '/', headers: { X: 'a\nb' }, body }),
    )
    assert.equal(error.side, 'local')
    client.destroy()
  },
  'its headers cannot be read': async (_t, body) => {
    const headers = new Map()
    headers[Symbol.iterator] = () => {
      throw new Error('no')
    }
    const clients = pool(NOWHERE)
    const error = await rejection(clients.request({ method: 'PUT', target: '/', headers, body }))
    assert.equal(error.message, 'no')
  },
  'an option is refused': async (_t, body) => {
    const clients = pool(NOWHERE)
    const error = await rejection(clients.request({ method: 'PUT', target: '/', body }, { signal: 1 }))
    assert.equal(error.name, 'TypeError')
  },
  'the response ends the connection': async (t, body) => {
    const server = await answering(t, 'HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    const client = connect(server.origin)
    assert.equal((await client.request({ method: 'PUT', target: '/', body })).status, 413)
    await client.close()
  },
}

for (const [how, run] of Object.entries(ways)) {
  test(`a body in pieces is stopped when ${how}`, async (t) => {
    const stream = endless()
    await run(t, stream)
    await sleep(1)
    assert.ok(stream.destroyed, 'a stream')
    let reason
    const web = new ReadableStream({
      cancel(given) {
        reason = given ?? 'cancelled'
      },
    })
    await run(t, web)
    await sleep(1)
    assert.notEqual(reason, undefined, 'a web stream')
    // One that fails by itself, at any moment: nothing is unhandled.
    await run(t, fs.createReadStream('/nowhere/at/all').on('open', assert.fail)).catch((error) => {
      assert.ok(error.code === 'ERR_ASSERTION' || error.code === 'ENOENT', error)
    })
  })
}

test('a source that fails before it gives anything: nothing is sent, and the connection stays', async (t) => {
  const server = await nodeServer(t, echo)
  const client = connect(server.origin)
  await (await client.request(GET)).text()
  const { socket } = client
  const sent = socket.bytesWritten
  const request = { method: 'PUT', target: '/', body: fs.createReadStream('/nowhere/at/all') }
  assert.equal((await rejection(client.request(request))).code, 'ENOENT')
  const locked = new ReadableStream()
  locked.getReader()
  assert.equal((await rejection(client.request({ ...request, body: locked }))).name, 'TypeError')
  assert.equal(socket.bytesWritten, sent)
  assert.equal((await (await client.request({ target: '/2' })).json()).target, '/2')
  assert.equal(client.socket, socket)
  await client.close()
})

test('the head and the first piece go in one write; a slow source does not hold the head back for ever', async (t) => {
  const reads = []
  const server = await rawServer(t, (socket) => {
    socket.on('data', (data) => {
      reads.push(data.toString('latin1'))
      if (data.includes('0\r\n\r\n')) socket.write(OK)
    })
  })
  const client = connect(server.origin)
  const body = new PassThrough()
  const answer = client.request({ method: 'PUT', target: '/', body })
  await sleep(20)
  body.write('first')
  await sleep(20)
  assert.match(reads[0], /^PUT [\s\S]*\r\n\r\n5\r\nfirst\r\n$/)
  body.end()
  await (await answer).text()
  reads.length = 0
  const slow = new PassThrough()
  const later = client.request({ method: 'PUT', target: '/', body: slow })
  await sleep(700)
  assert.match(reads[0], /^PUT [\s\S]*\r\n\r\n$/)
  slow.end('x')
  await (await later).text()
  await client.close()
})

test('the body of a message that was received is passed on with its length', async (t) => {
  const from = await answering(
    t,
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde',
    'HTTP/1.1 204 No Content\r\n\r\n',
  )
  const to = await nodeServer(t, echo)
  const [source, client] = [connect(from.origin), connect(to.origin)]
  const passOn = async (headers) => {
    const body = await source.request(GET)
    const {
      length,
      coding,
      body: seen,
    } = await (await client.request({ method: 'PUT', target: '/', body, headers })).json()
    return [length, coding, seen]
  }
  assert.deepEqual(await passOn(), ['5', undefined, 'abcde'])
  assert.deepEqual(await passOn({ 'Content-Length': 5 }), ['5', undefined, 'abcde'])
  assert.deepEqual(await passOn(), [undefined, 'chunked', 'hi'])
  assert.deepEqual(await passOn({ 'Transfer-Encoding': 'chunked' }), [undefined, 'chunked', 'abcde'])
  assert.equal((await passOn())[2], '')
  await Promise.all([source.close(), client.close()])
})
