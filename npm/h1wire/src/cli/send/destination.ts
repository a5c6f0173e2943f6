// Where messages go, and the socket there, with the times at which it was ready.

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { IoError } from '../failure.js'

/** Where messages go. */
export interface Destination {
  readonly url: URL
  /** A Unix socket in place of the URL's host. */
  readonly unix: string | undefined
}

/** Whether a connection to one serves for the other. */
export function isSame(one: Destination, other: Destination): boolean {
  return one.url.origin === other.url.origin && one.unix === other.unix
}

/** A socket that is connected, TLS included. */
export interface Dialled {
  readonly socket: Socket
  /** What it is connected to, for people. */
  readonly about: string
  /** Milliseconds until it was connected, and for TLS until that was ready. */
  readonly connected: number
  readonly secured: number | undefined
}

/** Connects; after `timeout` milliseconds without an octet, then or later, the socket fails. */
export async function dial({ url, unix }: Destination, timeout: number): Promise<Dialled> {
  const start = performance.now()
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const tls = url.protocol === 'https:'
  const tcp =
    unix === undefined
      ? connectTcp({ host, port: Number(url.port || (tls ? 443 : 80)), noDelay: true })
      : connectTcp({ path: unix })
  const failing = (socket: Socket) =>
    socket.setTimeout(timeout, () => {
      socket.destroy(new IoError(`${unix ?? url.host} sent nothing for ${timeout} ms`))
    })
  await ready(failing(tcp), 'connect')
  const connected = performance.now() - start
  const about = unix ?? `${tcp.remoteAddress?.replace(/^(.*:.*)$/, '[$1]')}:${tcp.remotePort}`
  if (!tls) return { socket: tcp, about, connected, secured: undefined }
  tcp.setTimeout(0)
  const servername = isIP(host) ? '' : host
  const socket: TLSSocket = connectTls({ socket: tcp, host, servername, ALPNProtocols: ['http/1.1'] })
  await ready(failing(socket), 'secureConnect')
  const secured = performance.now() - start - connected
  return { socket, about: `${about}, ${socket.getProtocol()}`, connected, secured }
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.once('error', fail)
    socket.once(event, () => {
      socket.removeListener('error', fail)
      resolve()
    })
  })
}
