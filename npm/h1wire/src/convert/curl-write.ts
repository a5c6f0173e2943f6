// Requests written as command lines of curl, which then sends the same fields and the same body.

import { fieldValue, type Message, type Note, type RequestMessage, urlOf, without } from './model.js'
import { textAsLatin1, toLatin1 } from './octets.js'
import { printing, quoted } from './shell.js'

/** A command for each request, for a shell of bash's kind. */
export function writeCurl(messages: readonly Message[], note: Note): string {
  const requests = messages.filter((message) => message.kind === 'request')
  if (requests.length < messages.length) note('responses are left out: a curl command has none')
  return requests.map((request) => `${command(request, note)}\n`).join('')
}

function command(request: RequestMessage, note: Note): string {
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
  if (/\/\.\.?(\/|$)/.test(url)) add('--path-as-is')
  if (/[[\]{}]/.test(url)) add('--globoff')
  if (!request.target.startsWith('/')) add('--request-target', request.target)
  for (const line of fieldLines(request, url, hasBody)) add('--header', line)

  const binary = body.includes(0)
  if (binary) add('--data-binary', '@-')
  else if (hasBody) add('--data-raw', toLatin1(body))
  const rest = words.map((word) => ` \\\n  ${word}`).join('')
  return `${binary ? `${printing(body)} | ` : ''}curl ${quoted(textAsLatin1(url))}${rest}`
}

/** The lines curl is told; one without a value keeps it from adding its own. */
function fieldLines({ headers, body }: RequestMessage, url: string, hasBody: boolean): string[] {
  const host = URL.canParse(url) ? new URL(url).host : undefined
  const told = without(
    headers,
    ...(Number(fieldValue(headers, 'Content-Length')) === body.length ? ['Content-Length'] : []),
  )
    .filter(([name, value]) => name.toLowerCase() !== 'host' || value !== host)
    .map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`))
  const added = ['User-Agent', 'Accept', ...(hasBody ? ['Content-Type'] : [])]
  return [
    ...told,
    ...added.filter((name) => fieldValue(headers, name) === undefined).map((name) => `${name}:`),
  ]
}
