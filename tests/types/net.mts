// Everything public in `h1wire/net`, with the type its user sees, and misuse that must not compile. Never run.

import type { FieldSection } from 'h1wire'
import type { IncomingBody, ReadOptions } from 'h1wire/net'
import { is, type Same } from './same.js'

declare const body: IncomingBody
is<Same<ReturnType<typeof body.bytes>, Promise<Buffer>>>()
is<Same<ReturnType<typeof body.text>, Promise<string>>>()
is<Same<ReturnType<typeof body.json>, Promise<unknown>>>()
is<Same<typeof body.stream, ReadableStream<Buffer>>>()
is<Same<typeof body.trailers, Promise<FieldSection>>>()
const options: ReadOptions = { limit: 1 }
await body.text(options)
for await (const data of body) is<Same<typeof data, Buffer>>()
body.dump()

// @ts-expect-error: what feeds it is nobody's business
body.push(Buffer.alloc(1))
