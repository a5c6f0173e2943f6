// `h1wire send`: messages over TCP, TLS or a Unix socket, and their answers.

import type { Socket } from 'node:net'
import { setTimeout as pause, setImmediate } from 'node:timers/promises'
import { whole } from './arguments.js'
import { paintFor } from './colour.js'
import type { Command, Given } from './command.js'
import { UsageError } from './failure.js'
import { say } from './output.js'
import { PARTS } from './parts.js'
import { Answers } from './send/answers.js'
import { type Destination, dial, isSame } from './send/destination.js'
import { type Unit, unitsGiven } from './send/outgoing.js'
import { milliseconds, type Show, showAnswer, showBoth, showLines } from './send/show.js'

export const SEND: Command = {
  name: 'send',
  summary: 'send a request, or a file of them, and print the answer',
  operands: { usage: 'URL|FILE|-', least: 1, most: 1, completes: 'file' },
  options: [
    ...PARTS,
    { name: 'to', value: 'ORIGIN', help: 'where a FILE goes: http://HOST:PORT or https://HOST:PORT' },
    { name: 'unix', value: 'PATH', help: 'over this Unix socket', completes: 'file' },
    { name: 'raw', help: 'the octets of FILE as they are, read by nobody before' },
    {
      name: 'verbose',
      short: 'v',
      help: 'both sides annotated, with times, also where stderr is no terminal',
    },
    { name: 'keep-alive', help: 'all on one connection, as long as the server keeps it open' },
    { name: 'repeat', value: 'N', help: 'send it N times, one after the other' },
    { name: 'split', value: 'N', help: 'cut what is sent after every N octets' },
    { name: 'pause', value: 'MS', help: 'wait so long behind each cut; 0' },
    { name: 'timeout', value: 'MS', help: 'give up after so long without an octet; 30000, 0 is never' },
    { name: 'json', help: "print the answer's events as 'h1wire parse' does" },
  ],
  notes: `The URL begins with http:// or https://. The answer's body goes to stdout as it came, its head to
stderr. Host and Content-Length are set, and Connection where Upgrade or TE need it; nothing else is
added. A status of 400 or more is an answer like any other: the exit code is 0.

  h1wire send https://localhost/form -d 'name=Jörg' -H 'Content-Type: application/x-www-form-urlencoded'
  h1wire send http://localhost/containers/json --unix /var/run/docker.sock

Where stderr is a terminal, or with --verbose, both sides are shown there: > is sent, < received, * tells
when; ! is what the library says against what is sent. A body sent is counted, and one received goes to
stdout, to a terminal only as far as it is text.

A FILE holds requests, as octets or in another format of 'h1wire convert'; one whose requests have URLs
(.http, .json, .har) needs no --to. It is read before anything is sent, and a fault in it is refused,
unless --raw sends it as it is: for tests of servers that are yours.

  h1wire format --raw --start-line 'GET / HTTP/1.1' --eol lf | h1wire send - --raw --to http://localhost:8080
  h1wire send request.bin --to http://localhost:8080 --split 1 --pause 10

A body of -d @FILE beyond 1 MiB is sent as it is read; from stdin, chunked.`,
  run: send,
}

interface Way {
  readonly timeout: number
  readonly split: number
  readonly pause: number
}

async function send(given: Given): Promise<void> {
  const way: Way = {
    timeout: whole(given, 'timeout', 30_000),
    split: whole(given, 'split', 0),
    pause: whole(given, 'pause', 0),
  }
  const repeat = whole(given, 'repeat', 1, 1)
  const units = await unitsGiven(given)
  if (repeat > 1 && units.some(({ again }) => !again)) {
    throw new UsageError('--repeat cannot send more than 1 MiB of stdin again')
  }
  const show = showFor(given)
  const lines = new Lines(way.timeout, show)
  const times: number[] = []
  try {
    for (let round = 0; round < repeat; round++) {
      for (const unit of units) {
        times.push(await exchange(await lines.to(unit.to), unit, way, show))
        lines.release(given.switches.has('keep-alive'))
      }
    }
  } finally {
    lines.release(false)
  }
  if (times.length > 1 && !given.switches.has('json')) say(`* ${summary(times)}`)
}

function showFor(given: Given): Show {
  if (given.switches.has('json')) return showLines()
  const both = given.switches.has('verbose') || process.stderr.isTTY
  return both ? showBoth(paintFor(process.stderr, given)) : showAnswer()
}

interface Line {
  readonly socket: Socket
  readonly answers: Answers
}

/** The one connection there is, kept as long as it serves. */
class Lines {
  private line: Line | undefined
  private at: Destination | undefined

  constructor(
    private readonly timeout: number,
    private readonly show: Show,
  ) {}

  async to(destination: Destination): Promise<Line> {
    if (this.line !== undefined && this.at !== undefined && isSame(this.at, destination)) return this.line
    this.release(false)
    const dialled = await dial(destination, this.timeout)
    this.show.dialled(dialled)
    this.at = destination
    this.line = { socket: dialled.socket, answers: new Answers(dialled.socket) }
    return this.line
  }

  /** Closes it, unless it is to be kept and can be. */
  release(keep: boolean): void {
    if (keep && this.line?.answers.reusable) return
    this.line?.socket.destroy()
    this.line = undefined
  }
}

/** Sends a unit and shows its answers; the milliseconds from the first octet sent to the last that came. */
async function exchange({ socket, answers }: Line, unit: Unit, way: Way, show: Show): Promise<number> {
  const start = performance.now()
  let sendingFailed: unknown
  const sending = sendAll(socket, unit, way, show).catch((error) => {
    // What the peer answers before it hangs up matters more; what failed on this side ends the exchange.
    sendingFailed = error
    if (!socket.errored) socket.destroy(error)
  })
  try {
    for await (const event of answers.to(unit.methods)) {
      await show.received(event)
      if (event.type === 'error') throw event.error
    }
  } catch (error) {
    throw sendingFailed ?? error
  }
  const end = performance.now()
  // An answer that came first ends the connection if it does not wait for the rest.
  if (answers.reusable) await sending
  show.done((answers.firstOctet ?? end) - start, end - start)
  return end - start
}

async function sendAll(socket: Socket, unit: Unit, { split, pause: rest }: Way, show: Show): Promise<void> {
  let octets = 0
  for await (const piece of unit.pieces()) {
    octets += piece.length
    show.sent(piece)
    for (const part of split === 0 ? [piece] : parts(piece, split)) {
      await written(socket, part)
      if (split !== 0) await (rest === 0 ? setImmediate() : pause(rest))
    }
  }
  show.written(octets)
}

function* parts(piece: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < piece.length; at += length) yield piece.subarray(at, at + length)
}

/** Resolves when the socket has taken it. */
function written(socket: Socket, octets: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(octets, (error) => (error ? reject(error) : resolve()))
  })
}

function summary(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => milliseconds(sorted[Math.floor((sorted.length - 1) * share)] as number)
  return `${times.length} exchanges: fastest ${at(0)}, median ${at(0.5)}, slowest ${at(1)}`
}
