// Bodies as a caller gives them: text or octets of known length.

import { misfit } from './lines.js'
import { getter, lengthOf, NodeBuffer, octetsOf, over, sizeOf, tagOf } from './octets.js'

/**
 * A body: text, written as UTF-8; octets; or a form, written as `application/x-www-form-urlencoded`, which
 * becomes its Content-Type unless one is given.
 */
export type Body = string | ArrayBufferView | ArrayBuffer | URLSearchParams

/** A body as it is written: in Node.js text stays text until it has its place. */
export type Content = string | Uint8Array

const encoder = new TextEncoder()
const dataView = readers(DataView.prototype)
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype)
const typedArray = readers(TypedArray)
/** Throws a TypeError if a typed array's memory is gone: its length, 0 then, does not tell. */
const validate = Function.prototype.call.bind(TypedArray.keys) as (view: ArrayBufferView) => unknown

/** The content of a body that is given; `what` is what messages call it. */
export function contentOf(body: unknown, what: string): Content {
  if (typeof body === 'string') return NodeBuffer === undefined ? encoder.encode(body) : body
  if (typeof body === 'object' && body !== null) {
    if (ArrayBuffer.isView(body)) return octetsOfView(body, what)
    if (isForm(body)) return contentOf(String(body), what)
    if (body instanceof ArrayBuffer || Object.prototype.toString.call(body) === '[object ArrayBuffer]') {
      return over(body as ArrayBuffer, 0, sizeOf(body))
    }
  }
  throw new TypeError(misfit(what, 'a string, a Buffer, a view, an ArrayBuffer or URLSearchParams', body))
}

/** Whether a body is a form in the way of URLs. */
export function isForm(body: unknown): body is URLSearchParams {
  return body instanceof URLSearchParams
}

/** How many octets a content has. */
export function contentLength(content: Content): number {
  return typeof content === 'string'
    ? (NodeBuffer as BufferConstructor).byteLength(content)
    : lengthOf(content)
}

/** Writes a content's octets. */
export function writeContent(content: Content, to: Uint8Array, at: number): void {
  if (typeof content === 'string') (to as Buffer).write(content, at)
  else to.set(content, at)
}

function octetsOfView(view: ArrayBufferView, what: string): Uint8Array {
  const tag = tagOf(view)
  if (tag !== undefined && lengthOf(view) === 0) refuseGone(view, what)
  if (tag === 'Uint8Array') return octetsOf(view, what)
  const { buffer, offset, length } = tag === undefined ? dataView : typedArray
  return over(buffer(view), offset(view), length(view))
}

function refuseGone(view: ArrayBufferView, what: string): void {
  try {
    validate(view)
  } catch (cause) {
    throw new TypeError(`${what} has lost its memory: it was transferred, or made smaller`, { cause })
  }
}

function readers(prototype: object) {
  return {
    buffer: getter<ArrayBuffer>(prototype, 'buffer'),
    offset: getter<number>(prototype, 'byteOffset'),
    length: getter<number>(prototype, 'byteLength'),
  }
}
