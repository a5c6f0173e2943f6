// How much there is to load, and how long it takes until a first message is parsed.
'use strict'

const { execFileSync } = require('node:child_process')
const { readFileSync } = require('node:fs')
const path = require('node:path')
const { gzipSync } = require('node:zlib')
const { NO_TIME, timeRow } = require('./lib/rows.cjs')
const { summed } = require('./lib/turns.cjs')

const ROOT = path.join(__dirname, '..')
const FIRST = path.join(__dirname, 'lib/first-parse.cjs')
const ROUNDS = 15

exports.about =
  'Sizes of files, and the time from before a module is loaded to behind its first parsed message, each in a fresh process or ' +
  'page. The browser has the bundle from a server on loopback, nothing cached.'

exports.notes = {
  'wasm, gzipped': 'the one file for Node.js and browsers',
  'addon, gzipped': "this platform's",
  'browser bundle, gzipped': 'the JavaScript, not minified',
  'first parse in Node.js': '`require` and one browser GET',
  'first parse in a browser': '`import()`, `await init()` and one response, in Chromium',
  h1wire: 'what the package carries',
  HTTPParser: 'is part of Node.js',
  "undici's llhttp wasm": 'the file with SIMD, of its package',
  'http-parser-js': 'its only file',
  milo: 'the wasm file of its package',
}

exports.rows = async ({ quick }) => {
  const rounds = quick ? 5 : ROUNDS
  return [...sizes(), ...firstInNode(rounds), ...(await firstInBrowser(rounds))]
}

function sizes() {
  const gzipped = (octets) => gzipSync(octets, { level: 9 }).length
  const dist = (name) => readFileSync(path.join(ROOT, 'npm/h1wire/dist', name))
  const row = (work, octets, peer, theirs) => ({
    suite: 'size',
    work,
    subject: 'h1wire',
    ...(peer && { peer }),
    ...NO_TIME,
    unit: 'octets',
    value: gzipped(octets),
    ...(peer && { peerValue: gzipped(theirs) }),
  })
  const ours = dist('h1wire.wasm')
  const milo = readFileSync(path.join(path.dirname(require.resolve('@perseveranza-pets/milo')), 'milo.wasm'))
  return [
    row('wasm, gzipped', ours, "undici's llhttp wasm", require('undici/lib/llhttp/llhttp_simd-wasm.js')),
    row('wasm, gzipped', ours, 'milo', milo),
    row('addon, gzipped', addon()),
    row(
      'browser bundle, gzipped',
      Buffer.concat([dist('browser/index.js'), dist('browser/browser.js')]),
      'http-parser-js',
      readFileSync(require.resolve('http-parser-js')),
    ),
  ]
}

function addon() {
  require('h1wire')
  ;new (require('h1wire').RequestParser)().free()
  return readFileSync(Object.keys(require.cache).find((name) => name.endsWith('.node')))
}

/** By turns, each in a process of its own. */
function firstInNode(rounds) {
  const peers = ['HTTPParser', "undici's llhttp wasm", 'http-parser-js', 'milo']
  const subjects = ['native', 'wasm', ...peers]
  const samples = new Map(subjects.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of subjects) {
      const env = { ...process.env, H1WIRE_BACKEND: name }
      if (peers.includes(name)) delete env.H1WIRE_BACKEND
      samples.get(name).push(Number(execFileSync(process.execPath, [FIRST, name], { env, encoding: 'utf8' })))
    }
  }
  const times = (name) => summed(samples.get(name))
  return ['native', 'wasm'].flatMap((subject) =>
    peers.map((peer) =>
      timeRow({ suite: 'size', work: 'first parse in Node.js', subject, peer }, times(subject), times(peer)),
    ),
  )
}

async function firstInBrowser(rounds) {
  const { BROWSER_ARGUMENTS, findBrowser } = await import('../npm/scripts/lib/browser.mjs')
  const { startServer } = await import('../tests/browser/server.mjs')
  const executablePath = findBrowser()
  const row = { suite: 'size', work: 'first parse in a browser', subject: 'wasm' }
  if (!executablePath) return [{ ...row, failed: 'Chromium is missing' }]
  const { chromium } = require('playwright-core')
  const server = await startServer()
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS })
  try {
    const samples = []
    for (let round = 0; round < rounds; round++) samples.push(await inFreshPage(browser, server.url))
    const { ns, spread } = summed(samples)
    return [{ ...row, ...NO_TIME, ns, spread }]
  } finally {
    await browser.close()
    server.stop()
  }
}

/** Nanoseconds. */
async function inFreshPage(browser, url) {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    // Any page of that origin will do.
    await page.goto(`${url}vectors/schema.json`)
    return await page.evaluate(async () => {
      const octets = new TextEncoder().encode('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')
      const start = performance.now()
      const { init, parseResponse } = await import('/dist/browser/index.js')
      await init()
      const { status, body } = parseResponse(octets)
      const taken = performance.now() - start
      if (status !== 200 || body.length !== 5) throw new Error('not what was sent')
      return taken * 1e6
    })
  } finally {
    await context.close()
  }
}
