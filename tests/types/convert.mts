// `h1wire/convert`, with the types its user sees, and misuse that must not compile. Never run.

import {
  ConversionError,
  type ConvertOptions,
  type FormatName,
  type formatOf,
  type Message,
  type READABLE,
  readMessages,
  unwrap,
  type WRITABLE,
  wrap,
  writeMessages,
} from 'h1wire/convert'
import { is, type Same } from './same.js'

const octets = new Uint8Array(1)
const options: ConvertOptions = {
  kind: 'request',
  scheme: 'https',
  methods: ['HEAD'],
  parser: { lenient: ['obsFold'] },
}
const messages: Message[] = readMessages('curl', 'curl http://a/', options)
for (const message of messages) {
  is<Same<typeof message.body, Uint8Array>>()
  if (message.kind === 'request') is<Same<typeof message.scheme, 'http' | 'https'>>()
  else is<Same<typeof message.status, number>>()
}
is<Same<ReturnType<typeof writeMessages>, string | Uint8Array>>()
is<Same<ReturnType<typeof formatOf>, FormatName>>()
is<Same<typeof READABLE, readonly FormatName[]>>()
is<Same<typeof WRITABLE, readonly FormatName[]>>()
writeMessages('har', messages, { note: (text: string) => text })
unwrap('hex', octets)
wrap('rust', octets)
new ConversionError('x').message

// @ts-expect-error: there is no such format
readMessages('xml', octets)
// @ts-expect-error: a message has a kind
writeMessages('raw', [{ method: 'GET', target: '/' }])
