// Both directions of a connection, read as requests with the responses to them.

import type { Context } from './formats.js'
import { kindOf } from './kind.js'
import type { Message } from './model.js'
import { paired } from './pairs.js'

/** The messages of a client's bytes and a server's, each response behind its request; the streams come in any order. */
export function readExchanges(streams: readonly Uint8Array[], { reading, parse }: Context): Message[] {
  const [first, second] = streams
  if (first === undefined || second === undefined)
    return first === undefined ? [] : [...parse(first, reading)]
  const [sent, received] = kindOf(first) === 'response' ? [second, first] : [first, second]
  const requests = [...parse(sent, { ...reading, kind: 'request' })]
  const methods = requests.map((message) => (message.kind === 'request' ? message.method : 'GET'))
  return paired([...requests, ...parse(received, { ...reading, kind: 'response', methods })])
}
