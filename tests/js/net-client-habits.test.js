// How clients behave in a program: when it may end, TLS sessions, `await using`, what they say about themselves.
'use strict'

const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')
const tls = require('node:tls')
const { inspect } = require('node:util')
const { connect, pool } = require('h1wire/net')
const { answering, deferred, rawServer, sleep } = require('./net/client.js')

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const GET = { target: '/' }

/** Runs a program with `connect` and `pool`; what it prints, and how long it took beside starting. */
async function run(t, code) {
  const server = await rawServer(t, (socket) =>
    socket.on('data', () => setTimeout(() => socket.write(OK), 100)),
  )
  const program = `
    const { connect, pool } = require('h1wire/net')
    const origin = '${server.origin}'
    const began = Date.now()
    process.on('exit', (code) => console.log('exit', code, Date.now() - began))
    ;(async () => { ${code} })()`
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: __dirname,
  })
  let printed = ''
  child.stdout.on('data', (data) => {
    printed += data
  })
  await once(child, 'close')
  const [, exitCode, took] = /exit (\d+) (\d+)\n$/.exec(printed)
  return { printed, exitCode: Number(exitCode), took: Number(took) }
}

for (const make of ['connect(origin)', 'pool(origin)', 'connect({ origin, onread: true })']) {
  test(`a program ends when its requests are done: ${make}`, async (t) => {
    const { printed, exitCode, took } = await run(
      t,
      `const c = ${make}
       for (let n = 0; n < 2; n++) console.log(await (await c.request({ target: '/' })).text())`,
    )
    assert.deepEqual([printed.split('hi').length, exitCode], [3, 0])
    assert.ok(took < 1000, `${took} ms`)
  })

  test(`a program waits for a request, and for close(): ${make}`, async (t) => {
    const { printed } = await run(
      t,
      `const c = ${make}
       await (await c.request({ target: '/' })).text()
       setTimeout(async () => {
         console.log(await (await c.request({ target: '/' })).text())
         await c.close()
         console.log('closed')
       }, 20)`,
    )
    assert.match(printed, /^hi\nclosed\n/)
  })
}

test('a connection that nobody asks anything of does not keep the program', async (t) => {
  assert.ok((await run(t, 'connect(origin)')).took < 1000)
})

test('a pool resumes TLS sessions, and makes new ones when they are not taken', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-tls-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  const [key, cert] = ['key', 'cert'].map((name) => path.join(folder, name))
  const how = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout ${key} -out ${cert}`
  execFileSync('openssl', how.split(' '), { stdio: 'ignore' })
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const reused = []
    const options = { key: fs.readFileSync(key), cert: fs.readFileSync(cert), maxVersion }
    const server = tls.createServer(options, (socket) => {
      reused.push(socket.isSessionReused())
      socket.on('error', () => {})
      socket.once('data', () => socket.end(OK.replace('200 OK\r\n', '200 OK\r\nConnection: close\r\n')))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address()
    const clients = pool({ host: '127.0.0.1', port, tls: { rejectUnauthorized: false } }, { connections: 1 })
    const ask = async () => assert.equal(await (await clients.request(GET)).text(), 'hi')
    for (let round = 0; round < 3; round++) await ask()
    assert.deepEqual(reused, [false, true, true], maxVersion)
    server.setTicketKeys(Buffer.alloc(48, 7))
    await ask()
    await ask()
    assert.equal(reused.at(-1), true)
    await clients.close()
    // Another pool has nothing to do with it.
    const other = pool({ host: '127.0.0.1', port, tls: { rejectUnauthorized: false } })
    await (await other.request(GET)).text()
    assert.equal(reused.at(-1), false)
    await other.close()
  }
})

test('await using, and what is said of clients and pools', async (t) => {
  const gate = deferred()
  const server = await answering(t, OK, (socket) => gate.promise.then(() => socket.write(OK)), OK)
  const { host } = new URL(server.origin)
  const client = connect(server.origin)
  assert.equal(client.state, 'connecting')
  const response = await client.request(GET)
  assert.equal(
    inspect(response),
    "IncomingResponse {\n  status: 200,\n  reason: 'OK',\n  headers: FieldSection(1) [ Content-Length: '2' ],\n  body: { received: 2, ended: true, used: false }\n}",
  )
  assert.deepEqual(await response.json().catch((error) => error.name), 'SyntaxError')
  assert.equal(inspect(client), `Client { host: '${host}', state: 'free', pending: 0 }`)
  const clients = pool(server.origin, { connections: 1 })
  assert.equal(
    inspect(clients, { breakLength: 200 }),
    `Pool { host: '${host}', size: 0, free: 0, pending: 0, closed: false }`,
  )
  const asked = [clients.request(GET), clients.request(GET)]
  await sleep(20)
  assert.deepEqual([clients.size, clients.free, clients.pending], [1, 0, 2])
  gate.resolve()
  for (const answer of asked) await (await answer).text()
  assert.deepEqual([clients.size, clients.free, clients.pending], [1, 1, 0])
  for (const one of [client, clients]) {
    await one[Symbol.asyncDispose]()
    assert.equal(one.closed, true)
  }
  assert.equal(client.state, 'closed')
})
