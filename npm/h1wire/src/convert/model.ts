// Messages whole, whatever they were read from.

import { empty } from './octets.js'

/** Field lines in order; names and values are latin-1, one character an octet. */
export type Fields = [name: string, value: string][]

interface Common {
  /** `1.1` or `1.0`. */
  version: string
  headers: Fields
  /** The body without its framing. */
  body: Uint8Array
  /** Behind a chunked body. */
  trailers: Fields
}

/** A request. */
export interface RequestMessage extends Common {
  kind: 'request'
  method: string
  /** The request-target. Host is among the headers. */
  target: string
  /** What the target does not say. */
  scheme: 'http' | 'https'
}

/** A response. */
export interface ResponseMessage extends Common {
  kind: 'response'
  status: number
  /** Where it is missing, the status code's own is written. */
  reason?: string | undefined
  /** The method of the request it answers, if that is known: to HEAD there is no body. */
  requestMethod?: string | undefined
}

/** A message. */
export type Message = RequestMessage | ResponseMessage

/** Tells the user what a conversion leaves out. */
export type Note = (text: string) => void

/** The value of the first line with this name. */
export function fieldValue(fields: Fields, name: string): string | undefined {
  return fields.find((field) => named(field, name))?.[1]
}

/** The other lines. */
export function without(fields: Fields, ...names: string[]): Fields {
  return fields.filter((field) => !names.some((name) => named(field, name)))
}

function named([own]: [string, string], name: string): boolean {
  return own.toLowerCase() === name.toLowerCase()
}

/** A request of what a URL and the like say; Host is that of the URL unless it is among the headers. */
export function requestTo(
  url: URL,
  parts: { method: string; headers: Fields; body?: Uint8Array },
): RequestMessage {
  const { method, headers, body = empty() } = parts
  return {
    kind: 'request',
    method,
    target: method === 'CONNECT' ? authority(url) : `${url.pathname}${url.search}`,
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    version: '1.1',
    headers: fieldValue(headers, 'Host') === undefined ? [['Host', url.host], ...headers] : headers,
    body,
    trailers: [],
  }
}

function authority({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}

/** The URL a request goes to, as text: what its target says, or scheme, Host and target. */
export function urlOf({ scheme, target, headers }: RequestMessage): string {
  if (/^https?:\/\//i.test(target)) return target
  return `${scheme}://${fieldValue(headers, 'Host') ?? 'localhost'}${target.startsWith('/') ? target : '/'}`
}
