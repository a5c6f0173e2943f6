// Reading chunked bodies through the public API beside other parsers.
'use strict'

const inputs = require('./lib/inputs.cjs')
const { NOTES, ours, peers } = require('./lib/parsers.cjs')
const { outcome } = require('./lib/told.cjs')

const INPUTS = [
  ['1 MiB in chunks of 64 KiB', 65_536],
  ['1 MiB in chunks of 1 KiB', 1024],
  ['1 MiB in chunks of 16', 16],
  ['1 MiB in chunks of 1 KiB, as a socket gives it', 1024, 65_536],
]

exports.about =
  'A response with a chunked body of 1 MiB; every octet of it is delivered. Peers deliver a piece for every chunk.'

exports.notes = {
  '1 MiB in chunks of 64 KiB': 'one push',
  '1 MiB in chunks of 1 KiB': 'one push',
  '1 MiB in chunks of 16': 'one push',
  '1 MiB in chunks of 1 KiB, as a socket gives it': 'pushed in pieces of 64 KiB',
  'pieces joined':
    'the default: small chunks of one push are joined in a Buffer of our own, large ones are views',
  'a piece a chunk': 'with `chunks: true`: as the peers deliver it',
  ...NOTES,
}

exports.works = (h1wire) =>
  INPUTS.map(([work, size, piece]) => {
    const octets = inputs.chunked(inputs.MIB, size)
    const pieces = piece ? inputs.pieces(octets, piece) : [octets]
    return {
      work,
      subjects: {
        'pieces joined': ours(h1wire, 'response', pieces),
        'a piece a chunk': ours(h1wire, 'response', pieces, { chunks: true }),
      },
      peers: peers('response', pieces),
      outcome,
    }
  })
