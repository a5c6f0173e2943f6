// IPC: the same GET and POST between two programs of one machine, without a network.
//
// The path of a Unix domain socket (on Windows: the name of a pipe) stands where a port stood. The
// messages are the same, octet for octet; Host is still required, and `localhost` will do.
//
//   node examples/06-ipc.js

'use strict'

const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

const headers = { Host: 'localhost', Connection: 'close' }
const requests = [
  { method: 'GET', target: '/hello', headers },
  {
    method: 'POST',
    target: '/people',
    headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'name=Jörg&age=30',
  },
]

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-')) // ours alone
  const address =
    process.platform === 'win32' ? `\\\\.\\pipe\\h1wire-${process.pid}` : path.join(folder, 'server.sock')
  const server = net.createServer(serve)

  try {
    await new Promise((resolve, reject) => server.on('error', reject).listen(address, resolve))
    console.log(`listening on ${address}`)
    for (const request of requests) {
      const { head, body } = await ask(address, request)
      console.log(`${request.method} ${request.target} -> ${head.status} ${head.reason}: ${body}`)
    }
  } finally {
    server.close(() => fs.rmSync(folder, { recursive: true }))
  }
}

function ask(address, request) {
  const octets = formatRequest(request)

  return new Promise((resolve, reject) => {
    const parser = new ResponseParser({ requestMethod: request.method })
    const socket = net.createConnection({ path: address })
    const body = []
    let head

    socket.write(octets)
    socket.on('data', (chunk) => read(parser.push(chunk)))
    socket.on('end', () => read(parser.end()))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection without an answer')))

    function read(events) {
      for (const event of events) {
        if (event.type === 'head') head = event
        if (event.type === 'body') body.push(event.data)
        if (event.type === 'end' && !head.informational) {
          resolve({ head, body: Buffer.concat(body) })
          socket.end()
        }
        if (event.type === 'error') {
          reject(event.error)
          socket.destroy()
        }
      }
    }
  })
}

// Says back what it was asked and sent.
function serve(socket) {
  const parser = new RequestParser()
  let request
  let body

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
        body = []
        if (event.expectContinue) socket.write(formatResponse({ status: 100 })) // the client waits for this
      }
      if (event.type === 'body') body.push(event.data)
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
    const octets = Buffer.concat(body)
    const response = formatResponse({
      status: ['GET', 'HEAD', 'POST'].includes(request.method) ? 200 : 405,
      headers: {
        Allow: 'GET, HEAD, POST',
        Date: new Date().toUTCString(),
        'Content-Type': 'text/plain; charset=utf-8',
        Connection: request.keepAlive ? 'keep-alive' : 'close',
      },
      body: `${request.method} with ${octets.length} octets: "${octets}"`,
      requestMethod: request.method,
    })
    if (request.keepAlive) socket.write(response)
    else socket.end(response)
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
