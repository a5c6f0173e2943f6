// A server that ends connections at any point of any exchange, against what docs/net.md promises: what is repeated
// and what is not, counted where it counts, at the server.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { RequestParser } = require('h1wire')
const { connect, createServer, pool } = require('h1wire/net')
const { SEED } = require('./messages.js')
const { deferred, rawServer, sleep } = require('./net/client.js')

const LARGE = Buffer.alloc(300_000, 'x')
const ok = (text) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`

/** What becomes of a request: the octets it is answered with, and whether the connection ends behind them, and how. */
const FATES = {
  answered: (target) => ({ octets: ok(target) }),
  'answered, with the end of the connection': (target) => ({
    octets: ok(target).replace('\r\n', '\r\nConnection: close\r\n'),
    end: 'end',
  }),
  'answered, then the connection ends': (target) => ({ octets: ok(target), end: 'end' }),
  'answered, then the connection ends a little later': (target) => ({ octets: ok(target), end: 'later' }),
  'ended unanswered': () => ({ octets: '', end: 'end' }),
  'ended in the head': () => ({ octets: 'HTTP/1.1 200 OK\r\nConte', end: 'end' }),
  'ended behind its first octet': () => ({ octets: 'H', end: 'end' }),
  'ended behind a 103': () => ({ octets: 'HTTP/1.1 103 Early Hints\r\n\r\n', end: 'end' }),
  'ended behind the head': () => ({ octets: ok('x'.repeat(9)).slice(0, -9), end: 'end' }),
  'ended in the body': () => ({ octets: ok('x'.repeat(9)).slice(0, -5), end: 'end' }),
}

/** What also cuts off what is on its way to the client: only where that is nothing. */
const RESETS = {
  'reset unanswered': () => ({ octets: '', end: 'reset' }),
}

/** A server whose requests have fates drawn by lot; `attempts` holds, by target, each time one has come. */
async function fatefulServer(t, random, fates) {
  const attempts = new Map()
  const names = Object.keys(fates)
  const server = await rawServer(t, (socket) => {
    const parser = new RequestParser()
    let index = 0
    let isEnding = false
    let atHead = false
    let current
    socket.on('end', () => socket.end())
    socket.on('data', (data) => {
      for (const event of parser.push(data)) {
        if (event.type === 'head') {
          current = { index: index++, octets: 0, fate: 'come when the server had ended' }
          const { target } = event
          attempts.set(target, [...(attempts.get(target) ?? []), current])
          atHead = random() < 0.3
          current.target = target
          if (atHead) decide(current)
        } else if (event.type === 'end' && !atHead) {
          decide(current)
        }
      }
    })

    function decide(attempt) {
      if (isEnding) return
      attempt.fate = random() < 0.5 ? names[0] : names[Math.floor(random() * names.length)]
      const { octets, end } = fates[attempt.fate](attempt.target)
      attempt.octets = octets.length
      isEnding = end === 'end' || end === 'reset'
      if (end === 'reset') socket.resetAndDestroy()
      else if (end === 'end') socket.end(octets)
      else socket.write(octets)
      if (end === 'later') {
        setTimeout(() => {
          isEnding = true
          socket.end()
        }, random() * 3)
      }
    }
  })
  return Object.assign(server, { attempts })
}

const KINDS = [
  { method: 'GET', repeats: true },
  { method: 'DELETE', repeats: true },
  { method: 'PUT', body: () => 'x', repeats: true },
  { method: 'PUT', body: () => LARGE, repeats: true },
  { method: 'PUT', body: () => [LARGE, LARGE], repeats: false },
  { method: 'POST', body: () => 'x', repeats: false },
  { method: 'POST', body: () => 'x', idempotent: true, repeats: true },
  { method: 'GET', idempotent: false, repeats: false },
]

/** Asks 800 times, from 8 sides; gives what became of each: the text, or the error. */
async function askAround(clients, random) {
  const asked = []
  let number = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (number < 800) {
        const kind = KINDS[Math.floor(random() * KINDS.length)]
        const { method, body, idempotent } = kind
        const target = `/${number++}`
        if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, random() * 3))
        const request = {
          method,
          target,
          ...(body && { body: body() }),
          ...(idempotent !== undefined && { idempotent }),
        }
        let outcome
        try {
          outcome = await (await clients.request(request)).text()
        } catch (error) {
          outcome = error
        }
        asked.push({ ...kind, target, outcome })
      }
    }),
  )
  return asked
}

for (const [what, options, fates] of [
  ['one request at a time', { connections: 3 }, { ...FATES, ...RESETS }],
  ['pipelined', { connections: 2, pipelining: 4 }, FATES],
]) {
  test(`a pool repeats what it promises to repeat, and nothing else: ${what}`, async (t) => {
    const random = drawing(SEED)
    const server = await fatefulServer(t, random, fates)
    const clients = pool(server.origin, options)
    const asked = await askAround(clients, random)
    await clients.close()
    const seen = new Set()
    let repeated = 0
    for (const { target, repeats, outcome } of asked) {
      const attempts = server.attempts.get(target) ?? []
      const where = () =>
        `seed ${SEED}: ${JSON.stringify({ target, repeats, attempts })} ${outcome.stack ?? outcome}`
      const mayRepeat = ({ index, octets }) => repeats && index > 0 && octets === 0
      for (const attempt of attempts) seen.add(attempt.fate)
      repeated += Math.max(0, attempts.length - 1)
      // They may be seen in another order than they were sent in.
      const last = attempts.filter((attempt) => !mayRepeat(attempt))
      assert.ok(last.length <= 1, where())
      if (typeof outcome === 'string') {
        assert.equal(outcome, target, where())
        assert.match(last[0].fate, /^answered/, where())
      } else if (attempts.length === 0) {
        // Sent when the server had closed the connection already.
        assert.equal(repeats, false, where())
      } else {
        assert.equal(last.length, 1, where())
        assert.doesNotMatch(last[0].fate, /^answered/, where())
      }
    }
    for (const fate of Object.keys(fates)) assert.ok(seen.has(fate), fate)
    assert.ok(repeated > 20, `${repeated} were repeated`)
  })
}

test('our server closes idle connections, as its time limit says, while our pool sends', async (t) => {
  const random = drawing(SEED)
  const executed = new Map()
  const server = createServer({ keepAliveTimeout: 20 }, async (request) => {
    const text = await request.text()
    executed.set(text, (executed.get(text) ?? 0) + 1)
    return { status: 200, body: text }
  })
  let connections = 0
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.shutdown({ timeout: 0 }))
  const clients = pool(`http://127.0.0.1:${server.address().port}`, { connections: 8 })
  await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      for (let at = 0; at < 20; at++) {
        const text = `${lane}/${at}`
        const method = random() < 0.5 ? 'PUT' : 'POST'
        const response = await clients.request({ method, target: '/', body: text }).catch((error) => error)
        if (response.status === 200) {
          assert.deepEqual([await response.text(), executed.get(text)], [text, 1])
        } else {
          assert.deepEqual([method, executed.get(text)], ['POST', undefined], response.stack)
        }
        // As long as it takes the server to lose patience, or a little less or more.
        await sleep(20 + random() * 40)
      }
    }),
  )
  assert.ok(connections > 8, `${connections} connections`)
  await clients.close()
})

test('what comes back from a connection that ended is sent again in its order', async (t) => {
  const seen = []
  const server = await rawServer(t, (socket, number) => {
    const parser = new RequestParser()
    socket.on('end', () => socket.end())
    socket.on('data', (data) => {
      for (const event of parser.push(data)) {
        if (event.type !== 'head') continue
        seen.push(`${number}${event.target}`)
        if (number === 1 || event.target === '/0') socket.write(ok(event.target))
        if (number === 0 && event.target === '/3') socket.end()
      }
    })
  })
  const clients = pool(server.origin, { connections: 1, pipelining: 6 })
  const ask = async (target, method = 'GET') => (await clients.request({ method, target })).text()
  await ask('/0')
  const targets = ['/1', '/2', '/3', '/4', '/5', '/6', '/7']
  // Behind a POST nothing is sent: it and what follows have not been sent when the connection ends.
  const texts = await Promise.all(targets.map((target) => ask(target, target === '/4' ? 'POST' : 'GET')))
  assert.deepEqual(texts, targets)
  assert.deepEqual(seen, ['0/0', '0/1', '0/2', '0/3', ...targets.map((target) => `1${target}`)])
  await clients.close()
})

test('close() waits for what is sent again too, and for its connection', async (t) => {
  const [begun, again] = [deferred(), deferred()]
  const server = await rawServer(t, (socket, number) => {
    let count = 0
    socket.on('end', () => socket.end())
    socket.on('data', () => {
      if (number === 1) again.resolve(socket)
      else if (count++ === 0) socket.write(ok('first'))
      else begun.resolve(socket)
    })
  })
  const clients = pool(server.origin, { connections: 1 })
  await (await clients.request({ target: '/' })).text()
  const asked = clients.request({ target: '/' })
  let isClosed = false
  const ended = await begun.promise
  const closed = clients.close().then(() => {
    isClosed = true
  })
  ended.end()
  const socket = await again.promise
  if (!ended.closed) await once(ended, 'close')
  await new Promise(setImmediate)
  assert.equal(isClosed, false)
  socket.write(ok('again'))
  assert.equal(await (await asked).text(), 'again')
  await closed
  if (!socket.closed) await once(socket, 'close')
})

test('behind an upgrade, what was not sent goes to another connection', async (t) => {
  const server = await rawServer(t, (socket, number) => {
    socket.on('data', () => {
      const switches = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
      socket.write(number === 0 ? switches : ok('hi'))
    })
  })
  const clients = pool(server.origin, { connections: 1, pipelining: 2 })
  const headers = { Connection: 'Upgrade', Upgrade: 'x' }
  const asked = [{ target: '/', headers }, { target: '/' }]
  const [switched, other] = await Promise.all(asked.map((one) => clients.request(one)))
  assert.deepEqual([switched.status, await other.text()], [101, 'hi'])
  switched.socket.destroy()
  await clients.close()
})

test('a client of one connection repeats nothing', async (t) => {
  const random = drawing(SEED)
  const server = await fatefulServer(t, random, { ...FATES, ...RESETS })
  let client = connect(server.origin)
  const clients = {
    request(request) {
      if (client.closed) client = connect(server.origin)
      return client.request(request)
    },
  }
  const asked = await askAround(clients, random)
  client.destroy()
  for (const { target, outcome } of asked) {
    const attempts = server.attempts.get(target) ?? []
    assert.ok(attempts.length <= 1, `seed ${SEED}: ${target}`)
    if (typeof outcome === 'string') assert.deepEqual([outcome, attempts.length], [target, 1])
  }
})

/** Numbers from 0 to 1 (mulberry32). */
function drawing(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
