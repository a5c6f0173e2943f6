// The answers on a connection: events of a parser over its socket, one exchange after another.

import type { Socket } from 'node:net'
import { type ResponseEvent, ResponseParser } from '../../index.js'
import { IoError } from '../failure.js'

/** Reads the answers to what was sent on a socket. */
export class Answers {
  /** Milliseconds of `performance.now()` at which the first octet since `expect` came. */
  firstOctet: number | undefined
  /** Whether the peer lets another request follow on this connection. */
  reusable = true
  private readonly parser = new ResponseParser()
  private readonly chunks: AsyncIterator<Buffer>
  private waiting: ResponseEvent[] = []

  constructor(socket: Socket) {
    this.chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** The events of the answers to requests with these methods, informational ones among them. */
  async *to(methods: readonly string[]): AsyncGenerator<ResponseEvent> {
    this.firstOctet = undefined
    for (const method of methods) this.parser.expect(method)
    // Where nobody knows what was sent, one answer is awaited.
    let missing = Math.max(methods.length, 1)
    let final: ResponseEvent['type'] | undefined
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      if (event.type === 'head' && !event.informational) {
        final = event.upgrade ? 'upgrade' : 'end'
        this.reusable = event.keepAlive && !event.upgrade
      }
      yield event
      if (event.type === 'error') return
      if (event.type !== final) continue
      final = undefined
      missing--
      if (missing === 0 || !this.reusable) return
    }
    this.reusable = false
    throw new IoError('the connection ended before an answer came')
  }

  private async next(): Promise<ResponseEvent | undefined> {
    while (this.waiting.length === 0) {
      const { value, done } = await this.chunks.next()
      if (done && this.ended) return undefined
      this.firstOctet ??= performance.now()
      this.waiting = done ? this.end() : this.parser.push(value)
    }
    return this.waiting.shift()
  }

  private ended = false

  private end(): ResponseEvent[] {
    this.ended = true
    return this.parser.end()
  }
}
