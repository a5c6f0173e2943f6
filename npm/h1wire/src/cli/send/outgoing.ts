// What is to be sent: read from the command line into units, each of which is written whole and then answered.

import { stat } from 'node:fs/promises'
import { httpUrl } from '../../convert/json.js'
import { urlOf } from '../../convert/model.js'
import { formatOf, type RequestMessage, readMessages, writeMessages } from '../../convert.js'
import { type RequestEvent, RequestParser } from '../../index.js'
import { last } from '../arguments.js'
import { built } from '../build.js'
import type { Given } from '../command.js'
import { UsageError } from '../failure.js'
import { octets, pieces } from '../input.js'
import { say } from '../output.js'
import { bodyGiven, headersGiven, methodGiven } from '../parts.js'
import { withProgress } from '../progress.js'
import type { Destination } from './destination.js'

/** What is sent before its answers are awaited. */
export interface Unit {
  readonly to: Destination
  /** Its octets; can be asked for again unless they came from stdin. */
  readonly pieces: () => AsyncIterable<Buffer>
  readonly again: boolean
  /** The methods of its requests; none if nobody knows. */
  readonly methods: readonly string[]
}

/** The units that a command line asks for. */
export async function unitsGiven(given: Given): Promise<Unit[]> {
  const [operand] = given.operands as [string]
  const raw = given.switches.has('raw')
  if (/^https?:\/\//i.test(operand)) {
    if (raw) throw new UsageError('--raw sends a FILE as it is: a URL makes a request')
    if (given.values.has('to')) throw new UsageError('--to goes with a FILE')
    return [await fromUrl(given, addressOf(operand))]
  }
  const to = destinationGiven(given)
  if (to === undefined && !/\.(http|rest|json|har)$/i.test(operand)) {
    throw new UsageError(
      `'${operand}' is not a URL that begins with http:// or https://, and a FILE needs --to or --unix`,
    )
  }
  for (const name of ['request', 'header', 'data']) {
    if (given.values.has(name)) throw new UsageError(`--${name} goes with a URL, and not with a FILE`)
  }
  return fromFile(operand, to, raw)
}

function destinationGiven(given: Given): Destination | undefined {
  const to = last(given, 'to')
  const unix = last(given, 'unix')
  if (to === undefined && unix === undefined) return undefined
  return { url: addressOf(to ?? 'http://localhost'), unix }
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new UsageError(`'${text}' is not a URL that begins with http:// or https://`)
}

async function fromUrl(given: Given, url: URL): Promise<Unit> {
  const headers = headersGiven(given)
  const method = methodGiven(given)
  const body = await bodyGiven(given)
  const again = body === undefined || 'octets' in body || body.again
  return {
    to: { url, unix: last(given, 'unix') },
    pieces: built({ method, url, headers }, body),
    again,
    methods: [method],
  }
}

/** A raw file is sent in pieces, and, unless it is to be sent as it is, read once before. */
async function fromFile(file: string, to: Destination | undefined, raw: boolean): Promise<Unit[]> {
  const status = file === '-' ? undefined : await stat(file)
  const kept = status?.isFile() ? undefined : await octets(file)
  const all = (): AsyncIterable<Buffer> => (kept === undefined ? pieces(file) : one(kept))
  const start = kept ?? (await startOf(file))
  const format = raw ? 'raw' : formatOf(start, file)
  if (format === 'raw' && to !== undefined) {
    const methods = await methodsIn(all(), raw)
    const sent = () => withProgress('sent', all(), status?.size)
    return [{ to, pieces: sent, again: true, methods }]
  }
  const input = kept ?? (await octets(file))
  if (to !== undefined && raw) return [{ to, pieces: () => one(input), again: true, methods: [] }]
  const note = (text: string) => say(`h1wire: ${text}`)
  const messages = readMessages(format, input, {
    kind: 'request',
    scheme: to?.url.protocol === 'https:' ? 'https' : 'http',
    note,
  })
  return messages.filter((message) => message.kind === 'request').map((request) => unitOf(request, to))
}

function unitOf(request: RequestMessage, to: Destination | undefined): Unit {
  const octets = Buffer.from(writeMessages('raw', [request]))
  const url = to === undefined ? httpUrl(urlOf(request)) : to.url
  return {
    to: { url, unix: to?.unix },
    pieces: () => one(octets),
    again: true,
    methods: [request.method],
  }
}

async function* one(octets: Buffer): AsyncGenerator<Buffer> {
  yield octets
}

async function startOf(file: string): Promise<Buffer> {
  for await (const piece of pieces(file)) return piece
  return Buffer.alloc(0)
}

/** The methods of the requests in a file; a fault is thrown, unless the file goes out as it is. */
async function methodsIn(input: AsyncIterable<Buffer>, raw: boolean): Promise<string[]> {
  const methods: string[] = []
  const parser = new RequestParser()
  const take = (events: RequestEvent[]): boolean => {
    for (const event of events) {
      if (event.type === 'head') methods.push(event.method)
      if (event.type === 'error' && raw) return false
      if (event.type === 'error') throw event.error
    }
    return true
  }
  for await (const piece of input) if (!take(parser.push(piece))) return methods
  take(parser.end())
  return methods
}
