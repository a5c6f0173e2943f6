// The snippets of the README, run as they stand there, but for the port.

'use strict'

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { readFileSync } = require('node:fs')
const net = require('node:net')
const { join } = require('node:path')
const { after, before, test } = require('node:test')

const ROOT = join(__dirname, '..', '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

let server
let port

before(async () => {
  const code = `${snippet('server').replace('8080', '0')}
    server.on('listening', () => console.log(server.address().port))`
  server = spawn(process.execPath, ['-e', code], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(server.stdout, 'data')
  port = Number(said)
})

after(() => server.kill())

test('the client shows what the server answers', async () => {
  assert.deepEqual(await client(port), {
    status: 0,
    stdout: '200 text/plain\nGET /hello?name=you\n',
    stderr: '',
  })
})

test('the client reads an answer that ends with the connection, and passes over a 1xx', async () => {
  const answer = 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nto the end'
  assert.deepEqual(await against(answer, client), {
    status: 0,
    stdout: '103 undefined\n200 a/b\nto the end',
    stderr: '',
  })
})

test('the client says what is wrong with an answer', async () => {
  const { status, stderr } = await against('HTTP/1.1 200 OK\n\n', client)
  assert.equal(status, 0)
  assert.match(stderr, /CR LF.*byte 15/)
})

test('the server answers every request on a connection, and closes after the last', async () => {
  const answers = await ask(
    'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.0\r\n\r\n',
  )
  const [first, second, third] = answers.split(/(?=HTTP\/1\.)/)
  assert.match(first, /^HTTP\/1\.1 200 OK\r\n.*\r\nConnection: keep-alive\r\n.*\r\n\r\nGET \/1\n$/s)
  assert.match(second, /^HTTP\/1\.1 200 OK\r\n.*\r\nContent-Length: 8\r\n\r\n$/s)
  assert.match(third, /\r\nConnection: close\r\n.*\r\n\r\nGET \/3\n$/s)
})

test('the server refuses what is no request, and what it cannot do, and lives on', async () => {
  assert.match(await ask('GET / HTTP/1.1\nHost: a\n\n'), /^HTTP\/1\.1 400 .*\r\n\r\nH1_LONE_LF: /s)
  assert.match(await ask('GET / HTTP/1.1\r\n\r\nmore'), /^HTTP\/1\.1 400 .*\r\n\r\nH1_HOST_MISSING: /s)
  assert.match(await ask('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nmore'), /^HTTP\/1\.1 501 /)
  assert.match(await ask('GET / HTTP/1.0\r\n\r\nmore'), /^HTTP\/1\.1 200 /)
  assert.equal(server.exitCode, null)
})

test('the snippet that mends a status-line reads it, however it is cut', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'protocol.md'), 'utf8')
  const code = snippet('mend', page)
  assert.deepEqual(await run(['-e', code]), { status: 0, stdout: '200 radio\n', stderr: '' })
  const pieces = code.replace(
    /^for \(const event of push\(Buffer\.from\((.*)\)\)\) \{$/m,
    'for (const event of [...$1].flatMap((one) => push(Buffer.from(one)))) {',
  )
  assert.notEqual(pieces, code)
  assert.deepEqual(await run(['-e', pieces]), { status: 0, stdout: '200 radio\n', stderr: '' })
})

test('the snippet that reads whole messages reads one', async () => {
  const code = snippet('messages', readFileSync(join(ROOT, 'docs', 'api.md'), 'utf8'))
  assert.deepEqual(await run(['-e', code]), { status: 0, stdout: 'POST /a hi\n', stderr: '' })
})

test('the browser snippet runs with h1wire/wasm', async () => {
  const code = snippet('browser').replace("'h1wire'", "'h1wire/wasm'")
  assert.deepEqual(await run(['--input-type=module', '-e', code]), {
    status: 0,
    stdout: '200 hello\n',
    stderr: '',
  })
})

function client(port) {
  return run(['-e', snippet('client').replaceAll('8080', String(port))])
}

/** The code block of a page behind the comment that names it. */
function snippet(name, page = README) {
  const match = new RegExp(`<!-- run: ${name} -->\n\`\`\`js\n(.*?)\n\`\`\``, 's').exec(page)
  assert.ok(match, `the page has no snippet "${name}"`)
  return match[1]
}

/** What `use` makes of a server that answers the first octets it sees with these, and hangs up. */
async function against(octets, use) {
  const answering = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(octets))
  })
  answering.listen(0, '127.0.0.1')
  await once(answering, 'listening')
  try {
    return await use(answering.address().port)
  } finally {
    answering.close()
  }
}

/** All the server says to these octets until it hangs up. */
async function ask(octets) {
  const socket = net.createConnection({ host: '127.0.0.1', port })
  socket.setTimeout(10_000, () => socket.destroy(new Error('the server does not hang up')))
  socket.write(octets)
  let text = ''
  for await (const chunk of socket) text += chunk.toString('latin1')
  return text
}

async function run(args) {
  const child = spawn(process.execPath, args, { cwd: ROOT })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  }
  const [status] = await once(child, 'close')
  return { status, ...said }
}

function once(emitter, event) {
  return new Promise((resolve, reject) => {
    emitter.once(event, (...values) => resolve(values))
    emitter.once('error', reject)
  })
}
