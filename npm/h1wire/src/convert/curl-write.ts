// Requests written as command lines of curl, which then sends the same fields and the same body.

import type { Context } from './formats.js'
import {
  fieldValue,
  hostByUrl,
  type Message,
  type Note,
  pathOf,
  type RequestMessage,
  urlOf,
  without,
} from './model.js'
import { textAsLatin1, toLatin1 } from './octets.js'
import { slicesOf } from './pieces.js'
import { printfFormat, quoted } from './shell.js'

/** A command for each request, for any shell of POSIX. */
export function* writeCurl(messages: Iterable<Message>, { note }: Context): Generator<string> {
  let responses = false
  for (const message of messages) {
    if (message.kind === 'request') yield* command(message, note)
    else responses = true
  }
  if (responses) note('responses are left out: a curl command has none')
}

function* command(request: RequestMessage, note: Note): Generator<string> {
  const { method, headers, body, trailers, version, scheme } = request
  if (trailers.length > 0) note('trailer fields are left out: curl sends none')
  const url = urlOf(request)
  const hasBody = body.length > 0 || fieldValue(headers, 'Content-Length') === '0'
  const words: string[] = []
  const add = (option: string, value?: string) =>
    words.push(value === undefined ? option : `${option} ${quoted(value)}`)

  if (method === 'HEAD' && !hasBody) add('--head')
  else if (method !== (hasBody ? 'POST' : 'GET')) add('--request', method)
  if (version === '1.0') add('--http1.0')
  else if (scheme === 'https') add('--http1.1')
  if (/\/\.\.?(\/|\?|$)/.test(url)) add('--path-as-is')
  if (/[[\]{}]/.test(url)) add('--globoff')
  if (pathOf(request.target) !== request.target) add('--request-target', request.target)
  for (const line of fieldLines(request, hasBody)) add('--header', line)

  // A word cannot hold NUL, and systems bound how long it may be.
  const plain = hasBody && body.length <= LONGEST_WORD && !body.includes(0)
  if (hasBody && !plain) add('--data-binary', '@-')
  const rest = words.map((word) => ` \\\n  ${word}`).join('')
  if (hasBody && !plain) {
    yield "printf '"
    let first = true
    for (const slice of slicesOf(body)) {
      yield printfFormat(toLatin1(slice), first)
      first = false
    }
    yield "' | "
  }
  yield `curl ${quoted(textAsLatin1(url))}${rest}`
  if (plain) yield ` \\\n  --data-raw ${quoted(toLatin1(body))}`
  yield '\n'
}

/** Linux takes twice as much. */
const LONGEST_WORD = 65_536

/** The lines curl is told; one without a value keeps it from adding its own. */
function fieldLines(request: RequestMessage, hasBody: boolean): string[] {
  const { headers, body } = request
  const host = hostByUrl(request)
  const told = without(
    headers,
    ...(Number(fieldValue(headers, 'Content-Length')) === body.length ? ['Content-Length'] : []),
  )
    .filter(([name, value]) => name.toLowerCase() !== 'host' || value.toLowerCase() !== host)
    .map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`))
  const added = ['User-Agent', 'Accept', ...(hasBody ? ['Content-Type'] : [])]
  return [
    ...told,
    ...added.filter((name) => fieldValue(headers, name) === undefined).map((name) => `${name}:`),
  ]
}
