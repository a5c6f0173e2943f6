// A server: a page with a picture in it, for a browser to show.
//
// A file is sent as it is on disk: its type goes into Content-Type, its octets are counted for
// Content-Length. Browsers ask for page, picture and icon over connections they keep open.
//
//   node examples/04-picture-server.js          listens on a free port of this machine
//   node examples/04-picture-server.js 8080     listens on that one
//
// Then open the address it prints. Ctrl-C ends it.

'use strict'

const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { formatResponse, RequestParser } = require('h1wire')

const page = `<!doctype html>
<title>h1wire</title>
<h1>A picture from a socket</h1>
<img src="/picture.png" alt="The sun over hills">
`

function serve(socket) {
  const parser = new RequestParser()
  let request

  socket.setTimeout(30_000, () => socket.destroy()) // browsers open connections and leave them unused
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
        send({ status: statusHint ?? 400, type: 'text/plain', body: message }, { keepAlive: false })
      }
    }
  }

  function answer() {
    const response = respond(request)
    console.log(
      `${request.method} ${request.target} -> ${response.status}, ${Buffer.byteLength(response.body)} octets`,
    )
    send(response, request)
  }

  function send({ status, type, body, headers }, { method, keepAlive }) {
    const response = formatResponse({
      status,
      headers: {
        Date: new Date().toUTCString(),
        'Content-Type': type,
        Connection: keepAlive ? 'keep-alive' : 'close',
        ...headers,
      },
      body, // Content-Length is set from its octets
      requestMethod: method, // the answer to HEAD has the length, not the body
    })
    if (keepAlive) socket.write(response)
    else socket.end(response)
  }
}

// What to answer. The file is read at once, not in the background: responses have to leave in the
// order of their requests, and this keeps it.
function respond({ method, target }) {
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, type: 'text/plain', body: 'GET or HEAD, please\n', headers: { Allow: 'GET, HEAD' } }
  }
  if (target === '/') return { status: 200, type: 'text/html; charset=utf-8', body: page }
  if (target === '/picture.png') {
    try {
      return { status: 200, type: 'image/png', body: fs.readFileSync(path.join(__dirname, 'picture.png')) }
    } catch (error) {
      return { status: 500, type: 'text/plain', body: `${error.code}\n` }
    }
  }
  return { status: 404, type: 'text/plain', body: 'There is nothing here\n' }
}

const server = net.createServer(serve)
server.on('error', (error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`Open http://127.0.0.1:${server.address().port}/`)
})
