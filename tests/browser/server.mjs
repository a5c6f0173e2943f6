// Serves the built browser package, the vectors and the page, on loopback only.

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, normalize } from 'node:path'
import { readFormatVectors, readVectors } from '../vectors/files.mjs'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

/** What a path begins with, and the folder its files lie in. */
const FOLDERS = {
  '/dist/': new URL('../../npm/h1wire/dist/', import.meta.url),
  '/vectors/': new URL('../vectors/', import.meta.url),
  '/browser/': new URL('./', import.meta.url),
}

/** Starts it on a free port, with more folders if they are named; returns its address and how to stop it. */
export async function startServer(more = {}) {
  const folders = { ...FOLDERS, ...more }
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const body = await find(pathname, folders).catch(() => undefined)
    if (body === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': TYPES[extname(pathname)] ?? 'application/octet-stream' })
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function find(pathname, folders) {
  if (pathname === '/vectors.json') return JSON.stringify(readVectors())
  if (pathname === '/format-vectors.json') return JSON.stringify(readFormatVectors())
  // The same files at any number of addresses.
  const path = normalize(pathname).replace(/^\/fresh\/\w+\//, '/dist/')
  const prefix = Object.keys(folders).find((one) => path.startsWith(one))
  return prefix && readFile(new URL(path.slice(prefix.length), folders[prefix]))
}
