// A client: h1wire over one connection, one exchange after the other. It keeps the octets of both directions.

import { createConnection } from 'node:net'
import { pieces, write } from './pieces.mjs'

/**
 * Connects to a server of `startServer`. `octetwise` reads and writes octet by octet; `halfClose` closes this
 * side behind a request; `timeout` is how many milliseconds of silence are too many.
 */
export function connect(
  { ResponseParser, formatRequest },
  server,
  { octetwise = false, halfClose = false, timeout = 10_000 } = {},
) {
  const socket = createConnection(server.address)
  const parser = new ResponseParser()
  let waiting // the exchange that is running
  let received = []
  let pushes = 0
  let head
  let body

  socket.setTimeout(timeout, () => fail(new Error(`no answer within ${timeout} ms`)))
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection closed')))
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
    const { sent, writing, resolve } = waiting
    waiting = undefined
    const exchange = {
      sent,
      received: Buffer.concat(received),
      pushes,
      head,
      body: Buffer.concat(body),
      trailers,
    }
    writing.then((written) => resolve({ ...exchange, written }))
  }

  function fail(error) {
    waiting?.reject(Object.assign(error, { sent: waiting.sent, received: Buffer.concat(received) }))
    waiting = undefined
    socket.destroy()
  }

  function send(data, method, encoding) {
    parser.expect(method)
    received = []
    pushes = 0
    const writing = write(socket, data, { octetwise, encoding, last: halfClose }).then(
      () => socket.bytesWritten,
    )
    return new Promise((resolve, reject) => {
      waiting = { sent: Buffer.from(data, encoding), writing, resolve, reject }
    })
  }

  return {
    /** Sends a request and gives its answer; without one, throws an error that has what went over the wire. */
    ask: (init) =>
      send(formatRequest({ ...init, headers: { Host: server.host, ...init.headers } }), init.method),
    /** The same with what socket.write takes, such as it is. */
    askRaw: (data, { method = 'GET', encoding = 'latin1' } = {}) => send(data, method, encoding),
    reset() {
      socket.resetAndDestroy()
    },
    close() {
      socket.end()
    },
  }
}
