// `h1wire send` with files, Unix sockets, repeats and cuts, and both sides shown.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { captured } from './captured.mjs'
import { BACKENDS, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-send-files-'))
after(() => rmSync(folder, { recursive: true }))

const TWO = 'POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbodyGET /2 HTTP/1.1\r\nHost: h\r\n\r\n'
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n'

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }
  const send = (args, input = '') => h1wire(['send', ...args], { input, env })

  describe(`h1wire send FILE, ${backend}`, () => {
    test('a file goes out octet for octet, and every answer is awaited', async () => {
      const file = join(folder, `two-${backend}`)
      writeFileSync(file, TWO)
      for (const name of [file, '-']) {
        const { result, octets } = await captured((origin) => send([name, '--to', origin], TWO), ANSWER)
        assert.deepEqual(
          [result.status, result.stdout, octets.toString()],
          [0, 'ok\nok\n', TWO],
          result.stderr,
        )
      }
    })

    test('a fault in a file is refused before anything is sent; --raw sends it', async () => {
      const broken = 'GET / HTTP/1.1\nHost: h\n\n'
      const { result, octets } = await captured((origin) => send(['-', '--to', origin], broken))
      assert.deepEqual([result.status, octets.length], [1, 0])
      assert.match(result.stderr, /^h1wire: H1_LONE_LF: .* at byte 14/)
      const raw = await captured((origin) => send(['-', '--raw', '-v', '--to', origin], broken))
      assert.deepEqual([raw.result.status, raw.octets.toString()], [0, broken], raw.result.stderr)
      assert.match(raw.result.stderr, /^! H1_LONE_LF: .*\n> GET \/ HTTP\/1\.1\\n\n> Host: h\\n\n> \\n$/m)
      assert.match(raw.result.stderr, /^< HTTP\/1\.1 400 Bad Request$/m)
    })

    test('--keep-alive and --repeat: on one connection, or on one each', async () => {
      const kept = await captured((origin) => send([origin, '--repeat', '3', '--keep-alive', '-v']), ANSWER)
      assert.equal(kept.result.status, 0)
      assert.equal(kept.connections.length, 1)
      assert.equal(kept.octets.toString().match(/^GET /gm).length, 3)
      assert.equal(kept.result.stderr.match(/^\* connected to 127\.0\.0\.1:\d+ in [\d.]+ ms$/gm).length, 1)
      assert.match(
        kept.result.stderr,
        /^\* 3 exchanges: fastest [\d.]+ ms, median [\d.]+ ms, slowest [\d.]+ ms$/m,
      )
      const apart = await captured((origin) => send([origin, '--repeat', '3']), ANSWER)
      assert.deepEqual([apart.connections.length, apart.result.stdout], [3, 'ok\nok\nok\n'])
      const closing = ANSWER.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
      const closed = await captured((origin) => send([origin, '--repeat', '2', '--keep-alive']), closing)
      assert.equal(closed.connections.length, 2)
    })

    test('--split cuts what is sent', async () => {
      const { result, octets, pieces } = await captured(
        (origin) => send(['-', '--to', origin, '--split', '7', '--pause', '10'], TWO),
        ANSWER,
      )
      assert.deepEqual([result.status, octets.toString()], [0, TWO])
      // The system may join pieces, but cuts none.
      assert.ok(pieces.length >= 3, `${pieces.length} pieces`)
      for (const piece of pieces.slice(0, -1)) assert.equal(piece % 7, 0, `${pieces}`)
    })

    test('both sides, with times', async () => {
      const chunks =
        'HTTP/1.1 200 \x9bOK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n'
      const { result } = await captured(
        (origin) => send([origin, '-d', 'body', '-v']),
        Buffer.from(chunks, 'latin1'),
      )
      assert.deepEqual([result.status, result.stdout], [0, 'ok'])
      const lines = result.stderr
        .replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'PEER')
        .replace(/[\d.]+ ms/g, 'TIME')
        .split('\n')
      const sent = lines.filter((line) => /^>/.test(line))
      assert.deepEqual(sent, [
        '> POST / HTTP/1.1',
        '> Host: PEER',
        '> Content-Length: 4',
        '>',
        '> 4 octets of body',
      ])
      const received = lines.filter((line) => /^</.test(line))
      assert.deepEqual(received, [
        '< HTTP/1.1 200 \\x9bOK',
        '< Transfer-Encoding: chunked',
        '<',
        '< X-Sum: 1',
      ])
      const said = lines.filter((line) => /^\*/.test(line))
      assert.deepEqual(said.sort(), [
        '* 69 octets sent'.replace('69', /(\d+) octets sent/.exec(result.stderr)[1]),
        '* answered after TIME, whole after TIME',
        '* connected to PEER in TIME',
      ])
    })
  })
}

test('requests of a .http file go where their URLs say', async () => {
  const file = join(folder, 'api.http')
  const other = await captured(async (second) => {
    const first = await captured((origin) => {
      writeFileSync(file, `GET ${origin}/1\n\n###\nPOST ${second}/2\n\nbody\n\n###\nGET ${origin}/3\n`)
      return h1wire(['send', file, '--keep-alive'])
    }, ANSWER)
    assert.deepEqual([first.result.status, first.result.stdout], [0, 'ok\nok\nok\n'], first.result.stderr)
    assert.deepEqual(first.octets.toString().match(/^GET \S+/gm), ['GET /1', 'GET /3'])
  }, ANSWER)
  assert.match(other.octets.toString(), /^POST \/2 HTTP\/1\.1\r\n.*\r\n\r\nbody$/s)
})

test('a Unix socket', async () => {
  const path = join(folder, 'socket')
  const server = createHttp((request, response) => response.end(`${request.headers.host} ${request.url}`))
  server.listen(path)
  await once(server, 'listening')
  try {
    const url = await h1wire(['send', 'http://docker/info', '--unix', path, '-v'])
    assert.deepEqual([url.status, url.stdout], [0, 'docker /info'], url.stderr)
    assert.ok(url.stderr.startsWith(`* connected to ${path} in `), url.stderr)
    const file = await h1wire(['send', '-', '--unix', path], { input: 'GET /f HTTP/1.1\r\nHost: h\r\n\r\n' })
    assert.deepEqual([file.status, file.stdout], [0, 'h /f'])
    const nowhere = await h1wire(['send', 'http://h/', '--unix', join(folder, 'nowhere')])
    assert.equal(nowhere.status, 3)
    assert.match(nowhere.stderr, /^h1wire: .*ENOENT/)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a large file is sent as it is read, and stdin chunked', async () => {
  const file = join(folder, 'large')
  writeFileSync(file, '')
  truncateSync(file, 5_000_000)
  const sized = await captured((origin) => h1wire(['send', origin, '-d', `@${file}`]), ANSWER)
  assert.equal(sized.result.status, 0, sized.result.stderr)
  assert.match(sized.octets.toString('latin1', 0, 200), /\r\nContent-Length: 5000000\r\n\r\n/)
  const chunked = await captured(
    (origin) => h1wire(['send', origin, '-d', '@-'], { input: Buffer.alloc(5_000_000, 'x') }),
    ANSWER,
  )
  assert.equal(chunked.result.status, 0, chunked.result.stderr)
  assert.match(chunked.octets.toString('latin1', 0, 200), /\r\nTransfer-Encoding: chunked\r\n\r\n/)
  const twice = await h1wire(['send', 'http://127.0.0.1:1', '-d', '@-', '--repeat', '2'], {
    input: Buffer.alloc(2_000_000, 'x'),
  })
  assert.equal(twice.status, 2)
  assert.match(twice.stderr, /--repeat cannot send more than 1 MiB of stdin again/)
})

test('an answer that comes before all is sent is shown, and ends the exchange if it closes', async () => {
  const early = 'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno'
  const { createServer } = await import('node:net')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(early))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const file = join(folder, 'huge')
    writeFileSync(file, '')
    truncateSync(file, 400_000_000)
    const { status, stdout } = await h1wire([
      'send',
      `http://127.0.0.1:${server.address().port}/`,
      '-d',
      `@${file}`,
    ])
    assert.deepEqual([status, stdout], [0, 'no'])
  } finally {
    server.close()
  }
})

const MISUSES = [
  [['-', '--split', 'x', '--to', 'http://h'], /--split takes a number/],
  [['http://h/', '--to', 'http://h'], /--to goes with a FILE/],
  [['http://h/', '--raw'], /--raw sends a FILE as it is/],
  [['-', '--to', 'ftp://h'], /'ftp:\/\/h' is not a URL/],
  [['-', '--to', 'http://h', '-d', 'x'], /--data goes with a URL/],
  [['http://h/', '--repeat', '0'], /--repeat takes a number from 1/],
]
for (const [args, message] of MISUSES) {
  test(`wrong usage: h1wire send ${args.join(' ')}`, async () => {
    const { status, stdout, stderr } = await h1wire(['send', ...args])
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, message)
  })
}
