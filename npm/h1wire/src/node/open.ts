// Sockets for clients: one that the caller made, or one made here from options, over TCP, TLS or a path.

import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'

/**
 * How a connection is made: every option of `net.createConnection` (host, port, path, family, localAddress, lookup,
 * noDelay, keepAlive, signal …), handed on as it is; `noDelay` is on unless it is given.
 */
export type SocketOptions = Partial<net.TcpNetConnectOpts> &
  Partial<net.IpcNetConnectOpts> & {
    /** Speak TLS: options of `tls.connect`, or `true` for none. */
    tls?: tls.ConnectionOptions | boolean
    /** Where to connect, as a URL without a path: host, port and `tls` unless they are given. */
    origin?: string | URL
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

/** Options read: those for the socket, and the value of Host that goes with them. */
export interface Place {
  readonly options: SocketOptions
  readonly host: string | undefined
}

/** Whether it is a socket that its user made. */
export function isSocket(destination: Destination): destination is Duplex {
  const { write, on } = destination as Partial<Duplex>
  return typeof write === 'function' && typeof on === 'function'
}

/** Where these options lead to. @throws TypeError If that is nowhere. */
export function placeOf(destination: string | URL | SocketOptions): Place {
  if (typeof destination === 'string' || destination instanceof URL) return placeOf({ origin: destination })
  if (typeof destination !== 'object' || destination === null) {
    throw new TypeError(
      'connect() takes a socket, an origin such as "http://localhost:8080", or options of one',
    )
  }
  if ('onread' in destination) {
    throw new TypeError(
      'onread is not taken: its buffer is used again, and bodies are views of what was read',
    )
  }
  const { origin, ...given } = destination
  if (origin === undefined) return { options: { noDelay: true, ...given }, host: hostOf(given) }
  const url = originOf(origin)
  const secure = url.protocol === 'https:'
  const where = given.path === undefined ? { host: bare(url.hostname), port: portOf(url) } : {}
  const options = { noDelay: true, ...where, ...(secure && { tls: true }), ...given }
  return { options, host: url.host }
}

/** The URL of an origin. @throws TypeError If it is anything else. */
export function originOf(origin: string | URL): URL {
  const url = new URL(origin)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`An origin begins with http: or https:, not ${url.protocol}`)
  }
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw new TypeError(
      'An origin has no path, query, fragment or userinfo: those of requests are given with them',
    )
  }
  return url
}

/** Makes the socket. */
export function openSocket(options: SocketOptions): Duplex {
  const { tls: secure, ...rest } = options
  if (!secure) return net.createConnection(rest as net.NetConnectOpts)
  const given = secure === true ? {} : secure
  const servername = rest.host !== undefined && net.isIP(rest.host) === 0 ? { servername: rest.host } : {}
  return tls.connect({
    ALPNProtocols: ['http/1.1'],
    ...servername,
    ...rest,
    ...given,
  } as tls.ConnectionOptions)
}

/** The event that says the socket can be written to; undefined if it can already. */
export function readyEvent(socket: Duplex): 'connect' | 'secureConnect' | undefined {
  const { connecting, encrypted, secureConnecting } = socket as Partial<tls.TLSSocket> & {
    secureConnecting?: boolean
  }
  if (encrypted && (connecting || secureConnecting)) return 'secureConnect'
  return connecting ? 'connect' : undefined
}

function hostOf({ host, port, path, tls: secure }: SocketOptions): string | undefined {
  if (path !== undefined) return 'localhost'
  const name = host ?? 'localhost'
  const bracketed = net.isIPv6(name) ? `[${name}]` : name
  return Number(port) === (secure ? 443 : 80) ? bracketed : `${bracketed}:${port}`
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

/** A host as sockets have it: an IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}
