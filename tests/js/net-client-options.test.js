// Options of `connect` and `pool` are looked at when they are given, and whatever fails while a connection is made ends
// everything that waits for it.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const net = require('node:net')
const { PassThrough } = require('node:stream')
const { connect, pool } = require('h1wire/net')
const { answering, rejection } = require('./net/client.js')

const NOWHERE = 'http://127.0.0.1:9'
const GET = { target: '/' }
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'

/** Makes what is refused before anything is connected to. */
const makers = {
  pool: (options) => pool(NOWHERE, options),
  connect: (options) => connect(NOWHERE, options),
  'connect, over a socket': (options) => connect(new PassThrough(), options),
}

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: an option that is wrong is refused when it is given`, () => {
    for (const [options, kind, message] of [
      [{ headersTimeout: '5s' }, RangeError, /options\.headersTimeout must be a number of milliseconds/],
      [{ bodyTimeout: -1 }, RangeError, /options\.bodyTimeout/],
      [{ pipelining: 0 }, RangeError, /options\.pipelining/],
      [{ limits: { maxFoo: 1 } }, TypeError, /options\.limits\.maxFoo is not known/],
      [{ limits: { maxFields: 1.5 } }, RangeError, /options\.limits\.maxFields/],
      [{ limits: 5 }, TypeError, /options\.limits must be an object/],
      [{ lenient: ['nothing'] }, TypeError, /nothing is not a leniency/],
      [{ maxHeldBack: 'x' }, RangeError, /options\.maxHeldBack/],
      [
        { headerTimeout: 1 },
        TypeError,
        /^options\.headerTimeout is not known: did you mean headersTimeout\?$/,
      ],
      [{ maxFields: 1 }, TypeError, /^options\.maxFields is not known: it belongs in options\.limits$/],
      [{ onread: false }, TypeError, /^options\.onread is not known: it belongs in the destination/],
      [{ tls: true }, TypeError, /^options\.tls is not known: it belongs in the destination/],
      [{ role: 'client' }, TypeError, /^options\.role is not known: there are signal, pipelining, /],
      [null, TypeError, /options must be an object/],
    ]) {
      assert.throws(
        () => make(options),
        (error) => {
          assert.ok(error instanceof kind, `${error}`)
          assert.match(error.message, message)
          return true
        },
      )
    }
  })
}

test('only names that apply are listed', () => {
  const common =
    'signal, pipelining, connectTimeout, headersTimeout, bodyTimeout, idleTimeout, continueTimeout, unreadTimeout, drainTimeout, limits, lenient, maxHeldBack'
  for (const [name, own] of [
    ['pool', ', connections, createConnection'],
    ['connect', ', createConnection'],
    ['connect, over a socket', ', origin'],
  ]) {
    assert.throws(() => makers[name]({ zzz: 1 }), {
      name: 'TypeError',
      message: `options.zzz is not known: there are ${common}${own}`,
    })
  }
  assert.throws(() => pool(NOWHERE, { connections: 0 }), /options\.connections must be an integer from 1/)
  assert.throws(() => pool(NOWHERE, { createConnection: 1 }), /options\.createConnection must be a function/)
  assert.throws(() => connect(new PassThrough(), { createConnection: net.connect }), /leave it out/)
})

test('a destination that is wrong says what to write', () => {
  for (const make of [connect, pool]) {
    for (const [destination, message] of [
      ['example.com', `"example.com" is not an origin: write 'http://example.com' or 'https://example.com'`],
      [
        'localhost:80',
        `"localhost:80" is not an origin: write 'http://localhost:80' or 'https://localhost:80'`,
      ],
      ['', `"" is not an origin: write 'http://example.com'`],
      ['http://', `"http://" is not an origin: write 'http://example.com'`],
      ['ftp://a', 'An origin begins with http:// or https://, not ftp://'],
      [
        'http://a/b?c',
        "An origin has no path, query, fragment or userinfo, which requests are given: write 'http://a'",
      ],
      [{ orgin: NOWHERE }, 'destination.orgin is not known: did you mean origin?'],
      [{ hostname: 'a', port: 1 }, 'destination.hostname is not known: did you mean host?'],
      [
        { origin: NOWHERE, headersTimeout: 1 },
        'destination.headersTimeout is not known: it belongs in options, the second argument',
      ],
    ]) {
      assert.throws(() => make(destination), { name: 'TypeError', message })
    }
    for (const destination of [null, undefined, 5, true])
      assert.throws(() => make(destination), {
        name: 'TypeError',
        message: /^The destination must be an origin/,
      })
  }
})

test('options that only net.createConnection knows go through', async (t) => {
  const server = await answering(t, OK)
  let given
  const createConnection = (options) => {
    given = options
    return net.connect(options)
  }
  const client = connect(
    { host: '127.0.0.1', port: server.address().port, family: 4, keepAliveInitialDelay: 9, myOwn: 1 },
    { createConnection },
  )
  assert.equal(await (await client.request(GET)).text(), 'hi')
  assert.deepEqual([given.keepAliveInitialDelay, given.myOwn], [9, 1])
  await client.close()
})

test('an address with a zone: the socket has it, Host has not', async () => {
  for (const origin of ['http://[fe80::1%eth0]:8080', 'http://[fe80::1%25eth0]:8080']) {
    let to
    const clients = pool(origin, {
      createConnection(options) {
        to = options
        throw new Error('no further')
      },
    })
    await rejection(clients.request(GET))
    assert.deepEqual([to.host, to.port], ['fe80::1%eth0', 8080])
  }
})

test('options are as they were when they were given', async (t) => {
  const server = await answering(t, OK, OK)
  const options = { limits: { maxFields: 9 }, lenient: ['missingHost'] }
  const clients = pool(server.origin, options)
  options.limits.maxFields = -1
  options.lenient[0] = 'nothing'
  assert.equal(await (await clients.request(GET)).text(), 'hi')
  await clients.close()
})

test('what fails while a connection is made ends every request that waits for it', async () => {
  for (const [createConnection, message] of [
    [() => ({}), /must return a socket/],
    [async () => new net.Socket(), /must return a socket/],
    [(_options, done) => void done(null), /gave no socket/],
    [(_options, done) => void setImmediate(done, null, {}), /gave no socket/],
    [(_options, done) => void done(new Error('no')), /no/],
    [
      () => {
        throw new Error('no')
      },
      /no/,
    ],
  ]) {
    const clients = pool(NOWHERE, { connections: 1, createConnection })
    const errors = await Promise.all([1, 2, 3].map(() => rejection(clients.request(GET))))
    for (const error of errors) {
      assert.equal(error.code, 'H1_CONNECT_FAILED')
      assert.match(error.cause.message, message)
    }
    // It goes on, and can be closed.
    assert.equal((await rejection(clients.request(GET))).code, 'H1_CONNECT_FAILED')
    await clients.close()
  }
})

test('whatever is thrown while a client is made rejects what waits, and the pool goes on', async (t) => {
  const server = await answering(t, OK)
  let fails = true
  const clients = pool(server.origin, { connections: 1 })
  // As when memory runs out: the engine itself throws.
  const real = Set.prototype.add
  Set.prototype.add = function (value) {
    if (fails && value?.constructor?.name === 'Client') throw new Error('no memory')
    return real.call(this, value)
  }
  t.after(() => {
    Set.prototype.add = real
  })
  const errors = await Promise.all([1, 2].map(() => rejection(clients.request(GET))))
  assert.deepEqual(
    errors.map((error) => error.message),
    ['no memory', 'no memory'],
  )
  fails = false
  assert.equal(await (await clients.request(GET)).text(), 'hi')
  await clients.close()
})
