// POST: send a form, the way a browser does.
//
// Content-Length counts octets, not characters: an ö is one character and two octets of UTF-8.
// The client counts for you. The server reads the form back and says what came.
//
//   node examples/net/02-post-form.js                   posts to a small server it starts itself
//   node examples/net/02-post-form.js http://…/path     posts the same forms to that one and shows the answers

'use strict'

const { once } = require('node:events')
const { connect, createServer } = require('h1wire/net')

const forms = [
  'name=John&age=30',
  'name=Jörg&age=30', // as it stands, in UTF-8
  new URLSearchParams({ name: 'Jörg', age: '30' }), // percent-encoded, as browsers do; sets the Content-Type too
]

async function main() {
  if (process.argv[2]) return postAll(new URL(process.argv[2]))

  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await postAll(new URL(`http://127.0.0.1:${server.address().port}/people`))
  } finally {
    server.close()
  }
}

async function postAll(url) {
  const client = connect(url.origin)
  try {
    for (const form of forms) {
      const headers = typeof form === 'string' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}
      const response = await client.request({ method: 'POST', url, headers, body: form })
      console.log(`${form}`)
      console.log(`  ${`${form}`.length} characters, ${Buffer.byteLength(`${form}`)} octets`)
      console.log(`  ${response.status} ${response.reason}: ${await response.text()}`)
    }
  } finally {
    client.destroy()
  }
}

async function answer(request) {
  if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' } }
  const octets = await request.bytes({ limit: 100_000 }) // more is answered with 413
  const form = new URLSearchParams(octets.toString('utf8'))
  const length = request.headers.get('content-length')
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `Content-Length ${length}, ${octets.length} octets read, name "${form.get('name')}", age "${form.get('age')}"`,
  }
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
})
