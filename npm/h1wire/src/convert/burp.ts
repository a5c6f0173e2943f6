// Messages that Burp Suite saves: XML with an item for each exchange.

import { eachOf } from './entries.js'
import { ConversionError, ofBytes, within } from './error.js'
import type { Context } from './formats.js'
import { aimed, type Message } from './model.js'
import { fromBase64, fromText } from './octets.js'
import { addressOf } from './url.js'
import { elements, plainText } from './xml.js'

/** Reads the items: each request with its response. */
export function* readBurp(text: string, context: Context): Generator<Message> {
  yield* eachOf(elements(text, 'item'), 'item', context, ({ content }) => readItem(content, context))
}

function readItem(item: string, { reading, parse }: Context): Message[] {
  const asked = octetsIn(item, 'request')
  if (asked === undefined) throw new ConversionError('the item has no request')
  const url = [...elements(item, 'url')].map(({ content }) => plainText(content).trim())[0]
  const requests = within('request', () => ofBytes(() => [...parse(asked, { ...reading, kind: 'request' })]))
  const address = url === undefined ? undefined : addressOf(url)
  const sent = requests.map((request) =>
    request.kind === 'request' && address !== undefined
      ? aimed({ ...request, scheme: address.scheme }, `${address.scheme}://${address.host}`)
      : request,
  )
  const answer = octetsIn(item, 'response')
  if (answer === undefined || answer.length === 0) return sent
  const methods = requests.map((request) => (request.kind === 'request' ? request.method : 'GET'))
  return [
    ...sent,
    ...within('response', () => ofBytes(() => [...parse(answer, { ...reading, kind: 'response', methods })])),
  ]
}

function octetsIn(item: string, name: string): Uint8Array | undefined {
  const [element] = elements(item, name)
  if (element === undefined) return undefined
  const text = plainText(element.content)
  return /base64\s*=\s*"true"/i.test(element.attributes)
    ? fromBase64(text.replace(/\s/g, ''))
    : fromText(text)
}
