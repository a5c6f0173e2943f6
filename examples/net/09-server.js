// A server over h1wire/net: the framing, keep-alive, the order of answers and the time limits are its matter.
//
// It keeps a guest book: GET /guests lists them, POST /guests adds one, GET /clock counts, a line at a time, and
// POST /upper sends back what it gets in capitals while it still comes in. Then it is asked by fetch, and shut down.
//
//   node examples/net/09-server.js

'use strict'

const { once } = require('node:events')
const { json } = require('h1wire')
const { createServer } = require('h1wire/net')

const guests = ['Ada']

async function answer(request) {
  switch (`${request.method} ${request.target}`) {
    case 'GET /guests':
      return { status: 200, body: json(guests) }
    case 'POST /guests': {
      const { name } = await request.json({ limit: 1000 }) // more is answered with 413
      guests.push(name)
      return { status: 201, headers: { Location: '/guests' }, body: json({ guests: guests.length }) }
    }
    case 'GET /clock':
      return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: ticks(request.signal) }
    case 'POST /upper':
      return { status: 200, body: upper(request) }
    default:
      return { status: 404, body: 'There is nothing here\n' }
  }
}

// A body in pieces: each is asked for when the client has taken the one before.
async function* ticks(signal) {
  for (let tick = 1; tick <= 3 && !signal.aborted; tick++) {
    yield `${tick}\n`
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function* upper(request) {
  for await (const data of request) yield data.toString('latin1').toUpperCase()
}

async function main() {
  const server = createServer({ limits: { maxBodySize: 100_000 }, keepAliveTimeout: 2_000 }, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`

  const show = async (method, target, body) => {
    const response = await fetch(url + target, { method, body })
    const text = await response.text()
    console.log(`${method} ${target} -> ${response.status} ${text.trimEnd().replaceAll('\n', ' ')}`)
  }
  await show('GET', '/guests')
  await show('POST', '/guests', JSON.stringify({ name: 'Grace' }))
  await show('GET', '/guests')
  await show('GET', '/clock')
  await show('POST', '/upper', 'shout')
  await show('POST', '/guests', JSON.stringify({ name: 'x'.repeat(2000) }))
  await show('GET', '/nobody')

  await server.shutdown({ timeout: 1_000 }) // lets what is under way finish
  console.log('closed')
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
