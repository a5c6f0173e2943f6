// nginx: our client asks it, and it stands between our client and our server.

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')
const assert = require('node:assert/strict')
const { connect, pool } = require('h1wire/net')
const { rejection } = require('./net/client.js')
const { missing } = require('./peers/missing.js')
const { startNginx } = require('./peers/nginx.js')
const { closedWhenIdle, proxied, startOurs } = require('./peers/proxied.js')
const { spoiled } = require('./peers/spoiled.js')

const LARGE = Buffer.alloc(3_000_000, 'a great deal ')

async function start(t) {
  const { findServer } = await import('../../npm/scripts/lib/peers.mjs')
  const command = findServer('nginx')
  if (!command) missing(t, 'nginx')
  return command && startNginx(t, command)
}

test('our client, nginx', async (t) => {
  const place = await start(t)
  if (!place) return
  const { files, origin } = place
  const client = connect({ path: origin, origin: 'http://name.example' })
  fs.writeFileSync(path.join(files, 'hello'), 'hello')
  fs.writeFileSync(path.join(files, 'large'), LARGE)

  await t.test('GET, HEAD, 204, and 304 to a condition', async () => {
    const hello = await client.request({ target: '/hello' })
    assert.match(hello.headers.get('server'), /^nginx/)
    assert.deepEqual([hello.status, hello.contentLength, await hello.text()], [200, 5, 'hello'])
    const head = await client.request({ method: 'HEAD', target: '/hello' })
    assert.deepEqual([head.headers.get('content-length'), await head.text()], ['5', ''])
    const empty = await client.request({ target: '/empty' })
    assert.deepEqual([empty.status, await empty.text()], [204, ''])
    const headers = { 'If-None-Match': hello.headers.get('etag') }
    const unchanged = await client.request({ target: '/hello', headers })
    assert.deepEqual([unchanged.status, await unchanged.text(), unchanged.keepAlive], [304, '', true])
  })

  await t.test('chunks with a trailer', async () => {
    const response = await client.request({ target: '/sum/hello' })
    assert.equal(response.headers.get('transfer-encoding'), 'chunked')
    assert.equal(await response.text(), 'hello')
    assert.deepEqual([...(await response.trailers)], [['X-Sum', '9']])
  })

  await t.test(
    'PUT of much, with a length and in chunks, asked for first or not; and GET of it',
    async () => {
      const waiting = connect({ path: origin }, { continueTimeout: 0x7fffffff })
      const half = LARGE.length / 2
      for (const [at, body, headers] of [
        [1, LARGE],
        [2, [LARGE.subarray(0, half), LARGE.subarray(half)]],
        [3, LARGE, { Expect: '100-continue' }],
        [4, [LARGE.subarray(0, half), LARGE.subarray(half)], { Expect: '100-continue' }],
      ]) {
        const target = `/put/${at}`
        const put = await waiting.request({ method: 'PUT', target, body, ...(headers && { headers }) })
        assert.deepEqual(
          [put.status, put.informational.map(({ status }) => status)],
          [201, headers ? [100] : []],
        )
        await put.text()
        assert.ok(fs.readFileSync(path.join(files, target)).equals(LARGE))
        assert.ok((await (await waiting.request({ target })).bytes()).equals(LARGE))
      }
      await waiting.close()
    },
  )

  await t.test('a reader that takes its time, and one that reads nothing', async () => {
    const slow = await client.request({ target: '/large' })
    const pieces = []
    for await (const data of slow) {
      pieces.push(data)
      if (pieces.length < 30) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    assert.ok(Buffer.concat(pieces).equals(LARGE))
    const clients = pool({ path: origin })
    const both = await Promise.all([1, 2].map(() => clients.request({ target: '/large' })))
    both[0].dump()
    assert.ok((await both[1].bytes()).equals(LARGE))
    await clients.close()
  })

  await t.test('300 requests on one connection, 300 pipelined, 300 through a pool', async () => {
    for (const [asked, options] of [
      [connect({ path: origin })],
      [connect({ path: origin }, { pipelining: 20 })],
      [pool({ path: origin }, { connections: 5, pipelining: 3 })],
    ]) {
      const texts = await Promise.all(
        Array.from({ length: 300 }, async (_, at) => {
          const target = at % 3 === 0 ? '/empty' : '/hello'
          return (await asked.request({ target })).text()
        }),
      )
      for (const [at, text] of texts.entries()) assert.equal(text, at % 3 === 0 ? '' : 'hello', options)
      await asked.close()
    }
  })

  await t.test('a connection it ends, with a response that says so', async () => {
    const clients = pool({ path: origin }, { connections: 1 })
    for (let round = 0; round < 3; round++) {
      const response = await clients.request({ target: '/short' })
      assert.deepEqual([response.keepAlive, await response.text()], [false, 'hello'])
    }
    await clients.close()
  })

  await t.test('what it refuses: a status, its page, and the connection kept or not', async () => {
    for (const [request, status, keepAlive] of [
      [{ target: '/nothing' }, 404, true],
      [{ method: 'POST', target: '/hello', body: 'x' }, 405, true],
      [{ method: 'PUT', target: '/small/x', body: 'more than ten octets' }, 413, false],
      [{ method: 'PUT', target: '/small/x', body: LARGE }, 413, false],
      [{ method: 'PUT', target: '/small/x', body: [LARGE, LARGE] }, 413, false],
      [{ target: `/${'x'.repeat(40_000)}` }, 414, false],
    ]) {
      const one = connect({ path: origin })
      const response = await one.request(request)
      assert.deepEqual([response.status, response.keepAlive], [status, keepAlive])
      assert.match(await response.text(), new RegExp(`<h1>${status} `))
      assert.equal(one.closed, !keepAlive)
      await one.close()
    }
  })

  await t.test('413 in place of a 100: the body is not sent', async () => {
    const one = connect({ path: origin }, { continueTimeout: 0x7fffffff })
    let asked = 0
    const body = (function* () {
      asked++
      yield LARGE
    })()
    const headers = { Expect: '100-continue', 'Content-Length': LARGE.length }
    const refused = await one.request({ method: 'PUT', target: '/small/x', body, headers })
    assert.deepEqual([refused.status, refused.informational.length], [413, 0])
    assert.match(await refused.text(), /413/)
    assert.equal(asked, 0)
    await one.close()
  })

  await t.test('400 to octets that are malformed', async () => {
    for (const [from, to, status] of [
      ['Host: ', 'Host : ', 400],
      ['\r\nHost: a', '', 400],
      ['GET /hello', 'GET hello', 400],
      [' HTTP/1.1', ' HTTP/1.x', 400],
      [' HTTP/1.1', ' HTTP/3.0', 505],
      ['Host: a', 'Host: a\r\nTransfer-Encoding: x', 501],
    ]) {
      const one = connect(spoiled(origin, from, to), { origin: 'http://a' })
      const response = await one.request({ target: '/hello' })
      assert.deepEqual([response.status, response.keepAlive], [status, false], to)
      assert.match(await response.text(), new RegExp(`<h1>${status} `))
      await one.close()
    }
  })

  await t.test('no HTTP at all is answered in HTTP/0.9, and that is no response', async () => {
    const one = connect(spoiled(origin, ' HTTP/1.1', ''), { origin: 'http://a' })
    const error = await rejection(one.request({ target: '/hello' }))
    assert.deepEqual([error.code, String(error.received)], ['H1_VERSION', 'hello'])
  })

  await client.close()
})

test('our client, nginx, our server', async (t) => {
  const place = await start(t)
  if (place) await proxied(t, place)
})

test('our client, nginx, our server: what nginx keeps to itself, and says itself', async (t) => {
  const place = await start(t)
  if (!place) return
  const client = connect({ path: place.proxy })
  await t.test('502 while nobody listens', async () => {
    const response = await client.request({ target: '/hello' })
    assert.deepEqual([response.status, response.keepAlive], [502, true])
    assert.match(await response.text(), /Bad Gateway/)
  })
  const state = await startOurs(t, place)
  await t.test('trailers do not pass', async () => {
    const trailers = { 'X-Sum': '9' }
    const echo = await client.request({ method: 'POST', target: '/echo', body: ['in ', 'chunks'], trailers })
    assert.equal(await echo.text(), 'in chunks')
    assert.equal((await state.heads.at(-1).trailers).size, 0)
    const chunks = await client.request({ target: '/chunks' })
    assert.deepEqual([await chunks.text(), (await chunks.trailers).size], ['in chunks', 0])
  })
  await client.close()
})

test('our client, nginx, our server: connections that are closed when idle, at that moment', async (t) => {
  const place = await start(t)
  if (place) await closedWhenIdle(t, place)
})
