// A client: h1wire over one connection, one exchange after the other. It keeps the octets of both directions.

import { createConnection } from 'node:net'
import { pieces, write } from './pieces.mjs'

/** Connects to a server of `startServer`; `octetwise` reads and writes octet by octet. */
export function connect({ ResponseParser, formatRequest }, server, { octetwise = false } = {}) {
  const socket = createConnection(server.address)
  const parser = new ResponseParser()
  let waiting // the exchange that is running
  let received = []
  let pushes = 0
  let head
  let body

  socket.setTimeout(10_000, () => fail(new Error('no answer within 10 s')))
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection without an answer')))
  socket.on('data', (chunk) => {
    received.push(chunk)
    for (const piece of pieces(chunk, octetwise)) {
      if (parser.error) return
      pushes += 1
      read(parser.push(piece))
    }
  })
  socket.on('end', () => {
    if (!parser.error) read(parser.end())
  })

  function read(events) {
    for (const event of events) {
      if (event.type === 'head') {
        head = event
        body = []
      }
      if (event.type === 'body') body.push(event.data)
      if (event.type === 'end' && !head.informational) finish(event.trailers)
      if (event.type === 'error') fail(event.error)
    }
  }

  function finish(trailers) {
    const { sent, resolve } = waiting
    waiting = undefined
    resolve({ sent, received: Buffer.concat(received), pushes, head, body: Buffer.concat(body), trailers })
  }

  function fail(error) {
    waiting?.reject(error)
    waiting = undefined
    socket.destroy()
  }

  function send(octets, method) {
    parser.expect(method)
    received = []
    pushes = 0
    const answer = new Promise((resolve, reject) => {
      waiting = { sent: octets, resolve, reject }
    })
    write(socket, octets, { octetwise })
    return answer
  }

  return {
    /** Sends a request and gives its answer. */
    ask: (init) =>
      send(formatRequest({ ...init, headers: { Host: server.host, ...init.headers } }), init.method),
    /** Sends octets as they are, as a GET, and gives the answer. */
    askRaw: (text) => send(Buffer.from(text, 'latin1'), 'GET'),
    close() {
      socket.end()
    },
  }
}
