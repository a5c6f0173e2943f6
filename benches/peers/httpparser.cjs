// Node's own parser, the private binding that node:http stands on, with the callbacks that node:http gives it.
'use strict'

const { told, tellFields } = require('../lib/told.cjs')

const { HTTPParser } = require('node:_http_common')

module.exports = {
  name: 'HTTPParser',
  does:
    "Node's own parser (llhttp in C++), a private binding: makes every name, value and target a string, and a Buffer of " +
    'each piece of body, one callback a chunk. Looks at the octets of a request-target, not at its form, nor at Host.',

  make(kind) {
    const parser = new HTTPParser()
    parser.initialize(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {})
    // Fields beyond 32 come here, and trailers.
    parser[HTTPParser.kOnHeaders] = (fields, url) => {
      told.line += url.length
      tellFields(fields)
    }
    parser[HTTPParser.kOnHeadersComplete] = (_major, _minor, fields, _method, url, _status, reason) => {
      told.line += url === undefined ? (reason?.length ?? 0) : url.length
      if (fields !== undefined) tellFields(fields)
    }
    parser[HTTPParser.kOnBody] = (data) => {
      told.body += data.length
    }
    parser[HTTPParser.kOnMessageComplete] = () => {
      told.messages++
    }
    return (piece) => {
      const result = parser.execute(piece)
      if (result !== piece.length) throw result
    }
  },
}
