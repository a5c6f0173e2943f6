// RequestWriter: requests to a socket, whole or in pieces.

import type { Duplex } from 'node:stream'
import { BodySource } from './body-source.js'
import { hostFor } from './client-request.js'
import type { Exchange } from './exchange.js'
import { Joined } from './joined.js'
import type { Body, Connection, FormatOptions, RequestParts, ResponseEvent } from './library.js'
import { dataOf, largeData, type OutgoingTrailers, slicesOf, writeWhole } from './outgoing.js'
import { Upload } from './upload.js'

/** What requests over one connection are written with. */
export interface WriterOptions {
  /** Whose `Host` requests get that have none of their own. */
  readonly host: string | undefined
  /** Whether further requests may follow at once. */
  readonly pipelines: boolean
  /** How long a body waits for a 100. */
  readonly continueTimeout: number
}

export class RequestWriter {
  readonly #connection: Connection<ResponseEvent>
  readonly #options: WriterOptions
  readonly #joined = new Joined()
  #isScheduled = false

  constructor(connection: Connection<ResponseEvent>, options: WriterOptions) {
    this.#connection = connection
    this.#options = options
  }

  /**
   * Writes a request. What is returned, if anything, is the body that is still being sent, or waits for a 100.
   *
   * @throws As `Connection.sendRequest`; nothing is written then.
   */
  write(exchange: Exchange, stream: Duplex): Upload | undefined {
    const { parts, facts, source, options } = exchange
    parts.host ??= hostFor(parts, facts, this.#options.host)
    const { body, trailers } = parts
    const wait = facts.expects ? (options.times?.continueTimeout ?? this.#options.continueTimeout) : undefined
    if (source !== undefined || wait !== undefined) this.#flush(stream)
    if (source !== undefined) return this.#writePieces(stream, exchange, source, wait)
    if (typeof trailers === 'function') {
      throw new TypeError('trailers as a function go with a body in pieces: give the fields themselves')
    }
    if (wait !== undefined && body !== undefined && body !== null) {
      return this.#writeLater(stream, parts as RequestParts, wait)
    }
    const data = largeData(body as Body)
    if (data === undefined && this.#options.pipelines) {
      this.#join(stream, this.#head(parts as RequestParts) as Buffer)
      return undefined
    }
    this.#flush(stream)
    const slices = slicesOf(data)
    if (slices !== undefined) return this.#writeSlices(stream, parts as RequestParts, slices)
    writeWhole(this.#connection, stream, this.#head, parts as RequestParts)
    return undefined
  }

  /** A head, and with it what there is of a body that comes in pieces. */
  #writePieces(
    stream: Duplex,
    { parts, facts }: Exchange,
    source: BodySource,
    wait: number | undefined,
  ): Upload {
    const { trailers } = parts
    const fields = typeof trailers === 'function' ? undefined : trailers
    const init = { ...parts, body: undefined, trailers: fields } as RequestParts
    const head = this.#head(init, {
      body: false,
      length: (trailers === undefined && !facts.hasFraming ? source.length : undefined) ?? 'unknown',
    })
    stream.cork()
    stream.write(head)
    const upload = this.#upload(stream, source, trailers, wait)
    stream.uncork()
    return upload
  }

  /** A head, and a whole body that waits for a 100. */
  #writeLater(stream: Duplex, parts: RequestParts, wait: number): Upload {
    stream.write(this.#head(parts, { body: false }))
    const source = new BodySource([dataOf(parts.body as Body)])
    return this.#upload(stream, source, parts.trailers, wait)
  }

  /** A head, and a body so large that one can only see by parts of it whether the socket takes it. */
  #writeSlices(stream: Duplex, parts: RequestParts, slices: Iterable<Uint8Array>): Upload {
    const head = this.#head(parts, { body: false })
    stream.cork()
    stream.write(head)
    const upload = this.#upload(stream, new BodySource(slices), parts.trailers, undefined)
    stream.uncork()
    return upload
  }

  /** The body, which waits for a 100 for so long, if it does. */
  #upload(
    stream: Duplex,
    source: BodySource,
    trailers: OutgoingTrailers | undefined,
    wait: number | undefined,
  ): Upload {
    const upload = new Upload(this.#connection, stream, source, trailers)
    if (wait !== undefined && this.#connection.localState === 'body') upload.startLater(wait)
    else upload.start()
    return upload
  }

  readonly #head = (parts: RequestParts, options?: FormatOptions) =>
    this.#connection.sendRequest(parts, options)

  /** Requests that are sent in one turn go out in one write. */
  #join(stream: Duplex, bytes: Buffer): void {
    this.#joined.add(bytes)
    if (this.#joined.length >= MOST_JOINED) this.#flush(stream)
    if (this.#isScheduled) return
    this.#isScheduled = true
    process.nextTick(() => {
      this.#isScheduled = false
      this.#flush(stream)
    })
  }

  #flush(stream: Duplex): void {
    if (this.#joined.length === 0) return
    const bytes = this.#joined.take()
    // It may have been ended or closed in the meantime.
    if (stream.writable) stream.write(bytes)
  }
}

/** How many bytes are put together before they are written. */
const MOST_JOINED = 65_536
