// The requests that the words of one curl command stand for: what that command would send, but its User-Agent.

import { applyOption, type CurlRequest, fresh } from './curl-options.js'
import { ConversionError } from './error.js'
import {
  aimed,
  type Fields,
  fieldValue,
  type Note,
  type RequestMessage,
  requestTo,
  without,
} from './model.js'
import { multipart } from './multipart.js'
import { fromLatin1, latin1AsText } from './octets.js'
import { type Address, addressOf, basicOf, withoutDots } from './url.js'

/** The requests of a command; `--next` parts them. `input` is what is piped into it. */
export function requestsOf(
  command: readonly string[],
  input: string | undefined,
  note: Note,
): RequestMessage[] {
  const words = command.slice(1)
  const all: CurlRequest[] = [{ ...fresh(), input }]
  let onlyOperands = false
  let at = 0
  const next = () => words[at++]
  while (at < words.length) {
    const word = next() as string
    const asked = all.at(-1) as CurlRequest
    if (onlyOperands || !word.startsWith('-') || word === '-') asked.urls.push(word)
    else if (word === '--') onlyOperands = true
    else if (word === '--next' || word === '-:') all.push({ ...fresh(), input })
    else if (word.startsWith('--')) applyOption(asked, word, next)
    else applyLetters(asked, word, next)
  }
  const passedOver = all.flatMap((asked) => asked.passedOver)
  if (passedOver.length > 0) note(`${passedOver.join(', ')}: passed over, for the request itself is the same`)
  return all.flatMap((asked) => {
    if (asked.urls.length === 0) throw new ConversionError('the curl command has no URL')
    return asked.urls.map((url) => requestOf(asked, url))
  })
}

/** `-sSXPOST`: letters together, and a value behind its letter. */
function applyLetters(asked: CurlRequest, word: string, next: () => string | undefined): void {
  for (let at = 1; at < word.length; at++) {
    let rest: string | undefined
    applyOption(asked, `-${word[at]}`, () => {
      rest = word.slice(at + 1)
      return rest === '' ? next() : rest
    })
    if (rest !== undefined) return
  }
}

function requestOf(asked: CurlRequest, word: string): RequestMessage {
  const address = addressIn(asked, word)
  const given = asked.headers.filter(([, value]) => value !== undefined) as Fields
  const body = bodyOf(asked)
  const custom = body?.multipart === true ? withBoundary(given, body.type) : given
  const dropped = asked.headers.filter(([, value]) => value === undefined).map(([name]) => name)
  const chunked = /\bchunked\b/i.test(fieldValue(custom, 'Transfer-Encoding') ?? '')
  const own: Fields = [
    ['Authorization', asked.authorization ?? basicOf(address)],
    ['User-Agent', asked.agent],
    ['Accept', '*/*'],
    ['Accept-Encoding', asked.compressed],
    ['Referer', asked.referer],
    ['Cookie', asked.cookies.join('; ') || undefined],
  ].filter((field): field is [string, string] => field[1] !== undefined)
  const behind: Fields =
    body === undefined
      ? []
      : [
          ...(chunked ? [] : [['Content-Length', String(body.octets.length)] as [string, string]]),
          ['Content-Type', body.type],
        ]
  const names = [...custom.map(([name]) => name), ...dropped]
  const host = fieldValue(custom, 'Host')
  const headers: Fields = [
    ...(host === undefined ? [] : [['Host', host] as [string, string]]),
    ...without(own, ...names),
    ...without(custom, 'Host'),
    ...without(behind, ...names),
  ]
  const method = asked.method ?? (asked.head ? 'HEAD' : body === undefined ? 'GET' : 'POST')
  const parts = {
    method,
    headers,
    version: asked.version,
    ...(body === undefined ? {} : { body: body.octets }),
  }
  // Whether its user is sent is settled above: a header may have taken that away.
  const request = requestTo({ ...address, user: undefined }, parts)
  // curl itself has a path in the target of CONNECT.
  const target = asked.target ?? request.target
  return aimed({ ...request, target }, `${address.scheme}://${address.host}`)
}

/** curl appends the boundary to a Content-Type of multipart that it is given. */
function withBoundary(fields: Fields, type: string): Fields {
  const boundary = type.slice(type.indexOf(';'))
  return fields.map(([name, value]) =>
    name.toLowerCase() === 'content-type' && /^multipart\//i.test(value)
      ? [name, `${value}${boundary}`]
      : [name, value],
  )
}

function addressIn(asked: CurlRequest, word: string): Address {
  const text = latin1AsText(word) ?? word
  const scheme = /^(https?):\/{1,3}/i.exec(text)
  if (scheme === null && /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) addressOf(text)
  const rest = scheme === null ? text : text.slice(scheme[0].length)
  const path = rest.replace(/^[^/]*/, '')
  if (!asked.globOff && /[[\]{}]/.test(path)) {
    throw new ConversionError(`curl would expand the brackets of '${text}': say --globoff if they are meant`)
  }
  if (/[ \t]/.test(text)) throw new ConversionError(`curl refuses '${text}': a URL has no spaces, write %20`)
  const address = addressOf(`${scheme?.[1] ?? 'http'}://${rest}`)
  const target = asked.pathAsIs ? address.target : withoutDots(address.target)
  if (!asked.get || asked.data.length === 0) return { ...address, target }
  const data = asked.data.join('&')
  const mark = !target.includes('?') ? '?' : target.endsWith('?') ? '' : '&'
  return { ...address, target: `${target}${mark}${data}` }
}

interface Body {
  octets: Uint8Array
  type: string
  multipart?: boolean
}

function bodyOf(asked: CurlRequest): Body | undefined {
  if (asked.parts.length > 0) {
    if (asked.data.length > 0) throw new ConversionError('the curl command has both --data and --form')
    return { ...multipart(asked.parts), multipart: true }
  }
  if (asked.get || asked.data.length === 0) return undefined
  const joined = asked.data.join(asked.json ? '' : '&')
  return { octets: fromLatin1(joined), type: 'application/x-www-form-urlencoded' }
}
