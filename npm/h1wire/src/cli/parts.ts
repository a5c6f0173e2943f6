// The parts of a request that a command line gives: method, field lines, body.

import { stat } from 'node:fs/promises'
import { last } from './arguments.js'
import type { Given, Option } from './command.js'
import { UsageError } from './failure.js'
import { pieces } from './input.js'
import { withProgress } from './progress.js'

/** The options of every command that makes a request. */
export const PARTS: readonly Option[] = [
  {
    name: 'request',
    short: 'X',
    value: 'METHOD',
    help: 'the method; GET, or POST if there is data',
    completes: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  },
  { name: 'header', short: 'H', value: "'NAME: VALUE'", help: 'a field line more; as often as you like' },
  {
    name: 'data',
    short: 'd',
    value: 'DATA|@FILE',
    help: "the body: UTF-8 text, or a file's octets (@- is stdin)",
    completes: 'file',
  },
]

/** The field lines given. */
export function headersGiven(given: Given, option = 'header'): [string, string][] {
  return (given.values.get(option) ?? []).map((line) => field(line, option))
}

/** The method given, or the usual one. */
export function methodGiven(given: Given): string {
  return last(given, 'request') ?? (given.values.has('data') ? 'POST' : 'GET')
}

function field(line: string, option: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon === -1) throw new UsageError(`--${option} takes 'NAME: VALUE', not '${line}'`)
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]
}

/** A body: its octets, or where they come from and how many there will be. */
export type GivenBody =
  | { octets: Buffer }
  | { pieces: () => AsyncIterable<Buffer>; length: number | 'unknown'; again: boolean }

/** Of more, the octets are not kept: they are read as they are sent. */
const KEPT = 1_048_576

/** The body given, if there is one. */
export async function bodyGiven(given: Given): Promise<GivenBody | undefined> {
  const data = last(given, 'data')
  if (data === undefined) return undefined
  if (!data.startsWith('@')) return { octets: Buffer.from(data) }
  const file = data.slice(1)
  const status = file === '-' ? undefined : await stat(file)
  if (status?.isFile() && status.size > KEPT) {
    const { size } = status
    return { pieces: () => withProgress('sent', pieces(file), size), length: size, again: true }
  }
  return keptOrPieces(withProgress('sent', pieces(file)))
}

async function keptOrPieces(input: AsyncIterable<Buffer>): Promise<GivenBody> {
  const iterator = input[Symbol.asyncIterator]()
  const start: Buffer[] = []
  let length = 0
  while (length <= KEPT) {
    const { value, done } = await iterator.next()
    if (done) return { octets: Buffer.concat(start) }
    start.push(value)
    length += value.length
  }
  async function* all() {
    yield* start
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { pieces: all, length: 'unknown', again: false }
}
