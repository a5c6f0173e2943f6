// Everything public in `h1wire/net`, with the type its user sees, and misuse that must not compile. Never run.

import type { IncomingMessage } from 'node:http'
import { createConnection, Socket } from 'node:net'
import { type Duplex, Readable, type Transform } from 'node:stream'
import { type FieldSection, H1Error, parseRequest, type RequestEvent, RequestParser } from 'h1wire'
import {
  type Agent,
  type AgentOptions,
  type AgentRequest,
  agent,
  type Client,
  type ClientOptions,
  type ClientRequest,
  connect,
  fromFetchRequest,
  fromFetchResponse,
  type IncomingBody,
  type IncomingResponse,
  type Pool,
  parserStream,
  parserTransform,
  pool,
  type ReadOptions,
  type RequestError,
  toFetchRequest,
  toFetchResponse,
} from 'h1wire/net'
import { is, type Same } from './same.js'

declare const octets: Uint8Array
declare const body: IncomingBody
is<Same<ReturnType<typeof body.bytes>, Promise<Buffer>>>()
is<Same<ReturnType<typeof body.text>, Promise<string>>>()
is<Same<ReturnType<typeof body.json>, Promise<unknown>>>()
is<Same<typeof body.stream, ReadableStream<Buffer>>>()
is<Same<typeof body.trailers, Promise<FieldSection>>>()
const options: ReadOptions = { limit: 1 }
await body.text(options)
for await (const data of body) is<Same<typeof data, Buffer>>()
body.dump()

// @ts-expect-error: what feeds it is nobody's business
body.push(Buffer.alloc(1))

const slow: ClientOptions = { pipelining: 2, headersTimeout: 1, limits: { maxFields: 10 } }
const client = connect('http://localhost', slow)
is<Same<typeof client, Client>>()
connect(new Socket(), { origin: new URL('http://localhost') })
connect({ host: 'localhost', port: 80, family: 6, tls: { ca: 'x' }, signal: AbortSignal.timeout(1) })
connect({ path: '/run/socket' }, { createConnection: ({ path }) => createConnection(path ?? '') })
const clients = pool({ origin: 'https://localhost' }, { connections: 2 })
is<Same<typeof clients, Pool>>()

const requests: ClientRequest[] = [
  { target: '/' },
  { url: 'http://localhost/', body: Readable.from(['x']), trailers: async () => ({ 'X-A': 1 }) },
  { target: '/', body: new ReadableStream<Uint8Array>(), idempotent: true },
  { target: '/', body: ['a', new Uint8Array(1)], headers: { Host: 'a' } },
  { target: '/', body: new FormData() },
  { target: '/', body: new Blob([]) },
]
const response = await client.request(requests[0] as ClientRequest, {
  signal: AbortSignal.timeout(1),
  onInformational: ({ status, headers }) => [status, headers.get('link')],
})
is<Same<typeof response, IncomingResponse>>()
is<Same<typeof response.socket, Duplex | undefined>>()
is<Same<typeof response.rest, Buffer | undefined>>()
is<Same<typeof response.stream, ReadableStream<Buffer>>>()
is<Same<Awaited<ReturnType<typeof response.json<{ a: 1 }>>>, { a: 1 }>>()
declare const incoming: IncomingMessage
await client.request({ target: '/', headers: incoming.headers }, { signal: null, headersTimeout: 0 })
await client.request({ target: '/', headers: [['a', 'b']] as string[][] })
if (incoming instanceof H1Error) is<Same<typeof incoming.received, Uint8Array | undefined>>()
{
  await using held = connect('http://localhost', { signal: null })
  await using others = pool('http://localhost')
  is<Same<typeof held.state, 'connecting' | 'free' | 'busy' | 'closing' | 'closed'>>()
  is<Same<[typeof others.size, typeof others.free, typeof others.pending], [number, number, number]>>()
}
const everywhere: AgentOptions = { connections: 2, sockets: { tls: { ca: 'x' }, family: 4 } }
const agents = agent(everywhere)
is<Same<typeof agents, Agent>>()
const wanted: AgentRequest = { url: new URL('http://localhost/'), method: 'PUT', body: 'x' }
is<Same<Awaited<ReturnType<typeof agents.request>>, IncomingResponse>>()
await agents.request(wanted, { signal: null })
// @ts-expect-error: an agent must know where to
agents.request({ target: '/' })
// @ts-expect-error: that is what the url says
agent({ sockets: { host: 'localhost' } })
declare const failure: RequestError
is<Same<typeof failure.received, Buffer>>()
await client.close()
clients.destroy(new Error())

// @ts-expect-error: a socket that is given has its options
connect({ host: 1 })
// @ts-expect-error: what a pool hands to a client is nobody's business
client.dispatch()

is<Same<ReturnType<typeof toFetchRequest>, Request>>()
toFetchRequest(parseRequest(octets))
is<Same<ReturnType<typeof toFetchResponse>, Response>>()
toFetchResponse(response)
await client.request(fromFetchRequest(new Request('http://localhost')))
fromFetchResponse(new Response())
const events = parserStream(new RequestParser())
is<Same<typeof events, TransformStream<Uint8Array, RequestEvent>>>()
is<Same<ReturnType<typeof parserTransform>, Transform>>()
parserTransform(new RequestParser())
