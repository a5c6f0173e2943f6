// `h1wire send`: against node:http and node:https, and against servers that misbehave.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { BACKENDS, events, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-cli-'))
after(() => rmSync(folder, { recursive: true }))

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }

  describe(`h1wire send, ${backend}`, () => {
    const send = (args, input) => h1wire(['send', ...args], { input, env })

    test('the body goes to stdout as it came, the head to stderr', async () => {
      const body = Buffer.from([0, 1, 0xff, 0x0a, 0xc3])
      const seen = await serving(
        createHttp(),
        answering({ status: 201, headers: ['X-B', '2', 'x-b', 'é'], body }),
        (origin) => send([`${origin}/a?b=1#c`]),
      )
      assert.equal(seen.result.status, 0)
      assert.deepEqual(seen.result.octets, body)
      const head = seen.result.stderr.split('\n')
      assert.equal(head[0], 'HTTP/1.1 201 Created')
      assert.ok(head.includes('X-B: 2') && head.includes('x-b: é'), seen.result.stderr)
      const [request] = seen.requests
      assert.equal(`${request.method} ${request.url} ${request.httpVersion}`, 'GET /a?b=1 1.1')
      assert.deepEqual(request.rawHeaders, ['Host', new URL(seen.origin).host])
      assert.equal(request.body.length, 0)
    })

    test('-H adds field lines in order and case, -d a body counted in octets, -X a method', async () => {
      const seen = await serving(createHttp(), answering({}), (origin) =>
        send(['-X', 'PUT', '-H', 'X-One: 1', '-H', 'x-one:2  ', '-d', 'name=Jörg', `${origin}/`]),
      )
      assert.equal(seen.result.status, 0)
      const [request] = seen.requests
      assert.equal(request.method, 'PUT')
      assert.equal(request.headers['content-length'], '10')
      assert.equal(request.headers['x-one'], '1, 2')
      assert.ok(request.rawHeaders.includes('X-One') && request.rawHeaders.includes('x-one'))
      assert.equal(request.body.toString(), 'name=Jörg')
    })

    test('data makes the method POST; @FILE and @- are sent as they are', async () => {
      const octets = Buffer.from([0xff, 0, 0x0d, 0x0a, 0x40])
      const file = join(folder, `data-${backend}`)
      writeFileSync(file, octets)
      for (const data of [`@${file}`, '@-']) {
        const seen = await serving(createHttp(), answering({}), (origin) =>
          send(['--data', data, origin], octets),
        )
        assert.equal(seen.result.status, 0, seen.result.stderr)
        assert.equal(seen.requests[0].method, 'POST')
        assert.deepEqual(seen.requests[0].body, octets)
      }
    })

    test('--json prints the events and says nothing', async () => {
      const seen = await serving(createHttp(), answering({ status: 404, body: 'no such thing' }), (origin) =>
        send(['--json', origin]),
      )
      assert.deepEqual([seen.result.status, seen.result.stderr], [0, ''])
      const list = events(seen.result.stdout)
      assert.deepEqual([list[0].type, list[0].status, list[0].reason], ['head', 404, 'Not Found'])
      assert.equal(
        list
          .slice(1, -1)
          .map(({ data }) => data)
          .join(''),
        'no such thing',
      )
      assert.equal(list.at(-1).type, 'end')
    })

    test('a HEAD answer has no body, whatever its length says', async () => {
      const seen = await serving(createHttp(), answering({ headers: ['Content-Length', '1000'] }), (origin) =>
        send(['-X', 'HEAD', origin]),
      )
      assert.deepEqual([seen.result.status, seen.result.stdout], [0, ''])
      assert.match(seen.result.stderr, /^Content-Length: 1000$/m)
    })

    test('informational responses come before the answer', async () => {
      const { result } = await talking(
        'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
        (url) => send([url, '--json']),
      )
      assert.equal(result.status, 0)
      assert.deepEqual(
        events(result.stdout).map(({ type, status }) => status ?? type),
        [103, 'end', 200, 'body', 'end'],
      )
    })

    test('an answer read until close, and trailers', async () => {
      const close = await talking('HTTP/1.0 200 OK\r\n\r\nto the end', (url) => send([url]), { close: true })
      assert.deepEqual([close.result.status, close.result.stdout], [0, 'to the end'])
      const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n'
      const trailers = await talking(chunks, (url) => send([url]))
      assert.deepEqual([trailers.result.status, trailers.result.stdout], [0, 'ok'])
      assert.match(trailers.result.stderr, /^X-Sum: 1$/m)
    })

    test('controls a terminal would obey are spelled out on stderr', async () => {
      const octets = Buffer.from('HTTP/1.1 200 \x9b31m\r\nX: \x9b\r\nContent-Length: 0\r\n\r\n', 'latin1')
      const { result } = await talking(octets, (url) => send([url]))
      assert.equal(result.status, 0)
      assert.deepEqual(result.stderr.split('\n').slice(0, 2), ['HTTP/1.1 200 \\x9b31m', 'X: \\x9b'])
    })

    test('what follows the answer is not shown', async () => {
      const { result } = await talking(
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n',
        (url) => send([url]),
      )
      assert.deepEqual([result.status, result.stdout], [0, 'ok'])
      assert.doesNotMatch(result.stderr, /500/)
    })

    test('a switch of protocols ends the exchange with the rest that was there', async () => {
      const switching =
        'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nnot HTTP'
      const { result } = await talking(switching, (url) =>
        send([url, '-H', 'Connection: upgrade', '-H', 'Upgrade: x']),
      )
      assert.deepEqual([result.status, result.stdout], [0, 'not HTTP'], result.stderr)
    })

    test('a refused answer is exit code 1, after what was whole', async () => {
      const { result } = await talking(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz',
        (url) => send([url]),
      )
      assert.deepEqual([result.status, result.stdout], [1, 'ok'])
      assert.match(result.stderr, /^h1wire: H1_CHUNK_SIZE: .* at byte 54\b/m)
    })

    test('a truncated answer is exit code 1', async () => {
      const { result } = await talking(
        'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok',
        (url) => send([url]),
        { close: true },
      )
      assert.deepEqual([result.status, result.stdout], [1, 'ok'])
      assert.match(result.stderr, /^h1wire: H1_TRUNCATED_BODY: /m)
    })

    test('a request that cannot be written is exit code 1, and nothing is sent', async () => {
      const seen = await serving(createHttp(), answering({}), (origin) =>
        send([origin, '-H', 'X: a\nEvil: b']),
      )
      assert.deepEqual([seen.result.status, seen.result.stdout, seen.requests.length], [1, '', 0])
      assert.match(seen.result.stderr, /^h1wire: H1_FIELD_VALUE/)
    })
  })
}

test('https, trusting only what Node trusts', async () => {
  const fixture = fileURLToPath(new URL('localhost.pem', import.meta.url))
  const pem = readFileSync(fixture)
  const server = () => createHttps({ key: pem, cert: pem })
  const args = (origin) => ['send', origin.replace('127.0.0.1', 'localhost')]
  const trusted = await serving(server(), answering({ body: 'secret' }), (origin) =>
    h1wire(args(origin), { env: { NODE_EXTRA_CA_CERTS: fixture } }),
  )
  assert.deepEqual([trusted.result.status, trusted.result.stdout], [0, 'secret'])
  assert.equal(trusted.requests[0].socket.servername, 'localhost')
  const stranger = await serving(server(), answering({ body: 'secret' }), (origin) => h1wire(args(origin)))
  assert.deepEqual([stranger.result.status, stranger.result.stdout], [3, ''])
  assert.match(stranger.result.stderr, /^h1wire: .*certificate/)
})

test('a refused connection, a silent server and one that hangs up are exit code 3', async () => {
  const gone = await talking('', async (url) => url)
  const refused = await h1wire(['send', gone.result])
  assert.equal(refused.status, 3)
  assert.match(refused.stderr, /^h1wire: .*ECONNREFUSED[^\n]*\n$/)

  const silent = await talking('', (url) => h1wire(['send', url, '--timeout', '200']))
  assert.equal(silent.result.status, 3)
  assert.match(silent.result.stderr, /^h1wire: .* sent nothing for 200 ms\n$/)

  const hangsUp = await talking('', (url) => h1wire(['send', url]), { close: true })
  assert.equal(hangsUp.result.status, 3)
  assert.match(hangsUp.result.stderr, /^h1wire: the connection ended before an answer came\n$/)
})

test('a data file that is not there is exit code 3', async () => {
  const { status, stderr } = await h1wire(['send', 'http://localhost/', '-d', `@${join(folder, 'nothing')}`])
  assert.equal(status, 3)
  assert.match(stderr, /^h1wire: ENOENT/)
})

/** A handler that keeps what it was asked and answers this. */
function answering({ status = 200, headers = [], body = '' }) {
  return (requests) => async (request, response) => {
    const pieces = []
    for await (const piece of request) pieces.push(piece)
    requests.push(Object.assign(request, { body: Buffer.concat(pieces) }))
    response.writeHead(status, headers).end(body)
  }
}

/** What `use` gives for the origin of a node:http or node:https server, and what that server was asked. */
async function serving(server, handler, use) {
  const requests = []
  server.on('request', handler(requests))
  const origin = `http${server.setSecureContext ? 's' : ''}://127.0.0.1:${await listen(server)}`
  try {
    return { origin, requests, result: await use(origin) }
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** What `use` gives for the URL of a TCP server that answers the first octets it sees with these. */
async function talking(octets, use, { close = false } = {}) {
  const sockets = new Set()
  const server = createTcp((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(octets)
      if (close) socket.end()
    })
  })
  const url = `http://127.0.0.1:${await listen(server)}/`
  try {
    return { result: await use(url) }
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}
