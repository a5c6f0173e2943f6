// Destinations: where a client connects to, as its caller says it: a socket, an origin, or options of one.

import net from 'node:net'
import type { Duplex } from 'node:stream'
import type tls from 'node:tls'
import { refuseMisspelt } from '../facade/unknown.js'

/**
 * How a connection is made: every option of `net.createConnection` (host, port, path, family, localAddress, lookup,
 * noDelay, keepAlive, signal …), handed on as it is; `noDelay` is on unless it is given.
 */
export type SocketOptions = Omit<
  Partial<net.TcpNetConnectOpts> & Partial<net.IpcNetConnectOpts>,
  'onread'
> & {
  /** Speak TLS: options of `tls.connect`, or `true` for none. */
  tls?: tls.ConnectionOptions | boolean | undefined
  /** Where to connect, as a URL without a path: host, port and `tls` unless they are given. */
  origin?: string | URL | undefined
  /**
   * Whether a TCP or Unix socket is read into memory that is used again, out of which octets are copied: a tenth faster
   * with small responses. Such a socket cannot be given away, so no request over it may ask for another protocol. Default
   * false; in a pool true, and requests that ask for another protocol go over connections made without it.
   */
  onread?: boolean | undefined
}

/**
 * Makes a socket in place of `net.createConnection` and `tls.connect`, as the one of an `http.Agent` does: it returns
 * the socket, or calls back with it.
 */
export type CreateConnection = (
  options: SocketOptions,
  callback: (error: Error | null, socket?: Duplex) => void,
) => Duplex | null | undefined

/** What is connected to: a socket, an origin, or options. */
export type Destination = Duplex | string | URL | SocketOptions

/** Whose requests go over a connection. */
export interface Addressee {
  /** The value of Host. */
  readonly host: string | undefined
  /** Its origin, if it was named by that. */
  readonly origin: string | undefined
  /** Whether it is spoken to over TLS, if that is known. */
  readonly isSecure: boolean | undefined
  /** Where sessions are kept for its next connection. */
  readonly sessions: Sessions | undefined
}

/** Options read: those for the socket, and whose it is. */
export interface Place extends Addressee {
  readonly options: SocketOptions
}

/** The TLS session with which the next connection resumes what the last one has agreed upon. */
export interface Sessions {
  last: Buffer | undefined
}

/** Names of the options of a destination that have no other meaning here. */
const OWN_NAMES: readonly string[] = ['origin', 'tls', 'onread']

/** Names that go through to `net.createConnection` and `tls.connect`. Others do too, unless they look like one of these. */
const NODE_NAMES: readonly string[] = [
  ...[
    'host',
    'port',
    'path',
    'family',
    'hints',
    'lookup',
    'localAddress',
    'localPort',
    'signal',
    'timeout',
    'fd',
  ],
  ...['noDelay', 'keepAlive', 'keepAliveInitialDelay', 'autoSelectFamily', 'autoSelectFamilyAttemptTimeout'],
  ...['allowHalfOpen', 'readable', 'writable', 'highWaterMark', 'blockList'],
  ...['servername', 'ca', 'cert', 'key', 'pfx', 'passphrase', 'rejectUnauthorized', 'checkServerIdentity'],
  ...[
    'ALPNProtocols',
    'session',
    'secureContext',
    'secureProtocol',
    'secureOptions',
    'minVersion',
    'maxVersion',
  ],
  ...['ciphers', 'ecdhCurve', 'sigalgs', 'dhparam', 'crl', 'minDHSize', 'pskCallback', 'enableTrace'],
  ...['requestOCSP', 'honorCipherOrder', 'allowPartialTrustChain', 'sessionIdContext'],
]

/** Where a name belongs that is none of a client's options. */
export function placeInDestination(name: string): string | undefined {
  return OWN_NAMES.includes(name) || NODE_NAMES.includes(name)
    ? "it belongs in the destination, the first argument, such as { origin: 'https://example.com', … }"
    : undefined
}

/** Whether it is a socket that its user made. */
export function isSocket(destination: unknown): destination is Duplex {
  if (typeof destination !== 'object' || destination === null) return false
  const { write, on } = destination as Partial<Duplex>
  return typeof write === 'function' && typeof on === 'function'
}

/**
 * Where does this destination lead to? `names` are those of options that go beside it.
 *
 * @throws TypeError If that is nowhere, or a name is misspelt or of another place.
 */
export function placeOf(destination: string | URL | SocketOptions, names: readonly string[]): Place {
  if (typeof destination === 'string' || destination instanceof URL) {
    return placeOf({ origin: destination }, names)
  }
  if (typeof destination !== 'object' || destination === null) {
    throw new TypeError(
      "The destination must be an origin such as 'http://localhost:8080', options of net.createConnection, or (for connect) a socket",
    )
  }
  refuseMisspelt(destination, 'destination', [...OWN_NAMES, ...NODE_NAMES], (name) =>
    names.includes(name) ? 'it belongs in options, the second argument' : undefined,
  )
  const { origin, ...given } = destination
  if (given.onread !== undefined && typeof given.onread !== 'boolean') {
    throw new TypeError('onread must be true or false: memory and callback are those of the client')
  }
  const sessions: Sessions = { last: undefined }
  if (origin === undefined) {
    const isSecure = Boolean(given.tls)
    return { options: { noDelay: true, ...given }, host: hostOf(given), origin, isSecure, sessions }
  }
  const named = originOf(origin)
  const where = given.path === undefined ? { host: named.hostname, port: named.port } : {}
  const options = { noDelay: true, ...where, ...(named.isSecure && { tls: true }), ...given }
  return { options, host: named.host, origin: named.text, isSecure: named.isSecure, sessions }
}

/** Why a request to this URL does not go there; undefined if it does, or if the URL is none. */
export function misdirection(url: string | URL, { origin, isSecure }: Addressee): TypeError | undefined {
  const text = String(url)
  if (
    origin !== undefined &&
    text.startsWith(origin) &&
    /^[/?#]?$/.test(text.slice(origin.length, origin.length + 1))
  )
    return undefined
  const whole = text.replace(ZONE, '$1]')
  if (!URL.canParse(whole)) return undefined
  const { protocol, host } = new URL(whole)
  const to = `${protocol}//${host}`
  if (origin === undefined ? protocol !== 'https:' || isSecure !== false : to === origin) return undefined
  const here = origin ?? 'a place without TLS'
  return new TypeError(
    `The url is one of ${to}, but requests from here go to ${here}: use agent(), or a client or pool of that origin`,
  )
}

/** An origin taken apart. */
export interface Origin {
  /** As a URL has it, without zone or a default port. */
  readonly text: string
  readonly isSecure: boolean
  /** As sockets have it: an IPv6 address without brackets, but with its zone. */
  readonly hostname: string
  readonly port: number
  /** The value of Host, which has no zone. */
  readonly host: string
}

/** Reads an origin. @throws TypeError If it is anything else, or has more than one. */
export function originOf(origin: string | URL): Origin {
  const text = String(origin)
  // URLs of WHATWG have no zones.
  const url = urlOf(text.replace(ZONE, '$1]'), text)
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw new TypeError(
      `An origin has no path, query, fragment or userinfo, which requests are given: write '${url.origin}'`,
    )
  }
  const isSecure = url.protocol === 'https:'
  const { hostname, host } = url
  const zone = ZONE.exec(text)?.[2]?.replace('%25', '%') ?? ''
  return {
    text: `${url.protocol}//${host}`,
    isSecure,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) + zone : hostname,
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    host,
  }
}

/** The zone of an IPv6 address in a URL (RFC 6874), or as people write it. */
const ZONE = /^(https?:\/\/(?:[^/?#@]*@)?\[[^\]%]*)(%[^\]]+)\]/i

function urlOf(text: string, given: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(given)?.[1]
  if (scheme !== undefined && !/^https?$/i.test(scheme)) {
    throw new TypeError(`An origin begins with http:// or https://, not ${scheme}://`)
  }
  const write = URL.canParse(`http://${text}`)
    ? `'http://${given}' or 'https://${given}'`
    : "'http://example.com'"
  throw new TypeError(
    `${JSON.stringify(given)} is not an origin: write ${scheme === undefined ? write : "'http://example.com'"}`,
  )
}

function hostOf({ host, port, path, tls: secure }: SocketOptions): string | undefined {
  if (path !== undefined) return 'localhost'
  const name = host ?? 'localhost'
  const bracketed = net.isIPv6(name) ? `[${name}]` : name
  return port === undefined || Number(port) === (secure ? 443 : 80) ? bracketed : `${bracketed}:${port}`
}
