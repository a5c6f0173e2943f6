// Others ask our server: Node's http client and fetch, curl, Python; over TCP, TLS and a Unix socket.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const fs = require('node:fs')
const http = require('node:http')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const tls = require('node:tls')
const { createServer, serve } = require('h1wire/net')
const { selfMade } = require('./peers/certificate.js')
const { missing } = require('./peers/missing.js')
const { run } = require('./peers/run.js')

const LARGE = Buffer.alloc(3_000_000, 'a great deal ')

const ROUTES = {
  '/hello': () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hello' }),
  '/chunks': () => ({
    status: 200,
    headers: { 'Content-Type': 'text/plain', Trailer: 'X-Sum' },
    body: ['in ', 'chunks'],
    trailers: { 'X-Sum': '9' },
  }),
  '/early': (request) => {
    request.sendInformational({ status: 103, headers: { Link: '</style.css>; rel=preload' } })
    return { status: 200, body: 'late' }
  },
  '/empty': () => ({ status: 204 }),
  '/unchanged': () => ({ status: 304, headers: { ETag: '"h1wire"' } }),
  '/last': () => ({ status: 200, headers: { Connection: 'close' }, body: 'last' }),
  '/echo': (request) => ({ status: 200, body: request.body }),
  '/large': () => ({ status: 200, body: LARGE }),
}

const handler = (request) => ROUTES[request.target](request)

async function start(t, listen = { port: 0, host: '127.0.0.1' }) {
  const errors = []
  const server = createServer({ onError: (error) => errors.push(error) }, handler)
  server.listen(listen)
  await once(server, 'listening')
  t.after(() => server.shutdown({ timeout: 1000 }))
  return { server, errors, port: server.address().port }
}

/** One exchange of node:http or node:https. */
function ask(options, body, { request: open = http.request } = {}) {
  return new Promise((resolve, reject) => {
    const request = open(options, async (response) => {
      const pieces = []
      try {
        for await (const data of response) pieces.push(data)
      } catch (error) {
        reject(error)
      }
      resolve({ response, body: Buffer.concat(pieces), informed })
    })
    const informed = []
    request.on('information', ({ statusCode }) => informed.push(statusCode))
    request.on('error', reject)
    if (options.headers?.Expect) request.on('continue', () => request.end(body))
    else request.end(body)
  })
}

test('http.request, keeping the connection alive', async (t) => {
  const { server, port, errors } = await start(t)
  let connections = 0
  server.on('connection', () => connections++)
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const to = (target, more) => ({ host: '127.0.0.1', port, path: target, agent, ...more })
  const post = { method: 'POST' }

  const hello = await ask(to('/hello'))
  assert.deepEqual([hello.response.statusCode, String(hello.body)], [200, 'hello'])
  assert.ok(!Number.isNaN(Date.parse(hello.response.headers.date)))
  const head = await ask(to('/hello', { method: 'HEAD' }))
  assert.deepEqual([head.response.headers['content-length'], head.body.length], ['5', 0])
  const chunks = await ask(to('/chunks'))
  assert.equal(String(chunks.body), 'in chunks')
  assert.deepEqual(chunks.response.rawTrailers, ['X-Sum', '9'])
  assert.deepEqual((await ask(to('/early'))).informed, [103])
  assert.equal((await ask(to('/empty'))).response.statusCode, 204)
  assert.equal((await ask(to('/unchanged'))).response.headers.etag, '"h1wire"')
  assert.ok((await ask(to('/echo', post), LARGE)).body.equals(LARGE))
  const waits = { method: 'POST', headers: { Expect: '100-continue', 'Content-Length': LARGE.length } }
  assert.ok((await ask(to('/echo', waits), LARGE)).body.equals(LARGE))
  assert.ok((await ask(to('/large'))).body.equals(LARGE))
  assert.equal(connections, 1)
  assert.equal(String((await ask(to('/last'))).body), 'last')
  assert.equal(String((await ask(to('/hello'))).body), 'hello')
  assert.equal(connections, 2)
  assert.deepEqual(errors, [])
})

test('fetch, with a streamed body', async (t) => {
  const { port } = await start(t)
  const body = new Blob([LARGE]).stream()
  const response = await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body, duplex: 'half' })
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(LARGE))
})

test('curl', async (t) => {
  const { which } = await import('../../npm/scripts/lib/run.mjs')
  const command = which('curl')
  if (!command) return missing(t, 'curl')
  const { port } = await start(t)
  const curl = (args, input) =>
    run(command, ['-q', '-sS', '--noproxy', '*', '--max-time', '20', ...args], input)
  const url = (target) => `http://127.0.0.1:${port}${target}`
  const all = await curl(['-i', url('/hello'), '-w', '[%{num_connects}]', url('/chunks')])
  assert.match(String(all.stdout), /\r\n\r\nhello\[1\][\s\S]*\r\n\r\nin chunksX-Sum: 9\r\n\[0\]$/)
  const args = ['-v', '-H', 'Expect: 100-continue', '--expect100-timeout', '15', '--data-binary', '@-']
  const waited = await curl([...args, url('/echo')], LARGE)
  assert.match(waited.stderr, /^< HTTP\/1\.1 100 Continue\r$/m)
  assert.ok(waited.stdout.equals(LARGE))
  const chunked = ['-H', 'Transfer-Encoding: chunked', '-H', 'Expect:', '--data-binary', '@-']
  assert.ok((await curl([...chunked, url('/echo')], LARGE)).stdout.equals(LARGE))
  const old = await curl(['-i', '--http1.0', url('/chunks')])
  assert.match(String(old.stdout), /Connection: close\r\n\r\nin chunks$/)
})

test("Python's http.client", async (t) => {
  const { which } = await import('../../npm/scripts/lib/run.mjs')
  const python = which('python3') ?? (process.platform === 'win32' ? which('python') : undefined)
  if (!python) return missing(t, 'Python 3')
  const { port, errors } = await start(t)
  const { stdout } = await run(python, [path.join(__dirname, 'peers/client.py'), String(port)])
  const answers = JSON.parse(stdout)
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body]),
    [
      [200, 'hello'],
      [200, ''],
      [200, 'name=Jörg&age=30'],
      [200, 'first, second'],
      [200, 'in chunks'],
      [204, ''],
      [304, ''],
      [200, 'last'],
    ],
  )
  assert.equal(answers.at(-1).closes, true)
  assert.deepEqual(errors, [])
})

test('TLS', async (t) => {
  const certificate = selfMade()
  if (certificate === undefined) return missing(t, 'openssl')
  const serving = new Set()
  const server = tls.createServer({ ...certificate, allowHalfOpen: true }, (socket) => {
    const served = serve(socket, handler)
    serving.add(served)
    socket.on('close', () => serving.delete(served))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: certificate.cert })
  const to = { host: '127.0.0.1', port: server.address().port, agent }
  assert.equal(String((await ask({ ...to, path: '/hello' }, undefined, https)).body), 'hello')
  const echo = await ask({ ...to, path: '/echo', method: 'POST' }, LARGE, https)
  assert.ok(echo.body.equals(LARGE))
  assert.equal(serving.size, 1)
  for (const served of serving) served.close()
  server.close()
  await once(server, 'close')
  agent.destroy()
})

test('a Unix socket, or a named pipe', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-net-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  const socketPath =
    process.platform === 'win32' ? `\\\\.\\pipe\\h1wire-${process.pid}` : path.join(folder, 'socket')
  await start(t, { path: socketPath })
  const agent = new http.Agent({ keepAlive: true })
  const { body } = await ask({ socketPath, path: '/echo', method: 'POST', agent }, LARGE)
  assert.ok(body.equals(LARGE))
  agent.destroy()
})
