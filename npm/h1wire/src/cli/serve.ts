// `h1wire serve`: a folder's files, or an echo, over h1wire/net, showing every exchange.

import { subscribe } from 'node:diagnostics_channel'
import { createServer, type IncomingRequest } from '../net.js'
import { last, whole } from './arguments.js'
import { paintFor } from './colour.js'
import type { Command, Given } from './command.js'
import { UsageError } from './failure.js'
import { say } from './output.js'
import { responseOf } from './serve/answer.js'
import { echo } from './serve/echo.js'
import { filesIn } from './serve/files.js'
import {
  type Answering,
  addressOf,
  bracketed,
  isLoopback,
  LOOPBACK,
  listening,
  onlyLocal,
  untilSignal,
} from './serve/listening.js'
import { annotated, asJson, inLines, type Log, type Logged, sayFault } from './serve/log.js'

export const SERVE: Command = {
  name: 'serve',
  summary: 'serve the files of a folder, or an echo, and show every exchange',
  operands: { usage: '[DIR]', least: 0, most: 1, completes: 'folder' },
  options: [
    { name: 'echo', help: 'answer with the request itself, as message/http' },
    { name: 'port', short: 'p', value: 'N', help: 'listen here; 8080, 0 is any that is free' },
    { name: 'host', value: 'ADDRESS', help: `listen here; ${LOOPBACK}, which only this machine reaches` },
    { name: 'unix', value: 'PATH', help: 'listen on this Unix socket instead', completes: 'file' },
    { name: 'list', help: 'list folders that have no index.html' },
    { name: 'verbose', short: 'v', help: 'both heads, annotated, also where stdout is no terminal' },
    { name: 'json', help: 'a line of JSON for each exchange' },
  ],
  notes: `DIR is the current folder if it is not given:

  h1wire serve docs --port 8000
  h1wire serve --echo --port 0

Each exchange is shown on stdout when it is over: annotated on a terminal (< is received, > sent, * said
about it), in a line elsewhere. Faults are said on stderr.

Only files within DIR are served, symbolic links resolved, and nothing whose name begins with a dot. GET
and HEAD, no ranges; a folder is its index.html. On a loopback address, requests whose Host is a name
other than localhost are refused with 421: a page of another site could have sent them here.

The echo returns a body as it comes, however long. SIGINT and SIGTERM end the server, behind the responses
under way.`,
  run: serve,
}

async function serve(given: Given): Promise<void> {
  const [folder] = given.operands
  const wantsEcho = given.switches.has('echo')
  if (wantsEcho && (folder !== undefined || given.switches.has('list'))) {
    throw new UsageError('--echo goes neither with a folder nor with --list')
  }
  const answer = wantsEcho ? echo : await filesIn(folder ?? '.', given.switches.has('list'))
  const unix = last(given, 'unix')
  const host = last(given, 'host') ?? LOOPBACK
  const guarded = unix === undefined && isLoopback(host) ? onlyLocal(answer) : answer
  const server = logging(guarded, logFor(given))
  await listening(server, unix === undefined ? { host, port: whole(given, 'port', 8_080) } : { path: unix })
  say(`h1wire: listening on ${addressOf(server)}`)
  await untilSignal()
  await server.shutdown({ timeout: 5_000 })
}

function logFor(given: Given): Log {
  if (given.switches.has('json')) return asJson
  if (given.switches.has('verbose') || process.stdout.isTTY) return annotated(paintFor(process.stdout, given))
  return inLines
}

/** A server that logs each exchange when its response is written. */
function logging(answer: Answering, log: Log): ReturnType<typeof createServer> {
  const underWay = new WeakMap<IncomingRequest, (status: number) => Logged>()
  subscribe('h1wire:server:response:finish', (message) => {
    const { request, status } = message as { request: IncomingRequest; status: number }
    const over = underWay.get(request)
    if (over) log(over(status))
  })
  return createServer({ onError: sayFault }, async (asked) => {
    const start = performance.now()
    const from = peerOf(asked.socket)
    const { response, headers, octets } = await responseOf(asked, await answer(asked))
    underWay.set(asked, (status) => ({
      from,
      asked,
      status,
      headers,
      octets: octets(),
      time: performance.now() - start,
    }))
    return response
  })
}

function peerOf({ remoteAddress, remotePort }: IncomingRequest['socket']): string {
  return remoteAddress === undefined ? 'unix' : `${bracketed(remoteAddress)}:${remotePort}`
}
