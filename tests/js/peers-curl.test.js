// curl asks our server.

'use strict'

const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')
const assert = require('node:assert/strict')
const { generatedResponses } = require('./peers/generated.js')
const { missing } = require('./peers/missing.js')
const { run } = require('./peers/run.js')
const { startServer } = require('./peers/server.js')

test('curl, our server', async (t) => {
  const { which } = await import('../../npm/scripts/lib/run.mjs')
  const command = which('curl')
  if (!command) return missing(t, 'curl')
  const server = await startServer()
  const last = () => server.exchanges.at(-1)
  const curl = (args, input) =>
    run(command, ['-q', '-sS', '--noproxy', '*', '--max-time', '20', ...args], input)

  try {
    await t.test('GET', async () => {
      const { stdout } = await curl(['-i', `${server.url}/hello`])
      assert.match(
        stdout.toString(),
        /^HTTP\/1\.1 200 OK\r\n(.+\r\n)*Content-Length: 5\r\n(.+\r\n)*\r\nhello$/,
      )
      assert.match(last().head.headers.get('user-agent'), /^curl\//)
    })
    await t.test('HEAD: a length, and no body', async () => {
      const { stdout } = await curl(['-I', `${server.url}/hello`])
      assert.equal(last().head.method, 'HEAD')
      assert.match(stdout.toString(), /^HTTP\/1\.1 200 OK\r\n(.+\r\n)*Content-Length: 5\r\n(.+\r\n)*\r\n$/)
    })
    await t.test('POST of a form in UTF-8', async () => {
      const { stdout } = await curl(['--data', 'name=Jörg', '--data', 'age=30', `${server.url}/echo`])
      assert.equal(last().head.contentLength, 17)
      assert.equal(last().head.headers.get('content-type'), 'application/x-www-form-urlencoded')
      assert.equal(stdout.toString(), 'name=Jörg&age=30')
    })
    await t.test('POST in chunks', async () => {
      const body = Buffer.alloc(200_000, 'piece by piece ')
      const chunked = ['-H', 'Transfer-Encoding: chunked', '-H', 'Expect:', '--data-binary', '@-']
      const { stdout } = await curl([...chunked, `${server.url}/echo`], body)
      assert.equal(last().head.chunked, true)
      assert.ok(last().body.equals(body))
      assert.ok(stdout.equals(body))
    })
    await t.test('a large POST: curl waits for the 100', async () => {
      const body = Buffer.alloc(3_000_000, 'a great deal ')
      const args = ['-v', '-H', 'Expect: 100-continue', '--expect100-timeout', '15', '--data-binary', '@-']
      const { stdout, stderr } = await curl([...args, `${server.url}/echo`], body)
      assert.equal(last().head.expectContinue, true)
      assert.match(stderr, /^< HTTP\/1\.1 100 Continue\r$/m)
      assert.match(stderr, /^< HTTP\/1\.1 200 OK\r$/m)
      assert.ok(stdout.equals(body))
    })
    await t.test('a response in chunks with a trailer', async () => {
      const { stdout } = await curl(['-i', `${server.url}/chunks`])
      assert.match(stdout.toString(), /\r\nTransfer-Encoding: chunked\r\n/)
      assert.match(stdout.toString(), /\r\n\r\nin chunks/)
      const { stdout: raw } = await curl(['--raw', `${server.url}/chunks`])
      assert.equal(raw.toString(), '9\r\nin chunks\r\n0\r\nX-Sum: 9\r\n\r\n')
    })
    await t.test('204 and 304: no body', async () => {
      const write = ['-w', '%{http_code} %{size_download}']
      assert.equal((await curl([...write, `${server.url}/empty`])).stdout.toString(), '204 0')
      assert.equal((await curl([...write, `${server.url}/unchanged`])).stdout.toString(), '304 0')
    })
    await t.test('several requests over one connection, and a new one after Connection: close', async () => {
      const urls = ['/hello', '/empty', '/chunks', '/last', '/hello'].map(
        (target) => `${server.url}${target}`,
      )
      const { stdout } = await curl(['-w', ' %{num_connects}\n', ...urls])
      assert.equal(stdout.toString(), 'hello 1\n 0\nin chunks 0\nlast 0\nhello 1\n')
      const used = server.exchanges.slice(-5).map(({ connection }) => connection)
      assert.deepEqual(used, [used[0], used[0], used[0], used[0], used[0] + 1])
    })
    await t.test('HTTP/1.0 gets no chunks', async () => {
      const { stdout } = await curl(['-0', '-i', `${server.url}/chunks`])
      assert.equal(last().head.version, '1.0')
      assert.doesNotMatch(stdout.toString(), /Transfer-Encoding/)
      assert.match(stdout.toString(), /\r\nConnection: close\r\n/)
      assert.match(stdout.toString(), /\r\n\r\nin chunks$/)
    })
    await t.test('an upgrade to another protocol is declined, and HTTP goes on', async () => {
      const upgrade = [
        '-H',
        'Connection: Upgrade, HTTP2-Settings',
        '-H',
        'Upgrade: h2c',
        '-H',
        'HTTP2-Settings: AAQAAP__',
      ]
      const { stdout } = await curl([
        ...upgrade,
        '-w',
        ' %{num_connects}\n',
        `${server.url}/hello`,
        `${server.url}/hello`,
      ])
      assert.equal(last().head.upgrade, true)
      assert.equal(stdout.toString(), 'hello 1\nhello 0\n')
    })
    assert.deepEqual(server.faults, [])
  } finally {
    await server.stop()
  }
})

test('curl reads what is generated', async (t) => {
  const { which } = await import('../../npm/scripts/lib/run.mjs')
  const command = which('curl')
  if (!command) return missing(t, 'curl')
  const messages = await generatedResponses(() => true)
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (request) => {
      const index = Number(/^\w+ \/(\d+) /.exec(request)[1])
      socket.end(messages[index].octets)
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-curl-'))
  const file = (name) => path.join(folder, name).replaceAll('\\', '/')

  try {
    // One process asks for them all; trailers come behind the head, where curl puts them.
    const config = messages.map(({ parts }, index) =>
      [
        `url = "http://127.0.0.1:${port}/${index}"`,
        parts.requestMethod === 'HEAD' ? 'head' : `request = "${parts.requestMethod ?? 'GET'}"`,
        `output = "${file(`${index}.body`)}"`,
        `dump-header = "${file(`${index}.head`)}"`,
        'write-out = "%{http_code} %{size_download}\\n"',
        'noproxy = "*"',
        'max-time = 20',
        'silent',
        'show-error',
      ].join('\n'),
    )
    const { stdout } = await run(command, ['-q', '-K', '-'], config.join('\nnext\n'))
    const told = stdout.toString().trim().split('\n')
    assert.equal(told.length, messages.length)
    messages.forEach(({ octets, read, where }, index) => {
      const { status, body, trailers } = read
      assert.equal(told[index], `${status} ${body.length}`, where)
      const head = octets.subarray(0, octets.indexOf('\r\n\r\n') + 4)
      const section = [...trailers].map(([name, value]) => `${name}: ${value}\r\n`)
      const wanted = head.toString('latin1') + section.join('')
      const dumped = fs.readFileSync(file(`${index}.head`)).toString('latin1')
      assert.equal(dumped, wanted, where)
      if (body.length > 0) assert.deepEqual(fs.readFileSync(file(`${index}.body`)), body, where)
    })
  } finally {
    server.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
