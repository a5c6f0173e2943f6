// `npm run bench -- net-client`: requests over loopback by our client, node:http's and undici's, by turns.
//
// The server is a child process that writes the same octets for each head it sees, so that what is measured is the
// client. Each subject reads status, one field and the body as text, and throws if they are not what they should be; but for
// the last, which does no HTTP: it writes a constant, waits for as many octets as are answered, and says what sockets cost.
'use strict'

const { spawn } = require('node:child_process')
const http = require('node:http')
const net = require('node:net')

const BODY = 'x'.repeat(120)
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n' +
    `Cache-Control: no-store\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
)

const ROUNDS = 7
const ROUND_MS = 700
const HEADERS = { Accept: 'application/json', 'User-Agent': 'bench', 'X-Request-Id': '0123456789abcdef' }

if (process.argv[2] === 'serve') serve()
else main().catch(fail)

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

async function main() {
  const child = spawn(process.execPath, [__filename, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
    console.log(
      `Node ${process.version}; medians of ${ROUNDS} rounds by turns, loopback, server in another process\n`,
    )
    console.log('| connections | client | requests/s | CPU µs a request | node:http takes |')
    console.log('| --- | --- | --- | --- | --- |')
    for (const connections of [1, 50]) await compare(port, connections)
  } finally {
    child.stdin.end()
  }
}

async function compare(port, connections) {
  const subjects = [nodeHttp(port, connections), undici(port, connections)]
  subjects.push(...ours(port, connections), bare(port, connections))
  const figures = subjects.map(() => [])
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, { ask, inFlight }] of subjects.entries()) {
      const figure = await measure(ask, inFlight)
      if (round >= 0) figures[index].push(figure)
    }
  }
  const base = median(figures[0].map(({ rate }) => rate))
  for (const [index, { name }] of subjects.entries()) {
    const rate = median(figures[index].map((figure) => figure.rate))
    const cpu = median(figures[index].map((figure) => figure.cpu))
    const row = [connections, name, Math.round(rate), cpu.toFixed(1), `${(rate / base).toFixed(2)} x`]
    console.log(`| ${row.join(' | ')} |`)
  }
  for (const { close } of subjects) await close()
}

/** So many requests at a time for the length of a round. */
async function measure(ask, inFlight) {
  const end = performance.now() + ROUND_MS
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
  return { rate: (count * 1000) / (performance.now() - start), cpu: (user + system) / count }
}

function ours(port, connections) {
  const { pool } = require('h1wire/net')
  const make = (name, pipelining) => {
    const clients = pool(`http://127.0.0.1:${port}`, { connections, pipelining })
    const ask = async () => {
      const response = await clients.request({ method: 'GET', target: '/path?query=1', headers: HEADERS })
      check(response.status, response.headers.get('content-type'), await response.text())
    }
    return { name, ask, inFlight: connections * pipelining, close: () => clients.close() }
  }
  return [make(`h1wire ${require('h1wire').backend}`, 1), make('h1wire, 16 pipelined', 16)]
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
    const { statusCode, headers, body } = await pool.request({
      method: 'GET',
      path: '/path?query=1',
      headers: HEADERS,
    })
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
  return { name: 'node:net, a constant', ask, inFlight: connections, close }
}

function check(status, type, body) {
  if (status !== 200 || !type.startsWith('application/json') || body.length !== BODY.length) {
    throw new Error(`not the response that was sent: ${status} ${type} ${body}`)
  }
}

function median(figures) {
  return figures.sort((a, b) => a - b)[figures.length >> 1]
}

function fail(error) {
  console.error(error)
  process.exit(1)
}
