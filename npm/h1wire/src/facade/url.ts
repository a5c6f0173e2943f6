// Where a request goes, taken from a URL.

import { H1Error } from './error.js'
import { misfit } from './lines.js'

const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' }

// The URL parser drops some of these and encodes others: nobody can have meant that.
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
const CONTROL = /[\x00-\x1f\x7f]/

// The zone of an IPv6 address, for which URL has no form: it means nothing to any other machine (RFC 6874 section 4).
const ZONE = /^(https?:\/\/(?:[^/?#@]*@)?\[[\d:.a-f]+)%(?:[\w.~-]|%[\da-f]{2})+\]/i

/** The request-target and the host, without userinfo, zone and fragment. */
export function readUrl(url: unknown, method: string): { target: string; host: string } {
  const parsed = typeof url === 'string' ? parse(url) : url
  if (!(parsed instanceof URL)) throw new TypeError(misfit('url', 'a string or a URL', url))
  const { protocol, host, hostname, port, pathname, search } = parsed
  const defaultPort = DEFAULT_PORTS[protocol]
  if (defaultPort === undefined) throw new TypeError(`url must be of http: or https:, not ${protocol}`)
  if (method === 'CONNECT') {
    const authority = `${hostname}:${port || defaultPort}`
    return { target: authority, host: authority }
  }
  return { target: `${pathname}${search}`, host: `${host}` }
}

function parse(url: string): URL {
  const index = url.search(CONTROL)
  if (index >= 0) {
    const advice = 'percent-encode it, or leave it out'
    throw new H1Error('H1_TARGET', { part: 'url', index, unit: url.charCodeAt(index), advice })
  }
  try {
    return new URL(url.replace(ZONE, '$1]'))
  } catch (cause) {
    throw new TypeError('url must be an absolute URL', { cause })
  }
}
