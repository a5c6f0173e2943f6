// Servers that call the handler for several pipelined requests at a time: order of the answers, and what goes wrong.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const net = require('node:net')
const { Readable } = require('node:stream')
const { ResponseParser } = require('h1wire')
const { createServer } = require('h1wire/net')
const { open } = require('./peers/raw.js')

const get = (target, more = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const post = (target, body) =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const chunked = (target, body) =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

const ok = (body) => ({ status: 200, body })
const turn = () => new Promise(setImmediate)
const bodies = (text) => [...text.matchAll(/\r\n\r\n<(.*?)>/gs)].map((one) => one[1])
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((one) => Number(one[1]))

async function start(t, options, handler) {
  const errors = []
  const server = createServer({ onError: (error) => errors.push(error), ...options }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address()
  return { server, errors, client: () => open({ port, host: '127.0.0.1' }) }
}

/** A handler whose answers are given by hand. */
function byHand() {
  const calls = new Map()
  const handler = (request) =>
    new Promise((resolve, reject) => calls.set(request.target, { request, resolve, reject }))
  return { calls, handler, targets: () => [...calls.keys()].join(' ') }
}

async function until(condition) {
  for (let at = 0; at < 500 && !condition(); at++) await new Promise((resolve) => setTimeout(resolve, 2))
  assert.ok(condition(), String(condition))
}

test('so many at a time, and the answers in order', async (t) => {
  const { calls, handler, targets } = byHand()
  const { client } = await start(t, { pipelining: 3 }, handler)
  const one = await client()
  one.write(['/a', '/b', '/c', '/d', '/e'].map((target) => get(target)).join(''))
  await until(() => calls.size === 3)
  calls.get('/c').resolve(ok('<c>'))
  calls.get('/b').resolve(ok(Readable.from(['<', 'b', '>'])))
  await turn()
  await turn()
  assert.deepEqual([one.text(), targets()], ['', '/a /b /c'])
  calls.get('/a').resolve(ok('<a>'))
  await until(() => calls.size === 5)
  assert.deepEqual(statuses(await one.until(/<c>/)), [200, 200, 200])
  calls.get('/e').resolve(ok('<e>'))
  calls.get('/d').resolve(ok('<d>'))
  const text = await one.until(/<e>/)
  assert.match(text, /<a>.*\r\nb\r\n.*<c>.*<d>.*<e>/s)
})

test('each handler gets the body of its own request', async (t) => {
  const { client } = await start(t, { pipelining: 4 }, async (request) => {
    if (request.target === '/slow') await new Promise((resolve) => setTimeout(resolve, 30))
    return ok(`<${request.method} ${request.target} ${await request.text()}>`)
  })
  const octets = [
    post('/slow', 'one'),
    chunked('/2', 'two'),
    get('/3'),
    post('/4', 'x'.repeat(100_000)),
    chunked('/5', 'five'),
    post('/6', 'six'),
  ].join('')
  const expected = [
    'POST /slow one',
    'POST /2 two',
    'GET /3 ',
    `POST /4 ${'x'.repeat(100_000)}`,
    'POST /5 five',
  ]
  for (const size of [octets.length, 7001, 40]) {
    const one = await client()
    for (let at = 0; at < octets.length; at += size) {
      one.write(octets.slice(at, at + size))
      if (at % 10 === 0) await turn()
    }
    assert.deepEqual(bodies(await one.until(/six>/)), [...expected, 'POST /6 six'])
  }
})

test('whatever the cut and whoever is done first, the answers are the same', async (t) => {
  const count = 40
  const delays = Array.from({ length: count }, (_, at) => (at * 7919) % 5)
  const wanted = Array.from({ length: count }, (_, at) => `${at}`)
  for (const pipelining of [1, 2, 7, 64]) {
    let running = 0
    let most = 0
    const { client } = await start(t, { pipelining }, async ({ target }) => {
      most = Math.max(most, ++running)
      const delay = delays[Number(target.slice(1))]
      if (delay !== 0) await new Promise((resolve) => setTimeout(resolve, delay))
      running--
      return ok(`<${target.slice(1)}>`)
    })
    const octets = wanted.map((at) => (at % 3 === 0 ? get(`/${at}`) : post(`/${at}`, 'body'))).join('')
    for (const size of [octets.length, 333, 61]) {
      const one = await client()
      for (let at = 0; at < octets.length; at += size) {
        one.write(octets.slice(at, at + size))
        await turn()
      }
      assert.deepEqual(bodies(await one.until(new RegExp(`<${count - 1}>`))), wanted)
    }
    assert.ok(most <= pipelining && (pipelining === 1 || most > 1), `${most} at a time`)
  }
})

test('a 100 and other 1xx wait for their turn too', async (t) => {
  const { calls, handler } = byHand()
  const { client } = await start(t, { pipelining: 2 }, (request) => {
    if (request.target === '/2') {
      request.sendInformational({ status: 103, headers: { Link: '<a>' } })
      return request.text().then((text) => ok(`<${text}>`))
    }
    return handler(request)
  })
  const one = await client()
  const expecting = 'POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n'
  one.write(get('/1') + expecting)
  await until(() => calls.size === 1)
  await turn()
  assert.equal(one.text(), '')
  calls.get('/1').resolve(ok('<1>'))
  const text = await one.until(/ 103 .*\r\n\r\n$/s)
  assert.deepEqual(statuses(text), [200, 100, 103])
  one.write('hi')
  await one.until(/<hi>/)
})

test('a handler that fails is answered in its turn', async (t) => {
  const { client, errors } = await start(t, { pipelining: 3 }, async ({ target }) => {
    if (target === '/2') throw new Error('no')
    await new Promise((resolve) => setTimeout(resolve, 10))
    return ok('<x>')
  })
  const one = await client()
  one.write(get('/1') + get('/2') + get('/3'))
  await one.until(/<x>.*<x>/s)
  assert.deepEqual([statuses(one.text()), errors.map(({ message }) => message)], [[200, 500, 200], ['no']])
})

test('a fault behind requests is answered after them, and nothing after it', async (t) => {
  for (const pipelining of [1, 3]) {
    const { client, errors } = await start(t, { pipelining }, async ({ target }) => {
      await new Promise((resolve) => setTimeout(resolve, target === '/1' ? 10 : 1))
      return ok(`<${target}>`)
    })
    const one = await client()
    one.write(`${get('/1')}${get('/2')}GET /3\r\n\r\n${get('/4')}`)
    const text = await one.ended
    assert.deepEqual(
      [statuses(text), bodies(text)],
      [
        [200, 200, 400],
        ['/1', '/2'],
      ],
    )
    assert.equal(text.match(/Connection: close/g).length, 1)
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['H1_VERSION'],
    )
  }
})

test('a broken body is its own handler’s matter', async (t) => {
  const { client } = await start(t, { pipelining: 3 }, async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return ok(`<${await request.text()}>`)
  })
  const one = await client()
  one.write(`${post('/1', 'a')}${chunked('/2', 'b').replace('1\r\nb', 'x\r\nb')}${get('/3')}`)
  const text = await one.ended
  assert.deepEqual([statuses(text), bodies(text)], [[200, 400], ['a']])
})

test('a client that goes away aborts every request, and stops every source', async (t) => {
  const { calls, handler } = byHand()
  const { client } = await start(t, { pipelining: 3 }, handler)
  const one = await client()
  one.write(get('/1') + get('/2') + get('/3'))
  await until(() => calls.size === 3)
  const signals = [...calls.values()].map(({ request }) => request.signal)
  const stopped = new Readable({ read() {} })
  calls.get('/2').resolve(ok(stopped))
  await turn()
  one.socket.resetAndDestroy()
  await until(() => signals.every((signal) => signal.aborted))
  await until(() => stopped.destroyed)
  calls.get('/3').resolve(ok('too late'))
  calls.get('/1').reject(new Error('too late'))
})

test('a response that ends the connection leaves the requests behind it', async (t) => {
  const { calls, handler } = byHand()
  const { client } = await start(t, { pipelining: 3 }, handler)
  const one = await client()
  one.write(get('/1') + get('/2') + get('/3'))
  await until(() => calls.size === 3)
  const { signal } = calls.get('/2').request
  const stopped = new Readable({ read() {} })
  calls.get('/2').resolve(ok(stopped))
  calls.get('/1').resolve({ ...ok('<1>'), headers: { Connection: 'close' } })
  assert.deepEqual(bodies(await one.ended), ['1'])
  assert.ok(signal.aborted && stopped.destroyed)
  calls.get('/3').resolve(ok('<3>'))
})

test('a switch comes after what was asked before, with what lies behind it', async (t) => {
  for (const [request, options] of [
    ['CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n', 'onConnect'],
    [get('/2', 'Connection: Upgrade\r\nUpgrade: x\r\n'), 'onUpgrade'],
  ]) {
    const { calls, handler } = byHand()
    let given
    const takeOver = (request, socket, rest) => {
      given = String(rest)
      socket.on('error', () => {}).end(`taken ${request.target}`)
    }
    const { client } = await start(t, { pipelining: 3, [options]: takeOver }, handler)
    const one = await client()
    one.write(`${get('/1')}${request}other protocol`)
    await until(() => calls.size === 1)
    await turn()
    assert.equal(given, undefined)
    calls.get('/1').resolve(ok('<1>'))
    assert.match(await one.ended, /<1>taken/)
    assert.equal(given, 'other protocol')
  }
})

test('no handler is called for more than a connection may have', async (t) => {
  const targets = []
  const { client } = await start(t, { pipelining: 4, maxRequestsPerSocket: 2 }, async ({ target }) => {
    targets.push(target)
    return ok(`<${target}>`)
  })
  const one = await client()
  one.write(['/1', '/2', '/3', '/4'].map((target) => get(target)).join(''))
  const text = await one.ended
  assert.deepEqual(
    [targets, bodies(text)],
    [
      ['/1', '/2'],
      ['/1', '/2'],
    ],
  )
  assert.equal(text.match(/Connection: close/g).length, 1)
})

test('a server that is closed answers what it has called the handler for', async (t) => {
  const { calls, handler, targets } = byHand()
  const { client, server } = await start(t, { pipelining: 2 }, handler)
  const one = await client()
  one.write(get('/1') + get('/2') + get('/3'))
  await until(() => calls.size === 2)
  server.close()
  calls.get('/2').resolve(ok('<2>'))
  calls.get('/1').resolve(ok('<1>'))
  const text = await one.ended
  assert.deepEqual([bodies(text), targets()], [['1', '2'], '/1 /2'])
  assert.equal(text.match(/Connection: close/g).length, 1)
})

test('what waits for its turn is bounded: nothing is read meanwhile', async (t) => {
  const { calls, handler } = byHand()
  let socket
  const { client } = await start(t, { pipelining: 2 }, (request) => {
    socket = request.socket
    return handler(request)
  })
  const one = await client()
  const many = get('/x').repeat(20_000)
  one.write(get('/1') + get('/2') + many)
  await until(() => calls.size === 2)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.ok(socket.bytesRead <= 3 * 65_536, `${socket.bytesRead} octets read`)
  assert.equal(calls.size, 2)
})

test('options.pipelining is checked', () => {
  for (const pipelining of [0, -1, 1.5, 1025, '2']) {
    assert.throws(() => createServer({ pipelining }, () => ok('')), /options\.pipelining/)
  }
})

test('what slow clients are still owed is not touched by what others are sent', async (t) => {
  const [clients, requests, length] = [12, 1500, 3900]
  const bodyOf = (target) => `<${target} `.repeat(length / (target.length + 2))
  const { server } = await start(t, { pipelining: 2 }, async ({ target }) => ok(bodyOf(target)))
  const { port } = server.address()
  const all = Array.from({ length: clients }, async (_, number) => {
    const parser = new ResponseParser()
    const socket = net.connect(port, '127.0.0.1').pause()
    const targets = Array.from({ length: requests }, (_, at) => `/${number}/${at}`)
    socket.write(targets.map((target) => get(target)).join(''))
    // Long enough for the others, and for the kernel to take no more.
    await new Promise((resolve) => setTimeout(resolve, 20 * number))
    let at = 0
    let body = ''
    for await (const chunk of socket) {
      for (const event of parser.push(chunk)) {
        if (event.type === 'body') body += event.data.latin1Slice()
        if (event.type !== 'end') continue
        assert.ok(body === bodyOf(targets[at]), `${targets[at]} was ${body.slice(0, 40)}`)
        body = ''
        at++
      }
      if (at === requests) break
    }
    assert.equal(at, requests)
  })
  await Promise.all(all)
})
