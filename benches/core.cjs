// The core alone beside parsers in Rust: `benches/core` measures, this reads what it prints.
'use strict'

const { execFileSync } = require('node:child_process')
const path = require('node:path')

const BENCH = ['bench', '--quiet', '-p', 'h1wire-benches', '--features', 'std']

exports.about =
  'No JavaScript: events or parts as slices of the input. All tell the same names, values and octets of body, which is checked ' +
  'before anything is timed. The work is not the same: see what each does not do.'

exports.notes = {
  core: 'strict parsing: framing, Host, persistence, request-target and limits decided, known field names numbered',
  httparse:
    'splits start-lines, field lines and chunk sizes, with headers that nobody initialises; decides nothing: its caller ' +
    'has to find the framing, and to check Host, the form of the request-target and trailers',
  milo: 'decides on framing; callbacks for names, values and data only. Looks at the octets of a request-target, not at its form, nor at Host',
  'core, in one piece': 'the same head whole: what the cut costs',
  '64 KiB head': '200 fields of 300 octets',
  '1 MiB in chunks of 1 KiB':
    'httparse does not read the octets between the chunk sizes, nor check the line ends behind data',
  '1 MiB in chunks of 16': 'likewise',
}

exports.rows = async () => {
  const options = { cwd: path.join(__dirname, '..'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }
  const lines = execFileSync('cargo', BENCH, options).split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
}
