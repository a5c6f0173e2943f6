// Messages whole, whatever they were read from.

import { empty } from './octets.js'
import { type Address, addressOf, basicOf, isHttpUrl } from './url.js'

/** Field lines in order; names and values are latin-1, one character a byte. */
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
  /** Where it is sent, such as `http://127.0.0.1:8001`, if that is another host than its Host header names. */
  origin?: string | undefined
}

/** A response. */
export interface ResponseMessage extends Common {
  kind: 'response'
  status: number
  /** Where it is missing, the status code's own is written. */
  reason?: string | undefined
  /** The method of the request it answers, if that is known: to HEAD there is no body. */
  requestMethod?: string | undefined
  /** How many bytes its body had, if whoever recorded the response left the body out; -1 if nobody knows. */
  unrecorded?: number | undefined
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
  return own.length === name.length && own.toLowerCase() === name.toLowerCase()
}

/** What a request says beside its address. */
export interface RequestParts {
  method: string
  headers: Fields
  body?: Uint8Array
  version?: string
  trailers?: Fields
}

/** A request to a URL; Host and Authorization are those of the URL unless they are among the headers. */
export function requestTo(address: Address, parts: RequestParts): RequestMessage {
  const { method, headers, body = empty(), version = '1.1', trailers = [] } = parts
  const { scheme, host } = address
  const target = method === 'CONNECT' ? withPort(address) : address.target
  const lines: Fields =
    fieldValue(headers, 'Host') === undefined ? [['Host', host], ...headers] : [...headers]
  const credentials = fieldValue(headers, 'Authorization') === undefined ? basicOf(address) : undefined
  if (credentials !== undefined) lines.push(['Authorization', credentials])
  return aimed(
    { kind: 'request', method, target, scheme, version, headers: lines, body, trailers },
    `${scheme}://${host}`,
  )
}

/** The request, sent to this origin: kept only where Host does not say the same. */
export function aimed(request: RequestMessage, origin: string): RequestMessage {
  const { origin: _, ...without } = request
  const rest = { ...without, scheme: /^https:/i.test(origin) ? ('https' as const) : ('http' as const) }
  return normal(originByHost(rest)) === normal(origin) ? rest : { ...rest, origin }
}

/** An origin in lower case, without the scheme's own port. */
function normal(origin: string): string {
  return origin.toLowerCase().replace(/^(http:\/\/.*):80$|^(https:\/\/.*):443$/, '$1$2')
}

function withPort({ host, scheme }: Address): string {
  return /:\d+$/.test(host) ? host : `${host}:${scheme === 'https' ? 443 : 80}`
}

/** What a request's scheme and Host name. */
function originByHost({ scheme, headers }: RequestMessage): string {
  return `${scheme}://${fieldValue(headers, 'Host') || 'localhost'}`
}

/** Where a request is sent: scheme, host and port. */
export function originOf(request: RequestMessage): string {
  if (request.origin !== undefined) return request.origin
  if (!isHttpUrl(request.target)) return originByHost(request)
  const { scheme, host } = addressOf(request.target)
  return `${scheme}://${host}`
}

/** The Host that whoever sends a request to its URL writes, unless told otherwise. */
export function hostByUrl(request: RequestMessage): string {
  return normal(originOf(request)).replace(/^https?:\/\//, '')
}

/** The URL a request goes to, as text; a target that is no path is left out of it. */
export function urlOf(request: RequestMessage): string {
  return `${originOf(request)}${pathOf(request.target)}`
}

/** Path and query of a target; `/` if it has none. */
export function pathOf(target: string): string {
  if (target.startsWith('/')) return target
  return isHttpUrl(target) ? addressOf(target).target : '/'
}
