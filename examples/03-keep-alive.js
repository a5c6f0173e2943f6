// Keep-alive: the same 50 requests over one connection, and over fifty.
//
// A connection carries one exchange after another until somebody says `Connection: close`: here the
// client in one run, the server in another. Neither compares strings for that: `head.keepAlive`
// says what the version and the Connection field of a message come to.
//
//   node examples/03-keep-alive.js

'use strict'

const net = require('node:net')
const { performance } = require('node:perf_hooks')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

const REQUESTS = 50

async function main() {
  for (const close of ['nobody', 'client', 'server']) await run(close) // once to warm up
  for (const close of ['nobody', 'client', 'server']) {
    const { connections, answers, milliseconds } = await run(close)
    const who = { nobody: 'kept alive', client: 'closed by the client', server: 'closed by the server' }[
      close
    ]
    const count = `${connections} connection${connections === 1 ? '' : 's'}`
    console.log(`${answers} requests, ${who}: ${count}, ${milliseconds.toFixed(1)} ms`)
  }
}

// One server, 50 requests; `close` says who ends each connection.
async function run(close) {
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    serve(socket, close === 'server')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

  try {
    const start = performance.now()
    const answers = await askAll(server.address().port, close === 'client')
    return { connections, answers, milliseconds: performance.now() - start }
  } finally {
    server.close()
  }
}

// The client. It opens a connection only when it has none that it may use again.
async function askAll(port, closing) {
  let answers = 0
  let connection
  for (let number = 1; number <= REQUESTS; number += 1) {
    connection ??= connect(port)
    const { head, body } = await connection.ask({
      target: `/${number}`,
      headers: { Host: `127.0.0.1:${port}`, Connection: closing ? 'close' : 'keep-alive' },
    })
    if (head.status === 200 && body === `answer to /${number}`) answers += 1
    if (closing || !head.keepAlive) {
      connection.close()
      connection = undefined
    }
  }
  connection?.close()
  return answers
}

// A connection that sends one request after the other, each when the answer before it is whole.
function connect(port) {
  const socket = net.createConnection({ host: '127.0.0.1', port })
  const parser = new ResponseParser()
  let asked // the exchange that is running
  let head
  let body

  socket.on('data', (chunk) => read(parser.push(chunk)))
  socket.on('end', () => read(parser.end()))
  socket.on('error', (error) => asked?.reject(error))
  socket.on('close', () => asked?.reject(new Error('the server closed the connection without an answer')))

  function read(events) {
    for (const event of events) {
      if (event.type === 'head') {
        head = event
        body = ''
      }
      if (event.type === 'body') body += event.data.toString('latin1')
      if (event.type === 'end' && !head.informational) {
        asked.resolve({ head, body })
        asked = undefined
      }
      if (event.type === 'error') {
        asked?.reject(event.error)
        socket.destroy()
      }
    }
  }

  return {
    ask(request) {
      parser.expect('GET') // a response is read as the answer to a request: the parser has to know which
      socket.write(formatRequest({ method: 'GET', ...request }))
      return new Promise((resolve, reject) => {
        asked = { resolve, reject }
      })
    },
    close: () => socket.end(),
  }
}

// The server. `closing` makes it end every connection after one answer, though the client would go on.
function serve(socket, closing) {
  const parser = new RequestParser()
  let request

  socket.on('data', (chunk) => {
    if (!socket.writableEnded) read(parser.push(chunk))
  })
  socket.on('end', () => {
    if (!socket.writableEnded) read(parser.end())
    socket.end()
  })
  socket.on('error', () => socket.destroy()) // the client went away

  function read(events) {
    for (const event of events) {
      if (socket.writableEnded) return // the last answer is given: what follows gets none
      if (event.type === 'head') {
        request = event
        if (event.expectContinue) socket.write(formatResponse({ status: 100 })) // the client waits for this
      }
      if (event.type === 'end') answer()
      if (event.type === 'upgrade') read(parser.resume()) // no other protocol is spoken here: go on with HTTP
      if (event.type === 'error') {
        const { statusHint, message } = event.error
        socket.end(
          formatResponse({ status: statusHint ?? 400, headers: { Connection: 'close' }, body: message }),
        )
      }
    }
  }

  function answer() {
    const keepAlive = request.keepAlive && !closing
    const known = request.method === 'GET' || request.method === 'HEAD'
    const response = formatResponse({
      status: known ? 200 : 405,
      headers: {
        Allow: 'GET, HEAD',
        Date: new Date().toUTCString(),
        'Content-Type': 'text/plain',
        Connection: keepAlive ? 'keep-alive' : 'close', // the last message on a connection says so
      },
      body: `answer to ${request.target}`,
      requestMethod: request.method,
    })
    if (keepAlive) socket.write(response)
    else socket.end(response)
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
