// A client of h1wire/net: one connection, a pool, bodies that stream, times and aborts.
//
// Where the examples one folder up push octets through a parser, here the socket is looked after: requests wait for
// one another, bodies are read as they come, and nothing is read that nobody wants.
//
//   node examples/net/10-client.js

'use strict'

const http = require('node:http')
const { json } = require('h1wire')
const { connect, pool } = require('h1wire/net')

async function main() {
  const server = http.createServer(answer)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  try {
    await oneConnection(origin)
    await manyConnections(origin)
    await whatGoesWrong(origin)
  } finally {
    server.close()
  }
}

async function oneConnection(origin) {
  const client = connect(origin)

  const hello = await client.request({ target: '/hello' })
  console.log(`${hello.status} ${hello.reason}: ${await hello.text()}`)

  const added = await client.request({ method: 'POST', target: '/sum', body: json([1, 2, 3]) })
  console.log(`the sum is ${(await added.json()).sum}`)

  // A body in pieces: its length need not be known, and the trailers are asked for at its end.
  let lines = 0
  async function* report() {
    for (const line of ['one\n', 'two\n', 'three\n']) {
      lines += 1
      yield line
    }
  }
  const trailers = () => ({ 'X-Lines': lines })
  const sent = await client.request({ method: 'PUT', target: '/report', body: report(), trailers })
  console.log(await sent.text())

  // A response in pieces: the next is taken from the socket when this one has been dealt with.
  let octets = 0
  for await (const data of await client.request({ target: '/large' })) octets += data.length
  console.log(`${octets} octets, read as they came`)

  await client.close()
}

async function manyConnections(origin) {
  const clients = pool(origin, { connections: 4 })
  const names = ['Anna', 'Jörg', 'Zoë']
  const answers = await Promise.all(
    names.map(async (name) => {
      const response = await clients.request({ target: `/hello?name=${encodeURIComponent(name)}` })
      return response.text()
    }),
  )
  for (const text of answers) console.log(text)
  await clients.close()
}

async function whatGoesWrong(origin) {
  const client = connect(origin, { headersTimeout: 100 })
  try {
    await client.request({ target: '/silence' })
  } catch (error) {
    console.log(`${error.code}, ${error.received.length} octets received`)
  }

  const other = connect(origin)
  try {
    await other.request({ target: '/silence' }, { signal: AbortSignal.timeout(100) })
  } catch (error) {
    console.log(error.name)
  }

  try {
    await connect('http://127.0.0.1:1').request({ target: '/' })
  } catch (error) {
    console.log(`${error.code}: ${error.cause.code}`)
  }
}

// The server, of node:http.
async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  let body = ''
  for await (const data of request.setEncoding('utf8')) body += data
  if (pathname === '/hello') response.end(`Hello, ${searchParams.get('name') ?? 'whoever you are'}!`)
  if (pathname === '/sum') response.end(JSON.stringify({ sum: JSON.parse(body).reduce((a, b) => a + b) }))
  if (pathname === '/report') response.end(`${body.length} octets in ${request.trailers['x-lines']} lines`)
  if (pathname === '/large') response.end(Buffer.alloc(5_000_000))
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
