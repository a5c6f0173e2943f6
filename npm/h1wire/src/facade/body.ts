// Bodies as a caller gives them: text or octets of known length, with or without a media type.

import { misfit } from './lines.js'
import { getter, lengthOf, NodeBuffer, octetsOf, over, refuseGone, sizeOf, tagOf } from './octets.js'

/** What a body is made of: text, written as UTF-8, or octets. */
export type BodyData = string | ArrayBufferView | ArrayBuffer

/** A body that knows its media type, which becomes its Content-Type unless one is given. */
export interface TypedBody {
  /** What is written. */
  readonly content: BodyData
  /** The value of Content-Type, such as `'application/json'`. */
  readonly type: string
}

/**
 * A body: text or octets; or, with a Content-Type unless one is given, `URLSearchParams`
 * (`application/x-www-form-urlencoded`), a `FormData` without files (`multipart/form-data`), or a `TypedBody`:
 * what `json()` and `multipart()` return, or one of your own.
 */
export type Body = BodyData | URLSearchParams | FormData | TypedBody

/** A body as it is written: in Node.js text stays text until it has its place. */
export type Content = string | Uint8Array

const encoder = new TextEncoder()
const dataView = readers(DataView.prototype)
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype)
const typedArray = readers(TypedArray)

/** The content of a body that is given; `what` is what messages call it. */
export function contentOf(body: unknown, what: string): Content {
  if (typeof body === 'string') return NodeBuffer === undefined ? encoder.encode(body) : body
  if (typeof body === 'object' && body !== null) {
    if (ArrayBuffer.isView(body)) return octetsOfView(body, what)
    if (isMemory(body)) return over(body, 0, sizeOf(body))
  }
  throw new TypeError(misfit(what, DATA, body))
}

/** Whether a body is nothing but text or octets. */
export function isPlain(body: unknown): boolean {
  return typeof body !== 'object' || body === null || ArrayBuffer.isView(body) || isMemory(body)
}

/** Content and type of any other body. */
export function typedOf(body: unknown, what: string): TypedBody {
  if (body instanceof URLSearchParams) {
    return { content: String(body), type: 'application/x-www-form-urlencoded' }
  }
  const { content, type } = body as Partial<TypedBody>
  if (content !== undefined && typeof type === 'string') return { content, type }
  if (body instanceof Blob) {
    throw new TypeError(
      `${what} must not be a Blob: give its octets, new Uint8Array(await blob.arrayBuffer())`,
    )
  }
  throw new TypeError(
    `${misfit(what, `${DATA}, a form or { content, type }`, body)}; json(value) makes JSON of it`,
  )
}

/** Whether a body is a form with its entries apart. */
export function isFormData(body: unknown): body is FormData {
  return body instanceof FormData
}

/**
 * A value as a body of JSON, with its Content-Type.
 *
 * @throws TypeError If JSON has no form for the value: undefined, a function, a symbol, a bigint, a cycle.
 */
export function json(value: unknown): TypedBody {
  const content = JSON.stringify(value) as string | undefined
  if (content === undefined) throw new TypeError(misfit('The value', 'one that JSON has a form for', value))
  return { content, type: 'application/json' }
}

const DATA = 'a string, a Buffer, a view, an ArrayBuffer'

function isMemory(body: object): body is ArrayBuffer {
  return body instanceof ArrayBuffer || Object.prototype.toString.call(body) === '[object ArrayBuffer]'
}

/** A content as octets. */
export function encode(content: Content): Uint8Array {
  return typeof content === 'string' ? (NodeBuffer as BufferConstructor).from(content) : content
}

/** How many octets a content has. */
export function contentLength(content: Content): number {
  if (typeof content !== 'string') return lengthOf(content)
  return isShortAscii(content) ? content.length : (NodeBuffer as BufferConstructor).byteLength(content)
}

/** How many octets a plain body has, without a look at what they are. */
export function plainLength(body: unknown, what: string): number {
  // An empty one may have lost its memory.
  const length = typeof body === 'object' && tagOf(body) === 'Uint8Array' ? lengthOf(body) : 0
  return length === 0 ? contentLength(contentOf(body, what)) : length
}

/** Writes a content's octets. */
export function writeContent(content: Content, to: Uint8Array, at: number): void {
  if (typeof content !== 'string') to.set(content, at)
  else if (isShortAscii(content)) writeAscii(content, to, at)
  else (to as Buffer).write(content, at)
}

// Up to so many characters a loop costs less than a call out of JavaScript.
const SHORT = 48

function isShortAscii(text: string): boolean {
  if (text.length > SHORT) return false
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

function writeAscii(text: string, to: Uint8Array, from: number): void {
  for (let at = 0; at < text.length; at++) to[from + at] = text.charCodeAt(at)
}

function octetsOfView(view: ArrayBufferView, what: string): Uint8Array {
  const tag = tagOf(view)
  if (tag === 'Uint8Array') return octetsOf(view, what)
  if (tag !== undefined && lengthOf(view) === 0) refuseGone(view, what)
  const { buffer, offset, length } = tag === undefined ? dataView : typedArray
  return over(buffer(view), offset(view), length(view))
}

function readers(prototype: object) {
  return {
    buffer: getter<ArrayBuffer>(prototype, 'buffer'),
    offset: getter<number>(prototype, 'byteOffset'),
    length: getter<number>(prototype, 'byteLength'),
  }
}
