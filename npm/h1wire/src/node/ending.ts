// The end of a socket on which everything was said: what is written goes out, what still comes is dropped, and neither takes
// for ever.

import type { Duplex } from 'node:stream'

/** How long a peer may take to accept what was written, in milliseconds. */
const ENDING_TIME = 1000

/** Ends our side, and closes the socket when that has gone out, or when time is up. The socket decides whether the process goes on. */
export function endSocket(stream: Duplex): void {
  const close = (): void => void stream.destroy()
  const timer = setTimeout(close, ENDING_TIME).unref()
  stream.once('close', () => clearTimeout(timer))
  stream.end(close)
  stream.resume()
}
