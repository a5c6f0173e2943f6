// Messages in a WARC file, the format of web archives (ISO 28500): records of requests and of responses.

import { eachOf } from './entries.js'
import { ConversionError, ofBytes } from './error.js'
import type { Context } from './formats.js'
import { aimed, type Message } from './model.js'
import { toLatin1 } from './octets.js'
import { addressOf } from './url.js'

/** Reads the records that hold HTTP; others are passed over. */
export function* readWarc(octets: Uint8Array, context: Context): Generator<Message> {
  yield* eachOf(records(octets), 'record', context, (record) => readRecord(record, context))
}

interface Record {
  readonly fields: ReadonlyMap<string, string>
  readonly block: Uint8Array
}

function* records(octets: Uint8Array): Generator<Record> {
  let at = 0
  while (at < octets.length) {
    while (octets[at] === 0x0d || octets[at] === 0x0a) at++
    if (at === octets.length) return
    const head = headAt(octets, at)
    const lines = toLatin1(octets.subarray(at, head)).split(/\r?\n/)
    if (!/^WARC\/\d/.test(lines[0] ?? ''))
      throw new ConversionError(`byte ${at}: no record of WARC begins here`)
    const fields = new Map(
      lines.slice(1).map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const length = fields.get('content-length') ?? ''
    if (!/^\d+$/.test(length)) throw new ConversionError(`byte ${at}: the record has no Content-Length`)
    const end = head + Number(length)
    if (end > octets.length)
      throw new ConversionError(`byte ${at}: the record is cut: ${end - octets.length} bytes are missing`)
    yield { fields, block: octets.subarray(head, end) }
    at = end
  }
}

/** Where the head of a record ends, behind its empty line. */
function headAt(octets: Uint8Array, from: number): number {
  for (let at = octets.indexOf(0x0a, from); at !== -1; at = octets.indexOf(0x0a, at + 1)) {
    if (octets[at + 1] === 0x0a) return at + 2
    if (octets[at + 1] === 0x0d && octets[at + 2] === 0x0a) return at + 3
  }
  throw new ConversionError(`byte ${from}: the head of the record does not end`)
}

function readRecord({ fields, block }: Record, { reading, parse }: Context): Message[] {
  const kind = fields.get('warc-type')
  if (kind !== 'request' && kind !== 'response') return []
  if (!/^(application\/http|$)/i.test(fields.get('content-type') ?? '')) return []
  const messages = ofBytes(() => [...parse(block, { ...reading, kind, methods: [] })])
  const url = fields.get('warc-target-uri')?.replace(/^<|>$/g, '')
  if (url === undefined || !/^https?:\/\//i.test(url)) return messages
  const { scheme, host } = addressOf(url)
  return messages.map((message) =>
    message.kind === 'request' ? aimed({ ...message, scheme }, `${scheme}://${host}`) : message,
  )
}
