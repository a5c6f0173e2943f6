// llhttp as WebAssembly, as undici ships it and with the callbacks that undici gives it (lib/dispatcher/client-h1.js,
// which cannot be reached from outside): each name and value a Buffer, put together where it came in pieces, then made
// strings as undici does for raw headers. Undici reads responses only; requests are read in the same way here.
'use strict'

const assert = require('node:assert')
const { bufferToLowerCasedHeaderName, parseRawHeaders } = require('undici/lib/core/util.js')
const constants = require('undici/lib/llhttp/constants.js')
const { told, tellFields } = require('../lib/told.cjs')

const FastBuffer = Buffer[Symbol.species]

let current
let currentBuffer
let bufferSize = 0
let bufferPointer = 0

const { exports: llhttp } = new WebAssembly.Instance(
  new WebAssembly.Module(require('undici/lib/llhttp/llhttp_simd-wasm.js')),
  {
    env: {
      wasm_on_url: (_parser, at, length) => current.onUrl(view(at, length)),
      wasm_on_status: (_parser, at, length) => current.onStatus(view(at, length)),
      wasm_on_message_begin: () => 0,
      wasm_on_header_field: (_parser, at, length) => current.onHeaderField(view(at, length)),
      wasm_on_header_value: (_parser, at, length) => current.onHeaderValue(view(at, length)),
      wasm_on_headers_complete: (_parser, _status, upgrade, keepAlive) =>
        current.onHeadersComplete(upgrade === 1, keepAlive === 1),
      wasm_on_body: (_parser, at, length) => current.onBody(view(at, length)),
      wasm_on_message_complete: () => current.onMessageComplete(),
    },
  },
)

function view(at, length) {
  const start = at - bufferPointer + currentBuffer.byteOffset
  return new FastBuffer(currentBuffer.buffer, start, length)
}

class Parser {
  constructor(type) {
    this.pointer = llhttp.llhttp_alloc(type)
    this.line = ''
    this.headers = []
    this.headersSize = 0
    this.bytesRead = 0
    this.keepAlive = ''
    this.connection = ''
    this.contentLength = ''
    this.shouldKeepAlive = false
  }

  execute(chunk) {
    if (chunk.length > bufferSize) {
      if (bufferPointer) llhttp.free(bufferPointer)
      bufferSize = Math.ceil(chunk.length / 4096) * 4096
      bufferPointer = llhttp.malloc(bufferSize)
    }
    new Uint8Array(llhttp.memory.buffer, bufferPointer, bufferSize).set(chunk)
    let result
    try {
      current = this
      currentBuffer = chunk
      result = llhttp.llhttp_execute(this.pointer, bufferPointer, chunk.length)
    } finally {
      current = undefined
      currentBuffer = undefined
    }
    if (result !== constants.ERROR.OK) throw new Error(`llhttp answers ${result}`)
  }

  onUrl(data) {
    this.line += data.toString()
    return 0
  }

  // Undici keeps the last piece of a reason phrase only; here it is put together.
  onStatus(data) {
    this.line += data.toString()
    return 0
  }

  onHeaderField(data) {
    const { length } = this.headers
    if ((length & 1) === 0) this.headers.push(data)
    else this.headers[length - 1] = Buffer.concat([this.headers[length - 1], data])
    this.headersSize += data.length
    return 0
  }

  onHeaderValue(data) {
    let { length } = this.headers
    if ((length & 1) === 1) {
      this.headers.push(data)
      length += 1
    } else {
      this.headers[length - 1] = Buffer.concat([this.headers[length - 1], data])
    }
    const key = this.headers[length - 2]
    if (key.length === 10) {
      const name = bufferToLowerCasedHeaderName(key)
      if (name === 'keep-alive') this.keepAlive += data.toString()
      else if (name === 'connection') this.connection += data.toString()
    } else if (key.length === 14 && bufferToLowerCasedHeaderName(key) === 'content-length') {
      this.contentLength += data.toString()
    }
    this.headersSize += data.length
    return 0
  }

  onHeadersComplete(_upgrade, shouldKeepAlive) {
    const { headers } = this
    assert((headers.length & 1) === 0)
    this.shouldKeepAlive = shouldKeepAlive
    this.headers = []
    this.headersSize = 0
    told.line += this.line.length
    tellFields(parseRawHeaders(headers))
    return 0
  }

  onBody(data) {
    this.bytesRead += data.length
    told.body += data.length
    return 0
  }

  onMessageComplete() {
    const { contentLength, bytesRead } = this
    if (contentLength && bytesRead !== Number.parseInt(contentLength, 10)) return -1
    if (this.headers.length !== 0) tellFields(parseRawHeaders(this.headers))
    this.line = ''
    this.bytesRead = 0
    this.contentLength = ''
    this.keepAlive = ''
    this.connection = ''
    this.headers = []
    this.headersSize = 0
    told.messages++
    return 0
  }
}

module.exports = {
  name: "undici's llhttp wasm",
  does:
    'llhttp as WebAssembly, with the callbacks undici gives it and raw headers: a Buffer of every name and value, then ' +
    'a string; a Buffer of each piece of body, one callback a chunk. Looks at the octets of a request-target, not at its form, nor at Host.',

  make(kind) {
    const parser = new Parser(kind === 'request' ? constants.TYPE.REQUEST : constants.TYPE.RESPONSE)
    return (piece) => parser.execute(piece)
  },
}
