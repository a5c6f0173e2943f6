// What curl writes with --trace: both directions as hex dumps, read into the octets of each.

import { ConversionError } from './error.js'
import { concat, fromHex } from './octets.js'

/** The octets that curl sent, and those it received. */
export interface Traced {
  sent: Uint8Array
  received: Uint8Array
}

/** A heading, behind the time that --trace-time and the numbers that --trace-ids put before it. */
const HEADING =
  /^(?:[\d:.]+ )?(?:\[\S+\] )?(=>|<=|==) (Send|Recv|Info:?)(?: (header|data|SSL data))?(?:, (\d+) bytes)?/

/** Whether a text begins as a trace does. */
export function looksLikeTrace(text: string): boolean {
  return HEADING.test(text)
}

/** Reads a trace. */
export function readTrace(text: string): Traced {
  const pieces = { sent: [] as Uint8Array[], received: [] as Uint8Array[] }
  let into: Uint8Array[] | undefined
  let missing = 0
  text.split(/\r?\n/).forEach((line, index) => {
    const heading = HEADING.exec(line)
    if (heading) {
      const [, arrow, , what, length] = heading
      into = what === 'header' || what === 'data' ? pieces[arrow === '=>' ? 'sent' : 'received'] : undefined
      missing = Number(length ?? 0)
    } else if (into !== undefined && missing > 0) {
      const octets = octetsOf(line, missing, index + 1)
      into.push(octets)
      missing -= octets.length
    }
  })
  if (missing > 0 && into !== undefined)
    throw new ConversionError(`the trace ends early: ${missing} octets are missing`)
  return { sent: concat(pieces.sent), received: concat(pieces.received) }
}

const PER_LINE = 16

function octetsOf(line: string, missing: number, number: number): Uint8Array {
  const count = Math.min(PER_LINE, missing)
  const digits = new RegExp(`^[0-9a-f]{4,}: ((?:[0-9a-f]{2} ){${count}})`).exec(line)?.[1]
  if (digits !== undefined) return fromHex(digits.replaceAll(' ', ''))
  if (/^[0-9a-f]{4,}: /.test(line)) {
    throw new ConversionError(`line ${number} holds text: --trace-ascii leaves octets out, --trace does not`)
  }
  throw new ConversionError(`line ${number} is no line of curl's --trace`)
}
