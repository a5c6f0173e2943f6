// Runs every example the way a reader would, and checks what it printed.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { request: ask } = require('node:http')
const { runExample, startPictureServer, EXAMPLES } = require('./examples/run.js')

/** What an example prints; it must end well, and complain of nothing. */
async function printed(name) {
  const { code, stdout, stderr } = await runExample(name)
  assert.equal(stderr, '')
  assert.equal(code, 0)
  return stdout
}

/** A test of an example and of its pair on h1wire/net, which do the same job. */
function both(title, name, run) {
  for (const place of ['', 'net/']) test(`${place}${title}`, () => run(`${place}${name}`))
}

test('every example there is has its test here, and its row in the README', () => {
  const own = fs.readFileSync(__filename, 'utf8')
  const readme = fs.readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8')
  for (const place of ['', 'net/']) {
    const scripts = fs.readdirSync(path.join(EXAMPLES, place)).filter((name) => name.endsWith('.js'))
    assert.ok(scripts.length >= 8)
    for (const name of scripts) {
      const isRun =
        new RegExp(`both\\([^)]*'${name}'`).test(own) || own.includes(`printed('${place}${name}')`)
      assert.ok(isRun, `${place}${name} is run`)
      assert.ok(readme.includes(`](${place}${name})`), `${place}${name} is in the README`)
    }
  }
})

both('01: GET', '01-get.js', async (name) => {
  const stdout = await printed(name)
  const [status, ...lines] = stdout.split('\n')
  assert.equal(status, 'HTTP/1.1 200 OK')
  assert.ok(lines.includes('Content-Type: text/plain; charset=utf-8'))
  assert.equal(lines.includes('Connection: close'), name === '01-get.js')
  const body = 'Grüße! You sent GET /hello?from=h1wire\n'
  assert.ok(lines.includes(`Content-Length: ${Buffer.byteLength(body)}`))
  assert.ok(stdout.endsWith(`\n\n${body}\n`))
})

both('01: a server that is not there ends it with an error, not a trace', '01-get.js', async (name) => {
  const { code, stdout, stderr } = await runExample(name, ['http://127.0.0.1:1/'])
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /^\w+: [^\n]*connect ECONNREFUSED 127\.0\.0\.1:1\n$/)
})

both('02: POST of forms, their length in octets', '02-post-form.js', async (name) => {
  const stdout = await printed(name)
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    'name=John&age=30',
    '  16 characters, 16 octets',
    '  200 OK: Content-Length 16, 16 octets read, name "John", age "30"',
    'name=Jörg&age=30',
    '  16 characters, 17 octets',
    '  200 OK: Content-Length 17, 17 octets read, name "Jörg", age "30"',
    'name=J%C3%B6rg&age=30',
    '  21 characters, 21 octets',
    '  200 OK: Content-Length 21, 21 octets read, name "Jörg", age "30"',
  ])
})

both(
  '03: keep-alive takes one connection where ordinary mode takes fifty',
  '03-keep-alive.js',
  async (name) => {
    const stdout = await printed(name)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => /^(.*), (\d+\.\d) ms$/.exec(line))
    assert.deepEqual(
      rows.map((row) => row?.[1]),
      [
        '50 requests, kept alive: 1 connection',
        '50 requests, closed by the client: 50 connections',
        '50 requests, closed by the server: 50 connections',
      ],
    )
    for (const [, , milliseconds] of rows) assert.ok(Number(milliseconds) > 0)
  },
)

both('04: the picture comes as it is on disk', '04-picture-server.js', async (name) => {
  const server = await startPictureServer(name)
  try {
    const file = fs.readFileSync(path.join(EXAMPLES, 'picture.png'))
    const picture = await get(`${server.url}picture.png`)
    assert.equal(picture.status, 200)
    assert.equal(picture.headers['content-type'], 'image/png')
    assert.equal(picture.headers['content-length'], String(file.length))
    assert.deepEqual(picture.body, file)

    const head = await get(`${server.url}picture.png`, 'HEAD')
    assert.equal(head.headers['content-length'], String(file.length))
    assert.equal(head.body.length, 0)

    const page = await get(server.url)
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
    assert.match(page.body.toString(), /<img src="\/picture\.png"/)

    assert.equal((await get(`${server.url}nothing`)).status, 404)
    const posted = await get(server.url, 'POST')
    assert.equal(posted.status, 405)
    assert.equal(posted.headers.allow, 'GET, HEAD')
    assert.match(server.stdout(), new RegExp(`^GET /picture\\.png -> 200, ${file.length} octets$`, 'm'))
  } finally {
    await server.stop()
  }
})

test('05: what socket.write takes', async () => {
  const stdout = await printed('05-socket-write.js')
  const lines = stdout.trimEnd().split('\n')
  const octets = Number(/^the message has (\d+) octets$/.exec(lines.shift())[1])
  const characters = octets - 1 // the ö
  assert.deepEqual(lines, [
    `Buffer: length ${octets}, ${octets} octets written, 200 OK: the name is Jörg`,
    `Uint8Array: length ${octets}, ${octets} octets written, 200 OK: the name is Jörg`,
    `string as 'latin1': length ${octets}, ${octets} octets written, 200 OK: the name is Jörg`,
    `string as 'utf8': length ${characters}, ${octets} octets written, 200 OK: the name is Jörg`,
    `string as 'hex': length ${2 * octets}, ${octets} octets written, 200 OK: the name is Jörg`,
    `'latin1' string as 'utf8': length ${octets}, ${octets + 2} octets written, 200 OK: the name is JÃ¶`,
  ])
})

test('net/05: what a body may be', async () => {
  assert.deepEqual((await printed('net/05-bodies.js')).trimEnd().split('\n'), [
    'a string, in UTF-8: Content-Length 10, no type: name=Jörg',
    'a Buffer: Content-Length 10, no type: name=Jörg',
    'a Uint8Array: Content-Length 10, no type: name=Jörg',
    'a form: Content-Length 14, application/x-www-form-urlencoded: name=J%C3%B6rg',
    'JSON: Content-Length 16, application/json: {"name":"Jörg"}',
    'a Blob: Content-Length 10, text/x-name: name=Jörg',
    'a generator: chunked, no type: name=Jörg',
    'a generator, and its length: Content-Length 10, no type: name=Jörg',
    'a stream of Node.js: chunked, no type: name=Jörg',
    'a web stream: chunked, no type: name=Jörg',
    'a generator, and a length that is wrong: H1_BODY_LENGTH',
  ])
})

both('06: GET and POST over IPC, and nothing left behind', '06-ipc.js', async (name) => {
  const stdout = await printed(name)
  const [listening, ...answers] = stdout.trimEnd().split('\n')
  const address = /^listening on (.+)$/.exec(listening)[1]
  assert.equal(fs.existsSync(address), false)
  assert.equal(fs.existsSync(path.dirname(address)), process.platform === 'win32')
  assert.deepEqual(answers, [
    'GET /hello -> 200 OK: GET with 0 octets: ""',
    'POST /people -> 200 OK: POST with 17 octets: "name=Jörg&age=30"',
  ])
})

test('07: what the options of a server do, and what can go wrong', async () => {
  const stdout = await printed('07-server-options.js')
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    'allowHalfOpen: a client says all it has to say, closes its side, and waits for the answer',
    '  false: no answer',
    '  true: 200 OK (here you are)',
    'pauseOnConnect: nothing is read before socket.resume()',
    '  true: 0 octets read while paused, then 200 OK (here you are)',
    'maxConnections: a property of the server; what is too much is closed without a word',
    '  1: first 200 OK (here you are), second no answer, dropped 1',
    'socket.setTimeout: somebody falls silent',
    '  the client, in its head: 408 Request Timeout (you fell silent)',
    '  the server, when asked: no answer within 50 ms',
    'what can go wrong',
    '  nobody listens: ECONNREFUSED',
    '  the server closes with the request unread: ECONNRESET',
    '  the server closes in the body: H1_TRUNCATED_BODY at octet 43',
    '  the client goes away in the body: the server gets ECONNRESET',
    '  a malformed request: 400 Bad Request (H1_SPACE_BEFORE_COLON)',
    '  a malformed response: H1_CONTENT_LENGTH at octet 34',
  ])
})

test('net/07: what the options of a server do, and what can go wrong', async () => {
  assert.deepEqual((await printed('net/07-server-options.js')).trimEnd().split('\n'), [
    'allowHalfOpen: a client says all it has to say, closes its side, and waits for the answer',
    '  false: no answer',
    '  true, unless you say otherwise: 200 OK',
    'limits: more than that is answered as the error says',
    '  maxBodySize 10: 413 Content Too Large (The body is larger than maxBodySize allows)',
    '  maxHeadSize 200: 431 Request Header Fields Too Large (The head is larger than maxHeadSize allows)',
    'times: nobody is waited for without end',
    '  headersTimeout, in a head: 408 Request Timeout',
    '  headersTimeout, without a word: no answer',
    'maxConnections: what is too much is closed without a word',
    '  1: first 200 OK (here you are), second no answer',
    'what can go wrong',
    '  the handler throws: 500 Internal Server Error (Internal Server Error), and onError is told: the shelf is empty',
    '  nobody listens: H1_CONNECT_FAILED',
    '  the server closes without an answer: H1_RESPONSE_MISSING',
    '  the server closes in the body: H1_TRUNCATED_BODY',
    '  a malformed response: H1_CONTENT_LENGTH',
    '  no response in time: H1_HEADERS_TIMEOUT',
    '  nobody wants it any longer: TimeoutError',
  ])
})

test('08: one octet at a time', async () => {
  const stdout = await printed('08-one-octet-at-a-time.js')
  const lines = stdout.trimEnd().split('\n')
  const written = (who) => Number(new RegExp(`^${who}: (\\d+) octets to write$`, 'm').exec(stdout)[1])
  assert.deepEqual(lines, [
    `client: ${written('client')} octets to write`,
    'server: POST /people',
    `server: ${written('client')} octets in ${written('client')} pushes, a body of 17`,
    `server: ${written('server')} octets to write`,
    `client: ${written('server')} octets in ${written('server')} pushes`,
    'client: 200 OK, chunked: Grüße von Jörg',
    'client: trailer X-Octets: 17',
  ])
})

test('net/08: one octet at a time', async () => {
  const lines = (await printed('net/08-one-octet-at-a-time.js')).trimEnd().split('\n')
  assert.deepEqual(lines.slice(0, 4), [
    'server: POST /people',
    'server: a body of 17',
    'client: 200 OK, chunked: Grüße von Jörg',
    'client: trailer X-Octets: 17',
  ])
  // Which of the two ends first is not said.
  const counts = lines.slice(4).sort()
  assert.match(counts.join('\n'), /^client: 199 pieces of one octet\nserver: 14\d pieces of one octet$/)
})

test('net/09: a server', async () => {
  const stdout = await printed('net/09-server.js')
  const lines = stdout.trimEnd().split('\n')
  assert.match(lines[5], /^POST \/guests -> 413 .*takes 1000 bytes/)
  lines.splice(5, 1)
  assert.deepEqual(lines, [
    'GET /guests -> 200 ["Ada"]',
    'POST /guests -> 201 {"guests":2}',
    'GET /guests -> 200 ["Ada","Grace"]',
    'GET /clock -> 200 1 2 3',
    'POST /upper -> 200 SHOUT',
    'GET /nobody -> 404 There is nothing here',
    'closed',
  ])
})

test('net/10: a client, a pool, and what goes wrong', async () => {
  const stdout = await printed('net/10-client.js')
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    '200 OK: Hello, whoever you are!',
    'the sum is 6',
    '14 octets in 3 lines',
    '5000000 octets, read as they came',
    'Hello, Anna!',
    'Hello, Jörg!',
    'Hello, Zoë!',
    'H1_HEADERS_TIMEOUT, 0 octets received',
    'TimeoutError',
    'H1_CONNECT_FAILED: ECONNREFUSED',
  ])
})

// Node's own client, so that nothing of h1wire judges h1wire's server.
function get(url, method = 'GET') {
  return new Promise((resolve, reject) => {
    const request = ask(url, { method, agent: false }, (response) => {
      const body = []
      response.on('data', (data) => body.push(data))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(body) }),
      )
    })
    request.on('error', reject).end()
  })
}
