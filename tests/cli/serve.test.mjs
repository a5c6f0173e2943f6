// `h1wire serve`: what it serves and what it does not, the echo, and what it shows of both.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parseResponse } from 'h1wire'
import { BACKENDS, CLI, events, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-serve-'))
after(() => rmSync(folder, { recursive: true }))
const site = join(folder, 'site')
mkdirSync(join(site, 'sub dir'), { recursive: true })
mkdirSync(join(site, 'bare'))
mkdirSync(join(site, '.git'))
writeFileSync(join(site, 'a.txt'), 'text\n')
writeFileSync(join(site, 'empty.css'), '')
writeFileSync(join(site, 'data'), Buffer.of(0, 0xff))
writeFileSync(join(site, 'sub dir', 'index.html'), '<p>index')
writeFileSync(join(site, 'bare', '<b>&".txt'), 'odd')
writeFileSync(join(site, '.git', 'config'), 'secret')
writeFileSync(join(folder, 'outside.txt'), 'secret')
writeFileSync(join(folder, 'site.txt'), 'secret')
symlinkSync('a.txt', join(site, 'inside'))
symlinkSync('../outside.txt', join(site, 'outside'))
symlinkSync('..', join(site, 'up'))
symlinkSync('.git', join(site, 'git'))

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }

  describe(`h1wire serve, ${backend}`, () => {
    test('files, with type and length, folders by their index, and HEAD', async () => {
      await serving([site], env, async ({ ask }) => {
        const expected = [
          ['GET', '/a.txt', 200, 'text/plain; charset=utf-8', 'text\n'],
          ['GET', '/a.txt?query', 200, 'text/plain; charset=utf-8', 'text\n'],
          ['GET', 'http://localhost/a.txt', 200, 'text/plain; charset=utf-8', 'text\n'],
          ['HEAD', '/a.txt', 200, 'text/plain; charset=utf-8', ''],
          ['GET', '/%61.txt', 200, 'text/plain; charset=utf-8', 'text\n'],
          ['GET', '/inside', 200, 'text/plain; charset=utf-8', 'text\n'],
          ['GET', '/empty.css', 200, 'text/css; charset=utf-8', ''],
          ['GET', '/data', 200, 'application/octet-stream', '\x00\xff'],
          ['GET', '/sub%20dir/', 200, 'text/html; charset=utf-8', '<p>index'],
        ]
        for (const [method, target, status, type, body] of expected) {
          const { status: got, headers, body: octets } = await ask(target, method)
          assert.deepEqual(
            [got, headers.get('content-type'), octets.toString('latin1')],
            [status, type, body],
            target,
          )
          assert.equal(headers.get('x-content-type-options'), 'nosniff')
          if (method === 'HEAD') assert.equal(headers.get('content-length'), '5')
        }
        const moved = await ask('/sub%20dir?q=1')
        assert.deepEqual([moved.status, moved.headers.get('location')], [301, '/sub%20dir/?q=1'])
        const elsewhere = await ask('//sub%20dir')
        assert.equal(elsewhere.headers.get('location'), '/sub%20dir/', 'no host of another')
        const post = await ask('/a.txt', 'POST')
        assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD'])
      })
    })

    test('nothing outside of the folder, nothing hidden, no listing', async () => {
      await serving([site], env, async ({ ask }) => {
        for (const target of [
          '/../outside.txt',
          '/..%2foutside.txt',
          '/%2e%2e/outside.txt',
          '/sub%20dir/../../outside.txt',
          '/..%5coutside.txt',
          '/../site.txt',
          '/outside',
          '/up/outside.txt',
          '/.git/config',
          '/git/config',
          '/sub%20dir/%2e/index.html',
          '/a.txt/',
          '/a.txt%00',
          '/%ff',
          '/%',
          '/C:/a.txt',
          '/bare/',
          '/nothing',
          '/',
        ]) {
          const { status, body } = await ask(target)
          assert.deepEqual([status, body.toString()], [404, 'not found\n'], target)
        }
        const rebound = await ask('/a.txt', 'GET', 'evil.example')
        assert.equal(rebound.status, 421)
        for (const host of ['localhost:1', '127.0.0.1', '[::1]:1', 'x.localhost']) {
          assert.equal((await ask('/a.txt', 'GET', host)).status, 200, host)
        }
      })
    })

    test('clients that ask and are gone at once leave no file open', {
      skip: !existsSync('/proc/self/fd'),
    }, async () => {
      await serving([site], env, async ({ port, pid, ask }) => {
        // The first finds all that is loaded when it is first needed.
        await ask('/data')
        for (let round = 0; round < 20; round++) {
          const gone = Array.from({ length: 25 }, () => {
            const socket = createConnection({ host: '127.0.0.1', port })
            socket.on('error', () => {})
            socket.write('GET /data HTTP/1.1\r\nHost: localhost\r\n\r\n', () => {
              // Not before the request was read, nor behind its answer.
              setTimeout(() => socket.resetAndDestroy(), round % 4)
            })
            return once(socket, 'close')
          })
          await Promise.all(gone)
        }
        const open = () => readdirSync(`/proc/${pid}/fd`).filter((name) => isFile(pid, name))
        for (let left = 100; open().length !== 0; left--) {
          assert.notEqual(left, 0, `${open().length} files are open`)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }).then(({ stderr }) => assert.doesNotMatch(stderr, /FileHandle/))
    })

    test('--echo answers with the request, however it is framed', async () => {
      await serving(['--echo', '--json'], env, async ({ raw, lines }) => {
        const requests = [
          'GET /a?b HTTP/1.1\r\nHost: h.localhost\r\nX-A: \xe9\r\nx-a: 2\r\n\r\n',
          'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n\x00\xffab',
        ]
        for (const request of requests) {
          const { status, headers, body } = await raw(request)
          assert.deepEqual([status, headers.get('content-type')], [200, 'message/http'])
          assert.equal(body.toString('latin1'), request)
        }
        const head = 'PUT /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n'
        const chunked = await raw(`${head}2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n`)
        assert.equal(chunked.body.toString(), `${head}abcde`)
        await lines(3)
      })
    })
  })
}

test('--list lists, and escapes what it lists', async () => {
  await serving([site, '--list'], {}, async ({ ask }) => {
    const top = (await ask('/')).body.toString()
    assert.match(top, /<a href="\.\/sub%20dir\/">sub dir\/<\/a>/)
    assert.doesNotMatch(top, /\.git/)
    const bare = (await ask('/bare/')).body.toString()
    assert.match(bare, /<a href="\.\/%3Cb%3E%26%22\.txt">&#60;b&#62;&#38;&#34;\.txt<\/a>/)
    assert.equal((await ask('/bare/%3Cb%3E%26%22.txt')).body.toString(), 'odd')
  })
})

test('each exchange is shown: in a line, annotated, as JSON; and what is refused on stderr', async () => {
  const line = await serving([site], {}, async ({ ask, raw, lines }) => {
    await ask('/a.txt')
    await raw('GET / HTTP/1.1\nHost: h\n\n')
    return lines(1)
  })
  assert.match(line.shown, /^127\.0\.0\.1:\d+ GET \/a\.txt 200 5 octets [\d.]+ ms\n$/)
  assert.match(line.stderr, /^! H1_LONE_LF: .* at byte 14: 0x0A;/m)
  const both = await serving([site, '-v'], {}, async ({ ask, lines }) => {
    await ask('/a.txt')
    return lines(11)
  })
  const shown = both.shown.replace(/127\.0\.0\.1:\d+/g, 'PEER').replace(/Date: .*/, 'Date: THEN')
  assert.equal(
    shown.replace(/[\d.]+ ms/, 'TIME'),
    `< GET /a.txt HTTP/1.1
< Host: localhost
< Connection: close
<
> HTTP/1.1 200 OK
> Date: THEN
> Content-Type: text/plain; charset=utf-8
> X-Content-Type-Options: nosniff
> Content-Length: 5
>
* PEER, 5 octets of body sent, TIME
`,
  )
  const json = await serving([site, '--json'], {}, async ({ ask, lines }) => {
    await ask('/a.txt')
    return lines(1)
  })
  const [exchange] = events(json.shown)
  assert.deepEqual(exchange.request, {
    method: 'GET',
    target: '/a.txt',
    version: '1.1',
    headers: [
      ['Host', 'localhost'],
      ['Connection', 'close'],
    ],
  })
  assert.deepEqual([exchange.response.status, exchange.response.octets], [200, 5])
})

test('a Unix socket, which is taken away at the end', async () => {
  const path = join(folder, 'socket')
  const { status } = await serving([site, '--unix', path], {}, async () => {
    const { status: sent, stdout } = await h1wire(['send', 'http://x/a.txt', '--unix', path])
    assert.deepEqual([sent, stdout], [0, 'text\n'])
  })
  assert.equal(status, 0)
})

test('a folder that is not there and a port that is taken are exit code 3, and wrong usage is 2', async () => {
  const nothing = await h1wire(['serve', join(folder, 'nothing'), '--port', '0'])
  assert.equal(nothing.status, 3)
  assert.match(nothing.stderr, /^h1wire: ENOENT/)
  await serving([site], {}, async ({ port }) => {
    const taken = await h1wire(['serve', site, '--port', String(port)])
    assert.equal(taken.status, 3)
    assert.match(taken.stderr, /EADDRINUSE/)
  })
  for (const args of [
    ['--echo', site],
    ['--echo', '--list'],
    ['--port', 'x'],
  ]) {
    assert.equal((await h1wire(['serve', ...args])).status, 2, args.join(' '))
  }
})

/** Runs the server while `use` asks it; how it ended on SIGTERM, and what it said. */
async function serving(args, env, use) {
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', ...args], {
    env: { ...process.env, ...env },
  })
  const closed = once(child, 'close')
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  }
  while (!said.stderr.includes('listening on')) await Promise.race([once(child.stderr, 'data'), closed])
  const port = Number(/:(\d+)\/\n/.exec(said.stderr)?.[1])
  const raw = (octets) => answerTo(port, octets)
  const ask = (target, method = 'GET', host = 'localhost') =>
    answerTo(port, `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, method)
  const lines = async (count) => {
    while (said.stdout.split('\n').length <= count) await once(child.stdout, 'data')
    return said.stdout
  }
  let shown
  try {
    shown = await use({ port, pid: child.pid, ask, raw, lines })
  } finally {
    child.kill('SIGTERM')
  }
  const [status] = await closed
  assert.equal(status, 0, said.stderr)
  return { status, shown, stderr: said.stderr }
}

/** The answer to these octets, which the server ends the connection behind, or the client does. */
async function answerTo(port, octets, requestMethod = 'GET') {
  const socket = createConnection({ host: '127.0.0.1', port })
  socket.end(Buffer.from(octets, 'latin1'))
  const pieces = []
  for await (const piece of socket) pieces.push(piece)
  return parseResponse(Buffer.concat(pieces), { requestMethod })
}

/** Whether a descriptor of a process is one of the folder's. */
function isFile(pid, name) {
  try {
    return readlinkSync(`/proc/${pid}/fd/${name}`).startsWith(realpathSync(folder))
  } catch {
    return false // closed by now
  }
}
