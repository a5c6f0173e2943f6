// POST: send a form, the way a browser does.
//
// Content-Length counts octets, not characters: an ö is one character and two octets of UTF-8.
// formatRequest counts for you. The server reads the form back and says what came.
//
//   node examples/02-post-form.js                   posts to a small server it starts itself
//   node examples/02-post-form.js http://…/path     posts the same forms to that one and shows the answers

'use strict'

const net = require('node:net')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

const forms = [
  'name=John&age=30',
  'name=Jörg&age=30', // as it stands, in UTF-8
  new URLSearchParams({ name: 'Jörg', age: '30' }), // percent-encoded, as browsers do; sets the Content-Type too
]

async function main() {
  if (process.argv[2]) return postAll(new URL(process.argv[2]))

  const server = net.createServer(serve)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await postAll(new URL(`http://127.0.0.1:${server.address().port}/people`))
  } finally {
    server.close()
  }
}

async function postAll(url) {
  for (const form of forms) {
    const { head, body } = await post(url, form)
    console.log(`${form}`)
    console.log(`  ${`${form}`.length} characters, ${Buffer.byteLength(`${form}`)} octets`)
    console.log(`  ${head.status} ${head.reason}: ${body}`)
  }
}

function post(url, form) {
  const headers = { Connection: 'close' }
  if (typeof form === 'string') headers['Content-Type'] = 'application/x-www-form-urlencoded'
  const request = formatRequest({ method: 'POST', url, headers, body: form })

  return new Promise((resolve, reject) => {
    const parser = new ResponseParser({ requestMethod: 'POST' })
    const socket = net.createConnection({ host: url.hostname, port: Number(url.port || 80) })
    const body = []
    let head

    socket.write(request)
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

function serve(socket) {
  const parser = new RequestParser({ limits: { maxBodySize: 100_000 } }) // more is answered with 413
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
    const form = new URLSearchParams(octets.toString('utf8'))
    const response = formatResponse({
      status: request.method === 'POST' ? 200 : 405,
      headers: {
        Allow: 'POST',
        Date: new Date().toUTCString(),
        'Content-Type': 'text/plain; charset=utf-8',
        Connection: request.keepAlive ? 'keep-alive' : 'close',
      },
      body: `Content-Length ${request.contentLength}, ${octets.length} octets read, name "${form.get('name')}", age "${form.get('age')}"`,
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
