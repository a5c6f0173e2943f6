// `npm run bench -- net`: a server over sockets beside node:http's, each in a process of its own, loaded by wrk over
// loopback, by turns. Requests a second say what a client sees; CPU a request says what the server costs.
//
// All checks and time limits of both are on, as they come. Both answer with the same fields and body. The third does no HTTP:
// it writes a constant for every empty line it sees, and says what sockets alone cost.
'use strict'

const { fork, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const ROUNDS = 3
const SECONDS = 3
const SUBJECTS = ['node:http', 'h1wire/net', 'node:net, a constant']
const LOADS = [
  { name: '1 connection', connections: 1, depth: 1 },
  { name: '50 connections', connections: 50, depth: 1 },
  { name: "50 connections, a browser's fields", connections: 50, depth: 1, fields: browserFields() },
  { name: '50 connections, 16 requests ahead', connections: 50, depth: 16 },
]

const BODY = 'Hello, world!'
const FIELDS = { 'Content-Type': 'text/plain' }

function startServer(subject) {
  if (subject === 'node:http') {
    return require('node:http').createServer((_request, response) => {
      response.writeHead(200, FIELDS)
      response.end(BODY)
    })
  }
  if (subject !== 'h1wire/net') return require('node:net').createServer({ noDelay: true }, writeConstants)
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

// The child: a server, and what it has used so far when it is asked.
if (process.argv[2] === 'serve') {
  const server = startServer(process.argv[3])
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('message', () => process.send(process.cpuUsage()))
  process.on('disconnect', () => process.exit())
} else {
  main()
}

async function main() {
  if (spawnSync('wrk', ['-v']).error) {
    console.error('wrk is missing: apt-get install wrk')
    process.exitCode = 1
    return
  }
  console.log(
    `Node ${process.version}; wrk on one thread; the best of ${ROUNDS} rounds of ${SECONDS} s by turns\n`,
  )
  console.log('| load | server | requests/s | | µs of CPU a request | |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const load of LOADS) {
    const best = SUBJECTS.map(() => ({ rate: 0, cost: Infinity }))
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, subject] of SUBJECTS.entries()) {
        const { rate, cost } = await run(subject, load)
        best[index].rate = Math.max(best[index].rate, rate)
        best[index].cost = Math.min(best[index].cost, cost)
      }
    }
    for (const [index, { rate, cost }] of best.entries()) {
      const faster = (rate / best[0].rate).toFixed(2)
      const cheaper = (best[0].cost / cost).toFixed(2)
      console.log(
        `| ${load.name} | ${SUBJECTS[index]} | ${rate.toFixed(0)} | ${faster} x | ${cost.toFixed(1)} | ${cheaper} x |`,
      )
    }
  }
}

async function run(subject, load) {
  const child = fork(__filename, ['serve', subject])
  const answer = () => new Promise((resolve) => child.once('message', resolve))
  try {
    const port = await answer()
    wrk(port, load, 1)
    child.send('cpu')
    const before = await answer()
    const requests = wrk(port, load, SECONDS)
    child.send('cpu')
    const after = await answer()
    const used = after.user + after.system - before.user - before.system
    return { rate: requests / SECONDS, cost: used / requests }
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
    const url = `http://127.0.0.1:${port}/`
    const { stdout, stderr } = spawnSync(
      'wrk',
      [
        '-t',
        '1',
        '-c',
        `${connections}`,
        '-d',
        `${seconds}`,
        '-s',
        script,
        ...fields.flatMap((line) => ['-H', line]),
        url,
      ],
      { encoding: 'utf8' },
    )
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
