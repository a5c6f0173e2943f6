// Requests read from a .http file, which editors send: requests apart by `###`, variables, comments.

import { eachOf } from './entries.js'
import { ConversionError, within } from './error.js'
import type { Context } from './formats.js'
import { Variables } from './http-variables.js'
import { type Fields, fieldValue, type Note, type RequestMessage, requestTo, without } from './model.js'
import { fromLatin1, fromText, textAsLatin1, toBase64 } from './octets.js'
import { type Line, linesOf, trimmed } from './text.js'
import { addressOf, isHttpUrl, targetOf } from './url.js'

/** Reads requests. */
export function* readHttpFile(text: string, context: Context): Generator<RequestMessage> {
  const variables = new Variables(context.variables, context.most)
  const sections = [...sectionsOf(text, variables)]
  yield* eachOf(sections, 'request', context, (lines, place) => [
    readRequest(lines, variables, (what) => context.note(`${place}: ${what}`)),
  ])
}

/** What a comment begins with. */
export const COMMENT = /^\s*(#|\/\/)/
/** Lines that stand for files and scripts, or for what came of the request. */
export const SPECIAL = /^(<@?\w*\s|<\s*\{%|<>|>\s*\{%|>>?!?\s)/

const VARIABLE = /^\s*@([\w.-]+)\s*=(.*)$/

/** The lines of each request, from its first; what stands before that sets variables. */
function* sectionsOf(text: string, variables: Variables): Generator<Line[]> {
  let lines: Line[] = []
  for (const line of linesOf(text)) {
    if (line.text.startsWith('###')) {
      if (lines.length > 0) yield lines
      lines = []
    } else if (lines.length > 0) lines.push(line)
    else {
      const variable = VARIABLE.exec(line.text)
      if (variable) variables.set(variable[1] as string, (variable[2] as string).trim(), line.number)
      else if (line.text.trim() !== '' && !COMMENT.test(line.text)) lines.push(line)
    }
  }
  if (lines.length > 0) yield lines
}

function readRequest(lines: readonly Line[], variables: Variables, note: Note): RequestMessage {
  const fill = ({ text, number }: Line): string => variables.fill(text, number)
  const first = lines[0] as Line
  if (SPECIAL.test(first.text)) throw notRead(first)
  const start = [trimmed(fill(first))]
  let at = 1
  // A target may go on over lines that begin with a space, and its query over lines that begin as one.
  for (; at < lines.length && /^(\s+[?&/]|[?&])/.test((lines[at] as Line).text); at++) {
    start.push(fill(lines[at] as Line).trim())
  }
  const headers: Fields = []
  for (; at < lines.length; at++) {
    const line = lines[at] as Line
    if (line.text.trim() === '' || SPECIAL.test(line.text)) break
    if (!COMMENT.test(line.text)) headers.push(field(fill(line), line.number))
  }
  if (lines[at]?.text.trim() === '') at++
  const type = fieldValue(headers, 'Content-Type') ?? ''
  const body = bodyOf(lines.slice(at), fill, type, note)
  return within(`line ${first.number}`, () => build(start.join(''), headers, body))
}

function field(text: string, number: number): [string, string] {
  const colon = text.indexOf(':')
  if (colon === -1) throw new ConversionError(`line ${number}: a field line has a colon`)
  const name = text.slice(0, colon).trim()
  const value = textAsLatin1(trimmed(text.slice(colon + 1)))
  if (/^x-request-type$/i.test(name) && /^graphql$/i.test(value)) throw notHttp('GRAPHQL', number)
  return [name, /^authorization$/i.test(name) ? credentials(value, number) : value]
}

/** Editors encode `Basic user password`, and `Basic user:password`. */
function credentials(value: string, number: number): string {
  const [scheme = '', user = '', ...rest] = value.split(/\s+/)
  const password = rest.join(' ')
  if (/^digest$/i.test(scheme) && rest.length === 1 && !value.includes('=')) {
    throw new ConversionError(
      `line ${number}: Digest needs the server's challenge first, which is not asked for`,
    )
  }
  if (!/^basic$/i.test(scheme) || (rest.length === 0 && !user.includes(':'))) return value
  const pair = rest.length === 0 ? user : `${user}:${password}`
  return `${scheme} ${toBase64(fromLatin1(pair))}`
}

/** Empty lines behind a body separate it from what follows; of scripts, only those that look at responses are passed over. */
function bodyOf(lines: readonly Line[], fill: (line: Line) => string, type: string, note: Note): Uint8Array {
  const kept: string[] = []
  const left: number[] = []
  let script = false
  for (const line of lines) {
    const { text, number } = line
    if (script || /^<>|^>\s*\{%|^>>!?\s|^>\s+\S+\.js\s*$/.test(text)) {
      if (/^>\s*\{%/.test(text)) script = true
      if (text.includes('%}')) script = false
      left.push(number)
    } else if (SPECIAL.test(text)) throw notRead(line)
    else kept.push(fill(line))
  }
  if (left.length > 0) note(`line ${left[0]}: what is done with the response is left out`)
  while (kept.at(-1) === '') kept.pop()
  if (kept.length === 0) return fromText('')
  if (/^multipart\//i.test(type)) return fromText(`${kept.join('\r\n')}\r\n`)
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return fromText(kept.map(trimmed).join(''))
  return fromText(kept.join('\n'))
}

/** What editors send that is no HTTP/1.1 request, or names other files. */
const OTHERS = /^(websocket|wss?|graphql|grpc|rsocket|import|run)$/i

function build(startLine: string, headers: Fields, body: Uint8Array): RequestMessage {
  const words = startLine.split(/[ \t]+/)
  const version = /^HTTP\/(\d(?:\.\d)?)$/i.exec(words.at(-1) ?? '')?.[1]
  if (version !== undefined) words.pop()
  const [word = ''] = words
  if (words.length > 1 && OTHERS.test(word)) throw notHttp(word)
  const named = words.length > 1 && /^[A-Za-z][\w-]*$/.test(word)
  if (words.length > 1 && !named && !isHttpUrl(word))
    throw new ConversionError(`'${startLine}' is no METHOD and URL`)
  const method = named ? word.toUpperCase() : 'GET'
  const target = (named ? words.slice(1) : words).join(' ')
  const parts = {
    method,
    headers: without(headers, 'Content-Length', 'Transfer-Encoding'),
    body,
    version: version === '1.0' ? '1.0' : '1.1',
  }
  if (target.startsWith('/') || target === '*') {
    const path = target === '*' ? target : targetOf(target)
    return { kind: 'request', target: path, scheme: 'http', trailers: [], ...parts }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target) && !isHttpUrl(target)) {
    throw new ConversionError(`'${target}' is not a URL of http or https`)
  }
  return requestTo(addressOf(isHttpUrl(target) ? target : `http://${target}`), parts)
}

function notRead({ number, text }: Line): ConversionError {
  return new ConversionError(`line ${number}: files and scripts are not read, only text: '${text}'`)
}

function notHttp(word: string, number?: number): ConversionError {
  return new ConversionError(
    `${number === undefined ? '' : `line ${number}: `}${word} is no HTTP request that is read here: only plain requests are`,
  )
}
