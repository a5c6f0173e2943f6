// Requests read from a command line of curl: what that command would send, but its User-Agent.

import { applyOption, type CurlRequest, fresh } from './curl-options.js'
import { ConversionError } from './error.js'
import { httpUrl } from './json.js'
import { type Fields, fieldValue, type RequestMessage, requestTo, without } from './model.js'
import { fromLatin1, fromText, latin1AsText, toBase64 } from './octets.js'
import { shellWords } from './shell.js'

/** Reads the requests of a curl command; `--next` parts them. */
export function readCurl(text: string): RequestMessage[] {
  const [program, ...words] = shellWords(text)
  if (program !== 'curl') throw new ConversionError(`a curl command begins with curl, not '${program ?? ''}'`)
  const all: CurlRequest[] = [fresh()]
  let onlyOperands = false
  while (words.length > 0) {
    const word = words.shift() as string
    const asked = all.at(-1) as CurlRequest
    if (onlyOperands || !word.startsWith('-') || word === '-') asked.urls.push(word)
    else if (word === '--') onlyOperands = true
    else if (word === '--next' || word === '-:') all.push(fresh())
    else if (word.startsWith('--')) applyOption(asked, word, () => words.shift())
    else applyLetters(asked, word, words)
  }
  return all.flatMap((asked) => {
    if (asked.urls.length === 0) throw new ConversionError('the curl command has no URL')
    return asked.urls.map((url) => requestOf(asked, url))
  })
}

/** `-sSXPOST`: letters together, and a value behind its letter. */
function applyLetters(asked: CurlRequest, word: string, words: string[]): void {
  for (let at = 1; at < word.length; at++) {
    let rest: string | undefined
    applyOption(asked, `-${word[at]}`, () => {
      rest = word.slice(at + 1)
      return rest === '' ? words.shift() : rest
    })
    if (rest !== undefined) return
  }
}

function requestOf(asked: CurlRequest, word: string): RequestMessage {
  const url = urlOf(asked, word)
  const custom = asked.headers.filter(([, value]) => value !== undefined) as Fields
  const dropped = asked.headers.filter(([, value]) => value === undefined).map(([name]) => name)
  const body = bodyOf(asked)
  const chunked = /\bchunked\b/i.test(fieldValue(custom, 'Transfer-Encoding') ?? '')
  const own: Fields = [
    ['Authorization', asked.authorization],
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
  const given = [...custom.map(([name]) => name), ...dropped]
  const host = fieldValue(custom, 'Host')
  const headers: Fields = [
    ...(host === undefined ? [] : [['Host', host] as [string, string]]),
    ...without(own, ...given),
    ...without(custom, 'Host'),
    ...without(behind, ...given),
  ]
  const method = asked.method ?? (asked.head ? 'HEAD' : body === undefined ? 'GET' : 'POST')
  const request = requestTo(url, { method, headers, ...(body === undefined ? {} : { body: body.octets }) })
  return { ...request, version: asked.version, target: asked.target ?? request.target }
}

function urlOf(asked: CurlRequest, word: string): URL {
  const text = latin1AsText(word) ?? word
  const path = text.replace(/^[a-z]+:\/\//i, '').replace(/^[^/]*/, '')
  if (!asked.globOff && /[[\]{}]/.test(path)) {
    throw new ConversionError(`curl would expand the brackets of '${text}': say --globoff if they are meant`)
  }
  const url = httpUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if (asked.get && asked.data.length > 0) {
    url.search += `${url.search === '' ? '?' : '&'}${asked.data.join('&')}`
  }
  if (url.username !== '' && asked.authorization === undefined) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    asked.authorization = `Basic ${toBase64(fromText(pair))}`
  }
  return url
}

function bodyOf(asked: CurlRequest): { octets: Uint8Array; type: string } | undefined {
  if (asked.parts.length > 0) {
    if (asked.data.length > 0) throw new ConversionError('the curl command has both --data and --form')
    return form(asked.parts)
  }
  if (asked.get || asked.data.length === 0) return undefined
  const joined = asked.data.join(asked.json ? '' : '&')
  return { octets: fromLatin1(joined), type: 'application/x-www-form-urlencoded' }
}

function form(parts: CurlRequest['parts']): { octets: Uint8Array; type: string } {
  let boundary = '-'.repeat(24)
  const text = parts.map(({ value }) => value).join('\n')
  for (let number = 0; number === 0 || text.includes(boundary); number++) {
    boundary = `${'-'.repeat(24)}${number.toString(16).padStart(16, '0')}`
  }
  const lines = parts.map(({ name, value, type }) => {
    const typed = type === undefined ? '' : `Content-Type: ${type}\r\n`
    const disposition = `Content-Disposition: form-data; name="${name.replace(/["\\]/g, '\\$&')}"\r\n`
    return `--${boundary}\r\n${disposition}${typed}\r\n${value}\r\n`
  })
  return {
    octets: fromLatin1(`${lines.join('')}--${boundary}--\r\n`),
    type: `multipart/form-data; boundary=${boundary}`,
  }
}
