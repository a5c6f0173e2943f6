// Sockets for clients, made here from options, over TCP, TLS or a path.

import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { Sessions, SocketOptions } from './destination.js'

/**
 * Whether a socket made by these options can be read with `onread`. On Windows memory may be filled while others use
 * it, so there it cannot be shared.
 */
export function canRead({ tls: secure }: SocketOptions): boolean {
  return !secure && process.platform !== 'win32'
}

/**
 * Makes the socket; with `onData`, which is given copies of what comes, it has no `'data'` events. One of TLS resumes the
 * session there is.
 */
export function openSocket(
  options: SocketOptions,
  sessions: Sessions | undefined,
  onData?: (chunk: Buffer) => void,
): Duplex {
  const { tls: secure, onread: _, ...rest } = options
  if (!secure) {
    const onread = onData && { onread: readInto(onData) }
    return net.createConnection({ ...rest, ...onread } as net.NetConnectOpts)
  }
  const given = secure === true ? {} : secure
  const servername = rest.host !== undefined && net.isIP(rest.host) === 0 ? { servername: rest.host } : {}
  const resumed = sessions?.last && { session: sessions.last }
  return tls.connect({
    ALPNProtocols: ['http/1.1'],
    ...servername,
    ...resumed,
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
