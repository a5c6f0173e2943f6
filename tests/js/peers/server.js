// The server the peers talk to: h1wire over node:net. It keeps what each request came to, for the tests.

'use strict'

const net = require('node:net')
const { formatResponse, RequestParser } = require('h1wire')

const ROUTES = {
  '/hello': () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hello' }),
  '/chunks': () => ({
    status: 200,
    headers: { 'Content-Type': 'text/plain', Trailer: 'X-Sum' },
    body: 'in chunks',
    trailers: { 'X-Sum': '9' },
  }),
  '/empty': () => ({ status: 204 }),
  '/unchanged': () => ({ status: 304, headers: { ETag: '"h1wire"' } }),
  '/last': () => ({ status: 200, headers: { Connection: 'close' }, body: 'last' }),
  '/echo': ({ body }) => ({ status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body }),
}

// Starts it on a free port; `exchanges` grows by one entry for each whole request.
async function startServer() {
  const exchanges = []
  const faults = []
  const sockets = new Set()
  let connections = 0

  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1
    sockets.add(socket.on('close', () => sockets.delete(socket)))
    serve(socket, connections, exchanges, faults)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    exchanges,
    faults,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function serve(socket, connection, exchanges, faults) {
  const parser = new RequestParser()
  let exchange
  let body

  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    if (!socket.writableEnded) read(parser.push(chunk))
  })
  socket.on('end', () => {
    if (!socket.writableEnded) read(parser.end())
    socket.end()
  })

  function read(events) {
    for (const event of events) {
      if (socket.writableEnded) return
      if (event.type === 'head') begin(event)
      if (event.type === 'body') body.push(event.data)
      if (event.type === 'end') finish(event)
      if (event.type === 'upgrade') read(parser.resume())
      if (event.type === 'error') refuse(event.error)
    }
  }

  function begin(head) {
    exchange = { connection, head, fields: head.headers.toObject() }
    body = []
    if (head.expectContinue) socket.write(formatResponse({ status: 100 }))
  }

  function finish({ trailers }) {
    const { head } = exchange
    exchanges.push(Object.assign(exchange, { body: Buffer.concat(body), trailers: [...trailers] }))
    const route = ROUTES[head.target]
    const init = route ? route(exchange) : { status: 404, body: 'nothing here' }
    const keepAlive = head.keepAlive && init.headers?.Connection !== 'close'
    const response = formatResponse({
      ...init,
      headers: { Connection: keepAlive ? 'keep-alive' : 'close', ...init.headers },
      trailers: head.version === '1.0' ? undefined : init.trailers, // 1.0 knows no chunks to hang them on
      requestMethod: head.method,
      requestVersion: head.version,
    })
    if (keepAlive) socket.write(response)
    else socket.end(response)
  }

  function refuse(error) {
    faults.push(error)
    socket.end(
      formatResponse({ status: error.statusHint ?? 400, headers: { Connection: 'close' }, body: error.code }),
    )
  }
}

module.exports = { startServer }
