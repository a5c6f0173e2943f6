// What `h1wire serve` shows of each exchange when it is over: annotated, in a line, or as JSON.

import { STATUS_CODES } from 'node:http'
import { H1Error } from '../../index.js'
import type { Paint } from '../colour.js'
import { jsonLine } from '../json.js'
import { say, write } from '../output.js'
import { harmless } from '../screen.js'
import { milliseconds } from '../send/show.js'
import type { Asked } from './answer.js'

/** An exchange that is over. */
export interface Logged {
  readonly from: string
  readonly asked: Asked
  readonly status: number
  readonly headers: readonly [string, string][]
  /** Octets of the response's body. */
  readonly octets: number
  readonly time: number
}

export type Log = (exchange: Logged) => Promise<void>

/** One line for each. */
export const inLines: Log = ({ from, asked, status, octets, time }) =>
  write(
    `${harmless(`${from} ${asked.method} ${asked.target} ${status} ${octets} octets`)} ${milliseconds(time)}\n`,
  )

/** An object for each. */
export const asJson: Log = ({ from, asked, status, headers, octets, time }) => {
  const { method, target, version } = asked
  const request = { method, target, version, headers: asked.headers }
  return write(jsonLine({ from, request, response: { status, headers, octets }, milliseconds: time }))
}

/** Both heads: `<` is received, `>` sent, `*` said about it. */
export function annotated(paint: Paint): Log {
  const line = (mark: '<' | '>', text: string) =>
    `${paint(mark === '>' ? 'sent' : 'received', mark)}${text === '' ? '' : ' '}${text}\n`
  const fields = (mark: '<' | '>', all: Iterable<readonly [string, string]>) =>
    [...all]
      .map(([name, value]) => line(mark, `${paint('name', harmless(name))}: ${harmless(value)}`))
      .join('')
  return ({ from, asked, status, headers, octets, time }) => {
    const { method, target, version } = asked
    const about = `* ${from}, ${octets} octets of body sent, ${milliseconds(time)}`
    return write(
      line('<', paint('start', harmless(`${method} ${target} HTTP/${version}`))) +
        fields('<', asked.headers) +
        line('<', '') +
        line('>', paint('start', `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`)) +
        fields('>', headers) +
        line('>', '') +
        `${paint('quiet', harmless(about))}\n`,
    )
  }
}

/** What went wrong on a connection, on stderr. */
export function sayFault(error: unknown): void {
  if (error instanceof H1Error) say(`! ${error.code}: ${error.message}`)
  else say(`! ${error instanceof Error ? error.message : String(error)}`)
}
