// A server over sockets beside node:http's, each in a process of its own, loaded by wrk over loopback, by turns.
'use strict'

const { fork, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { costRows } = require('./lib/rows.cjs')

const SOCKETS = 'sockets alone'
const SUBJECTS = ['native', 'wasm', 'node:http', SOCKETS]
const LOADS = [
  { name: '1 connection', connections: 1, depth: 1 },
  { name: '50 connections', connections: 50, depth: 1 },
  { name: "50 connections, a browser's fields", connections: 50, depth: 1, fields: browserFields() },
  { name: '50 connections, 16 requests ahead', connections: 50, depth: 16 },
]

const BODY = 'Hello, world!'
const FIELDS = { 'Content-Type': 'text/plain' }

exports.about =
  'Time of a request as the client sees it (a second by the requests answered in it), and of the processor in the server ' +
  'process. All checks and time limits of both are on, as they come; both answer with the same fields and body.'

exports.notes = {
  '1 connection': 'one request at a time',
  '50 connections': 'kept alive, one request at a time on each',
  "50 connections, a browser's fields":
    'likewise, with 11 more fields in each request, which no handler reads',
  '50 connections, 16 requests ahead': 'pipelining: wrk sends 16 requests in one write',
  '1 connection: processor': 'of the server, a request',
  '50 connections: processor': 'likewise',
  "50 connections, a browser's fields: processor": 'likewise',
  '50 connections, 16 requests ahead: processor': 'likewise',
  native: '`createServer` of h1wire/net',
  wasm: 'the same on the other backend',
  'node:http': '`createServer` of node:http',
  [SOCKETS]:
    'no HTTP: `node:net`, which writes a constant for every empty line it sees: what is left to be saved',
}

exports.rows = async ({ quick }) => {
  if (spawnSync('wrk', ['-v']).error) {
    console.log('\n*** net is NOT measured: wrk is missing: apt-get install wrk ***')
    process.exitCode = 1
    return [{ suite: 'net', work: 'all', subject: 'native', failed: 'wrk is missing' }]
  }
  const [rounds, seconds] = quick ? [1, 1] : [5, 2]
  const rows = []
  for (const load of LOADS) {
    const samples = new Map(SUBJECTS.map((name) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const subject of SUBJECTS) samples.get(subject).push(await run(subject, load, seconds))
    }
    rows.push(...costRows('net', load.name, samples, SUBJECTS.slice(0, 2)))
  }
  return rows
}

// The child: a server, and what it has used so far when it is asked.
if (require.main === module) {
  const server = startServer(process.argv[2])
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('message', () => process.send(process.cpuUsage()))
  process.on('disconnect', () => process.exit())
}

function startServer(subject) {
  if (subject === 'node:http') {
    return require('node:http').createServer((_request, response) => {
      response.writeHead(200, FIELDS)
      response.end(BODY)
    })
  }
  if (subject === SOCKETS) return require('node:net').createServer({ noDelay: true }, writeConstants)
  const { createServer } = require('h1wire/net')
  return createServer(() => ({ status: 200, headers: FIELDS, body: BODY }))
}

function writeConstants(socket) {
  const date = new Date().toUTCString()
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ${date}\r\nContent-Length: ${BODY.length}\r\n\r\n`
  const answers = Array.from({ length: 17 }, (_, count) => Buffer.from((head + BODY).repeat(count)))
  socket.on('error', () => socket.destroy())
  socket.on('data', (data) => {
    let count = 0
    for (let at = data.indexOf('\r\n\r\n'); at !== -1; at = data.indexOf('\r\n\r\n', at + 4)) count++
    socket.write(answers[count])
  })
}

/** Nanoseconds a request: on the clock, and of the processor. */
async function run(subject, load, seconds) {
  const backend = subject === 'wasm' ? 'wasm' : 'native'
  const child = fork(__filename, [subject], { env: { ...process.env, H1WIRE_BACKEND: backend } })
  const answer = () => new Promise((resolve) => child.once('message', resolve))
  try {
    const port = await answer()
    wrk(port, load, 1)
    child.send('cpu')
    const before = await answer()
    const requests = wrk(port, load, seconds)
    child.send('cpu')
    const after = await answer()
    const used = after.user + after.system - before.user - before.system
    return { clock: (seconds * 1e9) / requests, processor: (used * 1000) / requests }
  } finally {
    child.disconnect()
  }
}

/** How many requests were answered. */
function wrk(port, { connections, depth, fields = [] }, seconds) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-wrk-'))
  try {
    const script = path.join(folder, 'ahead.lua')
    fs.writeFileSync(
      script,
      `init = function(args)\n  local one = wrk.format()\n  ahead = string.rep(one, ${depth})\nend\nrequest = function() return ahead end\n`,
    )
    const load = ['-t', '1', '-c', `${connections}`, '-d', `${seconds}`, '-s', script]
    const lines = fields.flatMap((line) => ['-H', line])
    const options = { encoding: 'utf8' }
    const { stdout, stderr } = spawnSync('wrk', [...load, ...lines, `http://127.0.0.1:${port}/`], options)
    const requests = /(\d+) requests in/.exec(stdout)
    if (requests === null || /Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout + stderr)
    return Number(requests[1])
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

function browserFields() {
  return [
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=1',
    'Upgrade-Insecure-Requests: 1',
    'Sec-Fetch-Dest: document',
    'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-Site: none',
    'Sec-Fetch-User: ?1',
    'Priority: u=0, i',
  ]
}
