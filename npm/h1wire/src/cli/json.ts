// Events as lines of JSON: octets as text where they are text, and as base64 where they are not.

import { isUtf8 } from 'node:buffer'
import type { H1Error, RequestEvent, ResponseEvent } from '../index.js'

/** Turns the events of one parser, in order, into lines. */
export class JsonLines {
  /** The beginning of a character whose rest is in the next body event. */
  private cut = Buffer.alloc(0)

  /** The lines of an event: none for a body event that only begins a character, two after one that did. */
  of(event: RequestEvent | ResponseEvent): string {
    if (event.type === 'body') return this.body(event.data)
    const before = this.cut.length === 0 ? '' : jsonLine({ type: 'body', ...octets(this.cut) })
    this.cut = Buffer.alloc(0)
    if (event.type === 'upgrade') return before + jsonLine({ type: event.type, ...octets(event.rest) })
    if (event.type === 'error') return before + jsonLine({ type: event.type, ...fault(event.error) })
    return before + jsonLine(event)
  }

  private body(next: Uint8Array): string {
    const data = Buffer.concat([this.cut, next])
    const whole = data.length - unfinished(data)
    this.cut = data.subarray(whole)
    return whole === 0 ? '' : jsonLine({ type: 'body', ...octets(data.subarray(0, whole)) })
  }
}

/** An error's message is no enumerable property: its members are named here. */
function fault({
  code,
  message,
  offset,
  byte,
  rule,
  statusHint,
  missing,
  field,
  leniencies,
}: H1Error): object {
  return { code, message, offset, byte, rule, statusHint, missing, field, leniencies }
}

function octets(data: Uint8Array): { data: string } | { base64: string } {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.length)
  return isUtf8(buffer) ? { data: buffer.toString() } : { base64: buffer.toString('base64') }
}

/** How many octets at the end begin a UTF-8 character without ending it. */
function unfinished(data: Buffer): number {
  for (let back = 1; back <= 3 && back <= data.length; back++) {
    const octet = data[data.length - back] as number
    if (octet >= 0xc0) return back < (octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2) ? back : 0
    if (octet < 0x80) return 0
  }
  return 0
}

/** A value as a line of JSON: Maps as arrays of pairs, octets in base64. C1 controls are escaped too: a terminal obeys them. */
export function jsonLine(value: object): string {
  const json = JSON.stringify(value, plain)
  return `${json.replace(/[\x7f-\x9f]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`)}\n`
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}
