// The embedded server: h1wire over a port or a path of this machine. It keeps what each request came to.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { ROOT } from '../lib/paths.mjs'
import { pieces, write } from './pieces.mjs'

/** The picture the server has, as it is on disk. */
export const PICTURE = join(ROOT, 'examples', 'picture.png')

const OPTIONS = {
  allowHalfOpen: true,
  closing: false,
  octetwise: false,
  answersAtEnd: false,
  timeout: 0,
  serve,
}

/**
 * Starts a server. `allowHalfOpen` and `pauseOnConnect` are Node's; `closing` ends every connection after one
 * answer; `octetwise` reads and writes octet by octet; `answersAtEnd` waits with an answer until the client has
 * closed its side; `timeout` is how many milliseconds of silence are too many; `serve` is what a connection gets
 * instead. `served` grows by an entry for each whole request, `faults` by each error of a parser; `connections`
 * and `pushes` are counted.
 */
export async function startServer(h1wire, { path, ...given } = {}) {
  const options = { ...OPTIONS, picture: await readFile(PICTURE), ...given }
  const state = { served: [], faults: [], connections: 0, pushes: 0 }
  const sockets = new Set()
  const server = createServer(options, (socket) => {
    state.connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    options.serve(socket, h1wire, options, state)
  })
  await new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(path ? { path } : { port: 0, host: '127.0.0.1' }, resolve)
  })
  const { port } = server.address()
  return Object.assign(state, {
    net: server,
    address: path ? { path } : { port, host: '127.0.0.1' },
    host: path ? 'localhost' : `127.0.0.1:${port}`,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  })
}

function serve(socket, { RequestParser, formatResponse }, options, state) {
  const parser = new RequestParser()
  const connection = state.connections
  let exchanges = 0
  let settled = false // the last answer is given, or on its way: what follows gets none
  let head
  let body

  socket.setTimeout(options.timeout, () => {
    if (!settled) send({ status: 408, headers: {}, body: 'you fell silent\n' }, false)
  })
  socket.on('data', (chunk) => {
    for (const piece of pieces(chunk, options.octetwise)) {
      if (settled) return
      state.pushes += 1
      read(parser.push(piece))
    }
  })
  socket.on('end', () => {
    if (!settled) read(parser.end())
    if (!settled) socket.end()
  })

  function read(events) {
    for (const event of events) {
      if (settled) return
      if (event.type === 'head') {
        head = event
        body = []
        if (head.expectContinue) socket.write(formatResponse({ status: 100 }))
      }
      if (event.type === 'body') body.push(event.data)
      if (event.type === 'end') finish(event.trailers)
      if (event.type === 'upgrade') read(parser.resume())
      if (event.type === 'error') {
        state.faults.push(event.error)
        send({ status: event.error.statusHint ?? 400, headers: {}, body: `${event.error.code}\n` }, false)
      }
    }
  }

  function finish(trailers) {
    exchanges += 1
    const request = { head, body: Buffer.concat(body), trailers, connection, exchange: exchanges }
    state.served.push(request)
    send(respond(request, options), head.keepAlive && !options.closing, head)
  }

  async function send({ headers, ...rest }, keepAlive, request) {
    const response = formatResponse({
      ...rest,
      headers: { Date: new Date().toUTCString(), Connection: keepAlive ? 'keep-alive' : 'close', ...headers },
      requestMethod: request?.method,
      requestVersion: request?.version,
    })
    settled = !keepAlive
    if (options.answersAtEnd) await new Promise((resolve) => socket.once('end', resolve))
    write(socket, response, { octetwise: options.octetwise, last: settled })
  }
}

function respond({ head, body }, { picture }) {
  const text = { 'Content-Type': 'text/plain; charset=utf-8' }
  const method = head.method === 'HEAD' ? 'GET' : head.method // the formatter leaves the body out
  switch (`${method} ${head.target}`) {
    case 'GET /hello':
      return { status: 200, headers: text, body: 'Grüße!\n' }
    case 'GET /picture.png':
      return { status: 200, headers: { 'Content-Type': 'image/png' }, body: picture }
    case 'POST /people': {
      const form = new URLSearchParams(body.toString('utf8'))
      const answer = `${form.get('name')} is ${form.get('age')}, in ${body.length} octets\n`
      return { status: 200, headers: text, body: answer }
    }
    case 'POST /chunks':
      return { status: 200, headers: text, body, trailers: { 'X-Octets': String(body.length) } }
    default:
      return { status: 404, headers: text, body: 'There is nothing here\n' }
  }
}
