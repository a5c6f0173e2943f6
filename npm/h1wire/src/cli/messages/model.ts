// Messages as the commands pass them on, whatever they were read from.

/** Field lines in order; names and values are latin-1, one character an octet. */
export type Fields = [name: string, value: string][]

interface Common {
  version: string
  headers: Fields
  body: Buffer
  trailers: Fields
}

export interface RequestMessage extends Common {
  kind: 'request'
  method: string
  /** The request-target. Host is among the headers. */
  target: string
  /** What the target does not say. */
  scheme: 'http' | 'https'
}

export interface ResponseMessage extends Common {
  kind: 'response'
  status: number
  /** Where it is missing, the status code's own is written. */
  reason?: string
  /** The method of the request it answers, if that is known: to HEAD there is no body. */
  requestMethod?: string
}

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
  parts: { method: string; headers: Fields; body?: Buffer },
): RequestMessage {
  const { method, headers, body = Buffer.alloc(0) } = parts
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

/** Octets as text, if they are UTF-8. */
export function utf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}

/** The octets of a latin-1 text read as UTF-8, if they are that. */
export function latin1AsText(text: string): string | undefined {
  return utf8(Buffer.from(text, 'latin1'))
}

/** Text as the latin-1 text of its octets in UTF-8. */
export function textAsLatin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}
