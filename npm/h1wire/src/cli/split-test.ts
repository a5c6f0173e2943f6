// `h1wire split-test`: whether a file reads the same however it is cut.

import { H1Error, type RequestEvent, type ResponseEvent } from '../index.js'
import { whole } from './arguments.js'
import type { Command, Given } from './command.js'
import { Refused } from './failure.js'
import { octets } from './input.js'
import { say, write } from './output.js'
import { Progress } from './progress.js'
import { parserFor, READING, READING_NOTES, type Reading, readingOf } from './reading.js'

const CUTS = 10_000

export const SPLIT_TEST: Command = {
  name: 'split-test',
  summary: 'read a file cut at every octet, and octet by octet, and report any difference',
  operands: { usage: 'FILE|-', least: 1, most: 1, completes: 'file' },
  options: [
    ...READING,
    { name: 'cuts', value: 'N', help: `at most so many cuts, evenly over the file; ${CUTS}, 0 is all` },
  ],
  notes: `The file is read whole first. Then it is read in two pieces, cut behind each octet, and once octet by octet.
Each time the events must be the same, error and offset included, but for how bodies are cut into events.
A fault in the file is no difference, as long as it is the same fault everywhere.

The outcome goes to stdout; a difference is exit code 1. ${READING_NOTES}`,
  run: splitTest,
}

async function splitTest(given: Given): Promise<void> {
  const reading = readingOf(given)
  const input = await octets(given.operands[0] as string)
  const read = (cuts: readonly number[]) => outcome(reading, input, cuts)
  const expected = read([])
  const differences: string[] = []
  const compare = (cuts: readonly number[], how: string) => {
    const difference = firstDifference(expected, read(cuts))
    if (difference !== undefined) differences.push(`${how}: ${difference}`)
  }

  const positions = cutsOf(input.length, whole(given, 'cuts', CUTS))
  const progress = Progress.ifSeen('compared')
  for (const at of positions) {
    compare([at], `cut behind octet ${at - 1}`)
    progress?.count(input.length)
  }
  progress?.clear()
  compare(everyOctet(input.length), 'octet by octet')

  for (const difference of differences.slice(0, MOST_SHOWN)) await write(`${difference}\n`)
  const ways = positions.length + 1
  if (differences.length > 0) throw new Refused(`${differences.length} of ${ways} ways to cut it differ`)
  await write(`the same ${expected.length} events in all of ${ways} ways to cut ${input.length} octets\n`)
  if (positions.length < input.length - 1) say(`h1wire: not at every octet: --cuts 0 does that`)
}

const MOST_SHOWN = 20

/** Positions between octets: all, or so many, evenly. */
function cutsOf(length: number, most: number): number[] {
  const all = Math.max(length - 1, 0)
  const count = most === 0 ? all : Math.min(most, all)
  return Array.from({ length: count }, (_none, index) => 1 + Math.floor((index * all) / count))
}

function everyOctet(length: number): number[] {
  return Array.from({ length: Math.max(length - 1, 0) }, (_none, index) => index + 1)
}

/** The events, each as text; adjacent octets of a body, or behind a switch, are one. */
function outcome(reading: Reading, input: Buffer, cuts: readonly number[]): string[] {
  const events = new Events()
  const parser = parserFor(reading, input)
  let from = 0
  try {
    for (const to of [...cuts, input.length]) {
      events.add(parser.push(input.subarray(from, to)))
      from = to
    }
    events.add(parser.end())
  } catch (error) {
    // What a parser throws behind its error event is that same error.
    if (!(error instanceof H1Error)) throw error
  }
  parser.free()
  return events.all()
}

class Events {
  private readonly texts: string[] = []
  private type: 'body' | 'upgrade' | undefined
  private pieces: Buffer[] = []

  add(events: readonly (RequestEvent | ResponseEvent)[]): void {
    for (const event of events) {
      if (event.type === 'body' || event.type === 'upgrade') {
        if (event.type !== this.type) this.flush()
        this.type = event.type
        this.pieces.push(event.type === 'body' ? event.data : event.rest)
        continue
      }
      this.flush()
      const { code, message } = event.type === 'error' ? event.error : {}
      this.texts.push(JSON.stringify({ ...event, code, message }))
    }
  }

  all(): string[] {
    this.flush()
    return this.texts
  }

  private flush(): void {
    if (this.type !== undefined) {
      this.texts.push(
        JSON.stringify({ type: this.type, base64: Buffer.concat(this.pieces).toString('base64') }),
      )
    }
    this.type = undefined
    this.pieces = []
  }
}

function firstDifference(expected: readonly string[], found: readonly string[]): string | undefined {
  const count = Math.max(expected.length, found.length)
  for (let index = 0; index < count; index++) {
    if (expected[index] === found[index]) continue
    return `event ${index} is ${shown(found[index])}, and uncut ${shown(expected[index])}`
  }
  return undefined
}

function shown(event: string | undefined): string {
  if (event === undefined) return 'none'
  return event.length > 200 ? `${event.slice(0, 200)}…` : event
}
