// `h1wire ui`: the inspector page, from the files that come with the package, for the browsers of this machine.

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from '../net.js'
import { whole } from './arguments.js'
import type { Command, Given } from './command.js'
import { IoError } from './failure.js'
import { pieces } from './input.js'
import { say } from './output.js'
import { type Answer, responseOf } from './serve/answer.js'
import { filesIn } from './serve/files.js'
import { type Answering, addressOf, LOOPBACK, listening, onlyLocal, untilSignal } from './serve/listening.js'
import { sayFault } from './serve/log.js'

/** The built page, beside the folder of this bundle. */
const PAGE = join(__dirname, '..', 'inspector')
const MOST = 64 << 20

export const UI: Command = {
  name: 'ui',
  summary: 'serve the inspector page to the browsers of this machine',
  operands: { usage: '[FILE|-]', least: 0, most: 1, completes: 'file' },
  options: [
    { name: 'port', short: 'p', value: 'N', help: 'listen here; 0, any that is free' },
    { name: 'open', help: "open it in the desktop's browser" },
  ],
  notes: `The page shows every octet of a message: what it is, by which rule, what is wrong with it, and who would read
it otherwise. With FILE it begins with these octets, up to 64 MiB; - reads stdin:

  h1wire ui capture.bin --open
  printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n' | h1wire ui -

The address is said on stderr. Only this machine reaches it (${LOOPBACK}, and no name but localhost), nothing leaves
it, and the octets of FILE have an address that nobody guesses. SIGINT and SIGTERM end the server.`,
  run: ui,
}

async function ui(given: Given): Promise<void> {
  const [file] = given.operands
  const held =
    file === undefined ? undefined : { path: `/octets/${randomUUID()}`, body: await upTo(MOST, file) }
  const page = await pageAnswers()
  const answer: Answering = async (asked) =>
    held && ['GET', 'HEAD'].includes(asked.method) && asked.target === held.path
      ? octetsOf(held.body)
      : page(asked)
  const server = createServer({ onError: sayFault }, async (asked) => {
    const { response } = await responseOf(asked, await onlyLocal(answer)(asked))
    return response
  })
  await listening(server, { host: LOOPBACK, port: whole(given, 'port', 0) })
  const address = `${addressOf(server)}${held ? `#open=${held.path.slice(1)}` : ''}`
  say(`h1wire: the inspector is at ${address}`)
  if (given.switches.has('open')) openInBrowser(address)
  await untilSignal()
  await server.shutdown({ timeout: 5_000 })
}

/** All octets of a file or of stdin; what has more is not read on. */
async function upTo(most: number, file: string): Promise<Buffer> {
  const all: Buffer[] = []
  let length = 0
  for await (const piece of pieces(file)) {
    length += piece.length
    if (length > most) throw new IoError(`${file}: the page reads up to ${most} octets`)
    all.push(piece)
  }
  return Buffer.concat(all)
}

function octetsOf(body: Buffer): Answer {
  const headers: [string, string][] = [
    ['Content-Type', 'application/octet-stream'],
    ...GUARD.filter(([name]) => name !== 'Cache-Control'),
    // There may be secrets in them.
    ['Cache-Control', 'no-store'],
  ]
  return { status: 200, headers, body }
}

/** No page of another site is to have any of this, and what is stored is asked for anew. */
const GUARD: [string, string][] = [
  ['Cache-Control', 'no-cache'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
]

/** The page's files, with its own policy also in a field: a worker has none but what comes with it. */
async function pageAnswers(): Promise<Answering> {
  const policy = policyOf(join(PAGE, 'index.html'))
  const files = await filesIn(PAGE, false)
  return async (asked) => {
    const answer = await files(asked)
    const headers: [string, string][] = [
      ...answer.headers,
      ...GUARD,
      ['Content-Security-Policy', `${policy}; frame-ancestors 'none'`],
    ]
    return { ...answer, headers }
  }
}

function policyOf(index: string): string {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(
    readFileSync(index, 'utf8'),
  )?.[1]
  if (policy === undefined) throw new IoError(`${index} names no policy`)
  return policy
}

/** By the desktop's own opener, which gets the address as it is: no shell reads it. */
function openInBrowser(address: string): void {
  const openers: Partial<Record<NodeJS.Platform, string[]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  }
  const [command = '', ...words] = openers[process.platform] ?? ['xdg-open']
  const opener = spawn(command, [...words, address], { stdio: 'ignore', detached: true })
  opener.on('error', (error) => say(`h1wire: no browser was opened: ${error.message}`))
  opener.unref()
}
