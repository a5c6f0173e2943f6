// Messages that look like today's traffic. The heads lie in `benches/inputs`, where the benchmarks in Rust read them too.
'use strict'

const { readFileSync } = require('node:fs')
const path = require('node:path')

const MIB = 1 << 20

const smallGet = head('small-get', 40)

module.exports = {
  browserGet: head('browser-get', 703),
  smallGet,
  response: Buffer.concat([head('response', 478), Buffer.alloc(1024, 'x')]),
  cookies: head('cookie', 2206),
  pipelined: Buffer.concat(Array(100).fill(smallGet)),
  chunked,
  requestWithFields,
  pieces,
  MIB,
}

/** A head from its file, with line ends as on the wire; figures are given for so many octets. */
function head(name, octets) {
  const text = readFileSync(path.join(__dirname, '../inputs', `${name}.txt`), 'latin1')
  const head = Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
  if (head.length !== octets) throw new Error(`${name} has ${head.length} octets and not ${octets}`)
  return head
}

/** A response of so many octets in chunks of that many. */
function chunked(total, size) {
  const start = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n'
  const chunk = `${size.toString(16)}\r\n${'y'.repeat(size)}\r\n`
  return Buffer.from(`${start}${chunk.repeat(total / size)}0\r\n\r\n`, 'latin1')
}

/** A GET of so many fields, beside Host, with values of so many octets. */
function requestWithFields(fields, octets) {
  const value = 'v'.repeat(octets)
  const lines = Array.from({ length: fields }, (_, at) => `X-Large-${`${at}`.padStart(4, '0')}: ${value}\r\n`)
  return Buffer.from(`GET / HTTP/1.1\r\nHost: example.org\r\n${lines.join('')}\r\n`, 'latin1')
}

/** The same octets in pieces of so many, each a Buffer of its own as a socket gives them. */
function pieces(octets, size) {
  const count = Math.ceil(octets.length / size)
  return Array.from({ length: count }, (_, at) => Buffer.from(octets.subarray(at * size, (at + 1) * size)))
}
