// The browser build builds the same messages without Buffer, as Uint8Arrays.
'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { dirname, join } = require('node:path')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')
const { formatChunk, formatLastChunk, formatRequest, formatResponse } = require('h1wire')

const DIST = dirname(dirname(require.resolve('h1wire')))

/** What both builds run: it must not need anything of Node.js. */
function build(api) {
  const view = Uint8Array.of(0, 255, 13, 10)
  const form = new URLSearchParams({ name: 'Jörg' })
  const long = 'ü'.repeat(70000)
  return [
    api.formatRequest({ url: 'http://a/ä?b', headers: { A: ['1', 2], B: 'é' } }),
    api.formatRequest({ method: 'POST', url: 'http://a/', body: 'Jörg €😀\ud800' }),
    api.formatRequest({ method: 'POST', url: 'http://a/', body: form, trailers: { T: 'x' } }),
    api.formatRequest({ url: 'http://a/', headers: { Long: long } }),
    api.formatResponse({ status: 200, body: view }),
    api.formatResponse({ status: 200, body: new DataView(view.buffer, 1) }),
    api.formatResponse({ status: 404, body: view.buffer, requestMethod: 'HEAD' }),
    api.formatChunk('é', { a: true, b: '"' }),
    api.formatChunk(''),
    api.formatLastChunk([['T', 'ÿ']]),
  ]
}

/** What the browser build makes of it, loaded where there is no Buffer. */
function inBrowserBuild() {
  const script = `
    import { readFileSync, writeSync } from 'node:fs'
    const [build, module, wasm] = process.argv.slice(1)
    const octets = new Uint8Array(readFileSync(wasm))
    const { Buffer } = globalThis
    delete globalThis.Buffer
    const api = await import(module)
    // Node.js itself cannot do without it for long.
    globalThis.Buffer = Buffer
    await api.init(octets)
    const messages = new Function('api', 'return (' + build + ')(api)')(api)
    if (messages.some((message) => message.constructor !== Uint8Array)) throw new Error('not a Uint8Array')
    const refused = []
    try { api.formatRequest({ url: 'http://a/', headers: { A: 'é\\u010a' } }) } catch (error) {
      refused.push(error.code, error.part, error.index)
    }
    const text = JSON.stringify({ messages: messages.map((message) => [...message]), refused })
    for (let at = 0; at < text.length; at += 4096) writeSync(1, text.slice(at, at + 4096))
  `
  const browser = pathToFileURL(join(DIST, 'browser', 'index.js')).href
  const wasm = join(DIST, 'h1wire.wasm')
  const args = ['--input-type=module', '-e', script, String(build), browser, wasm]
  return JSON.parse(execFileSync(process.execPath, args, { maxBuffer: 1 << 24, encoding: 'utf8' }))
}

test('the browser build', () => {
  const expected = build({ formatChunk, formatLastChunk, formatRequest, formatResponse })
  const { messages, refused } = inBrowserBuild()
  assert.deepEqual(
    messages,
    expected.map((message) => [...message]),
  )
  assert.deepEqual(refused, ['H1_CODE_UNIT', 'headers[0].value', 1])
})
