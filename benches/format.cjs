// Building messages through the public API beside what people use today.
//
// - unchecked: the fields concatenated into a string that becomes a Buffer: the least there is to do, and unsafe.
// - undici's checks: its Request, which checks method, path and fields, and its headers put together as its client for
//   HTTP/1.1 does it. What goes to the socket are a string, made octets here, and the body as it is.
// - node:http: a ClientRequest or ServerResponse without a socket. What it holds ready for one, string and body, is
//   taken; the string becomes octets.
//
// Each gives the same lines, but for the case of names and the order: neither peer lets its user choose those.
'use strict'

const http = require('node:http')
const UndiciRequest = require('undici/lib/core/request.js')

const BODY = Buffer.alloc(1024, 'The quick brown fox jumps over the lazy dog. ')
const PAGE = Buffer.alloc(2048, '<p>The quick brown fox jumps over the lazy dog.</p>')

const HEAD_ALONE = { body: false }

const TARGET = '/v1/orders/4711/items?sort=date&limit=50'
const AGENT = 'example-client/3.2 (linux; x64)'

module.exports = (h1wire) => [
  work(
    'GET, 6 fields',
    { '': () => h1wire.formatRequest(get()) },
    {
      unchecked: () => uncheckedRequest(get()),
      "undici's checks": () => undici(get()),
      'node:http': () => clientRequest(get()),
    },
  ),
  work(
    'POST, 1 KiB',
    {
      '': () => h1wire.formatRequest(post()),
      // As both peers do it: the body goes to the socket as it is.
      'body apart': () => [h1wire.formatRequest(post(), HEAD_ALONE), BODY],
    },
    {
      unchecked: () => uncheckedRequest(post()),
      "undici's checks": () => undici(post()),
      'node:http': () => clientRequest(post()),
    },
  ),
  work(
    'response, 8 fields, 2 KiB',
    {
      '': () => h1wire.formatResponse(response()),
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
  return {
    work: name,
    subjects,
    peers,
    check() {
      const [wanted, ...others] = [...Object.entries(subjects), ...Object.entries(peers)].map(
        ([subject, run]) => {
          return [subject, normal(run())]
        },
      )
      for (const [subject, written] of others) {
        if (written !== wanted[1])
          throw new Error(`${name}: ${subject} writes\n${written}\nand not\n${wanted[1]}`)
      }
    },
  }
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
