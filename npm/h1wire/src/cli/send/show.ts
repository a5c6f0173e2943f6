// What `h1wire send` shows: the answer, or both sides annotated, with times.

import { type FieldSection, type RequestEvent, RequestParser, type ResponseEvent } from '../../index.js'
import type { Paint } from '../colour.js'
import { JsonLines } from '../json.js'
import { say, sayPainted, write, writeOctets } from '../output.js'
import { harmless } from '../screen.js'
import type { Dialled } from './destination.js'

/** Who is told what happens. */
export interface Show {
  dialled(connection: Dialled): void
  sent(piece: Buffer): void
  /** All of it is sent. */
  written(octets: number): void
  received(event: ResponseEvent): Promise<void>
  /** Milliseconds since the first octet was sent, to the first that came and to the last. */
  done(first: number, last: number): void
}

const nothing = (): void => {}

/** The answer's events as JSON lines. */
export function showLines(): Show {
  const lines = new JsonLines()
  const received = (event: ResponseEvent) => write(lines.of(event))
  return { dialled: nothing, sent: nothing, written: nothing, received, done: nothing }
}

/** The answer alone: its body to stdout, its heads and trailers to stderr. */
export function showAnswer(): Show {
  const received = async (event: ResponseEvent): Promise<void> => {
    if (event.type === 'head') {
      say(statusLine(event))
      sayFields(event.headers)
      say('')
    } else if (event.type === 'body') await writeOctets(event.data)
    else if (event.type === 'end') sayFields(event.trailers)
    else if (event.type === 'upgrade') await writeOctets(event.rest)
  }
  return { dialled: nothing, sent: nothing, written: nothing, received, done: nothing }
}

function sayFields(fields: FieldSection): void {
  for (const [name, value] of fields) say(`${name}: ${value}`)
}

function statusLine({ version, status, reason }: Extract<ResponseEvent, { type: 'head' }>): string {
  return `HTTP/${version} ${status} ${reason}`
}

/** Both sides: `>` is sent, `<` received, `*` said about it. Bodies received go to stdout. */
export function showBoth(paint: Paint): Show {
  const about = (text: string) => sayPainted(paint('quiet', `* ${harmless(text)}`))
  const lines = new Annotated(paint)
  let sent = new SentSide(lines)
  return {
    dialled: ({ about: peer, connected, secured }) => {
      const tls = secured === undefined ? '' : `, TLS after ${milliseconds(secured)} more`
      about(`connected to ${peer} in ${milliseconds(connected)}${tls}`)
    },
    sent: (piece) => sent.push(piece),
    written: (octets) => {
      sent.end()
      sent = new SentSide(lines)
      about(`${octets} octets sent`)
    },
    received: async (event) => {
      if (event.type === 'head') lines.head('<', statusLine(event), event.headers)
      else if (event.type === 'body') await writeOctets(event.data)
      else if (event.type === 'end') lines.trailers('<', event.trailers)
      else if (event.type === 'upgrade') {
        about('another protocol follows')
        await writeOctets(event.rest)
      }
    },
    done: (first, last) => about(`answered after ${milliseconds(first)}, whole after ${milliseconds(last)}`),
  }
}

/** Heads and trailers, line by line. */
class Annotated {
  constructor(readonly paint: Paint) {}

  head(mark: '<' | '>', startLine: string, fields: FieldSection): void {
    this.line(mark, this.paint('start', harmless(startLine)))
    this.trailers(mark, fields)
    this.line(mark, '')
  }

  trailers(mark: '<' | '>', fields: FieldSection): void {
    for (const [name, value] of fields) {
      this.line(mark, `${this.paint('name', harmless(name))}: ${harmless(value)}`)
    }
  }

  line(mark: '<' | '>', painted: string): void {
    sayPainted(
      `${this.paint(mark === '>' ? 'sent' : 'received', mark)}${painted === '' ? '' : ' '}${painted}`,
    )
  }
}

/** What is sent, as a parser of requests sees it; what it refuses is shown as text. */
class SentSide {
  private readonly parser = new RequestParser()
  private body = 0
  private broken = false
  /** The last octets, and how many there were in all. */
  private before = Buffer.alloc(0)
  private passed = 0

  constructor(private readonly lines: Annotated) {}

  push(piece: Buffer): void {
    if (this.broken) {
      this.body += piece.length
      return
    }
    this.before = Buffer.concat([this.before.subarray(-MOST_SHOWN), piece])
    this.passed += piece.length
    this.take(this.parser.push(piece))
  }

  end(): void {
    if (!this.broken) this.take(this.parser.end())
    this.endBody()
    this.parser.free()
  }

  private take(events: RequestEvent[]): void {
    for (const event of events) {
      if (event.type === 'head') {
        const { method, target, version, headers } = event
        this.lines.head('>', `${method} ${target} HTTP/${version}`, headers)
      } else if (event.type === 'body') {
        this.body += event.data.length
      } else if (event.type === 'end') {
        this.endBody()
        this.lines.trailers('>', event.trailers)
      } else if (event.type === 'upgrade') {
        this.body += event.rest.length
      } else if (event.type === 'error') {
        this.endBody()
        this.broken = true
        this.note(`${event.error.code}: ${event.error.message}`)
        this.text(event.error.offset)
      }
    }
  }

  /** The octets from the line at fault on, as far as they came with it. */
  private text(offset: number): void {
    const at = Math.max(offset - (this.passed - this.before.length), 0)
    const octets = this.before.subarray(at === 0 ? 0 : this.before.lastIndexOf('\n', at - 1) + 1)
    const shown = octets.toString('latin1', 0, MOST_SHOWN)
    for (const line of shown.split(/(?<=\n)/)) this.lines.line('>', harmless(line.replace('\n', '\\n')))
    this.body += Math.max(octets.length - MOST_SHOWN, 0)
  }

  private endBody(): void {
    if (this.body > 0)
      this.lines.line(
        '>',
        this.lines.paint('quiet', `${this.body} octets ${this.broken ? 'more' : 'of body'}`),
      )
    this.body = 0
  }

  private note(text: string): void {
    sayPainted(this.lines.paint('warning', `! ${harmless(text)}`))
  }
}

const MOST_SHOWN = 4_096

/** A time for people. */
export function milliseconds(time: number): string {
  return `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`
}
