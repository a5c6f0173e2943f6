// URLs taken apart as they stand: the path and query of a URL are sent as they were written, not as a browser would write them.

import { ConversionError } from './error.js'
import { fromLatin1, textAsLatin1, toBase64 } from './octets.js'

/** Where a request goes, and its target there. */
export interface Address {
  readonly scheme: 'http' | 'https'
  /** Host and port, the port left out where it is the scheme's own. */
  readonly host: string
  /** What stands before an `@`, as it stands there; undefined if nothing does. */
  readonly user: string | undefined
  /** Path and query; what no target may hold is written as %XX. */
  readonly target: string
}

/** The parts of an absolute URL of http or https; its text is Unicode. */
export function addressOf(url: string): Address {
  const match = /^(https?):\/\/([^/?#]*)([^#]*)/i.exec(url)
  if (match === null) throw notHttp(url)
  const [, scheme = '', authority = '', rest = ''] = match
  const at = authority.lastIndexOf('@')
  const lower = scheme.toLowerCase() as Address['scheme']
  return {
    scheme: lower,
    host: hostOf(lower, authority.slice(at + 1), url),
    user: at === -1 ? undefined : authority.slice(0, at),
    target: targetOf(rest.startsWith('/') ? rest : `/${rest}`),
  }
}

/** Whether a text is an absolute URL of http or https. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text)
}

/** A path and query with what no request-target may hold, spaces and what is not ASCII, written as %XX. */
export function targetOf(text: string): string {
  if (/[^\x20-\x7e\x80-\uffff]/.test(text))
    throw new ConversionError(`a URL holds a control character: ${shown(text)}`)
  if (!/[^\x21-\x7e]/.test(text)) return text
  return textAsLatin1(text).replace(/[^\x21-\x7e]/g, percent)
}

/** `.` and `..` resolved as curl does, and browsers (RFC 3986 section 5.2.4); escaped dots are left alone. */
export function withoutDots(target: string): string {
  const end = target.indexOf('?')
  const path = end === -1 ? target : target.slice(0, end)
  if (!/\/\.\.?(\/|$)/.test(path)) return target
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  segments.forEach((segment, index) => {
    const dots = segment === '.' || segment === '..'
    if (segment === '..') kept.pop()
    if (!dots) kept.push(segment)
    else if (index === segments.length - 1) kept.push('')
  })
  return `/${kept.join('/')}${end === -1 ? '' : target.slice(end)}`
}

/** One character as `%XX`. */
export function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** The Authorization that a user and password in a URL stand for; each byte that is escaped there is itself. */
export function basicOf({ user }: Address): string | undefined {
  if (user === undefined || user === '') return undefined
  const octets = textAsLatin1(user)
  const plain = octets.replace(/%([0-9a-f]{2})/gi, (_whole, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return `Basic ${toBase64(fromLatin1(plain.includes(':') ? plain : `${plain}:`))}`
}

function hostOf(scheme: Address['scheme'], text: string, url: string): string {
  const plain = text.startsWith('[') ? text.replace(/%(25)?[\w.~-]+\]/, ']') : text
  const whole = `${scheme}://${plain}/`
  if (/[^\x21-\x7e\x80-\uffff]|\\/.test(plain) || !URL.canParse(whole)) throw notHttp(url)
  const { host } = new URL(whole)
  // Case is kept, as curl keeps it; nothing else of the name is.
  const given = host.length === plain.length ? plain : plain.replace(/:\d*$/, '')
  return given.toLowerCase() === host ? given : host
}

function notHttp(url: string): ConversionError {
  return new ConversionError(
    `${shown(url)} is not a URL that begins with http:// or https:// and names a host`,
  )
}

function shown(text: string): string {
  return `'${text.length > 200 ? `${text.slice(0, 200)}…` : text}'`
}
