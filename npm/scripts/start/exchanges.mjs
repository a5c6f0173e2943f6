// The exchanges `npm start` shows, in order. Those marked `short` are repeated with the other backend.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { PICTURE } from './server.mjs'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const REQUESTS = 50

export const EXCHANGES = [
  { title: 'GET', short: true, run: get },
  { title: 'POST of forms, over one connection', short: true, run: post },
  { title: 'A picture', run: picture },
  { title: 'Chunks and a trailer field', run: chunks },
  { title: `Keep-alive against ordinary mode: ${REQUESTS} requests`, run: keepAlive },
  { title: 'GET and POST over IPC', run: ipc },
  { title: 'One octet at a time', short: true, run: octetwise },
  { title: 'A malformed request', short: true, run: malformed },
]

async function get(stage) {
  const server = await stage.server()
  const exchange = await stage.client(server).ask({ method: 'GET', target: '/hello' })
  stage.show(exchange, server.served[0])
  stage.check('status 200', exchange.head.status, 200)
  stage.check('the body, in UTF-8', exchange.body.toString(), 'Grüße!\n')
  stage.check('Content-Length counts octets', exchange.head.contentLength, 9)
}

async function post(stage) {
  const server = await stage.server()
  const client = stage.client(server)
  for (const [body, octets, answer] of [
    ['name=John&age=30', 16, 'John is 30, in 16 octets\n'],
    ['name=Jörg&age=30', 17, 'Jörg is 30, in 17 octets\n'],
  ]) {
    const exchange = await client.ask({ method: 'POST', target: '/people', headers: FORM, body })
    const served = server.served.at(-1)
    stage.show(exchange, served)
    stage.check(`Content-Length ${octets} for ${body.length} characters`, served.head.contentLength, octets)
    stage.check('the form arrived', exchange.body.toString(), answer)
  }
  stage.check('one connection for both', server.connections, 1)
}

async function picture(stage) {
  const file = await readFile(PICTURE)
  const server = await stage.server()
  const client = stage.client(server)
  const exchange = await client.ask({
    method: 'GET',
    target: '/picture.png',
    headers: { Accept: 'image/png' },
  })
  stage.show(exchange, server.served[0])
  stage.check('its type', exchange.head.headers.get('content-type'), 'image/png')
  stage.check('its length', exchange.head.contentLength, file.length)
  stage.check('its octets are those on disk', exchange.body.equals(file), true)
  const asked = await client.ask({ method: 'HEAD', target: '/picture.png' })
  stage.show(asked, server.served[1])
  stage.check('HEAD tells the same length', asked.head.headers.get('content-length'), String(file.length))
  stage.check('and has no body', asked.body.length, 0)
}

async function chunks(stage) {
  const server = await stage.server()
  const body = 'sent in chunks, sent back in chunks'
  const trailers = { 'X-From': 'the client' }
  const exchange = await stage.client(server).ask({ method: 'POST', target: '/chunks', body, trailers })
  const [served] = server.served
  stage.show(exchange, served)
  stage.check('chunked there and back', [served.head.chunked, exchange.head.chunked], [true, true])
  stage.check('the body, both ways', [served.body.toString(), exchange.body.toString()], [body, body])
  stage.check("the client's trailer field", [...served.trailers], [['X-From', 'the client']])
  stage.check("the server's trailer field", [...exchange.trailers], [['X-Octets', String(body.length)]])
}

async function keepAlive(stage) {
  for (const [mode, connections] of [
    ['kept alive', 1],
    ['closed by the client', REQUESTS],
    ['closed by the server', REQUESTS],
  ]) {
    const server = await stage.server({ closing: mode === 'closed by the server' })
    const start = performance.now()
    const answers = await askAll(stage, server, mode === 'closed by the client')
    const time = (performance.now() - start).toFixed(1)
    stage.say(`  ${mode}: ${answers} answers, ${time} ms, connections: ${server.connections}`)
    stage.check('every request is answered', answers, REQUESTS)
    stage.check(
      connections === 1 ? 'over one connection' : 'each over its own',
      server.connections,
      connections,
    )
  }
}

async function askAll(stage, server, closing) {
  const headers = closing ? { Connection: 'close' } : {}
  let answers = 0
  let client
  for (let number = 0; number < REQUESTS; number += 1) {
    client ??= stage.client(server)
    const { head, body } = await client.ask({ method: 'GET', target: '/hello', headers })
    if (head.status === 200 && body.toString() === 'Grüße!\n') answers += 1
    if (head.keepAlive) continue
    client.close()
    client = undefined
  }
  return answers
}

async function ipc(stage) {
  const folder = await mkdtemp(join(tmpdir(), 'h1wire-'))
  stage.atEnd(() => rm(folder, { recursive: true }))
  const windows = process.platform === 'win32'
  const path = windows ? `\\\\.\\pipe\\h1wire-start-${process.pid}` : join(folder, 'server.sock')
  const server = await stage.server({ path })
  const client = stage.client(server)
  stage.say(`  over ${path}`)

  const got = await client.ask({ method: 'GET', target: '/hello' })
  stage.show(got, server.served[0])
  stage.check('the GET is answered', got.body.toString(), 'Grüße!\n')

  const posted = await client.ask({
    method: 'POST',
    target: '/people',
    headers: FORM,
    body: 'name=Jörg&age=30',
  })
  stage.show(posted, server.served[1])
  stage.check('the POST is answered', posted.body.toString(), 'Jörg is 30, in 17 octets\n')
}

async function octetwise(stage) {
  const server = await stage.server({ octetwise: true })
  const client = stage.client(server, { octetwise: true })
  const body = 'name=Jörg&age=30'
  const exchange = await client.ask({
    method: 'POST',
    target: '/chunks',
    headers: FORM,
    body,
    trailers: { 'X-Sum': '17' },
  })
  const [served] = server.served
  stage.show(exchange, served)
  stage.check('the server reads octet by octet', server.pushes, exchange.sent.length)
  stage.check('the client reads octet by octet', exchange.pushes, exchange.received.length)
  stage.check('the body, both ways', [served.body.toString(), exchange.body.toString()], [body, body])
  stage.check(
    'the trailer fields',
    [[...served.trailers], [...exchange.trailers]],
    [[['X-Sum', '17']], [['X-Octets', '17']]],
  )
}

async function malformed(stage) {
  const server = await stage.server()
  const head = `POST /people HTTP/1.1\r\nHost: ${server.host}\r\n`
  const exchange = await stage
    .client(server)
    .askRaw(`${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`)
  stage.show(exchange)
  const [error] = server.faults
  stage.say(`  the server finds ${error.code}: ${error.message}`)
  stage.check('the server refuses it with 400', exchange.head.status, 400)
  stage.check('it says why', exchange.body.toString(), 'H1_CONTENT_LENGTH_DIFFERS\n')
  stage.check('it closes the connection', exchange.head.keepAlive, false)
  stage.check('no request was served', server.served.length, 0)
}
