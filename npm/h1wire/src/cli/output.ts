// Data to stdout, talk to stderr; a reader that goes away ends the command without a word.

import { once } from 'node:events'
import { EXIT, explain } from './failure.js'

/** Writes data to stdout, and waits where its reader is slow. */
export async function write(data: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain')
}

/** Says something on stderr; C1 controls, which a terminal obeys, are spelled out. */
export function say(line: string): void {
  const harmless = line.replace(/[\x7f-\x9f]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16)}`)
  process.stderr.write(`${harmless}\n`)
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
