// Every snippet of docs/connection.md and docs/net.md, run as it stands there, in a process of its own. Servers must outlive
// whatever clients do to them.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { readFileSync } = require('node:fs')
const net = require('node:net')
const { join } = require('node:path')
const tls = require('node:tls')
const { selfMade } = require('./peers/certificate.js')
const { missing } = require('./peers/missing.js')

const ROOT = join(__dirname, '..', '..')
const snippetsOf = (page) =>
  [...readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map(
    ([, code]) => code,
  )

/** What the page says around a snippet, for its names to mean something. */
const LISTENING = `
  const net = require('h1wire/net')
  const createServer = (...given) => {
    const server = net.createServer(...given)
    return server.listen(0, '127.0.0.1', () => console.log(server.address().port))
  }
  const handler = ({ target }) => ({ status: 200, body: target })`
const ORIGIN = `
  const { agent, connect, createServer, pool } = require('h1wire/net')
  const origin = createServer(({ target }) => ({ status: 200, body: target }))
  await new Promise((resolve) => origin.listen(0, '127.0.0.1', resolve))
  const ORIGIN = 'http://127.0.0.1:' + origin.address().port
  origin.unref()`
const CERTIFICATE = 'const { key, cert } = JSON.parse(process.env.CERTIFICATE)'

/** Each snippet by a line of it: what goes before it, what is put in place of what, and what kind it is. */
const SNIPPETS = [
  { page: 'connection.md', has: 'new Connection({', server: true, port: true },
  { page: 'net.md', has: "connect('https://example.com')", client: true, before: ORIGIN },
  { page: 'net.md', has: 'for await (const data of response)', client: true, each: true },
  { page: 'net.md', has: 'connect(tls.connect({', client: true, tunnel: true },
  {
    page: 'net.md',
    has: "target: '/events'",
    client: true,
    before: `${ORIGIN}\nconst client = connect(ORIGIN)`,
    after: 'await client.close()',
  },
  {
    page: 'net.md',
    has: 'const clients = pool(',
    client: true,
    before: ORIGIN,
    after: 'await response.text(); await clients.close()',
  },
  {
    page: 'net.md',
    has: 'agent({',
    client: true,
    tls: true,
    before: `${CERTIFICATE}
      const { agent, serve } = require('h1wire/net')
      const origin = require('node:tls').createServer({ key, cert, allowHalfOpen: true }, (socket) => {
        serve(socket, ({ target }) => ({ status: 200, body: target }))
      })
      await new Promise((resolve) => origin.listen(0, '127.0.0.1', resolve))
      origin.unref()
      const ORIGIN = 'https://localhost:' + origin.address().port
      const ca = cert`,
    after: 'await response.text(); await everywhere.close()',
  },
  { page: 'net.md', has: 'server.listen(8080)', server: true, port: true },
  {
    page: 'net.md',
    has: 'tls.createServer({ key, cert',
    server: true,
    tls: true,
    before: `const tls = require('node:tls'); const { serve } = require('h1wire/net'); ${CERTIFICATE}
      const handler = ({ target }) => ({ status: 200, body: target })
      const server = `,
    after: ";server.listen(0, '127.0.0.1', () => console.log(server.address().port))",
  },
  {
    page: 'net.md',
    has: 'new WebSocketServer',
    server: true,
    before: `${LISTENING}\nconst { WebSocketServer } = require('ws')`,
  },
  {
    page: 'net.md',
    has: 'takeOver(socket, rest)',
    server: true,
    before: `${LISTENING}
      const { pipeline } = require('node:stream')
      const origin = net.createServer(async (request) => ({ status: 200, body: await request.text() }))
      await new Promise((resolve) => origin.listen(0, '127.0.0.1', resolve))
      const upstream = net.pool('http://127.0.0.1:' + origin.address().port)`,
  },
]

test('every snippet is run here', () => {
  for (const page of ['connection.md', 'net.md']) {
    for (const code of snippetsOf(page)) {
      const found = SNIPPETS.filter((one) => one.page === page && code.includes(one.has))
      assert.equal(found.length, 1, code)
    }
  }
})

for (const one of SNIPPETS) {
  const code = snippetsOf(one.page).find((code) => code.includes(one.has))
  test(`${one.page}: ${one.has}`, { timeout: 30_000 }, async (t) => {
    const certificate = selfMade()
    if ((one.tls || one.tunnel) && certificate === undefined) return missing(t, 'openssl')
    if (one.server) await attack(t, one, code, certificate)
    else assert.deepEqual(await run(t, programOf(one, code), certificate), { status: 0, stderr: '' })
  })
}

/** The program of a client's snippet. */
function programOf(one, code) {
  if (one.each) {
    // One response can be read in one way.
    const ways = code.trim().split('\n')
    const reads = ways.map(
      (way) =>
        `{ const response = await client.request({ target: '/' }); ${way.replace(/\/\/.*/, '')}\n await rest(response) }`,
    )
    return `${ORIGIN}
      const use = () => {}
      const client = connect(ORIGIN)
      const rest = async (response) => { if (!response.body.used) response.dump() }
      ${reads.join('\n')}
      await client.close()`
  }
  if (one.tunnel) {
    return `${CERTIFICATE}
      const net = require('node:net'), tls = require('node:tls')
      const { connect, createServer, serve } = require('h1wire/net')
      const origin = tls.createServer({ key, cert, allowHalfOpen: true }, (socket) => serve(socket, () => ({ status: 200, body: 'hi' })))
      await new Promise((resolve) => origin.listen(0, '127.0.0.1', resolve))
      const between = createServer({ onConnect(request, socket, rest) {
        const far = net.connect(origin.address().port, '127.0.0.1')
        socket.write('HTTP/1.1 200 OK\\r\\n\\r\\n')
        far.write(rest)
        require('node:stream').pipeline(socket, far, socket, () => {})
      } }, () => ({ status: 404 }))
      await new Promise((resolve) => between.listen(0, '127.0.0.1', resolve))
      const proxy = 'http://127.0.0.1:' + between.address().port
      ${code.replace("servername: 'example.com'", 'rejectUnauthorized: false')}
      const text = await (await client.request({ target: '/' })).text()
      if (text !== 'hi') throw new Error(text)
      process.exit()`
  }
  const here = code
    .replace(/^const \{.*require\('h1wire\/net'\)$/m, '')
    .replaceAll("'https://example.com'", 'ORIGIN')
    .replaceAll("'https://example.com/'", 'ORIGIN')
  return `${one.before}\n${here}\n${one.after ?? ''}`
}

/** Starts a server's snippet, does to it what clients do, and looks whether it still answers. */
async function attack(t, one, code, certificate) {
  const listens = one.port ? "server.listen(0, '127.0.0.1', () => console.log(server.address().port))" : ''
  const program = `${one.before ?? ''}${one.tls ? '' : '\n'}${code.replace('server.listen(8080)', listens)}\n${one.after ?? ''}`
  const child = start(t, program, certificate)
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const [said] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => assert.fail(stderr)),
  ])
  const ask = (octets, until) => asked(Number(said), one.tls, octets, until)
  const answers = {
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n': /^HTTP\/1\.1 200 /,
    'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\nConnection: close\r\n\r\nmore': /^HTTP\/1\.1 501 /,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: nobody\r\n\r\n':
      /^HTTP\/1\.1 (200|400) /,
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n':
      /^HTTP\/1\.1 (100 Continue\r\n\r\n|200 OK)/,
    '\0garbage\r\n\r\n': /^HTTP\/1\.1 400 /,
    'GET / HTTP/1.1\nHost: a\n\n': /^HTTP\/1\.1 400 /,
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n': /^HTTP\/1\.1 (400|200) /,
  }
  for (const [octets, answer] of Object.entries(answers)) {
    await ask(octets, answer)
    for (const reset of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50), octets, octets.slice(0, 20)]) {
      await ask(reset, null)
    }
    assert.equal(child.exitCode, null, `${octets}: ${stderr}`)
  }
  await ask('GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 200 /)
  assert.equal(stderr, '')
}

/** Sends octets and waits for an answer, or resets the connection at once. */
async function asked(port, isTls, octets, answer) {
  const raw = net.connect(port, '127.0.0.1')
  raw.on('error', () => {})
  await once(raw, 'connect')
  const socket = isTls ? tls.connect({ socket: raw, rejectUnauthorized: false }) : raw
  socket.on('error', () => {})
  if (isTls) await once(socket, 'secureConnect')
  let text = ''
  const whole = new Promise((resolve) => {
    socket.on('data', (data) => {
      text += data.toString('latin1')
      if (answer?.test(text)) resolve()
    })
    socket.on('close', resolve)
  })
  socket.write(octets)
  if (answer === null) setTimeout(() => raw.resetAndDestroy(), 1)
  await whole
  raw.destroy()
  if (answer !== null) assert.match(text, answer, JSON.stringify(octets))
}

function start(t, program, certificate) {
  const env = {
    ...process.env,
    CERTIFICATE: JSON.stringify({ key: String(certificate?.key), cert: String(certificate?.cert) }),
  }
  const child = spawn(process.execPath, ['-e', `(async () => {${program}\n})()`], { cwd: ROOT, env })
  t.after(() => child.kill())
  return child
}

async function run(t, program, certificate) {
  const child = start(t, program, certificate)
  child.stdout.resume()
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const [status] = await once(child, 'close')
  return { status, stderr }
}
