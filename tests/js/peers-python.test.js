// Python's standard library as a peer: our client asks http.server, http.client asks our server.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { connect } = require('./peers/client.js')
const { generatedRequests, generatedResponses } = require('./peers/generated.js')
const { missing } = require('./peers/missing.js')
const { run, startPython } = require('./peers/run.js')
const { startServer } = require('./peers/server.js')

const EXAMPLES = path.join(__dirname, '../../examples')
const FORM = 'application/x-www-form-urlencoded'

async function findPython() {
  const { which } = await import('../../npm/scripts/lib/run.mjs')
  return which('python3') ?? (process.platform === 'win32' ? which('python') : undefined)
}

test('our client, http.server', async (t) => {
  const python = await findPython()
  if (!python) return missing(t, 'Python 3')
  const server = await startPython(python, EXAMPLES)
  const client = connect(server.port)
  const picture = fs.readFileSync(path.join(EXAMPLES, 'picture.png'))

  try {
    await t.test('GET of a file', async () => {
      const { head, body } = await client.ask({ method: 'GET', target: '/picture.png' })
      assert.deepEqual([head.version, head.status, head.contentLength], ['1.1', 200, picture.length])
      assert.equal(head.headers.get('content-type'), 'image/png')
      assert.ok(body.equals(picture))
    })
    await t.test('HEAD: a length, and no body', async () => {
      const { head, body } = await client.ask({ method: 'HEAD', target: '/picture.png' })
      assert.equal(head.headers.get('content-length'), String(picture.length))
      assert.equal(body.length, 0)
    })
    await t.test('POST of a form in UTF-8, over the same connection', async () => {
      const request = { method: 'POST', target: '/', headers: { 'Content-Type': FORM } }
      const first = JSON.parse((await client.ask({ ...request, body: 'name=John&age=30' })).body)
      const second = JSON.parse((await client.ask({ ...request, body: 'name=Jörg&age=30' })).body)
      assert.deepEqual([first.length, first.type, second.length], ['16', FORM, '17'])
      assert.equal(Buffer.from(first.body, 'hex').toString(), 'name=John&age=30')
      assert.equal(Buffer.from(second.body, 'hex').toString(), 'name=Jörg&age=30')
      assert.equal(second.client, first.client)
    })
    await t.test('Expect: 100-continue: the body waits for the 100', async () => {
      const large = Buffer.alloc(300_000, 'octets ')
      const { head, informational, body } = await client.askFirst({
        method: 'POST',
        target: '/',
        body: large,
      })
      assert.deepEqual([informational, head.status], [[100], 200])
      assert.ok(Buffer.from(JSON.parse(body).body, 'hex').equals(large))
    })
    await t.test('chunks with an extension and a trailer', async () => {
      const { head, body, trailers } = await client.ask({ method: 'GET', target: '/chunks' })
      assert.equal(head.chunked, true)
      assert.equal(body.toString(), 'in chunks')
      assert.deepEqual(trailers, [['X-Sum', '9']])
    })
    await t.test('204 and 304: no body', async () => {
      const empty = await client.ask({ method: 'GET', target: '/empty' })
      assert.deepEqual([empty.head.status, empty.head.reason, empty.body.length], [204, 'No Content', 0])
      const unchanged = await client.ask({ method: 'GET', target: '/unchanged' })
      assert.deepEqual([unchanged.head.status, unchanged.body.length], [304, 0])
    })
    await t.test('a body that ends with the connection', async () => {
      const { head, body } = await client.ask({ method: 'GET', target: '/until-close' })
      assert.deepEqual([head.contentLength, head.untilClose, head.keepAlive], [null, true, false])
      assert.equal(body.toString(), 'as long as the connection')
      await client.closed
    })
  } finally {
    client.close()
    await server.stop()
  }
})

test('http.client, our server', async (t) => {
  const python = await findPython()
  if (!python) return missing(t, 'Python 3')
  const server = await startServer()

  try {
    const { stdout } = await run(python, [path.join(__dirname, 'peers/client.py'), String(server.port)])
    const answer = (status, reason, length, body, more) => {
      return { status, reason, length, chunked: false, body, closes: false, ...more }
    }
    assert.deepEqual(JSON.parse(stdout), [
      answer(200, 'OK', 5, 'hello'),
      answer(200, 'OK', 0, ''), // http.client takes the length of an answer to HEAD for 0
      answer(200, 'OK', 17, 'name=Jörg&age=30'),
      answer(200, 'OK', 13, 'first, second'),
      answer(200, 'OK', null, 'in chunks', { chunked: true }),
      answer(204, 'No Content', 0, ''),
      answer(304, 'Not Modified', 0, ''),
      answer(200, 'OK', 4, 'last', { closes: true }),
    ])
    assert.deepEqual(
      server.exchanges.map(({ connection, head }) => [
        connection,
        head.method,
        head.target,
        head.contentLength,
      ]),
      [
        [1, 'GET', '/hello', null],
        [1, 'HEAD', '/hello', null],
        [1, 'POST', '/echo', 17],
        [1, 'POST', '/echo', null],
        [1, 'GET', '/chunks', null],
        [1, 'GET', '/empty', null],
        [1, 'GET', '/unchanged', null],
        [1, 'GET', '/last', null],
      ],
    )
    assert.equal(server.exchanges[3].head.chunked, true)
    assert.deepEqual(server.faults, [])
  } finally {
    await server.stop()
  }
})

test('http.server reads what is generated', async (t) => {
  const python = await findPython()
  if (!python) return missing(t, 'Python 3')
  // It makes one slash of several at a target's beginning. Bodies in chunks it leaves to others.
  const messages = await generatedRequests(({ target }) => !target.startsWith('//'))
  const answers = await read(
    python,
    messages.map(({ octets }) => ({ octets, method: null })),
  )
  messages.forEach(({ read, where }, index) => {
    const { method, target, version } = read
    const hasLength = read.headers.has('content-length')
    const body = hasLength ? read.body.toString('hex') : null
    const wanted = { method, target, version: `HTTP/${version}`, headers: [...read.headers], body }
    assert.deepEqual(answers[index], wanted, where)
  })
})

test('http.client reads what is generated', async (t) => {
  const python = await findPython()
  if (!python) return missing(t, 'Python 3')
  // It looks for chunks behind a 304 that only says it would have had some (RFC 9112 section 6.1).
  const messages = await generatedResponses(
    ({ status, headers }) => status !== 304 || !headers.has('transfer-encoding'),
  )
  const answers = await read(
    python,
    messages.map(({ octets, parts }) => ({ octets, method: parts.requestMethod ?? 'GET' })),
  )
  messages.forEach(({ read, where }, index) => {
    const { status, reason, version } = read
    const headers = [...read.headers]
    const body = read.body.toString('hex')
    // It trims reason phrases, of what Unicode calls whitespace, and drops trailers.
    const wanted = {
      status,
      reason: reason.replace(/^[\s\x85]+|[\s\x85]+$/g, ''),
      version: version === '1.0' ? 10 : 11,
      headers,
      body,
    }
    assert.deepEqual(answers[index], wanted, where)
  })
})

/** What Python makes of messages, all of them in one process. */
async function read(python, messages) {
  const lines = messages.map(({ octets, method }) =>
    JSON.stringify({ octets: octets.toString('base64'), method }),
  )
  const { stdout } = await run(python, [path.join(__dirname, 'peers/read.py')], lines.join('\n'))
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
