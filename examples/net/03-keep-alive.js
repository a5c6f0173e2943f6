// Keep-alive: the same 50 requests over one connection, and over fifty.
//
// A connection carries one exchange after another until somebody says `Connection: close`: here the client in one run,
// the server in another. A pool opens a connection when it has none that it may use again.
//
//   node examples/net/03-keep-alive.js

'use strict'

const { once } = require('node:events')
const { performance } = require('node:perf_hooks')
const { createServer, pool } = require('h1wire/net')

const REQUESTS = 50

// Who closes: what the client says, and what the server is told.
const runs = [
  { who: 'kept alive', headers: {}, options: {} },
  { who: 'closed by the client', headers: { Connection: 'close' }, options: {} },
  { who: 'closed by the server', headers: {}, options: { maxRequestsPerSocket: 1 } },
]

async function main() {
  for (const run of runs) await ask(run) // once to warm up
  for (const run of runs) {
    const { connections, answers, milliseconds } = await ask(run)
    const count = `${connections} connection${connections === 1 ? '' : 's'}`
    console.log(`${answers} requests, ${run.who}: ${count}, ${milliseconds.toFixed(1)} ms`)
  }
}

async function ask({ headers, options }) {
  let connections = 0
  const server = createServer(options, answer).listen(0, '127.0.0.1')
  server.on('connection', () => {
    connections += 1
  })
  await once(server, 'listening')

  const clients = pool(`http://127.0.0.1:${server.address().port}`)
  try {
    const start = performance.now()
    let answers = 0
    for (let number = 1; number <= REQUESTS; number += 1) {
      const response = await clients.request({ target: `/${number}`, headers })
      if ((await response.text()) === `answer to /${number}`) answers += 1
    }
    return { connections, answers, milliseconds: performance.now() - start }
  } finally {
    clients.destroy()
    server.close()
  }
}

function answer({ target }) {
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: `answer to ${target}` }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
