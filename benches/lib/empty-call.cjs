// The least a push can cost: the call into a backend, with a handle and a Buffer of no octets.
'use strict'

const { readFileSync } = require('node:fs')
const path = require('node:path')

const { RequestParser } = require('h1wire')

const EMPTY = Buffer.alloc(0)

/** A function that makes such a call. */
function emptyCall(backend) {
  return backend === 'native' ? native() : wasm()
}

/** The addon, which the first parser loads; options are words, and with all of them 0 nothing would be allowed. */
function native() {
  new RequestParser().free()
  const file = Object.keys(require.cache).find((name) => name.endsWith('.node'))
  const addon = require(file)
  addon.words().fill(0)
  const handle = addon.create(0)
  return () => addon.push(handle, EMPTY, 0)
}

/** An instance of its own, without the glue: its imports are for faults, which do not come up. */
function wasm() {
  const module = new WebAssembly.Module(
    readFileSync(path.join(__dirname, '../../npm/h1wire/dist/h1wire.wasm')),
  )
  const imports = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {}
    imports[from][name] = () => {}
  }
  const { exports } = new WebAssembly.Instance(module, imports)
  exports.__wbindgen_start?.()
  const id = exports.create(0)
  const window = new Uint8Array(exports.memory.buffer, exports.window_ptr() >>> 0, exports.window_len() >>> 0)
  return () => {
    window.set(EMPTY)
    exports.push(id, 0)
  }
}

module.exports = { emptyCall }
