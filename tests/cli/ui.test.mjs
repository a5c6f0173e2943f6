// `h1wire ui`: what it serves, to whom, and how it ends.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { BACKENDS, CLI, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-ui-'))
after(() => rmSync(folder, { recursive: true }))
const capture = join(folder, 'capture')
writeFileSync(capture, Buffer.from('GET / HTTP/1.1\r\nHost: \xff\r\n\r\n', 'latin1'))

for (const backend of BACKENDS) {
  describe(`h1wire ui, ${backend}`, () => {
    test('the page, its parts with their types, under its policy, and nothing else', async () => {
      await serving([], backend, async (url) => {
        const page = await ask(url, '/')
        assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8'])
        const parts = [...page.text.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path]) => path)
        assert.ok(parts.length >= 3, page.text)
        for (const path of parts) {
          const part = await ask(url, path)
          assert.equal(part.status, 200, path)
          assert.match(part.headers['content-type'], /^(text\/css|text\/javascript|image\/svg\+xml)/)
          assert.match(part.headers['content-security-policy'], /^default-src 'none'; script-src 'self' /)
          assert.match(part.headers['content-security-policy'], /; frame-ancestors 'none'$/)
          assert.equal(part.headers['x-content-type-options'], 'nosniff')
          assert.equal(part.headers['cross-origin-resource-policy'], 'same-origin')
        }
        for (const target of ['/assets/', '/nothing', '/../package.json', '/%2e%2e/h1wire.wasm', '/octets/'])
          assert.equal((await ask(url, target)).status, 404, target)
        assert.equal((await ask(url, '/', { method: 'POST' })).status, 405)
      })
    })

    test('a name that another lets point here gets nothing', async () => {
      await serving([capture], backend, async (url, path) => {
        for (const target of ['/', path])
          assert.equal((await ask(url, target, { headers: { Host: 'evil.example' } })).status, 421)
      })
    })

    test('the octets of a file, at an address nobody guesses', async () => {
      await serving([capture], backend, async (url, path) => {
        assert.match(path, /^\/octets\/[0-9a-f-]{36}$/)
        const { text, headers } = await ask(url, path)
        assert.equal(text, 'GET / HTTP/1.1\r\nHost: \xff\r\n\r\n')
        assert.equal(headers['content-type'], 'application/octet-stream')
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
        assert.equal(headers['cache-control'], 'no-store')
        const head = await ask(url, path, { method: 'HEAD' })
        assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '27'])
      })
    })
  })
}

test('what cannot be read or listened on is said, and nothing is served', async () => {
  const nothing = await h1wire(['ui', join(folder, 'nothing')])
  assert.equal(nothing.status, 3)
  assert.match(nothing.stderr, /ENOENT/)
  await serving([], BACKENDS[0], async (url) => {
    const taken = await h1wire(['ui', '--port', new URL(url).port])
    assert.equal(taken.status, 3)
    assert.match(taken.stderr, /EADDRINUSE/)
  })
  assert.equal((await h1wire(['ui', 'a', 'b'])).status, 2)
})

test('what is longer than the page reads is not read to its end', async () => {
  const child = spawn(process.execPath, [CLI, 'ui', '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  const said = buffer(child.stderr)
  child.stdin.on('error', () => {})
  const exit = once(child, 'exit')
  // stdin stays open: only who stops at the limit gets to say this.
  child.stdin.write(Buffer.alloc((64 << 20) + 1))
  assert.deepEqual(await exit, [3, null])
  assert.match(String(await said), /-: the page reads up to 67108864 octets/)
})

test('--open gives the address to the opener of the desktop, and no shell reads it', {
  skip: process.platform !== 'linux' && 'the stand-in for the opener is a program of Linux',
}, async () => {
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${folder}/opened'\n`, {
    mode: 0o755,
  })
  await serving([capture, '--open'], BACKENDS[0], async (url, path) => {
    for (let tries = 0; ; tries += 1) {
      const opened = await readFile(join(folder, 'opened'), 'utf8').catch(() => '')
      if (opened.endsWith('\n') && opened.split('\n').length === 3) {
        assert.equal(opened, `1\n${url}#open=${path.slice(1)}\n`)
        break
      }
      assert.ok(tries < 200, 'the opener was called')
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  })
})

/** Serves until `use` is done; it gets the address and the path of the octets, if there are any. */
async function serving(words, backend, use) {
  const child = spawn(process.execPath, [CLI, 'ui', ...words], {
    env: { ...process.env, H1WIRE_BACKEND: backend, PATH: `${folder}:${process.env.PATH}` },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const exit = once(child, 'exit')
  try {
    let said = ''
    for await (const piece of child.stderr.iterator({ destroyOnReturn: false })) {
      said += piece
      if (said.endsWith('\n')) break
    }
    const [, url, path] =
      /is at (http:\/\/127\.0\.0\.1:\d+\/)(?:#open=(\S+))?\n$/.exec(said) ?? assert.fail(said)
    await use(url, path && `/${path}`)
  } finally {
    child.kill('SIGINT')
  }
  assert.deepEqual(await exit, [0, null])
}

// node:http, which sends a target as it is given.
async function ask(url, path, { method = 'GET', headers = {} } = {}) {
  const { hostname, port } = new URL(url)
  const asked = request({ hostname, port, path, method, headers, agent: false }).end()
  const [response] = await once(asked, 'response')
  return {
    status: response.statusCode,
    headers: response.headers,
    text: (await buffer(response)).toString('latin1'),
  }
}
