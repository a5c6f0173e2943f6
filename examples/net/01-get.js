// GET: ask a server for a page.
//
// connect is told where the server is. request sends a request, and resolves when the head of the response has come;
// the body is read from the response, in one of several ways.
//
//   node examples/net/01-get.js                              asks a small server it starts itself
//   node examples/net/01-get.js http://127.0.0.1:8080/page   asks that one

'use strict'

const { once } = require('node:events')
const { connect, createServer } = require('h1wire/net')

async function main() {
  if (process.argv[2]) return show(new URL(process.argv[2]))

  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await show(new URL(`http://127.0.0.1:${server.address().port}/hello?from=h1wire`))
  } finally {
    server.close()
  }
}

// The client: one connection, one request, one response.
async function show(url) {
  const client = connect(url.origin) // https: too
  try {
    const response = await client.request({ method: 'GET', url, headers: { Accept: '*/*' } })
    console.log(`HTTP/${response.version} ${response.status} ${response.reason}`)
    for (const [name, value] of response.headers) console.log(`${name}: ${value}`)
    console.log(`\n${await response.text()}`)
  } finally {
    client.destroy()
  }
}

// The server: called for each request; what it returns is the response.
function answer({ method, target }) {
  const known = method === 'GET' || method === 'HEAD'
  return {
    status: known ? 200 : 405,
    headers: { Allow: 'GET, HEAD', 'Content-Type': 'text/plain; charset=utf-8' },
    body: `Grüße! You sent ${method} ${target}\n`, // left out by itself if the method is HEAD
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
