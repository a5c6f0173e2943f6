// A server: a page with a picture in it, for a browser to show.
//
// A file is sent as it is on disk: its type goes into Content-Type, its octets are counted for Content-Length.
// Browsers ask for page, picture and icon over connections they keep open; those left unused are closed.
//
//   node examples/net/04-picture-server.js          listens on a free port of this machine
//   node examples/net/04-picture-server.js 8080     listens on that one
//
// Then open the address it prints. Ctrl-C ends it.

'use strict'

const fs = require('node:fs/promises')
const path = require('node:path')
const { createServer } = require('h1wire/net')

const page = `<!doctype html>
<title>h1wire</title>
<h1>A picture from a socket</h1>
<img src="/picture.png" alt="The sun over hills">
`

// A promise will do: whatever else is asked for on the connection waits for its turn.
async function answer(request) {
  const { status, type, body, headers } = await respond(request)
  console.log(`${request.method} ${request.target} -> ${status}, ${Buffer.byteLength(body)} octets`)
  return { status, headers: { 'Content-Type': type, ...headers }, body }
}

async function respond({ method, target }) {
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, type: 'text/plain', body: 'GET or HEAD, please\n', headers: { Allow: 'GET, HEAD' } }
  }
  if (target === '/') return { status: 200, type: 'text/html; charset=utf-8', body: page }
  if (target === '/picture.png') {
    // Should the file be missing, this throws: the answer is 500, and the error goes to stderr.
    const picture = await fs.readFile(path.join(__dirname, '../picture.png'))
    return { status: 200, type: 'image/png', body: picture }
  }
  return { status: 404, type: 'text/plain', body: 'There is nothing here\n' }
}

const server = createServer(answer)
server.on('error', (error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`Open http://127.0.0.1:${server.address().port}/`)
})
