// `require('h1wire')` has the same types as `import`. Never run.

import h1wire = require('h1wire')
import wasm = require('h1wire/wasm')

import { is, type Same } from './same.js'

const parser: h1wire.RequestParser = new h1wire.RequestParser({ chunks: true })
is<Same<ReturnType<typeof parser.push>, h1wire.RequestEvent[]>>()
is<Same<typeof h1wire.backend, 'native' | 'wasm'>>()
is<Same<keyof typeof h1wire, keyof typeof wasm>>()

type Esm = typeof import('h1wire', { with: { 'resolution-mode': 'import' }})
is<Same<keyof typeof h1wire, keyof Esm>>()
is<Same<InstanceType<typeof h1wire.H1Error>['code'], InstanceType<Esm['H1Error']>['code']>>()

// @ts-expect-error: octets, no text
parser.push('GET / HTTP/1.1')
