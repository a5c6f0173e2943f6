// Sockets for clients: one that the caller made, or one made here from options, over TCP, TLS or a path.

import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'

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
  if (destination.onread !== undefined && typeof destination.onread !== 'boolean') {
    throw new TypeError('onread must be true or false: memory and callback are those of the client')
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

/**
 * Whether a socket made by these options can be read with `onread`. On Windows memory may be filled while others use
 * it, so there it cannot be shared.
 */
export function canRead({ tls: secure }: SocketOptions): boolean {
  return !secure && process.platform !== 'win32'
}

/** Makes the socket; with `onData`, which is given copies of what comes, it has no `'data'` events. */
export function openSocket(options: SocketOptions, onData?: (chunk: Buffer) => void): Duplex {
  const { tls: secure, onread: _, ...rest } = options
  if (!secure) {
    const onread = onData && { onread: readInto(onData) }
    return net.createConnection({ ...rest, ...onread } as net.NetConnectOpts)
  }
  const given = secure === true ? {} : secure
  const servername = rest.host !== undefined && net.isIP(rest.host) === 0 ? { servername: rest.host } : {}
  return tls.connect({
    ALPNProtocols: ['http/1.1'],
    ...servername,
    ...rest,
    ...given,
  } as tls.ConnectionOptions)
}

// What all sockets read into: octets are copied out of it before anything else can happen.
let memory: Buffer | undefined
const MEMORY = 65_536

function readInto(onData: (chunk: Buffer) => void): net.OnReadOpts {
  memory ??= Buffer.allocUnsafeSlow(MEMORY)
  return {
    buffer: memory,
    callback(length, buffer) {
      const chunk = Buffer.allocUnsafe(length)
      chunk.set(length === buffer.length ? buffer : buffer.subarray(0, length))
      onData(chunk)
      return true
    },
  }
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
