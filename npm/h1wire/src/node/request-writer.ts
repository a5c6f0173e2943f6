// RequestWriter: requests to a socket, whole or in pieces.

import type { Duplex } from 'node:stream'
import type { Body, Connection, FormatOptions, RequestParts, ResponseEvent } from '../index.js'
import { BodySource } from './body-source.js'
import type { Parts } from './client-request.js'
import type { Exchange } from './exchange.js'
import { dataOf, inPieces, writeWhole } from './outgoing.js'
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
  #isCorked = false

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
    if (this.#options.pipelines) this.#cork(stream)
    const parts = exchange.parts(this.#options.host)
    const { body, trailers } = parts
    if (inPieces(body) || typeof trailers === 'function' || (exchange.headers.expects && body != null)) {
      return this.#writePieces(stream, parts, exchange.headers.expects)
    }
    writeWhole(this.#connection, stream, this.#head, parts as RequestParts)
    return undefined
  }

  /** A head, and behind it a body that takes its time. */
  #writePieces(stream: Duplex, { body, trailers, ...parts }: Parts, expects: boolean): Upload {
    const isWhole = !inPieces(body)
    if (isWhole && typeof trailers === 'function') {
      throw new TypeError('trailers as a function go with a body in pieces: give the fields themselves')
    }
    const fields = typeof trailers === 'function' ? undefined : trailers
    const init = { ...parts, ...(fields && { trailers: fields }), ...(isWhole && { body: body as Body }) }
    const source = new BodySource(isWhole ? [dataOf(body as Body)] : body)
    stream.write(this.#head(init, isWhole ? { body: false } : { body: false, length: 'unknown' }))
    const upload = new Upload(this.#connection, stream, source, trailers)
    if (expects && this.#connection.localState === 'body') upload.startLater(this.#options.continueTimeout)
    else upload.start()
    return upload
  }

  readonly #head = (parts: RequestParts, options?: FormatOptions) =>
    this.#connection.sendRequest(parts, options)

  /** Requests that are sent in one turn go out in one write. */
  #cork(stream: Duplex): void {
    if (this.#isCorked) return
    this.#isCorked = true
    stream.cork()
    process.nextTick(() => {
      this.#isCorked = false
      stream.uncork()
    })
  }
}
