// `h1wire inspect`: any octets, broken ones most of all, with what each one is and what is wrong.

import { whole } from './arguments.js'
import { paintFor } from './colour.js'
import type { Command, Given } from './command.js'
import { EXIT } from './failure.js'
import { Count, findingsIn, inspected } from './inspect/reading.js'
import { HEX, TEXT } from './inspect/rows.js'
import { View } from './inspect/view.js'
import { Window } from './inspect/window.js'
import { jsonLine } from './json.js'
import { say, write } from './output.js'
import { READING, readingOf } from './reading.js'

export const INSPECT: Command = {
  name: 'inspect',
  summary: 'show what each octet of messages is, and what is wrong with them',
  operands: { usage: '[FILE|-]', least: 0, most: 1, completes: 'file' },
  options: [
    { name: 'hex', help: 'octets in hexadecimal, and the text beside them' },
    { name: 'body', value: 'N', help: 'show at most N octets of a body, and of what is no message; 1024' },
    { name: 'json', help: 'the events of the Inspector as JSON, one a line' },
    ...READING,
  ],
  notes: `The input may hold requests, responses, or both, one behind the other; --request and --response say that it
holds only these. Nothing in it stops the command: what is broken is said, and reading goes on.

Each row begins with the offset of its first octet and says what it is; carets mark what a finding is about.
CR, LF, controls and octets above 0x7E are spelled: \\r, \\n, \\x9b. docs/findings.md lists all findings.

  h1wire inspect capture.bin --hex
  curl --trace trace.txt http://localhost:8080 && h1wire convert trace.txt --to raw --response | h1wire inspect

Input beyond 1 MiB is shown as it is read, in constant memory: a finding that is known only later then comes
behind what it is about. Exit code 1 means that there is an error among the findings; lint shows findings
alone.`,
  run: inspect,
}

/** Events made text before it is written. */
const AT_ONCE = 4_096

async function inspect(given: Given): Promise<void> {
  const reading = readingOf(given)
  const most = whole(given, 'body', 1_024)
  const json = given.switches.has('json')
  const window = new Window()
  const layout = given.switches.has('hex') ? HEX : TEXT
  const view = new View(window, layout, paintFor(process.stdout, given), most)
  const count = new Count()
  for await (const { piece, events } of inspected(given.operands[0] ?? '-', reading)) {
    count.add(findingsIn(events))
    if (json) {
      for (const event of events) await write(jsonLine(event))
      continue
    }
    window.add(piece)
    for (let at = 0; at < events.length; at += AT_ONCE) await write(view.take(events.slice(at, at + AT_ONCE)))
    const last = events.findLast((event) => event.type === 'leaf')
    window.forget(Math.max(last?.type === 'leaf' ? last.end : 0, window.from))
  }
  if (!json) await write(view.end())
  if (!json) say(`h1wire: ${count.text}`)
  if (count.of.error > 0) process.exitCode = EXIT.refused
}
