// http-parser-js: a parser in JavaScript with the interface of Node's own.
'use strict'

const { HTTPParser } = require('http-parser-js')
const { told, tellFields } = require('../lib/told.cjs')

// Whoever asks for this is taken for a Node.js of today; otherwise it works in a slow way for old ones.
void HTTPParser.kOnExecute
// It counts a whole chunk as head where a message ends with it.
HTTPParser.maxHeaderSize = Number.POSITIVE_INFINITY

module.exports = {
  name: 'http-parser-js',
  does:
    'a parser in JavaScript: regular expressions over lines. Takes any octets in names, values and request-targets, chunk ' +
    'sizes that are none, and Content-Length beside Transfer-Encoding; does not look at Host.',

  make(kind) {
    const parser = new HTTPParser(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE)
    parser[HTTPParser.kOnHeaders] = (fields) => tellFields(fields)
    parser[HTTPParser.kOnHeadersComplete] = (_major, _minor, fields, _method, url, _status, reason) => {
      told.line += url === undefined ? reason.length : url.length
      tellFields(fields)
    }
    parser[HTTPParser.kOnBody] = (data, start, length) => {
      told.body += data.subarray(start, start + length).length
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
