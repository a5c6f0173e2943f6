// `h1wire/wasm` has every name of `h1wire`, with the same type. Never run.

import type * as native from 'h1wire'
import type * as wasm from 'h1wire/wasm'
import { is, type Same } from './same.js'

is<Same<keyof typeof native, keyof typeof wasm>>()
is<Same<typeof native, typeof wasm>>()
is<Same<native.Event, wasm.Event>>()
is<Same<native.Request, wasm.Request>>()
is<Same<native.Response, wasm.Response>>()
is<Same<native.RequestParser, wasm.RequestParser>>()
is<Same<native.ResponseParser, wasm.ResponseParser>>()
is<Same<native.ParserOptions, wasm.ParserOptions>>()
