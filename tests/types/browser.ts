// What differs in browsers: Uint8Array in place of Buffer, no types of Node.js, and init() to be awaited. Never run.

import {
  type backend,
  type Event,
  type formatChunk,
  formatRequest,
  type formatResponse,
  init,
  parseRequest,
  parseResponse,
  RequestParser,
  ResponseParser,
} from 'h1wire'
import type * as wasm from 'h1wire/wasm'
import { is, type Same } from './same.js'

is<Same<typeof backend, 'native' | 'wasm'>>()
is<Same<keyof typeof wasm, keyof typeof import('h1wire')>>()

const octets = new Uint8Array(1)
await init()
await init(new URL('https://example/h1wire.wasm'))
await init(new Response())
await init(octets)
await init(octets.buffer)
await init(new WebAssembly.Module(octets))

const events: Event[] = [...new RequestParser().push(octets), ...new ResponseParser().end()]
for (const event of events) {
  if (event.type === 'body') is<Same<typeof event.data, Uint8Array>>()
  if (event.type === 'upgrade') is<Same<typeof event.rest, Uint8Array>>()
}
const request = parseRequest(octets)
const response = parseResponse(octets, { requestMethod: 'HEAD' })
is<Same<typeof request.body, Uint8Array>>()
is<Same<typeof response.rest, Uint8Array>>()
is<Same<ReturnType<typeof response.headers.toHeaders>, Headers>>()
is<Same<ReturnType<typeof formatResponse>, Uint8Array>>()
is<Same<ReturnType<typeof formatChunk>, Uint8Array>>()
formatRequest({ url: location.href, headers: new Headers(), body: new URLSearchParams() })

// @ts-expect-error: there is no Buffer here
Buffer.alloc(1)
