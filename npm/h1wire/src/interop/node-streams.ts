// Parsers as streams of Node.js: octets in, events out.

import { Transform } from 'node:stream'
import { type EventSource, pass } from './web-streams.js'

/**
 * A `node:stream` Transform over a parser: octets are written, events are read. A fault destroys the stream with its
 * H1Error, when the events before it have been read or not: listen for `'error'`. The octets of events are views of the
 * chunks written.
 */
export function parserTransform(parser: EventSource<{ type: string }>): Transform {
  return new Transform({
    readableObjectMode: true,
    transform(chunk: Uint8Array, _encoding, done) {
      finish(() => pass(parser.push(chunk), (event) => this.push(event)), done)
    },
    flush(done) {
      finish(() => pass(parser.end(), (event) => this.push(event)), done)
    },
  })
}

/** Calls, and says whether that went well. */
function finish(call: () => void, done: (error?: Error | null) => void): void {
  try {
    call()
  } catch (error) {
    done(error as Error)
    return
  }
  done()
}
