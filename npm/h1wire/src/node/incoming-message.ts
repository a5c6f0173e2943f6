// IncomingMessage: what requests and responses received have in common: version, fields, and a body with its readers.

import type { IncomingBody, ReadOptions } from './incoming-body.js'
import type { FieldSection } from './library.js'

/**
 * A message that was received. It is there when its head has come; the body may still be on its way, and is read once,
 * in one of the ways of `body`, which the message has too: `for await (const data of message)`, `await message.text()`.
 */
export abstract class IncomingMessage implements AsyncIterable<Buffer> {
  /** The version as received, such as `'1.1'`. */
  readonly version: string
  /** The field lines, in order and as they were written. */
  readonly headers: FieldSection
  /** The body; empty if there is none. */
  abstract readonly body: IncomingBody

  /** @internal */
  constructor(version: string, headers: FieldSection) {
    this.version = version
    this.headers = headers
  }

  /** The octets of the body, in Buffers as they come. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer> {
    return this.body[Symbol.asyncIterator]()
  }

  /** All octets of the body. Rejects as `IncomingBody.bytes` does. */
  bytes(options?: ReadOptions): Promise<Buffer> {
    return this.body.bytes(options)
  }

  /** The body as text in UTF-8. Rejects as `IncomingBody.text` does. */
  text(options?: ReadOptions): Promise<string> {
    return this.body.text(options)
  }

  /** What the body is as JSON, which nobody checks to be a `T`. Rejects as `IncomingBody.json` does. */
  json<T = unknown>(options?: ReadOptions): Promise<T> {
    return this.body.json<T>(options)
  }

  /** The body as a web stream. */
  get stream(): ReadableStream<Buffer> {
    return this.body.stream
  }

  /** The trailer section, once the body has been read: see `IncomingBody`. */
  get trailers(): Promise<FieldSection> {
    return this.body.trailers
  }

  /** Drops the body, so that the connection is free for the next request. */
  dump(): void {
    this.body.dump()
  }
}
