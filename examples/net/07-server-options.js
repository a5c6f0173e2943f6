// The options of a server, and what each does to an HTTP exchange. Then what can go wrong, on both sides, and how it
// shows: a client gets an error with a code.
//
//   node examples/net/07-server-options.js

'use strict'

const net = require('node:net')
const { once } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { connect, createServer } = require('h1wire/net')

const get = { target: '/' }
const post = (body) => ({ method: 'POST', target: '/', body })

async function main() {
  console.log('allowHalfOpen: a client says all it has to say, closes its side, and waits for the answer')
  console.log(`  false: ${await halfClosed({ allowHalfOpen: false })}`)
  console.log(`  true, unless you say otherwise: ${await halfClosed({})}`)

  console.log('limits: more than that is answered as the error says')
  console.log(`  maxBodySize 10: ${await against({ limits: { maxBodySize: 10 } }, post('twelve octets'))}`)
  console.log(`  maxHeadSize 200: ${await against({ limits: { maxHeadSize: 200 } }, big)}`)

  console.log('times: nobody is waited for without end')
  console.log(
    `  headersTimeout, in a head: ${await silent({ headersTimeout: 50 }, 'GET / HTTP/1.1\r\nHost: loc')}`,
  )
  console.log(`  headersTimeout, without a word: ${await silent({ headersTimeout: 50 }, '')}`)

  console.log('maxConnections: what is too much is closed without a word')
  console.log(`  1: ${await crowded()}`)

  console.log('what can go wrong')
  console.log(`  the handler throws: ${await thrown()}`)
  console.log(`  nobody listens: ${await refused()}`)
  console.log(`  the server closes without an answer: ${await broken('')}`)
  console.log(
    `  the server closes in the body: ${await broken('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')}`,
  )
  console.log(`  a malformed response: ${await broken('HTTP/1.1 200 OK\r\nContent-Length: 1O\r\n\r\n')}`)
  console.log(
    `  no response in time: ${await against({}, get, { headersTimeout: 50 }, () => sleep(100, ok))}`,
  )
  console.log(`  nobody wants it any longer: ${await aborted()}`)
}

const ok = { status: 200, body: 'here you are' }
const big = { target: '/', headers: { 'X-Big': 'x'.repeat(300) } }
const last = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

// Asks a server with these options, and tells in a few words what came of it.
async function against(options, request, times, handler = () => ok) {
  const server = await listening(createServer({ onError() {}, ...options }, handler))
  const told = await tell(connect(originOf(server), times), request)
  await server.shutdown()
  return told
}

// The response, or the error: those of h1wire have a code. `error.received` is what had come by then.
async function tell(client, request, options) {
  try {
    const response = await client.request(request, options)
    return `${response.status} ${response.reason} (${(await response.text()).split(' (')[0].trim()})`
  } catch (error) {
    return error.name === 'H1Error' ? error.code : error.name
  } finally {
    client.destroy()
  }
}

async function halfClosed(options) {
  const server = await listening(createServer(options, () => sleep(50, ok)))
  const answer = await said(server, (socket) => socket.end(last))
  await server.shutdown()
  return answer
}

// Who falls silent is told so, and then the connection is closed; who has said nothing at all gets no answer.
async function silent(options, octets) {
  const server = await listening(createServer({ onError() {}, ...options }, () => ok))
  const answer = await said(server, (socket) => socket.write(octets))
  await server.shutdown()
  return answer
}

// What a server says to a socket, in its first line.
async function said(server, speak) {
  const socket = net.connect({ port: server.address().port, host: '127.0.0.1', allowHalfOpen: true })
  speak(socket)
  const answer = Buffer.concat(await socket.toArray()).toString()
  socket.destroy()
  return answer === '' ? 'no answer' : answer.slice('HTTP/1.1 '.length, answer.indexOf('\r\n'))
}

async function crowded() {
  const server = await listening(createServer({ maxConnections: 1 }, () => sleep(50, ok)))
  const first = tell(connect(originOf(server)), get)
  await once(server, 'connection')
  const second = await tell(connect(originOf(server)), get)
  const told = `first ${await first}, second ${isNoAnswer(second) ? 'no answer' : second}`
  await server.shutdown()
  return told
}

// The end of a connection, or its reset: it depends on the moment.
function isNoAnswer(code) {
  return code === 'H1_RESPONSE_MISSING' || code === 'H1_SOCKET_CLOSED'
}

async function thrown() {
  const errors = []
  const fail = () => {
    throw new Error('the shelf is empty')
  }
  const told = await against({ onError: (error) => errors.push(error.message) }, get, {}, fail)
  return `${told}, and onError is told: ${errors}`
}

async function refused() {
  const server = await listening(net.createServer())
  const origin = originOf(server)
  await new Promise((resolve) => server.close(resolve)) // its port is free again
  return tell(connect(origin), get)
}

// A server of node:net, which answers with these octets and closes.
async function broken(octets) {
  const server = await listening(net.createServer((socket) => socket.once('data', () => socket.end(octets))))
  const told = await tell(connect(originOf(server)), get)
  server.close()
  return told
}

async function aborted() {
  const server = await listening(createServer(() => sleep(100, ok)))
  const told = await tell(connect(originOf(server)), get, { signal: AbortSignal.timeout(30) })
  await server.shutdown()
  return told
}

async function listening(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

function originOf(server) {
  return `http://127.0.0.1:${server.address().port}`
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
