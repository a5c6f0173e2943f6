// Parsing through the public API beside Node's own HTTPParser.
//
// "Every field read" is the same work on both sides: each name and value of each message becomes a JavaScript
// string, and each octet of body is delivered. HTTPParser is set up as node:http sets it up, but for `kOnHeaders`.
'use strict'

const { HTTPParser } = process.binding('http_parser')

const INPUTS = [
  ['browser GET', browserGet(), 'request'],
  ['small GET', Buffer.from('GET / HTTP/1.1\r\nHost: example.com:80\r\n\r\n'), 'request'],
  ['API response', apiResponse(), 'response'],
  ['100 pipelined', Buffer.from('GET / HTTP/1.1\r\nHost: example.com:80\r\n\r\n'.repeat(100)), 'request'],
  ['1 MiB in chunks of 1 KiB', chunked(1024), 'response'],
  ['1 MiB in chunks of 16', chunked(16), 'response'],
]

// Every subject counts what it was given, so that no engine can leave work out.
let units = 0

module.exports = (h1wire) =>
  INPUTS.map(([work, octets, kind]) => {
    const subjects = {
      'every field read': ours(h1wire, octets, kind, true),
      'fields not read': ours(h1wire, octets, kind, false),
    }
    const peers = { HTTPParser: node(octets, kind) }
    return {
      work,
      subjects,
      peers,
      check() {
        const [read, theirs] = [subjects['every field read'], peers.HTTPParser].map(count)
        if (read !== theirs) throw new Error(`${work}: unequal work, ${read} and ${theirs}`)
      },
    }
  })

function node(octets, kind) {
  const parser = new HTTPParser()
  parser.initialize(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {})
  parser[HTTPParser.kOnHeadersComplete] = (_major, _minor, fields) => {
    for (let at = 0; at < fields.length; at++) units += fields[at].length
  }
  parser[HTTPParser.kOnBody] = (data) => {
    units += data.length
  }
  parser[HTTPParser.kOnMessageComplete] = () => {}
  return () => {
    const result = parser.execute(octets)
    if (result !== octets.length) throw new Error(`HTTPParser: ${result}`)
  }
}

function ours(api, octets, kind, readFields) {
  const parser = kind === 'request' ? new api.RequestParser() : new api.ResponseParser()
  return () => {
    const events = parser.push(octets)
    for (let at = 0; at < events.length; at++) {
      const event = events[at]
      if (event.type === 'head' && readFields) {
        const raw = event.headers.raw
        for (let index = 0; index < raw.length; index++) units += raw[index].length
      } else if (event.type === 'body') {
        units += event.data.length
      } else if (event.type === 'error') {
        throw event.error
      }
    }
  }
}

function count(run) {
  units = 0
  run()
  return units
}

function browserGet() {
  return head('GET /gallery/harbour/evening-light.html?width=1280&theme=dark HTTP/1.1', [
    ['Host', 'photos.example.org'],
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0'],
    ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
    ['Accept-Language', 'de-DE,de;q=0.8,en;q=0.5'],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    ['Referer', 'https://photos.example.org/gallery/harbour/'],
    ['Connection', 'keep-alive'],
    ['Cookie', `session=${'5f'.repeat(32)}; theme=dark; seen=${'harbour.'.repeat(8)}`],
    ['Upgrade-Insecure-Requests', '1'],
    ['Sec-Fetch-Mode', 'navigate'],
    ['Priority', 'u=0, i'],
  ])
}

function apiResponse() {
  const fields = [
    ['Date', 'Sun, 22 Nov 2026 10:00:00 GMT'],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Content-Length', '1024'],
    ['Connection', 'keep-alive'],
    ['Server', 'example/2.4'],
    ['Cache-Control', 'no-cache, no-store, must-revalidate'],
    ['ETag', 'W/"400-k3vQ0mZcXo1y8r7s6t5u4w3x2y1z0"'],
    ['Vary', 'Accept-Encoding, Origin'],
    ['X-Request-Id', '0c7a52f1-9d3e-4b86-a1f0-6e5d4c3b2a19'],
    ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Access-Control-Allow-Origin', '*'],
  ]
  return Buffer.concat([head('HTTP/1.1 200 OK', fields), Buffer.alloc(1024, 'x')])
}

function chunked(size) {
  const start = head('HTTP/1.1 200 OK', [
    ['Content-Type', 'text/plain'],
    ['Transfer-Encoding', 'chunked'],
  ])
  const chunk = `${size.toString(16)}\r\n${'y'.repeat(size)}\r\n`
  return Buffer.concat([start, Buffer.from(chunk.repeat((1 << 20) / size)), Buffer.from('0\r\n\r\n')])
}

function head(startLine, fields) {
  return Buffer.from(`${startLine}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
}
