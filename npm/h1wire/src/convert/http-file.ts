// Requests as a .http file, which editors send: requests apart by `###`, variables, comments.

import { ConversionError } from './error.js'
import { httpUrl } from './json.js'
import {
  type Fields,
  type Message,
  type Note,
  type RequestMessage,
  requestTo,
  urlOf,
  without,
} from './model.js'
import { fromText, latin1AsText, textAsLatin1, utf8 } from './octets.js'

/** Reads requests. */
export function readHttpFile(text: string): RequestMessage[] {
  const variables = new Map<string, string>()
  return sections(text).flatMap((lines) => {
    const request = readRequest(lines, variables)
    return request === undefined ? [] : [request]
  })
}

/** Writes requests; what such a file cannot say is refused, or noted. */
export function writeHttpFile(messages: readonly Message[], note: Note): string {
  const requests = messages.filter((message) => message.kind === 'request')
  if (requests.length < messages.length) note('responses are left out: a .http file has none')
  return requests.map((request) => writeRequest(request, note)).join('\n###\n\n')
}

interface Line {
  readonly text: string
  readonly number: number
}

function sections(text: string): Line[][] {
  const all: Line[][] = [[]]
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.startsWith('###')) all.push([])
    else all.at(-1)?.push({ text: line, number: index + 1 })
  })
  return all
}

const COMMENT = /^\s*(#|\/\/)/
const VARIABLE = /^\s*@([\w.-]+)\s*=\s*(.*?)\s*$/

function readRequest(lines: readonly Line[], variables: Map<string, string>): RequestMessage | undefined {
  const rest = [...lines]
  const fill = ({ text, number }: Line): string =>
    text.replace(/\{\{\s*(.*?)\s*\}\}/g, (_whole, name: string) => {
      const value = variables.get(name)
      if (value === undefined) throw new ConversionError(`line ${number}: there is no variable '${name}'`)
      return value
    })

  let first: Line | undefined
  while (first === undefined && rest.length > 0) {
    const line = rest.shift() as Line
    const variable = VARIABLE.exec(line.text)
    if (variable) variables.set(variable[1] as string, fill({ ...line, text: variable[2] as string }))
    else if (line.text.trim() !== '' && !COMMENT.test(line.text)) first = line
  }
  if (first === undefined) return undefined

  let startLine = fill(first).trim()
  // A query may go on over lines that begin with a space.
  while (rest[0] !== undefined && /^\s+[?&/]/.test(rest[0].text))
    startLine += fill(rest.shift() as Line).trim()
  const headers: Fields = []
  while (rest.length > 0) {
    const line = rest.shift() as Line
    if (line.text.trim() === '') break
    if (!COMMENT.test(line.text)) headers.push(field(fill(line), line.number))
  }
  return build(startLine, first.number, headers, bodyOf(rest, fill))
}

function field(text: string, number: number): [string, string] {
  const colon = text.indexOf(':')
  if (colon === -1) throw new ConversionError(`line ${number}: a field line has a colon`)
  return [text.slice(0, colon).trim(), textAsLatin1(text.slice(colon + 1).trim())]
}

/** Empty lines behind a body separate it from what follows. */
function bodyOf(lines: readonly Line[], fill: (line: Line) => string): Uint8Array {
  const special = lines.find(({ text }) => /^(<@?\s|<\s*\{%|>\s*\{%|>>?!?\s)/.test(text))
  if (special) {
    throw new ConversionError(
      `line ${special.number}: files and scripts are not read, only text: '${special.text}'`,
    )
  }
  return fromText(lines.map(fill).join('\n').replace(/\n+$/, ''))
}

function build(startLine: string, number: number, headers: Fields, body: Uint8Array): RequestMessage {
  const match = /^(?:([A-Z][A-Z0-9_-]*)\s+)?(\S+)(?:\s+HTTP\/(\S+))?$/.exec(startLine)
  if (!match) throw new ConversionError(`line ${number}: '${startLine}' is no METHOD and URL`)
  const [, method = 'GET', target = '', version = '1.1'] = match
  const framed = without(headers, 'Content-Length', 'Transfer-Encoding')
  if (!target.startsWith('/')) {
    const url = httpUrl(/^https?:\/\//i.test(target) ? target : `http://${target}`)
    return {
      ...requestTo(url, { method, headers: framed, body }),
      version: version === '1.0' ? '1.0' : '1.1',
    }
  }
  return {
    kind: 'request',
    method,
    target,
    scheme: 'http',
    version: version === '1.0' ? '1.0' : '1.1',
    headers: framed,
    body,
    trailers: [],
  }
}

function writeRequest(request: RequestMessage, note: Note): string {
  const { method, headers, body, trailers, version } = request
  if (trailers.length > 0) note('trailer fields are left out: a .http file has none')
  const url = urlOf(request)
  const host = new URL(url).host
  // Lengths are the sender's affair, and so is a Host that the URL says.
  const shown = without(headers, 'Content-Length', 'Transfer-Encoding').filter(
    ([name, value]) => name.toLowerCase() !== 'host' || value !== host,
  )
  const lines = shown.map(([name, value]) => `${name}: ${expressible(latin1AsText(value), name)}`)
  const special = [url, ...lines].find((line) => COMMENT.test(line) || line.includes('{{'))
  if (special)
    throw new ConversionError(`'${special}' cannot be written in a .http file: it would be read otherwise`)
  const text = expressible(utf8(body), 'the body')
  if (/\r|\n$|^###|^(<@?\s|<\s*\{%|>\s*\{%|>>?!?\s)|\{\{/m.test(text) || text.endsWith('\n')) {
    throw new ConversionError('the body cannot be written in a .http file: it would be read otherwise')
  }
  return `${method} ${url} HTTP/${version}\n${lines.map((line) => `${line}\n`).join('')}${text === '' ? '' : `\n${text}\n`}`
}

function expressible(text: string | undefined, what: string): string {
  if (text === undefined) throw new ConversionError(`${what} is not UTF-8, and a .http file is`)
  return text
}
