// The table of commands: a row here is a command, its arguments and its help.

import type { Command } from './command.js'
import { parse } from './parse.js'
import { send } from './send.js'

export const COMMANDS: readonly Command[] = [
  {
    name: 'parse',
    summary: 'print the events of HTTP/1.1 messages as JSON, one a line',
    operands: { usage: '[FILE|-]', least: 0, most: 1 },
    options: [
      { name: 'request', help: 'the input holds requests' },
      { name: 'response', help: 'the input holds responses' },
      {
        name: 'method',
        value: 'METHOD',
        help: 'a response answers this method; once for each response, in order',
      },
      { name: 'lenient', value: 'NAME,…', help: 'permit what these leniencies permit, or node-insecure' },
    ],
    notes: `Without --request or --response, input that begins with HTTP/ and a digit, CRLFs before it apart, holds
responses.

Headers and trailers are arrays of [name, value], latin-1, as they came. Octets of a body, and those
behind a switch of protocols, stand in "data" where they are UTF-8 and in "base64" where they are not;
no character of a body is cut in two:

  h1wire parse FILE | jq -j 'select(.type == "body") | .data'

Reading stops at a fault: its "error" line is the last.`,
    run: parse,
  },
  {
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
  },
]
