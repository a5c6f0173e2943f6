// Data to stdout, talk to stderr; a terminal gets no octets that it would obey; a reader that goes away ends the command without a word.

import { once } from 'node:events'
import { EXIT, explain } from './failure.js'
import { harmless, Screen } from './screen.js'

/** Writes data to stdout, and waits where its reader is slow. */
export async function write(data: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain')
}

let screen: Screen | undefined

/** Writes octets that came from elsewhere: as they are, but to a terminal only as far as they are text. */
export async function writeOctets(octets: Uint8Array): Promise<void> {
  if (!process.stdout.isTTY) return write(octets)
  screen ??= new Screen((why) => say(`h1wire: ${why}`))
  await write(screen.shown(octets))
}

/** Says something on stderr; controls, which a terminal obeys, are spelled out. */
export function say(line: string): void {
  process.stderr.write(`${harmless(line)}\n`)
}

/** Says what is coloured already, and harmless. */
export function sayPainted(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** What the system says of a reader that went away: of a pipe, and of a socket in its place. */
const GONE: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET']

/** `h1wire … | head -1` is fine; a full disk is not. */
export function quietWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (GONE.includes(error.code)) process.exit(EXIT.fine)
    const { status, message } = explain(error)
    say(`h1wire: ${message}`)
    process.exit(status)
  })
  process.stderr.on('error', () => {})
}
