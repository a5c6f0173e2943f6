// The options of curl that say what is sent, and those that do not.

import { ConversionError } from './error.js'
import type { Part } from './multipart.js'
import { fromLatin1, toBase64 } from './octets.js'
import { trimmed } from './text.js'

/** What options have said so far; text is latin-1. */
export interface CurlRequest {
  urls: string[]
  method: string | undefined
  head: boolean
  get: boolean
  json: boolean
  globOff: boolean
  pathAsIs: boolean
  version: '1.0' | '1.1'
  target: string | undefined
  /** Field lines; one without a value keeps curl from writing its own. */
  headers: [name: string, value: string | undefined][]
  data: string[]
  parts: Part[]
  authorization: string | undefined
  agent: string | undefined
  referer: string | undefined
  compressed: string | undefined
  cookies: string[]
  /** What is piped into the command, if that is known. */
  input: string | undefined
  /** Options that change nothing of the request, but perhaps where it goes or what follows. */
  passedOver: string[]
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
    pathAsIs: false,
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
    input: undefined,
    passedOver: [],
  }
}

/** Takes in an option; `value` gives its value. */
export function applyOption(asked: CurlRequest, option: string, value: () => string | undefined): void {
  const name = fullName(LETTERS.get(option) ?? option)
  const flag = FLAGS.get(name)
  const valued = VALUED.get(name)
  if (flag !== undefined) Object.assign(asked, flag)
  else if (valued !== undefined) {
    const text = value()
    if (text === undefined) throw new ConversionError(`curl's option ${option} has no value`)
    valued(asked, text)
  } else if (name.startsWith('--no-') && isSwitch(`--${name.slice(5)}`)) asked.passedOver.push(option)
  else throw new ConversionError(`curl's option ${option} is not read here`)
}

/** The option that a beginning of its name stands for, as for curl, if it stands for one. */
function fullName(name: string): string {
  if (!name.startsWith('--') || FLAGS.has(name) || VALUED.has(name)) return name
  const meant = [...FLAGS.keys(), ...VALUED.keys()].filter((full) => full.startsWith(name))
  if (meant.length > 1 && name.length > 3) {
    throw new ConversionError(`curl's option ${name} may be ${meant.slice(0, 5).join(' or ')}: write it out`)
  }
  return meant[0] ?? name
}

function isSwitch(name: string): boolean {
  return FLAGS.has(name) && !['--head', '--get', '--http1.0'].includes(name)
}

/** Options without a value, and what they set; most are about what curl shows, or how it connects. */
const FLAGS: ReadonlyMap<string, Partial<CurlRequest>> = new Map<string, Partial<CurlRequest>>([
  ['--head', { head: true }],
  ['--get', { get: true }],
  ['--globoff', { globOff: true }],
  ['--path-as-is', { pathAsIs: true }],
  ['--http1.0', { version: '1.0' }],
  ['--http1.1', { version: '1.1' }],
  ['--compressed', { compressed: 'deflate, gzip, br, zstd' }],
  ...[
    ...['--silent', '--show-error', '--verbose', '--include', '--location', '--insecure', '--fail'],
    ...['--no-buffer', '--progress-bar', '--remote-name', '--remote-header-name', '--http2', '--ipv4'],
    ...['--ipv6', '--basic', '--raw', '--tcp-nodelay', '--no-progress-meter', '--fail-with-body', '--http3'],
    ...[
      '--http2-prior-knowledge',
      '--disable',
      '--ssl-no-revoke',
      '--ssl-revoke-best-effort',
      '--ssl',
      '--ssl-reqd',
    ],
    ...[
      '--tlsv1',
      '--tlsv1.0',
      '--tlsv1.1',
      '--tlsv1.2',
      '--tlsv1.3',
      '--sslv2',
      '--sslv3',
      '--no-keepalive',
    ],
    ...[
      '--location-trusted',
      '--post301',
      '--post302',
      '--post303',
      '--create-dirs',
      '--fail-early',
      '--parallel',
    ],
    ...[
      '--retry-connrefused',
      '--retry-all-errors',
      '--no-alpn',
      '--no-npn',
      '--no-sessionid',
      '--tcp-fastopen',
    ],
    ...[
      '--proxy-insecure',
      '--remote-name-all',
      '--remote-time',
      '--trace-time',
      '--trace-ids',
      '--styled-output',
      '--xattr',
    ],
    ...[
      '--junk-session-cookies',
      '--cert-status',
      '--disallow-username-in-url',
      '--suppress-connect-headers',
    ],
    ...['--http0.9', '--ca-native', '--false-start', '--ignore-content-length', '--proxytunnel', '--buffer'],
    ...[
      '--keepalive',
      '--progress-meter',
      '--alpn',
      '--npn',
      '--sessionid',
      '--remove-on-error',
      '--compressed-ssh',
    ],
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
    (asked, value) => asked.data.push(content(asked, option, value)),
  ]),
  ['--data-raw', ({ data }, value) => data.push(value)],
  ['--data-urlencode', ({ data }, value) => data.push(urlEncoded(value))],
  ['--json', json],
  ['--form', ({ parts }, value) => parts.push(part(value))],
  ['--form-string', ({ parts }, value) => parts.push(named(value))],
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
    ...[
      '--trace',
      '--trace-ascii',
      '--retry',
      '--retry-delay',
      '--retry-max-time',
      '--cacert',
      '--capath',
      '--key',
    ],
    ...[
      '--key-type',
      '--cert',
      '--cert-type',
      '--pass',
      '--cookie-jar',
      '--max-redirs',
      '--limit-rate',
      '--interface',
    ],
    ...[
      '--stderr',
      '--expect100-timeout',
      '--ciphers',
      '--tls13-ciphers',
      '--tls-max',
      '--curves',
      '--keepalive-time',
    ],
    ...[
      '--speed-limit',
      '--speed-time',
      '--max-filesize',
      '--output-dir',
      '--parallel-max',
      '--local-port',
      '--doh-url',
    ],
    ...[
      '--dns-servers',
      '--dns-interface',
      '--pinnedpubkey',
      '--happy-eyeballs-timeout-ms',
      '--rate',
      '--engine',
    ],
    ...[
      '--proto',
      '--proto-default',
      '--proto-redir',
      '--alt-svc',
      '--hsts',
      '--etag-save',
      '--libcurl',
      '--crlfile',
    ],
  ].map((name): [string, Valued] => [name, () => {}]),
  ...[
    ...['--proxy', '--proxy-user', '--proxy-header', '--preproxy', '--socks4', '--socks4a', '--socks5'],
    ...[
      '--socks5-hostname',
      '--proxy1.0',
      '--resolve',
      '--connect-to',
      '--unix-socket',
      '--abstract-unix-socket',
    ],
  ].map((name): [string, Valued] => [name, ({ passedOver }) => passedOver.push(name)]),
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
  ['-x', '--proxy'],
  ['-U', '--proxy-user'],
  ['-p', '--proxytunnel'],
  ['-Z', '--parallel'],
  ['-y', '--speed-time'],
  ['-Y', '--speed-limit'],
  ['-1', '--tlsv1'],
  ['-2', '--sslv2'],
  ['-3', '--sslv3'],
  ['-R', '--remote-time'],
  ['-j', '--junk-session-cookies'],
])

/** `Name: value`; `Name:` takes curl's own away, `Name;` is a line without a value. */
function header(line: string): [string, string | undefined] {
  if (line.startsWith('@')) throw new ConversionError('--header @FILE names a file, and no file is read')
  const colon = line.indexOf(':')
  if (colon === -1) {
    if (line.endsWith(';')) return [line.slice(0, -1), '']
    throw new ConversionError(`--header takes 'NAME: VALUE', not '${line}'`)
  }
  const value = trimmed(line.slice(colon + 1))
  return [line.slice(0, colon), value === '' ? undefined : value]
}

function json(asked: CurlRequest, value: string): void {
  asked.data.push(content(asked, '--json', value))
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

/** What is said itself, or what is piped into the command; --data leaves line ends out of that. */
function content({ input }: CurlRequest, option: string, value: string): string {
  if (value !== '@-' || input === undefined) return noFile(option, value)
  return /^--(data-binary|json)$/.test(option) ? input : input.replace(/[\r\n\0]/g, '')
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

function part(text: string): Part {
  const { name, value } = named(text)
  if (/^[@<(]/.test(value)) throw new ConversionError(`--form ${text} names a file, and no file is read`)
  const match = /^"((?:[^"\\]+|\\.)*)"(.*)$|^([^;]*)(.*)$/s.exec(value)
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
