// The options of a server and of its sockets, and what each does to an HTTP exchange. Then what can go
// wrong, on both sides, and how it shows.
//
//   node examples/07-server-options.js

'use strict'

const net = require('node:net')
const { once } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

const get = formatRequest({ method: 'GET', target: '/', headers: { Host: 'localhost', Connection: 'close' } })

async function main() {
  console.log('allowHalfOpen: a client says all it has to say, closes its side, and waits for the answer')
  console.log(`  false: ${await halfClosed(false)}`)
  console.log(`  true: ${await halfClosed(true)}`)

  console.log('pauseOnConnect: nothing is read before socket.resume()')
  console.log(`  true: ${await paused()}`)

  console.log('maxConnections: a property of the server; what is too much is closed without a word')
  console.log(`  1: ${await crowded()}`)

  console.log('socket.setTimeout: somebody falls silent')
  console.log(`  the client, in its head: ${await silentClient()}`)
  console.log(`  the server, when asked: ${await silentServer()}`)

  console.log('what can go wrong')
  console.log(`  nobody listens: ${await refused()}`)
  console.log(`  the server closes with the request unread: ${await serverResets()}`)
  console.log(`  the server closes in the body: ${await serverCloses()}`)
  console.log(`  the client goes away in the body: ${await clientResets()}`)
  console.log(`  a malformed request: ${await malformedRequest()}`)
  console.log(`  a malformed response: ${await malformedResponse()}`)
}

// Without allowHalfOpen, Node closes our side as soon as the client has closed its own: an answer that
// takes a while comes too late.
function halfClosed(allowHalfOpen) {
  const server = net.createServer({ allowHalfOpen }, (socket) => serve(socket, { delay: 50 }))
  return withServer(server, (port) => ask(port, get, { halfClose: true }))
}

// A paused socket can be handed on, or wait for its turn; the octets wait in the system meanwhile.
function paused() {
  let before
  const server = net.createServer({ pauseOnConnect: true }, async (socket) => {
    serve(socket)
    await sleep(50)
    before = socket.bytesRead
    socket.resume()
  })
  return withServer(server, async (port) => {
    const answer = await ask(port, get)
    return `${before} octets read while paused, then ${answer}`
  })
}

function crowded() {
  let dropped = 0
  const server = net.createServer((socket) => serve(socket, { delay: 100 }))
  server.maxConnections = 1
  server.on('drop', () => {
    dropped += 1
  })
  return withServer(server, async (port) => {
    const first = ask(port, get)
    await once(server, 'connection')
    const second = ask(port, get)
    return `first ${await first}, second ${await second}, dropped ${dropped}`
  })
}

// A server should not wait for ever. It may say so with 408 before it closes.
function silentClient() {
  const server = net.createServer((socket) => serve(socket, { timeout: 50 }))
  return withServer(server, (port) => ask(port, 'GET / HTTP/1.1\r\nHost: loc'))
}

function silentServer() {
  const server = net.createServer((socket) => socket.resume())
  return withServer(server, (port) => ask(port, get, { timeout: 50 }))
}

async function refused() {
  const server = net.createServer()
  const port = await withServer(server, (free) => free) // free again once the server is closed
  return ask(port, get)
}

// Closed with octets unread, a connection is not ended but reset: a server that has had enough of a request
// should go on reading for a while after its answer, or the answer may be lost.
function serverResets() {
  const server = net.createServer({ pauseOnConnect: true }, async (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
    await sleep(50)
    socket.destroy()
  })
  return withServer(server, (port) => ask(port, get))
}

// A body that is shorter than its Content-Length: only the parser can tell, and only if it is told of the end.
function serverCloses() {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.resume().end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
  })
  return withServer(server, (port) => ask(port, get))
}

// Somebody closes the browser window. Without a listener for 'error' this would end the server.
function clientResets() {
  const server = net.createServer((socket) => {
    socket.resume().write(formatResponse({ status: 200, body: Buffer.alloc(10_000_000) }))
  })
  return withServer(server, async (port) => {
    const client = net.createConnection({ host: '127.0.0.1', port })
    client.once('data', () => client.destroy())
    const [socket] = await once(server, 'connection')
    const [error] = await once(socket, 'error')
    return `the server gets ${error.code}`
  })
}

function malformedRequest() {
  const server = net.createServer((socket) => serve(socket))
  return withServer(server, (port) => ask(port, 'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n'))
}

function malformedResponse() {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.resume().end('HTTP/1.1 200 OK\r\nContent-Length: 1O\r\n\r\n')
  })
  return withServer(server, (port) => ask(port, get))
}

// Runs a client against a server on a free port, and closes the server after it.
async function withServer(server, client) {
  const sockets = new Set()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await client(server.address().port)
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

// Sends octets and tells in a few words what came back.
function ask(port, octets, { halfClose = false, timeout = 5000 } = {}) {
  return new Promise((resolve) => {
    const parser = new ResponseParser({ requestMethod: 'GET' })
    const socket = net.createConnection({ host: '127.0.0.1', port })
    let head
    let body = ''

    if (halfClose) socket.end(octets)
    else socket.write(octets)
    socket.setTimeout(timeout, () => tell(`no answer within ${timeout} ms`))
    socket.on('data', (chunk) => read(parser.push(chunk)))
    socket.on('end', () => read(parser.end()))
    socket.on('error', ({ code }) => {
      const turnedAway = !head && (code === 'ECONNRESET' || code === 'EPIPE')
      tell(turnedAway ? 'no answer' : code)
    })
    socket.on('close', () => tell('no answer'))

    function read(events) {
      for (const event of events) {
        if (event.type === 'head') head = event
        if (event.type === 'body') body += event.data.toString('latin1')
        if (event.type === 'end' && !head.informational) tell(`${head.status} ${head.reason} (${body})`)
        if (event.type === 'error') tell(`${event.error.code} at octet ${event.error.offset}`)
      }
    }

    function tell(outcome) {
      resolve(outcome)
      socket.destroy()
    }
  })
}

// Answers one GET on each connection, after a delay if told so.
function serve(socket, { delay = 0, timeout = 5000 } = {}) {
  const parser = new RequestParser()
  let method
  let settled = false // an answer is given, or on its way: what follows gets none

  socket.setTimeout(timeout, () => answer(408, 'you fell silent'))
  socket.on('data', (chunk) => {
    if (!settled) read(parser.push(chunk))
  })
  socket.on('end', () => {
    if (!settled) read(parser.end())
    if (!settled) socket.end()
  })
  socket.on('error', () => socket.destroy()) // the client went away

  async function read(events) {
    for (const event of events) {
      if (settled) return
      if (event.type === 'head') method = event.method
      if (event.type === 'end') {
        settled = true
        await sleep(delay)
        if (method === 'GET') answer(200, 'here you are')
        else answer(405, 'a GET, please')
      }
      if (event.type === 'error') answer(event.error.statusHint ?? 400, event.error.code)
    }
  }

  function answer(status, text) {
    settled = true
    if (!socket.writable) return // closed meanwhile
    const headers = {
      Allow: 'GET',
      Date: new Date().toUTCString(),
      'Content-Type': 'text/plain',
      Connection: 'close',
    }
    socket.end(formatResponse({ status, headers, body: text, requestMethod: method }))
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
