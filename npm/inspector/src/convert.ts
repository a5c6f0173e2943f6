// What comes in other formats, made octets; and octets made other formats. Runs in the worker.

import type { LeniencyName } from 'h1wire'
import {
  type FormatName,
  formatOf,
  type Message,
  readMessages,
  unwrap,
  wrap,
  writeMessages,
} from 'h1wire/convert'
import { joined } from './octets/compared.js'
import type { How, Taken } from './protocol.js'

type Octets = Uint8Array<ArrayBuffer>

/** What this is, by how it begins, and the octets it stands for. */
export function take(input: Uint8Array, name: string): Taken {
  const format = formatOf(input, name)
  const taken: Taken = { format, streams: [], notes: [] }
  if (format === 'raw') return taken
  try {
    const inside = unwrap(format, input)
    taken.streams = inside
      ? [{ of: 'octets', octets: inside as Octets }]
      : streams(readMessages(format, input, { note: (text) => taken.notes.push(text) }), taken.notes)
  } catch (error) {
    taken.refused = error instanceof Error ? error.message : String(error)
  }
  return taken
}

/** The octets of all requests, and of all responses; what cannot be written is left out, and that is said. */
function streams(messages: Message[], notes: string[]): Taken['streams'] {
  return (['request', 'response'] as const).flatMap((kind) => {
    const chosen = messages.filter((message) => message.kind === kind)
    const written = chosen.flatMap((message, at) => {
      // Alone, it would be read with a body, and swallow those that follow.
      if ('requestMethod' in message && message.requestMethod === 'HEAD') {
        notes.push(`${kind} ${at + 1} is left out: it answers HEAD, which it does not say itself`)
        return []
      }
      try {
        return [writeMessages('raw', [message]) as Octets]
      } catch (error) {
        notes.push(`${kind} ${at + 1} is left out: ${error instanceof Error ? error.message : error}`)
        return []
      }
    })
    return written.length === 0 ? [] : [{ of: `${kind}s` as const, octets: joined(written) }]
  })
}

/** Octets in another format, and what that could not say. */
export function give(
  octets: Uint8Array,
  format: FormatName,
  how: How,
  method?: string,
): { text: string; notes: string[] } {
  const dressed = wrap(format, octets)
  if (dressed !== undefined) return { text: String(dressed), notes: [] }
  const notes: string[] = []
  const note = (text: string) => notes.push(text)
  const kind = how.kind === 'auto' ? undefined : how.kind
  const lenient: LeniencyName[] = how.lenient
  const messages = readMessages('raw', octets, {
    kind,
    parser: { lenient },
    methods: method === undefined ? [] : [method],
  })
  return { text: String(writeMessages(format, messages, { note })), notes }
}
