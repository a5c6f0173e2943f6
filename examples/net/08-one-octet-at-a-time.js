// One octet at a time: a server and a client for which every message arrives in the smallest pieces there are.
//
// A network may cut a message anywhere: in a field name, between CR and LF, in a chunk size. The other side has to come
// to the same result. connect and serve take any Duplex, not only a socket: here one that stands in front of a socket,
// writes octet by octet, and takes apart what the network has joined again.
//
//   node examples/net/08-one-octet-at-a-time.js

'use strict'

const net = require('node:net')
const { once } = require('node:events')
const { Duplex } = require('node:stream')
const { connect, serve } = require('h1wire/net')

async function main() {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    serve(octetwise(socket, 'server'), answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const origin = `http://127.0.0.1:${server.address().port}`
  const socket = octetwise(net.connect(server.address().port, '127.0.0.1'), 'client')
  const client = connect(socket, { origin })
  try {
    const response = await client.request({
      method: 'POST',
      target: '/people',
      headers: { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' },
      body: 'Grüße von Jörg',
    })
    const isChunked = response.headers.has('transfer-encoding')
    const text = await response.text()
    console.log(
      `client: ${response.status} ${response.reason}, ${isChunked ? 'chunked' : 'not chunked'}: ${text}`,
    )
    for (const [name, value] of await response.trailers) console.log(`client: trailer ${name}: ${value}`)
  } finally {
    await client.close()
    server.close()
  }
}

async function answer(request) {
  console.log(`server: ${request.method} ${request.target}`)
  const octets = await request.bytes()
  console.log(`server: a body of ${octets.length}`)
  return {
    status: request.method === 'POST' ? 200 : 405,
    headers: { Allow: 'POST', 'Content-Type': 'text/plain; charset=utf-8' },
    body: octets,
    trailers: { 'X-Octets': octets.length }, // trailers make it chunked
  }
}

// A Duplex in front of a socket.
function octetwise(socket, who) {
  let pieces = 0
  socket.setNoDelay(true) // or the system would gather small writes into larger ones
  const duplex = new Duplex({
    read: () => socket.resume(),
    async write(data, _encoding, done) {
      try {
        for (const octet of octetsOf(data)) await written(socket, octet)
        done()
      } catch (error) {
        done(error)
      }
    },
    final: (done) => socket.end(done),
    destroy(error, done) {
      console.log(`${who}: ${pieces} pieces of one octet`)
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (chunk) => {
    for (const octet of octetsOf(chunk)) {
      pieces += 1
      if (!duplex.push(octet)) socket.pause()
    }
  })
  socket.on('end', () => duplex.push(null))
  socket.on('error', (error) => duplex.destroy(error))
  return duplex
}

// Resolves when an octet has left, before the next is written.
function written(socket, octet) {
  return new Promise((resolve, reject) => {
    socket.write(octet, (error) => (error ? reject(error) : resolve()))
  })
}

function* octetsOf(data) {
  for (let at = 0; at < data.length; at += 1) yield data.subarray(at, at + 1)
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
