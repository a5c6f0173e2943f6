// Requests over loopback by our client, node:http's and undici's, by turns: all in one process for each backend of ours.
//
// The server is a child process that writes the same octets for each head it sees, so that what is measured is the
// client. Each subject reads status, one field and the body as text, and throws if they are not what they should be; but for
// the last, which does no HTTP: it writes a constant, waits for as many octets as are answered, and says what sockets cost.
'use strict'

const { execFileSync, spawn } = require('node:child_process')
const http = require('node:http')
const net = require('node:net')
const { costRows } = require('./lib/rows.cjs')

const BODY = 'x'.repeat(120)
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n' +
    `Cache-Control: no-store\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
)

const SOCKETS = 'sockets alone'
const HEADERS = { Accept: 'application/json', 'User-Agent': 'bench', 'X-Request-Id': '0123456789abcdef' }

exports.about =
  'Time of a request on the clock (a second by the requests answered in it), and of the processor in the client process. The server ' +
  'is another process, which only looks for the ends of heads. Every client but the last reads status, one field and the body as text.'

exports.notes = {
  '1 connection': 'one request at a time',
  '50 connections': 'kept alive, one request at a time on each',
  '1 connection: processor': 'of the client, a request',
  '50 connections: processor': 'likewise',
  native: '`pool` of h1wire/net, its time limits on, as they come',
  wasm: 'the same on the other backend',
  'native, 16 requests ahead': 'pipelining, which neither peer is set to',
  'wasm, 16 requests ahead': 'the same on the other backend',
  'node:http': '`http.request` with an Agent that keeps connections alive',
  undici: 'a Pool with the same number of connections',
  [SOCKETS]:
    'no HTTP: `node:net` with `onread`, a constant written, so many octets waited for: what is left to be saved',
}

exports.rows = async ({ quick }) =>
  ['native', 'wasm'].flatMap((backend) => {
    const env = { ...process.env, H1WIRE_BACKEND: backend }
    return JSON.parse(execFileSync(process.execPath, [__filename, 'measure', quick ? 'quick' : ''], { env }))
  })

// The children: the server, and who asks it.
if (require.main === module) {
  if (process.argv[2] === 'serve') serve()
  else measureAll(process.argv[3] === 'quick').catch(fail)
}

function serve() {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let tail = ''
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      const text = tail + data.latin1Slice(0, data.length)
      let count = 0
      let from = 0
      for (let at = text.indexOf('\r\n\r\n'); at !== -1; at = text.indexOf('\r\n\r\n', from)) {
        count++
        from = at + 4
      }
      tail = text.slice(from)
      if (count === 1) socket.write(ANSWER)
      else if (count > 1) socket.write(Buffer.concat(new Array(count).fill(ANSWER)))
    })
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
  process.stdin.on('end', () => process.exit()).resume()
}

async function measureAll(quick) {
  const child = spawn(process.execPath, [__filename, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
    const [rounds, ms] = quick ? [2, 300] : [7, 700]
    const rows = []
    for (const connections of [1, 50]) rows.push(...(await compare(port, connections, rounds, ms)))
    process.stdout.write(JSON.stringify(rows))
  } finally {
    child.stdin.end()
  }
}

async function compare(port, connections, rounds, ms) {
  const own = ours(port, connections)
  const subjects = [...own, nodeHttp(port, connections), undici(port, connections), bare(port, connections)]
  const samples = new Map(subjects.map(({ name }) => [name, []]))
  // The first round is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const { name, ask, inFlight } of subjects) {
      const sample = await measure(ask, inFlight, ms)
      if (round >= 0) samples.get(name).push(sample)
    }
  }
  for (const { close } of subjects) await close()
  const work = connections === 1 ? '1 connection' : `${connections} connections`
  return costRows(
    'net-client',
    work,
    samples,
    own.map(({ name }) => name),
  )
}

/** So many requests at a time for the length of a round; nanoseconds a request. */
async function measure(ask, inFlight, ms) {
  const end = performance.now() + ms
  const before = process.cpuUsage()
  const start = performance.now()
  let count = 0
  const loop = async () => {
    while (performance.now() < end) {
      await ask()
      count++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  const { user, system } = process.cpuUsage(before)
  return { clock: ((performance.now() - start) * 1e6) / count, processor: ((user + system) * 1000) / count }
}

function ours(port, connections) {
  const { pool } = require('h1wire/net')
  const { backend } = require('h1wire')
  const make = (name, pipelining) => {
    const clients = pool(`http://127.0.0.1:${port}`, { connections, pipelining })
    const ask = async () => {
      const response = await clients.request({ method: 'GET', target: '/path?query=1', headers: HEADERS })
      check(response.status, response.headers.get('content-type'), await response.text())
    }
    return { name, ask, inFlight: connections * pipelining, close: () => clients.close() }
  }
  return [make(backend, 1), make(`${backend}, 16 requests ahead`, 16)]
}

function nodeHttp(port, connections) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const options = { host: '127.0.0.1', port, path: '/path?query=1', agent, headers: HEADERS }
  const ask = () =>
    new Promise((resolve, reject) => {
      const request = http.request(options, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (data) => {
          body += data
        })
        response.on('end', () => {
          check(response.statusCode, response.headers['content-type'], body)
          resolve()
        })
      })
      request.on('error', reject).end()
    })
  return { name: 'node:http', ask, inFlight: connections, close: () => agent.destroy() }
}

function undici(port, connections) {
  const { Pool } = require('undici')
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 })
  const ask = async () => {
    const request = { method: 'GET', path: '/path?query=1', headers: HEADERS }
    const { statusCode, headers, body } = await pool.request(request)
    check(statusCode, headers['content-type'], await body.text())
  }
  return { name: 'undici', ask, inFlight: connections, close: () => pool.close() }
}

function bare(port, connections) {
  const lines = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = Buffer.from(
    `GET /path?query=1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`,
  )
  const buffer = Buffer.alloc(65_536)
  const free = Array.from({ length: connections }, () => {
    const one = { left: 0, resolve: undefined, socket: undefined }
    const callback = (length) => {
      one.left -= length
      if (one.left !== 0) return true
      free.push(one)
      one.resolve()
      return true
    }
    one.socket = net.connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } })
    return one
  })
  const sockets = free.map(({ socket }) => socket)
  const ask = () =>
    new Promise((resolve) => {
      const one = free.pop()
      one.left = ANSWER.length
      one.resolve = resolve
      one.socket.write(request)
    })
  const close = () => {
    for (const socket of sockets) socket.destroy()
  }
  return { name: SOCKETS, ask, inFlight: connections, close }
}

function check(status, type, body) {
  if (status !== 200 || !type.startsWith('application/json') || body.length !== BODY.length) {
    throw new Error(`not the response that was sent: ${status} ${type} ${body}`)
  }
}

function fail(error) {
  console.error(error)
  process.exit(1)
}
