// HAProxy: our client asks it, and it stands between our client and our server.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const { connect, pool } = require('h1wire/net')
const { rejection } = require('./net/client.js')
const { startHaproxy } = require('./peers/haproxy.js')
const { missing } = require('./peers/missing.js')
const { closedWhenIdle, proxied, startOurs } = require('./peers/proxied.js')
const { spoiled } = require('./peers/spoiled.js')

async function start(t) {
  const { findServer } = await import('../../npm/scripts/lib/peers.mjs')
  const command = findServer('haproxy')
  if (!command) missing(t, 'HAProxy')
  return command && startHaproxy(t, command)
}

test('our client, HAProxy', async (t) => {
  const place = await start(t)
  if (!place) return
  const { origin, impatient } = place

  await t.test('what it answers of its own', async () => {
    const client = connect({ path: origin })
    for (const [method, target, status, text] of [
      ['GET', '/hello', 200, 'hello'],
      ['HEAD', '/hello', 200, ''],
      ['GET', '/empty', 204, ''],
      ['GET', '/elsewhere', 302, ''],
    ]) {
      const response = await client.request({ method, target })
      assert.deepEqual([response.status, await response.text(), response.keepAlive], [status, text, true])
    }
    await client.close()
  })

  await t.test('300 requests on one connection, 300 pipelined, 300 through a pool', async () => {
    for (const asked of [
      connect({ path: origin }),
      connect({ path: origin }, { pipelining: 20 }),
      pool({ path: origin }, { connections: 5, pipelining: 3 }),
    ]) {
      const texts = await Promise.all(
        Array.from({ length: 300 }, async (_, at) => {
          const target = at % 3 === 0 ? '/empty' : '/hello'
          return (await asked.request({ target })).text()
        }),
      )
      for (const [at, text] of texts.entries()) assert.equal(text, at % 3 === 0 ? '' : 'hello')
      await asked.close()
    }
  })

  await t.test(
    'a POST answered before its body is read: the pool goes on, whatever became of it',
    async () => {
      const clients = pool({ path: origin }, { connections: 1 })
      const post = (body) => clients.request({ method: 'POST', target: '/hello', body })
      assert.equal(await (await post('short')).text(), 'hello')
      for (const size of [1_000, 10_000_000]) {
        // HAProxy answers and closes at once: the answer may be lost to a write that fails before it is read.
        const answer = await post([Buffer.alloc(size), Buffer.alloc(size)]).catch((error) => error)
        assert.ok(answer.status === 200 || answer.code === 'H1_SOCKET_CLOSED', `${answer.status ?? answer}`)
        assert.equal(await (await clients.request({ target: '/hello' })).text(), 'hello')
      }
      await clients.close()
    },
  )

  await t.test('what it refuses: 403, and 400 to octets that are malformed', async () => {
    for (const [from, to, status, keepAlive = false] of [
      ['/hello', '/other', 403, true],
      ['Host: ', 'Host : ', 400],
      ['GET /hello', 'GET hello', 400],
      [' HTTP/1.1', ' HTTP/1.x', 400],
      ['Host: a', 'Host: a\r\nContent-Length: 1\r\nContent-Length: 2', 400],
      ['Host: a', `Host: a\r\nX: ${'x'.repeat(40_000)}`, 400],
    ]) {
      const one = connect(spoiled(origin, from, to), { origin: 'http://a' })
      const response = await one.request({ target: '/hello' })
      assert.deepEqual([response.status, response.keepAlive], [status, keepAlive], to)
      assert.match(await response.text(), new RegExp(`<h1>${status} `))
      await one.close()
    }
  })

  await t.test('408 to a client that says nothing: an answer to no request ends the connection', async () => {
    const one = connect({ path: impatient })
    await once(one.socket, 'close')
    assert.equal(one.closed, true)
    const error = await rejection(one.request({ target: '/hello' }))
    assert.deepEqual([error.code, error.cause.code], ['H1_SOCKET_CLOSED', 'H1_UNEXPECTED_RESPONSE'])
    await one.close()
    const half = connect(spoiled(impatient, '\r\n\r\n', '\r\n'), { origin: 'http://a' })
    const response = await half.request({ target: '/hello' })
    assert.deepEqual([response.status, response.keepAlive], [408, false])
    await half.close()
  })
})

test('our client, HAProxy, our server', async (t) => {
  const place = await start(t)
  if (place) await proxied(t, place)
})

test('our client, HAProxy, our server: what passes here, and what HAProxy says itself', async (t) => {
  const place = await start(t)
  if (!place) return
  const client = connect({ path: place.proxy }, { continueTimeout: 0x7fffffff })
  await t.test('503 while nobody listens', async () => {
    const response = await client.request({ target: '/hello' })
    assert.match(`${response.status} ${await response.text()}`, /^503 [\s\S]*Service Unavailable/)
  })
  const state = await startOurs(t, place)
  const other = connect({ path: place.proxy }, { continueTimeout: 0x7fffffff })
  await t.test('trailers pass, both ways', async () => {
    const trailers = { 'X-Sum': '9' }
    const echo = await other.request({ method: 'POST', target: '/echo', body: ['in ', 'chunks'], trailers })
    assert.equal(await echo.text(), 'in chunks')
    assert.equal((await state.heads.at(-1).trailers).get('x-sum'), '9')
    assert.equal((await echo.trailers).get('x-sum'), '9')
  })
  // Not with a 100 ahead: HAProxy 2.6 takes a head in chunks that comes with a 1xx for the whole response.
  await t.test('an echo comes while the request is still being sent', async () => {
    let echoed
    const body = (async function* () {
      for (const piece of ['one', 'two', 'three']) {
        const come = new Promise((resolve) => {
          echoed = resolve
        })
        yield piece
        await come
      }
    })()
    const response = await other.request({ method: 'POST', target: '/stream', body })
    let text = ''
    for await (const data of response) {
      text += data
      echoed()
    }
    assert.equal(text, 'onetwothree')
  })
  await t.test('401 in place of a 100: the body is not sent', async () => {
    let asked = 0
    const body = (function* () {
      asked++
      yield 'x'
    })()
    const headers = { Expect: '100-continue' }
    const refused = await other.request({ method: 'POST', target: '/no', body, headers })
    assert.deepEqual([refused.status, refused.informational.length, await refused.text()], [401, 0, 'no'])
    assert.equal(asked, 0)
  })
  for (const one of [client, other]) await one.close()
})

test('our client, HAProxy, our server: connections that are closed when idle, at that moment', async (t) => {
  const place = await start(t)
  if (place) await closedWhenIdle(t, place)
})
