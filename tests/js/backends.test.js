// Which backend is live, who decides, and what happens where one cannot be had. Each case is a process of its
// own, as a backend is chosen once.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const path = require('node:path')

const MESSAGE = "Buffer.from('POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 2\\r\\n\\r\\nhi')"

// Refuses the platform's package, as if it were not installed or did not fit.
const WITHOUT_NATIVE = `
  const Module = require('node:module')
  const resolve = Module._resolveFilename
  Module._resolveFilename = function (request, ...rest) {
    if (/^h1wire-/.test(request)) throw new Error('Cannot find module ' + request)
    return resolve.call(this, request, ...rest)
  }
`

function run(code, env = {}) {
  const { H1WIRE_BACKEND: _, ...others } = process.env
  return spawnSync(process.execPath, ['-e', code], {
    cwd: path.join(__dirname, '../..'),
    env: { ...others, ...env },
    encoding: 'utf8',
  })
}

function output(code, env) {
  const { status, stdout, stderr } = run(code, env)
  assert.equal(status, 0, stderr)
  assert.equal(stderr, '')
  return stdout.trim()
}

const SHOW = `
  const h1wire = require('h1wire')
  const request = h1wire.parseRequest(${MESSAGE})
  console.log(h1wire.backend, request.method, String(request.body))
`

test('native is chosen by itself, and either can be forced', () => {
  assert.equal(output(SHOW), 'native POST hi')
  assert.equal(output(SHOW, { H1WIRE_BACKEND: '' }), 'native POST hi')
  assert.equal(output(SHOW, { H1WIRE_BACKEND: 'native' }), 'native POST hi')
  assert.equal(output(SHOW, { H1WIRE_BACKEND: 'wasm' }), 'wasm POST hi')
})

test('another name is refused', () => {
  const { status, stderr } = run(SHOW, { H1WIRE_BACKEND: 'rust' })
  assert.notEqual(status, 0)
  assert.match(stderr, /H1WIRE_BACKEND must be 'native' or 'wasm', not 'rust'/)
})

test('without the addon, wasm is live by itself', () => {
  assert.equal(output(WITHOUT_NATIVE + SHOW), 'wasm POST hi')
})

test('without the addon, forcing it says how to get it', () => {
  const { status, stderr } = run(WITHOUT_NATIVE + SHOW, { H1WIRE_BACKEND: 'native' })
  assert.notEqual(status, 0)
  assert.match(stderr, /could not be loaded: Cannot find module h1wire-/)
  assert.match(stderr, /Install the package h1wire-/)
  assert.match(stderr, /\[cause\]/)
})

test('an addon of another version, or one that does not load, is as good as none', () => {
  const instead = (action) => `
    const Module = require('node:module')
    const load = Module._load
    Module._load = function (request, ...rest) {
      if (!/^h1wire-/.test(request)) return load.call(this, request, ...rest)
      ${action}
    }
    ${SHOW}
  `
  const cases = [
    [
      "return { buildInfo: () => ({ version: '0.0.0-other' }) }",
      /could not be loaded: it is of version 0\.0\.0-other/,
    ],
    ["throw Object.assign(new Error('wrong ELF class'), { code: 'ERR_DLOPEN_FAILED' })", /wrong ELF class/],
    ['return {}', /could not be loaded/],
  ]
  for (const [action, message] of cases) {
    assert.equal(output(instead(action)), 'wasm POST hi')
    const { status, stderr } = run(instead(action), { H1WIRE_BACKEND: 'native' })
    assert.notEqual(status, 0)
    assert.match(stderr, message)
  }
})

test('forcing wasm never asks for the addon', () => {
  const watched = `
    const Module = require('node:module')
    const load = Module._load
    Module._load = function (request, ...rest) {
      if (/^h1wire-/.test(request)) throw new Error('asked for the addon')
      return load.call(this, request, ...rest)
    }
    ${SHOW}
    require('h1wire/wasm')
  `
  assert.equal(output(watched, { H1WIRE_BACKEND: 'wasm' }), 'wasm POST hi')
})

test('h1wire/wasm is wasm whatever is forced, and shares the classes', () => {
  const code = `
    const assert = require('node:assert/strict')
    const native = require('h1wire')
    const wasm = require('h1wire/wasm')
    assert.equal(native.FieldSection, wasm.FieldSection)
    assert.equal(native.H1Error, wasm.H1Error)
    assert.deepEqual(Object.keys(native), Object.keys(wasm))
    const a = new native.RequestParser().push(${MESSAGE})
    const b = new wasm.RequestParser().push(${MESSAGE})
    assert.deepEqual(JSON.stringify(a), JSON.stringify(b))
    console.log(native.backend, wasm.backend)
  `
  assert.equal(output(code, { H1WIRE_BACKEND: 'native' }), 'native wasm')
  assert.equal(output(code, { H1WIRE_BACKEND: 'wasm' }), 'wasm wasm')
})

test('import and require see the same objects', () => {
  const code = `
    const required = require('h1wire')
    const requiredWasm = require('h1wire/wasm')
    Promise.all([import('h1wire'), import('h1wire/wasm')]).then(([imported, importedWasm]) => {
      for (const name of Object.keys(required)) {
        if (imported[name] !== required[name] || importedWasm[name] !== requiredWasm[name]) throw new Error(name)
      }
      console.log(Object.keys(required).length > 10)
    })
  `
  assert.equal(output(code), 'true')
})

test('init does nothing here', async () => {
  const { init } = require('h1wire')
  assert.equal(await init(), undefined)
  assert.equal(await init(new URL('file:///nowhere')), undefined)
})

test('an instance that trapped fails its parsers, and the next one made gets a fresh instance', () => {
  const code = `
    const assert = require('node:assert/strict')
    const { Instance, RuntimeError } = WebAssembly
    let instances = 0
    let trap = false
    WebAssembly.Instance = function (module, imports) {
      instances++
      const { exports } = new Instance(module, imports)
      const push = (...given) => {
        if (trap) throw new RuntimeError('unreachable')
        return exports.push(...given)
      }
      return Object.create(Instance.prototype, { exports: { value: { ...exports, push } } })
    }
    const { RequestParser, ResponseParser, formatRequest } = require('h1wire/wasm')
    const message = ${MESSAGE}
    const first = new RequestParser()
    const second = new RequestParser()
    const kept = new ResponseParser()
    assert.equal(first.push(message).length, 3)
    assert.equal(second.push(message.subarray(0, 20)).length, 0)
    assert.equal(instances, 1)

    trap = true
    const [{ type, error }, ...more] = first.push(message)
    assert.deepEqual([type, error.code, more.length], ['error', 'H1_INTERNAL', 0])
    assert.throws(() => first.push(message), (thrown) => thrown === error)
    trap = false

    const third = new RequestParser()
    assert.equal(instances, 2)
    assert.equal(third.push(message).length, 3)
    // It belongs to the instance that is gone, whose numbers the new one uses again.
    assert.equal(second.push(message.subarray(20))[0].error.code, 'H1_INTERNAL')
    second.free()
    first.free()
    assert.equal(third.push(message).length, 3)
    // Of the same numbers as those before the trap: neither call may reach the one in its place.
    const responses = [new ResponseParser(), new ResponseParser()]
    kept.expect('HEAD')
    kept.free()
    const answer = Buffer.from('HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi')
    for (const parser of responses) assert.equal(parser.push(answer).length, 3)
    assert.equal(String(formatRequest({ url: 'http://a/' })), 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
    console.log('done')
  `
  assert.equal(output(code), 'done')
})

test('bad options are refused before a backend is touched', () => {
  const code = `
    WebAssembly.Module = function () { throw new Error('touched') }
    const { RequestParser, parseRequest } = require('h1wire/wasm')
    for (const call of [() => new RequestParser({ chunks: 1 }), () => parseRequest('')]) {
      try { call() } catch (error) { console.log(error.name) }
    }
  `
  assert.equal(
    execFileSync(process.execPath, ['-e', code], { encoding: 'utf8', cwd: __dirname }),
    'TypeError\nTypeError\n',
  )
})

test('h1wire/wasm/net runs on wasm beside h1wire/net, with the same classes', () => {
  const code = `
    const net = require('h1wire/net')
    const wasm = require('h1wire/wasm/net')
    const server = net.createServer(async (request) => ({ status: 200, body: await request.text() }))
    server.listen(0, '127.0.0.1', async () => {
      const client = wasm.connect('http://127.0.0.1:' + server.address().port)
      const form = new FormData()
      form.append('file', new Blob(['content']), 'name')
      const response = await client.request({ method: 'POST', target: '/', body: form })
      const isWhole = (await response.text()).includes('content')
      const names = [Object.keys(net), Object.keys(wasm)].map((keys) => keys.sort().join())
      console.log(isWhole, client instanceof net.Client, names[0] === names[1], net.connect === wasm.connect)
      await client.close()
      server.close()
    })`
  assert.equal(output(code, {}), 'true true true false')
})
