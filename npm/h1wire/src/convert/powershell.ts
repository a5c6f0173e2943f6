// Requests as PowerShell's Invoke-WebRequest and Invoke-RestMethod, as developer tools copy them.

import { eachOf } from './entries.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import { type Fields, fieldValue, type RequestMessage, requestTo } from './model.js'
import { fromText, textAsLatin1 } from './octets.js'
import { powershellTokens, type Token } from './shell-windows.js'
import { addressOf } from './url.js'

const CALL = /^(invoke-webrequest|invoke-restmethod|iwr|irm)$/i

/** Whether a text has such a call. */
export function looksLikePowershell(text: string): boolean {
  return /^(\$session\s*=|\s*(invoke-webrequest|invoke-restmethod|iwr|irm)\s)/im.test(text)
}

/** Reads the calls; a session's agent and cookies belong to those that name it. Nothing is run. */
export function* readPowershell(text: string, context: Context): Generator<RequestMessage> {
  yield* eachOf(statements(text), 'command', context, (statement) => [requestOf(statement, context)])
}

interface Statement {
  readonly tokens: readonly Token[]
  readonly agent: string | undefined
  readonly cookies: readonly string[]
}

function* statements(text: string): Generator<Statement> {
  let agent: string | undefined
  let cookies: string[] = []
  for (const tokens of split(text)) {
    const [first] = tokens
    const strings = tokens.filter(({ kind }) => kind === 'string').map((token) => token.text)
    if (first === undefined) continue
    if (CALL.test(first.text)) yield { tokens: tokens.slice(1), agent, cookies }
    else if (/^\$\w+\.UserAgent$/i.test(first.text)) agent = strings[0]
    else if (/^\$\w+\.Cookies\.Add$/i.test(first.text)) cookies = [...cookies, `${strings[0]}=${strings[1]}`]
    else if (/^\$\w+$/.test(first.text) && tokens[2]?.text.toLowerCase() === 'new-object') cookies = []
    else throw new ConversionError(`line ${first.line}: '${first.text}' is not read here, and nothing is run`)
  }
}

/** The tokens of each statement: ends inside of brackets are spaces. */
function split(text: string): Token[][] {
  const all: Token[][] = [[]]
  let depth = 0
  for (const token of powershellTokens(text)) {
    if (token.kind === 'mark' && /[({[]$/.test(token.text)) depth++
    if (token.kind === 'mark' && /[)}\]]/.test(token.text)) depth--
    if (token.kind === 'end' && depth === 0) all.push([])
    else if (token.kind !== 'end') all.at(-1)?.push(token)
  }
  return all
}

/** Switches and options that say nothing about the request. */
const UNSENT =
  /^-(usebasicparsing|maximumredirection|timeoutsec|outfile|passthru|skipcertificatecheck|verbose|sessionvariable|disablekeepalive|skipheadervalidation)$/i
const SWITCHES =
  /^-(usebasicparsing|passthru|skipcertificatecheck|verbose|disablekeepalive|skipheadervalidation)$/i

function requestOf({ tokens, agent, cookies }: Statement, { note }: Context): RequestMessage {
  let url: string | undefined
  let method: string | undefined
  let type: string | undefined
  let body: string | undefined
  let session = false
  let own = agent
  const headers: Fields = []
  for (let at = 0; at < tokens.length; at++) {
    const { text, kind, line } = tokens[at] as Token
    const next = tokens[at + 1]
    const value = (): string => {
      at++
      if (next === undefined || next.kind === 'mark')
        throw new ConversionError(`line ${line}: ${text} has no plain value`)
      return next.text
    }
    if (kind === 'string' || !text.startsWith('-')) {
      if (kind === 'mark' || url !== undefined)
        throw new ConversionError(`line ${line}: '${text}' is not read here`)
      url = text
    } else if (/^-uri$/i.test(text)) url = value()
    else if (/^-method$/i.test(text)) method = value().toUpperCase()
    else if (/^-custommethod$/i.test(text)) method = value()
    else if (/^-contenttype$/i.test(text)) type = value()
    else if (/^-useragent$/i.test(text)) own = value()
    else if (/^-websession$/i.test(text)) session = value() !== ''
    else if (/^-body$/i.test(text)) {
      const end = next?.kind === 'mark' ? closing(tokens, at + 1) : at + 1
      const strings = tokens.slice(at + 1, end + 1).filter((token) => token.kind === 'string')
      if (strings.length !== 1)
        throw new ConversionError(`line ${line}: -Body is read where it is one string`)
      body = strings[0]?.text
      at = end
    } else if (/^-headers$/i.test(text)) {
      const end = closing(tokens, at + 1)
      headers.push(...pairs(tokens.slice(at + 2, end)))
      at = end
    } else if (UNSENT.test(text)) {
      if (!SWITCHES.test(text)) value()
    } else throw new ConversionError(`line ${line}: the option ${text} is not read here`)
  }
  if (url === undefined) throw new ConversionError('the command has no -Uri')
  const has = (name: string) => fieldValue(headers, name) !== undefined
  if (own !== undefined && (session || own !== agent) && !has('User-Agent'))
    headers.push(['User-Agent', textAsLatin1(own)])
  if (session && cookies.length > 0 && !has('Cookie'))
    headers.push(['Cookie', textAsLatin1(cookies.join('; '))])
  if (type !== undefined && !has('Content-Type')) headers.push(['Content-Type', textAsLatin1(type)])
  const kept = headers.filter(([name]) => !['authority', 'method', 'path', 'scheme'].includes(name))
  if (kept.length < headers.length)
    note('authority, method, path and scheme are of HTTP/2: they are left out')
  const verb = method ?? 'GET'
  return requestTo(addressOf(url), {
    method: verb,
    headers: kept,
    ...(body === undefined ? {} : { body: fromText(body) }),
  })
}

function closing(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token
    if (kind === 'mark' && /[({[]$/.test(text)) depth++
    if (kind === 'mark' && /[)}\]]/.test(text) && --depth === 0) return at
  }
  throw new ConversionError(`line ${tokens[from]?.line ?? 1}: a bracket is not closed`)
}

/** `"name"="value"` each. */
function pairs(tokens: readonly Token[]): Fields {
  const words = tokens.filter(({ text, kind }) => kind !== 'mark' || text !== '=')
  const fields: Fields = []
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name, value] = [words[at] as Token, words[at + 1] as Token]
    if (name.kind === 'mark' || value.kind === 'mark')
      throw new ConversionError(`line ${name.line}: -Headers has names and strings`)
    fields.push([name.text.replace(/=$/, ''), textAsLatin1(value.text)])
  }
  return fields
}
