// Serves the built inspector page on loopback, with h1wire's own server.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { INSPECTOR } from './paths.mjs'
import { filesOf } from './stamp.mjs'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Starts it, on a free port if none is given; returns its address and how to stop it. */
export async function servePage(port = 0) {
  // Only now: the package may just have been built.
  const { createServer } = await import('h1wire/net')
  const page = join(INSPECTOR, 'dist')
  const files = new Map(filesOf(page).map((file) => [`/${relative(page, file).split(sep).join('/')}`, file]))
  // The page names its policy itself; the worker has one only if it comes with it.
  const named = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(
    readFileSync(join(page, 'index.html'), 'utf8'),
  )
  const policy = `${named[1]}; frame-ancestors 'none'`
  const server = createServer({}, ({ method, target }) => {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { Allow: 'GET, HEAD' } }
    const path = target.split('?')[0]
    const file = files.get(path === '/' ? '/index.html' : path)
    if (file === undefined)
      return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not here\n' }
    return {
      status: 200,
      headers: {
        'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-cache',
      },
      body: readFileSync(file),
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop: () => server.close(),
  }
}
