// What socket.write takes: a Buffer, a Uint8Array, or a string and its encoding.
//
// A formatted message is a Buffer, and a Buffer is best written as it is. Made into a string it has to
// go out in the encoding it was made with. 'latin1' is one octet a character and loses nothing; 'utf8'
// loses nothing if the octets were UTF-8. The last row mixes the two: the ö grows by two octets, the
// Content-Length no longer fits, and the server reads another name.
//
//   node examples/05-socket-write.js

'use strict'

const net = require('node:net')
const { formatRequest, formatResponse, RequestParser, ResponseParser } = require('h1wire')

async function main() {
  const server = net.createServer(serve)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()

  const message = formatRequest({
    method: 'POST',
    target: '/people',
    headers: {
      Host: `127.0.0.1:${port}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      Connection: 'close',
    },
    body: 'name=Jörg',
  })
  const writes = {
    Buffer: [message],
    Uint8Array: [new Uint8Array(message)],
    "string as 'latin1'": [message.toString('latin1'), 'latin1'],
    "string as 'utf8'": [message.toString('utf8'), 'utf8'],
    "string as 'hex'": [message.toString('hex'), 'hex'],
    "'latin1' string as 'utf8'": [message.toString('latin1'), 'utf8'],
  }

  try {
    console.log(`the message has ${message.length} octets`)
    for (const [what, [data, encoding]] of Object.entries(writes)) {
      const { written, head, body } = await send(port, data, encoding)
      console.log(
        `${what}: length ${data.length}, ${written} octets written, ${head.status} ${head.reason}: ${body}`,
      )
    }
  } finally {
    server.close()
  }
}

function send(port, data, encoding) {
  return new Promise((resolve, reject) => {
    const parser = new ResponseParser({ requestMethod: 'POST' })
    const socket = net.createConnection({ host: '127.0.0.1', port })
    const body = []
    let head
    let written

    // The callback says that the octets were handed to the system, not that they have arrived.
    // (What write returns is another matter: false means that Node is holding data back, and a
    // sender with much to say should wait for 'drain'.)
    socket.write(data, encoding, (error) => {
      if (error) reject(error)
      written = socket.bytesWritten
    })
    socket.on('data', (chunk) => read(parser.push(chunk))) // no setEncoding: a parser reads octets, not strings
    socket.on('end', () => read(parser.end()))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection without an answer')))

    function read(events) {
      for (const event of events) {
        if (event.type === 'head') head = event
        if (event.type === 'body') body.push(event.data)
        if (event.type === 'end' && !head.informational) {
          resolve({ written, head, body: Buffer.concat(body) })
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

// Answers one request on each connection with the name it read in the form.
function serve(socket) {
  const parser = new RequestParser()
  const body = []
  let method

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
      if (socket.writableEnded) return // the answer is given: what follows gets none
      if (event.type === 'head') method = event.method
      if (event.type === 'body') body.push(event.data)
      if (event.type === 'end' && method !== 'POST') answer(405, 'a POST, please')
      if (event.type === 'end' && method === 'POST') {
        const form = new URLSearchParams(Buffer.concat(body).toString('utf8'))
        answer(200, `the name is ${form.get('name')}`)
      }
      if (event.type === 'error') answer(event.error.statusHint ?? 400, event.error.message)
    }
  }

  function answer(status, text) {
    socket.end(
      formatResponse({
        status,
        headers: {
          Allow: 'POST',
          Date: new Date().toUTCString(),
          'Content-Type': 'text/plain; charset=utf-8',
          Connection: 'close',
        },
        body: text,
        requestMethod: method, // the answer to HEAD has no body
      }),
    )
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
