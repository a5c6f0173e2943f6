// GET: ask a server for a page over a plain socket.
//
// formatRequest makes the octets of the request and socket.write sends them. Whatever comes back goes
// into a ResponseParser, piece by piece, and out come events: head, body, end.
//
//   node examples/01-get.js                              asks a small server it starts itself
//   node examples/01-get.js http://127.0.0.1:8080/page   asks that one

'use strict'

const net = require('node:net')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

async function main() {
  if (process.argv[2]) return show(await get(new URL(process.argv[2])))

  const server = net.createServer(serve)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    show(await get(new URL(`http://127.0.0.1:${server.address().port}/hello?from=h1wire`)))
  } finally {
    server.close()
  }
}

function show({ head, body }) {
  console.log(`HTTP/${head.version} ${head.status} ${head.reason}`)
  for (const [name, value] of head.headers) console.log(`${name}: ${value}`)
  console.log(`\n${body}`)
}

// The client: one connection, one request, one response.
function get(url) {
  if (url.protocol !== 'http:') throw new TypeError(`only http: is spoken here, not ${url.protocol}`)
  const request = formatRequest({ method: 'GET', url, headers: { Accept: '*/*', Connection: 'close' } })

  return new Promise((resolve, reject) => {
    const parser = new ResponseParser({ requestMethod: 'GET' })
    const socket = net.createConnection({ host: url.hostname, port: Number(url.port || 80) })
    const body = []
    let head

    socket.write(request)
    socket.on('data', (chunk) => read(parser.push(chunk)))
    socket.on('end', () => read(parser.end())) // some bodies end with the connection; others are cut short by it
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

// The server: one RequestParser for each connection; a request that is whole gets its answer.
function serve(socket) {
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
    const known = request.method === 'GET' || request.method === 'HEAD'
    const response = formatResponse({
      status: known ? 200 : 405,
      headers: {
        Allow: 'GET, HEAD',
        Date: new Date().toUTCString(),
        'Content-Type': 'text/plain; charset=utf-8',
        Connection: request.keepAlive ? 'keep-alive' : 'close',
      },
      body: `Grüße! You sent ${request.method} ${request.target}\n`,
      requestMethod: request.method, // the answer to HEAD has no body
    })
    if (request.keepAlive) socket.write(response)
    else socket.end(response)
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
