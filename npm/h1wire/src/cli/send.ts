// `h1wire send`: one request over TCP or TLS, and its answer.

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type FieldSection, formatRequest, type ResponseEvent, ResponseParser } from '../index.js'
import { last } from './arguments.js'
import type { Command, Given } from './command.js'
import { IoError, UsageError } from './failure.js'
import { octets } from './input.js'
import { JsonLines } from './json.js'
import { say, write } from './output.js'

export const SEND: Command = {
  name: 'send',
  summary: 'send a request and print the answer',
  operands: { usage: 'URL', least: 1, most: 1 },
  options: [
    { name: 'request', short: 'X', value: 'METHOD', help: 'the method; GET, or POST if there is data' },
    { name: 'header', short: 'H', value: "'NAME: VALUE'", help: 'a field line more; as often as you like' },
    {
      name: 'data',
      short: 'd',
      value: 'DATA|@FILE',
      help: "the body: UTF-8 text, or a file's octets (@- is stdin)",
    },
    { name: 'timeout', value: 'MS', help: 'give up after so long without an octet; 30000, 0 is never' },
    { name: 'json', help: "print the answer's events as 'h1wire parse' does" },
  ],
  notes: `The URL begins with http:// or https://. The answer's body goes to stdout as it came, its head to
stderr. Host and Content-Length are set, and Connection where Upgrade or TE need it; nothing else is
added. A status of 400 or more is an answer like any other: the exit code is 0.`,
  run: send,
}

async function send(given: Given): Promise<void> {
  const url = address(given.operands[0] as string)
  const timeout = milliseconds(last(given, 'timeout') ?? '30000')
  const headers = (given.values.get('header') ?? []).map(field)
  const body = await content(last(given, 'data'))
  const method = last(given, 'request') ?? (body === undefined ? 'GET' : 'POST')
  const request = formatRequest({ method, url, headers, body })
  const show = given.switches.has('json') ? showLines() : showBody

  const socket = dial(url, timeout)
  socket.write(request)
  for await (const event of answer(socket, method)) {
    await show(event)
    if (event.type === 'error') throw event.error
  }
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new UsageError(`'${text}' is not a URL that begins with http:// or https://`)
}

function milliseconds(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UsageError(`--timeout takes milliseconds, not '${text}'`)
}

function field(line: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon === -1) throw new UsageError(`--header takes 'NAME: VALUE', not '${line}'`)
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]
}

async function content(data: string | undefined): Promise<string | Buffer | undefined> {
  return data?.startsWith('@') ? octets(data.slice(1)) : data
}

function dial(url: URL, timeout: number): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket =
    url.protocol === 'https:'
      ? connectTls({
          host,
          port: Number(url.port || 443),
          servername: isIP(host) ? '' : host,
          ALPNProtocols: ['http/1.1'],
        })
      : connectTcp({ host, port: Number(url.port || 80) })
  return socket.setTimeout(timeout, () => {
    socket.destroy(new IoError(`${url.host} sent nothing for ${timeout} ms`))
  })
}

/** The events of the answer and of the informational responses before it; nothing of what follows it. */
async function* answer(socket: Socket, method: string): AsyncGenerator<ResponseEvent> {
  const parser = new ResponseParser({ requestMethod: method })
  let final: ResponseEvent['type'] | undefined
  for await (const chunk of socket) {
    for (const event of parser.push(chunk)) {
      if (event.type === 'head' && !event.informational) final = event.upgrade ? 'upgrade' : 'end'
      yield event
      if (event.type === final) return
    }
  }
  yield* parser.end()
  if (final === undefined) throw new IoError('the connection ended before an answer came')
}

type Show = (event: ResponseEvent) => Promise<void>

function showLines(): Show {
  const lines = new JsonLines()
  return (event) => write(lines.of(event))
}

/** The body to stdout; heads and trailers to stderr. */
const showBody: Show = async (event) => {
  if (event.type === 'head') {
    say(`HTTP/${event.version} ${event.status} ${event.reason}`)
    sayFields(event.headers)
    say('')
  } else if (event.type === 'body') {
    await write(event.data)
  } else if (event.type === 'end') {
    sayFields(event.trailers)
  } else if (event.type === 'upgrade') {
    await write(event.rest)
  }
}

function sayFields(fields: FieldSection): void {
  for (const [name, value] of fields) say(`${name}: ${value}`)
}
