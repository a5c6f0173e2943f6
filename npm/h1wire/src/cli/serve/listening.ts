// How the servers of the commands listen, whom they listen to, and when they end.

import type { Server } from 'node:net'
import { isIP } from 'node:net'
import { type Answer, type Asked, plain } from './answer.js'
import { sayFault } from './log.js'

export type Answering = (asked: Asked) => Promise<Answer>

/** What only this machine reaches. */
export const LOOPBACK = '127.0.0.1'

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Against names that others let point to this machine. */
export function onlyLocal(answer: Answering): Answering {
  return async (asked) => {
    const host = (asked.headers.get('Host') ?? '').replace(/:\d*$/, '').toLowerCase()
    const local = host === '' || host === 'localhost' || host.endsWith('.localhost')
    if (local || isIP(host.replace(/^\[|\]$/g, '')) !== 0) return answer(asked)
    return plain(421, `this server is for localhost, and not for ${host}: --host decides`)
  }
}

/** An IP address as a URL has it. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** Resolves when the server listens there; from then on its faults are said. */
export function listening(
  server: Server,
  where: { host: string; port: number } | { path: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      server.on('error', sayFault)
      resolve()
    })
  })
}

/** The URL of a server that listens, or the path of its socket. */
export function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') return String(address)
  return `http://${bracketed(address.address)}:${address.port}/`
}

/** Resolves at SIGINT or SIGTERM. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
