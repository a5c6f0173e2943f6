// The server's side of `h1wire/net`, with the types its user sees, and misuse that must not compile. Never run.

import type { Server as NetServer } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FieldSection, Tolerated } from 'h1wire'
import {
  type ConnectionError,
  createServer,
  type Handler,
  type IncomingBody,
  type IncomingRequest,
  type OutgoingResponse,
  type Served,
  type ServeOptions,
  type Server,
  type ServerOptions,
  serve,
  type TakeOver,
} from 'h1wire/net'
import { is, type Same } from './same.js'

const handler: Handler = (request) => {
  is<Same<typeof request, IncomingRequest>>()
  is<Same<typeof request.headers, FieldSection>>()
  is<Same<typeof request.body, IncomingBody>>()
  is<Same<typeof request.trailers, Promise<FieldSection>>>()
  is<Same<ReturnType<typeof request.text>, Promise<string>>>()
  is<Same<typeof request.stream, ReadableStream<Buffer>>>()
  is<Same<typeof request.signal, AbortSignal>>()
  const duplex: Duplex = request.socket
  is<Same<typeof request.socket.remoteAddress, string | undefined>>()
  request.socket.getPeerCertificate?.()
  is<Same<typeof request.contentLength, number | null>>()
  is<Same<typeof request.hasBody, boolean>>()
  is<Same<ReturnType<typeof request.json<{ a: 1 }>>, Promise<{ a: 1 }>>>()
  duplex.destroy()
  is<Same<typeof request.tolerated, readonly Tolerated[]>>()
  request.sendInformational({ status: 103, headers: { Link: '</a>' } })
  return { status: 200, body: request.body }
}
const takeOver: TakeOver = (request, socket, rest) => {
  is<Same<typeof rest, Buffer>>()
  socket.end(request.target)
}
const switching: OutgoingResponse = { status: 101, takeOver: (socket, rest) => socket.end(rest) }
const declining: TakeOver = async () => false
createServer({ onUpgrade: declining, onHalfClose: 'abort' }, () => switching)
createServer({ onError: (error) => (error as ConnectionError).connection.remoteAddress }, handler)
const serving: ServeOptions = { limits: { maxBodySize: 1 }, headersTimeout: 1, onUpgrade: takeOver }
const options: ServerOptions = {
  ...serving,
  maxConnections: 1,
  timeout: 1,
  pauseOnConnect: true,
  keepAlive: true,
}

const server: Server = createServer(options, handler)
is<Same<typeof server extends NetServer ? true : false, true>>()
is<Same<ReturnType<typeof server.shutdown>, Promise<void>>>()
server.listen({ port: 0 }).closeIdleConnections()
createServer(async () => ({ status: 204 }))

declare const socket: Duplex
const served: Served = serve(socket, handler, serving)
served.close()

async function* pieces() {
  yield 'a'
}
const inPieces: OutgoingResponse = { status: 200, body: pieces(), trailers: () => ({ 'X-A': 1 }) }
const blob: OutgoingResponse = { status: 200, body: new Blob(['a']) }
createServer(({ method }) => (method === 'GET' ? inPieces : blob))

// @ts-expect-error: a response has a status
createServer(() => ({ body: 'a' }))
// @ts-expect-error: a server needs a handler
createServer({})
// @ts-expect-error: nobody makes requests
new IncomingRequest()
