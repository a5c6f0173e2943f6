// What a body may be: text, octets, a form, JSON, a Blob, or anything that gives pieces.
//
// Where the raw example chooses what socket.write gets, here the client chooses. A body that is there as a whole goes
// out with its Content-Length. One in pieces is sent in chunks, for nobody knows how long it will be; or with the
// Content-Length you give, which is then counted.
//
//   node examples/net/05-bodies.js

'use strict'

const { once } = require('node:events')
const { Readable } = require('node:stream')
const { json } = require('h1wire')
const { connect, createServer } = require('h1wire/net')

async function* pieces() {
  yield 'name='
  yield Buffer.from('Jörg')
}

const bodies = {
  'a string, in UTF-8': { body: 'name=Jörg' },
  'a Buffer': { body: Buffer.from('name=Jörg') },
  'a Uint8Array': { body: new TextEncoder().encode('name=Jörg') },
  'a form': { body: new URLSearchParams({ name: 'Jörg' }) },
  JSON: { body: json({ name: 'Jörg' }) },
  'a Blob': { body: new Blob(['name=Jörg'], { type: 'text/x-name' }) },
  'a generator': { body: pieces() },
  'a generator, and its length': { body: pieces(), headers: { 'Content-Length': 10 } },
  'a stream of Node.js': { body: Readable.from(['name=', 'Jörg']) },
  'a web stream': { body: new Blob(['name=Jörg']).stream() },
  'a generator, and a length that is wrong': { body: pieces(), headers: { 'Content-Length': 11 } },
}

async function main() {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect(`http://127.0.0.1:${server.address().port}`)
  try {
    for (const [what, request] of Object.entries(bodies)) {
      try {
        const response = await client.request({ method: 'POST', target: '/', ...request })
        console.log(`${what}: ${await response.text()}`)
      } catch (error) {
        console.log(`${what}: ${error.code}`)
      }
    }
  } finally {
    client.destroy()
    server.close()
  }
}

// Says what came, and how it was framed.
async function answer(request) {
  const { headers } = request
  const framing = headers.has('transfer-encoding')
    ? 'chunked'
    : `Content-Length ${headers.get('content-length')}`
  const type = headers.get('content-type') ?? 'no type'
  return { status: 200, body: `${framing}, ${type}: ${await request.text()}` }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
