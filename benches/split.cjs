// Messages that come in small pieces, beside other parsers and beside as many calls that read nothing.
'use strict'

const inputs = require('./lib/inputs.cjs')
const { emptyCall } = require('./lib/empty-call.cjs')
const { NOTES, ours, peers } = require('./lib/parsers.cjs')
const { outcome } = require('./lib/told.cjs')

const INPUTS = [
  ['browser GET, octet by octet', inputs.browserGet, 'request', 1],
  ['browser GET, pieces of 7', inputs.browserGet, 'request', 7],
  ['API response, octet by octet', inputs.response, 'response', 1],
  ['4 KiB in chunks of 16, octet by octet', inputs.chunked(4096, 16), 'response', 1],
]

exports.about =
  'The same messages in pieces, one push each; every field is read. Times are for the whole message. The cost of an octet is ' +
  'set against that of a call that reads nothing: a third of its speed is the target.'

exports.notes = {
  'browser GET, octet by octet': '703 pushes',
  'browser GET, pieces of 7': '101 pushes',
  'API response, octet by octet': '1502 pushes, 1024 of them body',
  '4 KiB in chunks of 16, octet by octet': `${inputs.chunked(4096, 16).length} pushes`,
  'every field read': 'as in `parse`',
  'empty calls':
    "as many calls of the backend's own `push` with a Buffer of no octets: what it costs to get into Rust, and on wasm " +
    'to move the octets there; no events, nothing read',
  ...NOTES,
}

exports.works = (h1wire) =>
  INPUTS.map(([work, octets, kind, size]) => {
    const pieces = inputs.pieces(octets, size)
    const call = emptyCall(h1wire.backend)
    const floor = () => {
      for (let at = 0; at < pieces.length; at++) call()
    }
    return {
      work,
      subjects: { 'every field read': ours(h1wire, kind, pieces) },
      peers: peers(kind, pieces),
      floors: { 'empty calls': floor },
      outcome,
    }
  })
