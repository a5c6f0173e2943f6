// Servers for the client's tests, which end with the test, and ways to look at what a promise came to.

'use strict'

const http = require('node:http')
const net = require('node:net')
const { once } = require('node:events')

/** A server that does with each socket what it is told; `requests` counts heads, naively. */
async function rawServer(t, onSocket, options = {}) {
  const sockets = new Set()
  const server = net.createServer({ allowHalfOpen: true, noDelay: true, ...options }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    onSocket(socket, server.count++)
  })
  server.count = 0
  server.listen(options.path ?? { port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return Object.assign(server, { sockets, origin: `http://127.0.0.1:${server.address().port}` })
}

/** A server that answers each head it sees with the next of these strings; none left: nothing. */
function answering(t, ...answers) {
  return rawServer(t, (socket) => {
    let seen = ''
    socket.on('data', (data) => {
      seen += data.toString('latin1')
      for (let end = seen.indexOf('\r\n\r\n'); end !== -1; end = seen.indexOf('\r\n\r\n')) {
        seen = seen.slice(end + 4)
        const answer = answers.shift()
        if (typeof answer === 'function') answer(socket)
        else if (answer !== undefined) socket.write(answer, 'latin1')
      }
    })
  })
}

/** A server of node:http. */
async function nodeServer(t, handler) {
  const server = http.createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(server, { origin: `http://127.0.0.1:${server.address().port}` })
}

/** Says what came: method, target, body; and Content-Type, length and trailers where there are some. */
async function echo(request, response) {
  const body = []
  try {
    for await (const data of request) body.push(data)
  } catch {
    return // the client went away
  }
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': coding } = request.headers
  response.setHeader('Content-Type', 'application/json')
  response.end(
    JSON.stringify({
      method: request.method,
      target: request.url,
      host: request.headers.host,
      type,
      length,
      coding,
      trailers: request.trailers,
      body: Buffer.concat(body).toString('latin1'),
    }),
  )
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Resolves when a count that has begun stands still, for so long that nothing can be on its way. */
async function standsStill(count) {
  for (let before = 0; before === 0 || before !== count(); await sleep(50)) before = count()
}

/** A promise, and what resolves it. */
function deferred() {
  const made = {}
  made.promise = new Promise((resolve) => {
    made.resolve = resolve
  })
  return made
}

/** What a promise rejects with. */
async function rejection(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not reject')
}

module.exports = { answering, deferred, echo, nodeServer, rawServer, rejection, sleep, standsStill }
