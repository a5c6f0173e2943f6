// How times grow with their input, through the public API. The core's growth in instructions, which is steadier, is what
// `npm run instructions` and the tests look at.
'use strict'

const { execFileSync } = require('node:child_process')
const { growth, SCALES } = require('./lib/growth.cjs')
const inputs = require('./lib/inputs.cjs')
const { ours } = require('./lib/parsers.cjs')
const { NO_TIME } = require('./lib/rows.cjs')
const { byTurns, QUICK, THOROUGH } = require('./lib/turns.cjs')

exports.about =
  `Each work at ${SCALES.map((scale) => `×${scale}`).join(', ')} of its input, with limits that allow it: the exponent of the ` +
  'power law through the four times, and that between the last two alone. 1 is linear, 2 quadratic; fixed costs lower it.'

exports.notes = {
  'octets of a value':
    'a GET with one value of 100 octets to 100 KB. Beyond 128 KiB an octet takes several times as long, as it does in ' +
    '`buffer.latin1Slice` alone: V8 keeps strings of that size apart',
  fields: 'a GET with 2 to 2000 fields, all read',
  'pipelined messages': '1 to 1000 of the small GET in one push',
  chunks: '64 to 64,000 chunks of 16 octets in one push',
  pieces: 'a GET of 64 octets to 64 KB, octet by octet',
  'pieces of chunks': 'a chunked response of 16 to 16,000 chunks of 16 octets, in pieces of 7',
  'fields written': 'a request of 4 to 4000 fields',
  'the last step alone': 'the exponent between the two largest, which fixed costs hardly touch',
}

exports.rows = ({ quick }) =>
  Object.keys(works(require('h1wire'))).flatMap((work) =>
    ['native', 'wasm'].map((backend) => {
      const env = { ...process.env, H1WIRE_BACKEND: backend }
      const args = [__filename, work, quick ? '--quick' : '']
      return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }))
    }),
  )

// The child: one work, in a process of its own.
if (require.main === module) {
  const h1wire = require('h1wire')
  const [work, effort] = process.argv.slice(2)
  const runs = SCALES.map(works(h1wire)[work])
  const samples = byTurns(runs, effort === '--quick' ? QUICK : THOROUGH)
  // The least, for what takes long is interrupted in every round of a busy machine, and what is short in few.
  const { fitted, last } = growth(samples.map((times) => Math.min(...times)))
  const row = { suite: 'linear', work, subject: h1wire.backend, peer: 'the last step alone', ...NO_TIME }
  process.stdout.write(JSON.stringify({ ...row, unit: 'exponent', value: fitted, peerValue: last }))
}

/** By name, what makes the run for a scale. */
function works(h1wire) {
  const limits = {
    maxStartLine: Number.POSITIVE_INFINITY,
    maxHeadSize: 4_194_303,
    maxFields: Number.POSITIVE_INFINITY,
  }
  const read = (kind, octets, size = octets.length) =>
    ours(h1wire, kind, inputs.pieces(octets, size), { limits })
  return {
    'octets of a value': (scale) => read('request', inputs.requestWithFields(1, 100 * scale)),
    fields: (scale) => read('request', inputs.requestWithFields(2 * scale, 20)),
    'pipelined messages': (scale) => read('request', Buffer.concat(Array(scale).fill(inputs.smallGet))),
    chunks: (scale) => read('response', inputs.chunked(1024 * scale, 16)),
    pieces: (scale) => read('request', inputs.requestWithFields(1, 64 * scale), 1),
    'pieces of chunks': (scale) => read('response', inputs.chunked(256 * scale, 16), 7),
    'fields written': (scale) => {
      const headers = Array.from({ length: 4 * scale }, (_, at) => [`X-Field-${at}`, 'twenty octets behind'])
      const init = { method: 'GET', target: '/', headers: [['Host', 'example.org'], ...headers] }
      return () => h1wire.formatRequest(init)
    },
  }
}
