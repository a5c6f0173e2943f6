// Requests written as a .http file, which editors send; what such a file cannot say is refused, or noted.

import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import { COMMENT, SPECIAL } from './http-file.js'
import {
  fieldValue,
  hostByUrl,
  type Message,
  type Note,
  type RequestMessage,
  urlOf,
  without,
} from './model.js'
import { latin1AsText, utf8 } from './octets.js'
import { linesOf, trimmed } from './text.js'

/** Writes requests, `###` between them. */
export function* writeHttpFile(messages: Iterable<Message>, { note }: Context): Generator<string> {
  let responses = false
  let between = ''
  for (const message of messages) {
    if (message.kind === 'response') responses = true
    else {
      yield between
      yield* writeRequest(message, note)
      between = '\n###\n\n'
    }
  }
  if (responses) note('responses are left out: a .http file has none')
}

function* writeRequest(request: RequestMessage, note: Note): Generator<string> {
  const { method, headers, body, trailers, version, target } = request
  if (trailers.length > 0) note('trailer fields are left out: a .http file has none')
  if (method !== method.toUpperCase() || /^(GRAPHQL|WEBSOCKET|WSS?|GRPC|RSOCKET|IMPORT|RUN)$/.test(method)) {
    throw new ConversionError(
      `the method ${method} cannot be written in a .http file: it would be read otherwise`,
    )
  }
  const star = target === '*'
  if (star && (request.scheme === 'https' || request.origin !== undefined)) {
    throw new ConversionError('the target * cannot be written in a .http file with where it goes')
  }
  const connect = method === 'CONNECT'
  const url = star
    ? target
    : connect && request.origin === undefined
      ? `${request.scheme}://${target}`
      : urlOf(request)
  if (!star && !connect && !target.startsWith('/')) {
    note(`the target ${target} is written as a URL: the absolute form is lost`)
  }
  const host = star ? undefined : connect ? target : hostByUrl(request)
  // Lengths are the sender's affair, and so is a Host that the URL says.
  const shown = without(headers, 'Content-Length', 'Transfer-Encoding').filter(
    ([name, value]) => name.toLowerCase() !== 'host' || value !== host,
  )
  const lines = shown.map(([name, value]) => `${name}: ${expressible(latin1AsText(value), name)}`)
  const special = [url, ...lines].find(
    (line) => COMMENT.test(line) || SPECIAL.test(line) || line.includes('{{') || /^[?&]/.test(line),
  )
  const plainAuthorization = shown.some(
    ([name, value]) => /^authorization$/i.test(name) && /^(basic\s+.*[\s:]|digest\s+\S+\s+\S+$)/i.test(value),
  )
  if (special !== undefined || plainAuthorization) {
    throw new ConversionError(
      `'${special ?? 'Authorization'}' cannot be written in a .http file: it would be read otherwise`,
    )
  }
  const text = bodyText(body, fieldValue(headers, 'Content-Type') ?? '')
  yield `${method} ${url} HTTP/${version}\n${lines.map((line) => `${line}\n`).join('')}`
  if (text === '') return
  yield '\n'
  yield text
  yield '\n'
}

/** The body's lines; of multipart, whose line ends are CR LF, without its last line end. */
function bodyText(body: Uint8Array, type: string): string {
  if (body.length === 0) return ''
  let text = expressible(utf8(body), 'the body')
  const lines = /^multipart\//i.test(type)
  if (lines && /[^\r\n]\r\n$/.test(text))
    text = text.slice(0, -2).replace(/\r\n|\n/g, (end) => (end === '\n' ? '\r' : '\n'))
  else if (lines) text = '\r'
  const joined =
    /^application\/x-www-form-urlencoded\b/i.test(type) && (text.includes('\n') || trimmed(text) !== text)
  if (joined || /\r|^###|\{\{/m.test(text) || /^\n|\n$/.test(text) || isSpecial(text)) {
    throw new ConversionError('the body cannot be written in a .http file: it would be read otherwise')
  }
  return text
}

function isSpecial(text: string): boolean {
  for (const line of linesOf(text)) if (SPECIAL.test(line.text)) return true
  return false
}

function expressible(text: string | undefined, what: string): string {
  if (text === undefined) throw new ConversionError(`${what} is not UTF-8, and a .http file is`)
  return text
}
