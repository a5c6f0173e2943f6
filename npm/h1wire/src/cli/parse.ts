// `h1wire parse`: the events of a file or of stdin as JSON lines.

import { tellsKind } from '../convert/kind.js'
import type { RequestParser, ResponseParser } from '../index.js'
import type { Command, Given } from './command.js'
import { gatheredUntil, pieces } from './input.js'
import { JsonLines } from './json.js'
import { write } from './output.js'
import { withProgress } from './progress.js'
import { parserFor, READING, READING_NOTES, readingOf } from './reading.js'

export const PARSE: Command = {
  name: 'parse',
  summary: 'print the events of HTTP/1.1 messages as JSON, one a line',
  operands: { usage: '[FILE|-]', least: 0, most: 1, completes: 'file' },
  options: READING,
  notes: `${READING_NOTES}

Headers and trailers are arrays of [name, value], latin-1, as they came. Octets of a body, and those
behind a switch of protocols, stand in "data" where they are UTF-8 and in "base64" where they are not;
no character of a body is cut in two:

  h1wire parse FILE | jq -j 'select(.type == "body") | .data'

Reading stops at a fault: its "error" line is the last.`,
  run: parse,
}

async function parse(given: Given): Promise<void> {
  const reading = readingOf(given)
  const lines = new JsonLines()
  const input = withProgress('read', pieces(given.operands[0] ?? '-'))
  let parser: RequestParser | ResponseParser | undefined
  for await (const piece of gatheredUntil(tellsKind, input)) {
    parser ??= parserFor(reading, piece)
    for (const event of parser.push(piece)) {
      await write(lines.of(event))
      if (event.type === 'error') throw event.error
    }
  }
  for (const event of parser?.end() ?? []) {
    await write(lines.of(event))
    if (event.type === 'error') throw event.error
  }
}
