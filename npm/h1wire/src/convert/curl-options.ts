// The options of curl that say what is sent, and those that do not.

import { ConversionError } from './error.js'
import { fromLatin1, toBase64 } from './octets.js'

/** What options have said so far; text is latin-1. */
export interface CurlRequest {
  urls: string[]
  method: string | undefined
  head: boolean
  get: boolean
  json: boolean
  globOff: boolean
  version: '1.0' | '1.1'
  target: string | undefined
  /** Field lines; one without a value keeps curl from writing its own. */
  headers: [name: string, value: string | undefined][]
  data: string[]
  parts: { name: string; value: string; type: string | undefined }[]
  authorization: string | undefined
  agent: string | undefined
  referer: string | undefined
  compressed: string | undefined
  cookies: string[]
}

/** Nothing said yet. */
export function fresh(): CurlRequest {
  return {
    urls: [],
    method: undefined,
    head: false,
    get: false,
    json: false,
    globOff: false,
    version: '1.1',
    target: undefined,
    headers: [],
    data: [],
    parts: [],
    authorization: undefined,
    agent: undefined,
    referer: undefined,
    compressed: undefined,
    cookies: [],
  }
}

/** Takes in an option; `value` gives its value. */
export function applyOption(asked: CurlRequest, option: string, value: () => string | undefined): void {
  const name = LETTERS.get(option) ?? option
  const flag = FLAGS.get(name)
  const valued = VALUED.get(name)
  if (flag !== undefined) Object.assign(asked, flag)
  else if (valued === undefined) throw new ConversionError(`curl's option ${option} is not read here`)
  else {
    const text = value()
    if (text === undefined) throw new ConversionError(`curl's option ${option} has no value`)
    valued(asked, text)
  }
}

/** Options without a value, and what they set; most are about what curl shows, or how it connects. */
const FLAGS: ReadonlyMap<string, Partial<CurlRequest>> = new Map<string, Partial<CurlRequest>>([
  ['--head', { head: true }],
  ['--get', { get: true }],
  ['--globoff', { globOff: true }],
  ['--http1.0', { version: '1.0' }],
  ['--http1.1', { version: '1.1' }],
  ['--compressed', { compressed: 'deflate, gzip, br, zstd' }],
  ...[
    ...['--silent', '--show-error', '--verbose', '--include', '--location', '--insecure', '--fail'],
    ...['--no-buffer', '--progress-bar', '--remote-name', '--remote-header-name', '--http2', '--ipv4'],
    ...['--ipv6', '--basic', '--raw', '--tcp-nodelay', '--no-progress-meter', '--fail-with-body'],
    ...['--http2-prior-knowledge', '--disable', '--path-as-is'],
  ].map((name): [string, Partial<CurlRequest>] => [name, {}]),
])

type Valued = (asked: CurlRequest, value: string) => unknown

const VALUED: ReadonlyMap<string, Valued> = new Map<string, Valued>([
  ['--url', ({ urls }, value) => urls.push(value)],
  ['--request', (asked, method) => Object.assign(asked, { method })],
  ['--request-target', (asked, target) => Object.assign(asked, { target })],
  ['--header', ({ headers }, value) => headers.push(header(value))],
  ...['--data', '--data-ascii', '--data-binary'].map((option): [string, Valued] => [
    option,
    ({ data }, value) => data.push(noFile(option, value)),
  ]),
  ['--data-raw', ({ data }, value) => data.push(value)],
  ['--data-urlencode', ({ data }, value) => data.push(urlEncoded(value))],
  ['--json', json],
  ['--form', ({ parts }, value) => parts.push(part(value))],
  ['--form-string', ({ parts }, value) => parts.push({ ...named(value), type: undefined })],
  ['--user', (asked, value) => Object.assign(asked, { authorization: basic(value) })],
  ['--oauth2-bearer', (asked, value) => Object.assign(asked, { authorization: `Bearer ${value}` })],
  ['--user-agent', (asked, value) => Object.assign(asked, { agent: value || undefined })],
  [
    '--referer',
    (asked, value) => Object.assign(asked, { referer: value.replace(/;auto$/, '') || undefined }),
  ],
  ['--cookie', ({ cookies }, value) => cookies.push(cookie(value))],
  ...[
    ...['--output', '--max-time', '--connect-timeout', '--write-out', '--noproxy', '--dump-header'],
    ...['--trace', '--trace-ascii', '--retry', '--retry-delay', '--cacert', '--cert', '--key', '--resolve'],
    ...['--connect-to', '--cookie-jar', '--max-redirs', '--limit-rate', '--interface', '--stderr'],
    ...['--expect100-timeout'],
  ].map((name): [string, Valued] => [name, () => {}]),
])

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['-X', '--request'],
  ['-H', '--header'],
  ['-d', '--data'],
  ['-F', '--form'],
  ['-u', '--user'],
  ['-A', '--user-agent'],
  ['-e', '--referer'],
  ['-b', '--cookie'],
  ['-I', '--head'],
  ['-G', '--get'],
  ['-g', '--globoff'],
  ['-0', '--http1.0'],
  ['-s', '--silent'],
  ['-S', '--show-error'],
  ['-v', '--verbose'],
  ['-i', '--include'],
  ['-L', '--location'],
  ['-k', '--insecure'],
  ['-f', '--fail'],
  ['-q', '--disable'],
  ['-N', '--no-buffer'],
  ['-#', '--progress-bar'],
  ['-O', '--remote-name'],
  ['-J', '--remote-header-name'],
  ['-4', '--ipv4'],
  ['-6', '--ipv6'],
  ['-o', '--output'],
  ['-m', '--max-time'],
  ['-w', '--write-out'],
  ['-D', '--dump-header'],
  ['-c', '--cookie-jar'],
  ['-E', '--cert'],
])

/** `Name: value`; `Name:` takes curl's own away, `Name;` is a line without a value. */
function header(line: string): [string, string | undefined] {
  if (line.startsWith('@')) throw new ConversionError('--header @FILE names a file, and no file is read')
  const colon = line.indexOf(':')
  if (colon === -1) {
    if (line.endsWith(';')) return [line.slice(0, -1), '']
    throw new ConversionError(`--header takes 'NAME: VALUE', not '${line}'`)
  }
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  return [line.slice(0, colon), value === '' ? undefined : value]
}

function json(asked: CurlRequest, value: string): void {
  asked.data.push(noFile('--json', value))
  if (!asked.json) {
    const has = (name: string) => asked.headers.some(([own]) => own.toLowerCase() === name)
    if (!has('content-type')) asked.headers.push(['Content-Type', 'application/json'])
    if (!has('accept')) asked.headers.push(['Accept', 'application/json'])
  }
  asked.json = true
}

function noFile(option: string, value: string): string {
  if (value.startsWith('@')) throw new ConversionError(`${option} ${value} names a file, and no file is read`)
  return value
}

/** `content`, `=content` or `name=content`, the content percent-encoded; a space becomes `+`. */
function urlEncoded(value: string): string {
  const equals = value.indexOf('=')
  const at = value.indexOf('@')
  if (at !== -1 && (equals === -1 || at < equals)) noFile('--data-urlencode', '@…')
  const name = equals > 0 ? value.slice(0, equals + 1) : ''
  const content = equals === -1 ? value : value.slice(equals + 1)
  const encoded = content.replace(/[^A-Za-z0-9._~-]/g, (char) =>
    char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
  return name + encoded
}

function named(value: string): { name: string; value: string } {
  const equals = value.indexOf('=')
  if (equals < 1) throw new ConversionError(`--form takes NAME=VALUE, not '${value}'`)
  return { name: value.slice(0, equals), value: value.slice(equals + 1) }
}

function part(text: string): CurlRequest['parts'][number] {
  const { name, value } = named(text)
  if (/^[@<(]/.test(value)) throw new ConversionError(`--form ${text} names a file, and no file is read`)
  const match = /^"((?:[^"\\]|\\.)*)"(.*)$|^([^;]*)(.*)$/s.exec(value)
  const content = match?.[1]?.replace(/\\(["\\])/g, '$1') ?? match?.[3] ?? ''
  const rest = match?.[2] ?? match?.[4] ?? ''
  const type = /^;type=([^;]+)$/.exec(rest)?.[1]
  if (rest !== '' && type === undefined)
    throw new ConversionError(`--form ${text} says more than NAME=VALUE;type=TYPE`)
  return { name, value: content, type }
}

function basic(pair: string): string {
  if (!pair.includes(':')) throw new ConversionError('--user without a password would ask for it')
  return `Basic ${toBase64(fromLatin1(pair))}`
}

function cookie(text: string): string {
  if (!text.includes('=')) throw new ConversionError(`--cookie ${text} names a file, and no file is read`)
  return text
}
