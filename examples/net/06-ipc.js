// IPC: the same GET and POST between two programs of one machine, without a network.
//
// The path of a Unix domain socket (on Windows: the name of a pipe) stands where a port stood. The
// messages are the same; the Host that is still required will be `localhost`.
//
//   node examples/net/06-ipc.js

'use strict'

const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { connect, createServer } = require('h1wire/net')

const requests = [
  { method: 'GET', target: '/hello' },
  {
    method: 'POST',
    target: '/people',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'name=Jörg&age=30',
  },
]

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-')) // ours alone
  const address =
    process.platform === 'win32' ? `\\\\.\\pipe\\h1wire-${process.pid}` : path.join(folder, 'server.sock')
  const server = createServer(answer).listen(address)

  try {
    await once(server, 'listening')
    console.log(`listening on ${address}`)
    const client = connect({ path: address })
    for (const request of requests) {
      const response = await client.request(request)
      console.log(
        `${request.method} ${request.target} -> ${response.status} ${response.reason}: ${await response.text()}`,
      )
    }
    await client.close()
  } finally {
    server.close(() => fs.rmSync(folder, { recursive: true }))
  }
}

// Says back what it was asked and sent.
async function answer(request) {
  const octets = await request.bytes()
  return {
    status: ['GET', 'HEAD', 'POST'].includes(request.method) ? 200 : 405,
    headers: { Allow: 'GET, HEAD, POST', 'Content-Type': 'text/plain; charset=utf-8' },
    body: `${request.method} with ${octets.length} octets: "${octets}"`,
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
