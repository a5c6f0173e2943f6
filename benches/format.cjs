// Building messages through the public API beside what people use today.
//
// Each gives the same lines, but for the case of names and the order: the peers do not let their users choose those.
'use strict'

const http = require('node:http')
const UndiciRequest = require('undici/lib/core/request.js')

const BODY = Buffer.alloc(1024, 'The quick brown fox jumps over the lazy dog. ')
const PAGE = Buffer.alloc(2048, '<p>The quick brown fox jumps over the lazy dog.</p>')

const HEAD_ALONE = { body: false }

const TARGET = '/v1/orders/4711/items?sort=date&limit=50'
const AGENT = 'example-client/3.2 (linux; x64)'

exports.about =
  'From parts to octets: what goes to the socket is a Buffer, or the Buffer of a head and the body as it was given.'

exports.notes = {
  'GET, 6 fields': 'no body',
  'POST, 1 KiB': '5 fields and a Buffer as body',
  'response, 8 fields, 2 KiB': 'a Buffer as body',
  'chunk, 1 KiB': 'one chunk of a chunked body',
  'all in one': 'every part checked, the framing decided; head and body in one Buffer',
  'body apart':
    'with `body: false`: the head in a Buffer, the body goes to the socket as it is, as both peers do it',
  unchecked: 'the fields concatenated and made a Buffer with the body: the least there is to do, and unsafe',
  "undici's checks":
    "undici's Request, which checks method, path and fields, and its lines put together as its client for HTTP/1.1 does " +
    'it; the body apart. Does not check the length of the body against Content-Length before it is sent',
  'node:http':
    'a ClientRequest or ServerResponse without a socket; what it holds ready for one is taken, the body apart',
  _storeHeader:
    "node:http's writer of heads alone, on a bare OutgoingMessage: it checks fields, not method or target",
}

exports.works = (h1wire) => [
  work(
    'GET, 6 fields',
    { '': () => h1wire.formatRequest(get()) },
    {
      unchecked: () => uncheckedRequest(get()),
      "undici's checks": () => undici(get()),
      'node:http': () => clientRequest(get()),
      _storeHeader: () => storedHeader(get()),
    },
  ),
  work(
    'POST, 1 KiB',
    {
      'all in one': () => h1wire.formatRequest(post()),
      'body apart': () => [h1wire.formatRequest(post(), HEAD_ALONE), BODY],
    },
    {
      unchecked: () => uncheckedRequest(post()),
      "undici's checks": () => undici(post()),
      'node:http': () => clientRequest(post()),
      _storeHeader: () => storedHeader(post()),
    },
  ),
  work(
    'response, 8 fields, 2 KiB',
    {
      'all in one': () => h1wire.formatResponse(response()),
      'body apart': () => [h1wire.formatResponse(response(), HEAD_ALONE), PAGE],
    },
    {
      unchecked: () => uncheckedResponse(response()),
      'node:http': () => serverResponse(response()),
    },
  ),
  work(
    'chunk, 1 KiB',
    { '': () => h1wire.formatChunk(BODY) },
    {
      unchecked: () => uncheckedChunk(BODY),
      'node:http': nodeChunks(),
    },
  ),
]

function get() {
  return {
    method: 'GET',
    target: TARGET,
    headers: {
      host: 'api.example.com',
      connection: 'keep-alive',
      'user-agent': AGENT,
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      'x-request-id': '0c7a52f1-9d3e-4b86-a1f0-6e5d4c3b2a19',
    },
  }
}

function post() {
  return {
    method: 'POST',
    target: TARGET,
    headers: {
      host: 'api.example.com',
      connection: 'keep-alive',
      'user-agent': AGENT,
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '1024',
    },
    body: BODY,
  }
}

function response() {
  return {
    status: 200,
    headers: {
      date: 'Sun, 22 Nov 2026 10:00:00 GMT',
      connection: 'keep-alive',
      server: 'example/2.4',
      'content-type': 'text/html; charset=utf-8',
      'content-length': '2048',
      'cache-control': 'no-cache, no-store, must-revalidate',
      etag: 'W/"800-k3vQ0mZcXo1y8r7s6t5u4w3x2y1z0"',
      vary: 'Accept-Encoding, Origin',
    },
    body: PAGE,
  }
}

// ---- unchecked: one Buffer, the body copied once, as in ours.

function uncheckedRequest({ method, target, headers, body }) {
  return joined(`${method} ${target} HTTP/1.1\r\n${section(headers)}\r\n`, body)
}

function uncheckedResponse({ status, headers, body }) {
  return joined(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${section(headers)}\r\n`, body)
}

function uncheckedChunk(data) {
  const size = `${data.length.toString(16)}\r\n`
  const chunk = Buffer.allocUnsafe(size.length + data.length + 2)
  chunk.latin1Write(size, 0)
  chunk.set(data, size.length)
  chunk.latin1Write('\r\n', size.length + data.length)
  return chunk
}

function section(headers) {
  let text = ''
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`
  return text
}

function joined(head, body) {
  if (body === undefined) return Buffer.from(head, 'latin1')
  const message = Buffer.allocUnsafe(head.length + body.length)
  message.latin1Write(head, 0)
  message.set(body, head.length)
  return message
}

// ---- undici

const handler = {
  onConnect() {},
  onHeaders() {},
  onData() {},
  onComplete() {},
  onError() {},
}

function undici({ method, target, headers, body }) {
  const options = { path: target, method, headers, body }
  const request = new UndiciRequest('http://api.example.com', options, handler)
  let head = `${request.method} ${request.path} HTTP/1.1\r\nhost: ${request.host}\r\nconnection: keep-alive\r\n`
  const fields = request.headers
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`
  if (body === undefined) return Buffer.from(`${head}\r\n`, 'latin1')
  return [Buffer.from(`${head}content-length: ${request.body.byteLength}\r\n\r\n`, 'latin1'), request.body]
}

// ---- node:http

// An agent that never gives a request its socket.
const agent = { defaultPort: 80, protocol: 'http:', keepAlive: true, maxSockets: 1, addRequest() {} }

function clientRequest({ method, target, headers, body }) {
  const request = new http.ClientRequest({ agent, host: 'api.example.com', method, path: target, headers })
  request.end(body)
  return waiting(request)
}

/** The head that node:http's writer makes of fields alone, and the body. */
function storedHeader({ method, target, headers, body }) {
  const message = new http.OutgoingMessage()
  message.useChunkedEncodingByDefault = false
  message._storeHeader(`${method} ${target} HTTP/1.1\r\n`, headers)
  const head = Buffer.from(message._header, 'latin1')
  return body === undefined ? head : [head, body]
}

const asked = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 }

function serverResponse({ status, headers, body }) {
  const response = new http.ServerResponse(asked)
  response.writeHead(status, headers)
  response.end(body)
  return waiting(response)
}

/** What waits for a socket. */
function waiting({ outputData }) {
  return outputData.map(({ data }) => (typeof data === 'string' ? Buffer.from(data, 'latin1') : data))
}

/** Chunks of one response without end, for a socket that only takes what it is given. */
function nodeChunks() {
  const response = new http.ServerResponse(asked)
  let taken = []
  const socket = {
    writable: true,
    cork() {},
    uncork() {},
    on() {},
    write(data) {
      taken.push(data)
      return true
    },
  }
  response.assignSocket(socket)
  response.flushHeaders()
  return () => {
    taken = []
    response.write(BODY)
    return taken
  }
}

/** A work whose subjects and peers all write the same lines and the same body. */
function work(name, subjects, peers) {
  return { work: name, subjects, peers, outcome: (run) => normal(run()) }
}

/** What was written, in one form: names in lower case, lines in one order. */
function normal(written) {
  const octets = [written].flat().map((piece) => Buffer.from(piece, 'latin1'))
  const text = Buffer.concat(octets).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return text
  const [start, ...lines] = text.slice(0, end).split('\r\n')
  const fields = lines.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())).sort()
  return [start, ...fields, '', text.slice(end + 4)].join('\r\n')
}
