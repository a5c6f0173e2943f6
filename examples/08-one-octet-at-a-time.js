// One octet at a time: a server and a client for which every message arrives in the smallest pieces
// there are.
//
// A network may cut a message anywhere: in a field name, between CR and LF, in a chunk size. A parser
// has to come to the same result. Here each side writes octet by octet, and takes apart what the
// network has joined again, so that the parsers get nothing larger than one octet.
//
//   node examples/08-one-octet-at-a-time.js

'use strict'

const net = require('node:net')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

async function main() {
  const server = net.createServer(serve)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const request = formatRequest({
      method: 'POST',
      url: `http://127.0.0.1:${server.address().port}/people`,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' },
      body: 'Grüße von Jörg',
    })
    console.log(`client: ${request.length} octets to write`)
    const { pushes, head, body, trailers } = await ask(server.address().port, request)
    console.log(`client: ${pushes} octets in ${pushes} pushes`)
    console.log(`client: ${head.status} ${head.reason}, ${head.chunked ? 'chunked' : 'not chunked'}: ${body}`)
    for (const [name, value] of trailers) console.log(`client: trailer ${name}: ${value}`)
  } finally {
    server.close()
  }
}

function* octetsOf(data) {
  for (let at = 0; at < data.length; at += 1) yield data.subarray(at, at + 1)
}

// Writes octets one by one; each has left before the next is written.
async function trickle(socket, data) {
  socket.setNoDelay(true) // or the system would gather small writes into larger ones
  for (const octet of octetsOf(data)) {
    await new Promise((resolve, reject) =>
      socket.write(octet, (error) => (error ? reject(error) : resolve())),
    )
  }
}

function ask(port, request) {
  return new Promise((resolve, reject) => {
    const parser = new ResponseParser({ requestMethod: 'POST' })
    const socket = net.createConnection({ host: '127.0.0.1', port })
    const body = []
    let pushes = 0
    let head

    trickle(socket, request).catch(reject)
    socket.on('data', (chunk) => {
      for (const octet of octetsOf(chunk)) {
        if (parser.error) return // nothing more can be read after a fault
        pushes += 1
        read(parser.push(octet))
      }
    })
    socket.on('end', () => read(parser.end()))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection without an answer')))

    function read(events) {
      for (const event of events) {
        if (event.type === 'head') head = event
        if (event.type === 'body') body.push(event.data)
        if (event.type === 'end' && !head.informational) {
          resolve({ pushes, head, body: Buffer.concat(body), trailers: event.trailers })
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

// Answers one request on each connection, in chunks, with a trailer field behind them.
function serve(socket) {
  const parser = new RequestParser()
  const body = []
  let method
  let pushes = 0
  let settled = false // the answer is on its way: what follows gets none

  socket.on('data', (chunk) => {
    for (const octet of octetsOf(chunk)) {
      if (settled) return
      pushes += 1
      read(parser.push(octet))
    }
  })
  socket.on('end', () => {
    if (!settled) read(parser.end())
    if (!settled) socket.end()
  })
  socket.on('error', () => socket.destroy()) // the client went away

  function read(events) {
    for (const event of events) {
      if (event.type === 'head') {
        method = event.method
        console.log(`server: ${method} ${event.target}`)
      }
      if (event.type === 'body') body.push(event.data)
      if (event.type === 'end') {
        const octets = Buffer.concat(body)
        console.log(`server: ${pushes} octets in ${pushes} pushes, a body of ${octets.length}`)
        answer(method === 'POST' ? 200 : 405, octets)
      }
      if (event.type === 'error') answer(event.error.statusHint ?? 400, event.error.message)
    }
  }

  function answer(status, text) {
    settled = true
    const response = formatResponse({
      status,
      headers: {
        Allow: 'POST',
        Date: new Date().toUTCString(),
        'Content-Type': 'text/plain; charset=utf-8',
        Connection: 'close',
      },
      body: text,
      trailers: { 'X-Octets': text.length }, // trailers make it chunked
      requestMethod: method,
    })
    console.log(`server: ${response.length} octets to write`)
    trickle(socket, response).then(
      () => socket.end(),
      () => socket.destroy(),
    )
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
