// The content of a message: its octets without framing, decoded by what its fields say of it.

import type { Inspected } from './inspected.js'
import { through } from './permalink.js'

/** More is not decoded. */
export const DECODED = 4 << 20

/** A piece of a body as it was sent. */
export interface Piece {
  node: number
  start: number
  end: number
}

/** A body and what is told about it. */
export interface Body {
  pieces: Piece[]
  length: number
  chunked: boolean
  type: string
  coding: string
}

/** Content in the form in which it is shown. */
export type Content =
  | { form: 'image'; blob: Blob }
  | { form: 'fields'; fields: [string, string | File][] }
  | { form: 'text'; what: string; text: string }
  | { form: 'octets'; octets: Uint8Array; why: string }

/** The body of a message. */
export function bodyOf(inspected: Inspected, message: number): Body {
  const node = inspected.columns.messages[message]?.node ?? -1
  const body: Body = { pieces: [], length: 0, chunked: false, type: '', coding: '' }
  const after = node < 0 ? 0 : (inspected.columns.after[node] as number)
  let name = ''
  let inHead = true
  for (let one = node + 1; node >= 0 && one < after; one++) {
    const kind = inspected.kind(one)
    if (kind === 'message-body') inHead = false
    if (kind === 'field-name') name = inspected.text(one).toLowerCase()
    if (kind === 'field-value' && inHead && name === 'content-type') body.type ||= inspected.text(one)
    if (kind === 'field-value' && inHead && name === 'content-encoding')
      body.coding ||= inspected.text(one).toLowerCase()
    if (kind === 'chunk-data' || kind === 'body-data') {
      const [start, end] = [inspected.start(one), inspected.end(one)]
      body.chunked ||= kind === 'chunk-data'
      body.length += end - start
      body.pieces.push({ node: one, start, end })
    }
  }
  return body
}

/** The octets of a body, chunks joined, at most so many. */
export function join(
  { octets }: Inspected,
  { pieces, length }: Body,
  most = DECODED,
): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(Math.min(length, most))
  let at = 0
  for (const { start, end } of pieces) {
    const part = octets.subarray(start, Math.min(end, start + joined.length - at))
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** The content in a body. */
export async function decode(joined: Uint8Array<ArrayBuffer>, { type, coding }: Body): Promise<Content> {
  let octets = joined
  const media = type.split(';')[0]?.trim().toLowerCase() ?? ''
  if (coding !== '' && coding !== 'identity') {
    const format = ({ gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' } as const)[coding]
    if (!format) return { form: 'octets', octets, why: `The content coding ${coding} is not undone here` }
    try {
      octets = await through(joined, new DecompressionStream(format), DECODED)
    } catch {
      return { form: 'octets', octets, why: `These octets are not whole ${coding}` }
    }
  }
  if (/^image\//.test(media)) return { form: 'image', blob: new Blob([octets], { type: media }) }
  if (media === 'application/x-www-form-urlencoded') {
    return { form: 'fields', fields: [...new URLSearchParams(new TextDecoder('latin1').decode(octets))] }
  }
  if (media === 'multipart/form-data') {
    try {
      const form = await new Response(octets, { headers: { 'Content-Type': type } }).formData()
      return { form: 'fields', fields: [...form] }
    } catch {
      return { form: 'octets', octets, why: 'These octets are no parts with the boundary told' }
    }
  }
  const text = textOf(octets, /charset="?([^\s";]+)/i.exec(type)?.[1])
  if (text === undefined)
    return { form: 'octets', octets, why: 'These octets are no text in the charset told' }
  if (/[/+]json$/.test(media)) {
    try {
      return { form: 'text', what: 'JSON', text: JSON.stringify(JSON.parse(text), null, 2) }
    } catch (error) {
      return { form: 'text', what: `No JSON: ${error instanceof Error ? error.message : ''}`, text }
    }
  }
  return { form: 'text', what: media || 'Text', text }
}

function textOf(octets: Uint8Array, charset = 'utf-8'): string | undefined {
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(octets)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
