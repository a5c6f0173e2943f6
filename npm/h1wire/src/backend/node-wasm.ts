// The wasm backend in Node.js: the module lies beside the package's code.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend } from './backend.js'
import { Slab } from './slab.js'
import { wasmBackend } from './wasm.js'

let backend: Backend | undefined

/** The one wasm backend of this thread. */
export function nodeWasmBackend(): Backend {
  const module = () => new WebAssembly.Module(readFileSync(join(__dirname, '../h1wire.wasm')))
  backend ??= wasmBackend(module, new Slab())
  return backend
}
