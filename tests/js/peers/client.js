// The client that talks to the peers: h1wire over node:net, one connection, pipelining if asked twice.

'use strict'

const net = require('node:net')
const { formatRequest, ResponseParser } = require('h1wire')

function connect(port) {
  const socket = net.createConnection({ host: '127.0.0.1', port })
  const parser = new ResponseParser()
  const waiting = [] // for each request without its answer yet
  let informational = []
  let head
  let body

  socket.on('data', (chunk) => read(parser.push(chunk)))
  socket.on('end', () => read(parser.end()))
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the peer closed the connection without an answer')))

  function read(events) {
    for (const event of events) {
      if (event.type === 'head') {
        head = event
        body = []
      }
      if (event.type === 'body') body.push(event.data)
      if (event.type === 'end') finish(event)
      if (event.type === 'error') {
        fail(event.error)
        socket.destroy()
      }
    }
  }

  function finish({ trailers }) {
    if (head.informational) {
      informational.push(head.status)
      waiting[0].onInformational?.(head)
      return
    }
    waiting.shift().resolve({ head, informational, body: Buffer.concat(body), trailers: [...trailers] })
    informational = []
  }

  function fail(error) {
    for (const { reject } of waiting.splice(0)) reject(error)
  }

  function exchange(method, onInformational) {
    parser.expect(method)
    return new Promise((resolve, reject) => waiting.push({ resolve, reject, onInformational }))
  }

  return {
    ask(init) {
      const answer = exchange(init.method)
      socket.write(formatRequest({ ...init, headers: { Host: `127.0.0.1:${port}`, ...init.headers } }))
      return answer
    },
    // Sends the head, and the body when the peer says 100.
    askFirst(init) {
      const headers = { Host: `127.0.0.1:${port}`, Expect: '100-continue', ...init.headers }
      const octets = formatRequest({ ...init, headers })
      const bodyAt = octets.indexOf('\r\n\r\n') + 4
      const answer = exchange(init.method, () => socket.write(octets.subarray(bodyAt)))
      socket.write(octets.subarray(0, bodyAt))
      return answer
    },
    closed: new Promise((resolve) => socket.on('close', resolve)),
    close: () => socket.end(),
  }
}

module.exports = { connect }
