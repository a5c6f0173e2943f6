// What input is, by how it begins.

import { latin1 } from '../facade/text.js'
import { looksLikeTrace } from './curl-trace.js'
import { type FormatName, inputOf } from './formats.js'
import { looksLikeHex } from './hex.js'
import { literalLanguage } from './literals-read.js'
import { textAsLatin1 } from './octets.js'
import { looksLikePowershell } from './powershell.js'
import { utf16 } from './text.js'

/** So many bytes are looked at. */
const LOOKED_AT = 4_096

/**
 * The format that input seems to be in, by how it begins, and by the ending of the file's name for .http files; `raw`
 * if nothing speaks for another. A guess: what it takes for curl may yet be refused.
 */
export function formatOf(input: Uint8Array | string, file = ''): FormatName {
  return recognised(input, file) ?? 'raw'
}

/** The same; undefined if nothing speaks for any format. */
export function recognised(input: Uint8Array | string, file = ''): FormatName | undefined {
  const start = beginning(inputOf(input))
  const trimmed = start.trimStart()
  const lines = trimmed.replace(/^(#[^\n]*\n\s*)+/, '')
  if (/^WARC\/\d/.test(trimmed)) return 'warc'
  if (/^[[{]/.test(trimmed)) return jsonFormat(trimmed)
  if (/^<(\?xml|!DOCTYPE\s+items|items[\s>])/.test(trimmed) && /<items[\s>]/.test(start)) return 'burp'
  if (/^(?:[$%>] +)?(?:(?:printf|echo) [^\n]*\| )?(?:\S*[/\\])?curl(?:\.exe)?\s/.test(lines)) return 'curl'
  if (/^printf '/.test(lines)) return 'curl'
  if (looksLikePowershell(start)) return 'powershell'
  if (/^(await\s+)?fetch\s*\(/.test(trimmed)) return 'fetch'
  if (/^[^\r\n]*HTTP\/\d[^\r\n]*\r\n/.test(trimmed)) return 'raw'
  if (looksLikeTrace(start)) return 'curl-trace'
  if (looksLikeHex(start)) return 'hex'
  const language = literalLanguage(trimmed)
  if (language !== undefined) return language
  if (
    /\.(http|rest)$/i.test(file) ||
    /^(###|\/\/|@[\w.-]+\s*=|[A-Za-z][\w-]* +(https?|wss?):\/\/|https?:\/\/\S+\s*$)/m.test(firstLine(lines))
  ) {
    return 'http'
  }
  if (/^(#|\/\/|@)/.test(trimmed)) return 'http'
  // One line end that is not CR LF does not make a message something else.
  if (/^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/\d|^HTTP\/\d/.test(trimmed)) return 'raw'
  return undefined
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

function jsonFormat(start: string): FormatName {
  if (/"_postman_id"|schema\.getpostman\.com|"item"\s*:\s*\[/.test(start)) return 'postman'
  if (/"log"\s*:/.test(start)) return 'har'
  return /"headers"\s*:\s*\[\s*\{\s*"(name|value)"\s*:/.test(start) ||
    /"(queryString|httpVersion)"\s*:/.test(start)
    ? 'har'
    : 'json'
}

/** The start as text, one character a byte; of UTF-16, made UTF-8. A byte-order mark is left out. */
function beginning(octets: Uint8Array): string {
  const start = octets.subarray(0, LOOKED_AT)
  const wide = utf16(start)
  if (wide !== undefined)
    return textAsLatin1(new TextDecoder(wide).decode(start.subarray(0, start.length & ~1)))
  const text = latin1(start, 0, start.length, false)
  return text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text
}

/** What input is that is recognised and cannot be read, and what to do instead. */
export function unreadable(octets: Uint8Array): string | undefined {
  const starts = (...signature: number[]) => signature.every((octet, at) => octets[at] === octet)
  if (starts(0x1f, 0x8b)) return 'this is gzip: unpack it first, with gunzip'
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'this is zstd: unpack it first, with zstd -d'
  if (starts(0xd4, 0xc3, 0xb2, 0xa1) || starts(0xa1, 0xb2, 0xc3, 0xd4) || starts(0x4d, 0x3c, 0xb2, 0xa1))
    return capture('pcap')
  if (starts(0xa1, 0xb2, 0x3c, 0x4d)) return capture('pcap')
  if (starts(0x0a, 0x0d, 0x0d, 0x0a)) return capture('pcapng')
  const text = latin1(octets, 0, Math.min(octets.length, LOOKED_AT), false)
  if (text.startsWith('PK\x03\x04')) {
    return 'this is a ZIP archive, perhaps a SAZ of Fiddler: export a HAR from Fiddler, or unpack it and give raw/*_c.txt and raw/*_s.txt'
  }
  if (/^\d{1,9}:(\d{1,3}:|[0-9]+:version;)/.test(text) && /:(version|type|request|response)[;,]/.test(text)) {
    return 'this is a flow file of mitmproxy: save it as HAR, with mitmdump -nr FILE --set hardump=FILE.har'
  }
  if (/^PRI \* HTTP\/2\.0\r\n/.test(text)) return 'this is HTTP/2, which is no text: record it as HAR'
  if (starts(0x16, 0x03) && (octets[2] ?? 9) <= 4)
    return 'this is TLS, encrypted: record what is inside, as HAR or with SSLKEYLOGFILE and Wireshark'
  return undefined
}

function capture(name: string): string {
  return `this is a capture, ${name}, which is not read yet: in Wireshark follow the TCP stream and save it as raw, or as a hex dump`
}
