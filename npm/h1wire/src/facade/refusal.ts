// What the builder refused, as an H1Error: which part, where in it, and what to do instead.

import {
  CALL_RAW,
  FORMAT_ACTUAL,
  FORMAT_AT,
  FORMAT_EXPECTED,
  FORMAT_ITEM,
  FORMAT_PART,
  FORMAT_TEXT_AT,
  NOWHERE,
  PART_BODY,
  PART_BOUNDARY,
  PART_ENTRY_FILE_NAME,
  PART_ENTRY_NAME,
  PART_ENTRY_TYPE,
  PART_EXTENSION_NAME,
  PART_EXTENSION_VALUE,
  PART_FIELD_NAME,
  PART_FIELD_VALUE,
  PART_HOST,
  PART_METHOD,
  PART_REASON,
  PART_REQUEST_METHOD,
  PART_STATUS,
  PART_TARGET,
  PART_TRAILER_NAME,
  PART_TRAILER_VALUE,
} from '../generated/layout.js'
import type { Gathered, Names } from './build.js'
import { wide } from './decode.js'
import { codeOf, H1Error, type H1ErrorCode } from './error.js'
import { unitsIn } from './text.js'

const PARTS: Record<number, (item: number, names: Names) => string | undefined> = {
  [PART_METHOD]: () => 'method',
  [PART_TARGET]: () => 'target',
  [PART_HOST]: () => 'host',
  [PART_STATUS]: () => 'status',
  [PART_REASON]: () => 'reason',
  [PART_REQUEST_METHOD]: () => 'requestMethod',
  [PART_BODY]: () => 'body',
  [PART_FIELD_NAME]: (item) => `headers[${item}].name`,
  [PART_FIELD_VALUE]: (item, { typeField }) => (item === typeField ? 'body.type' : `headers[${item}].value`),
  [PART_TRAILER_NAME]: (item) => `trailers[${item}].name`,
  [PART_TRAILER_VALUE]: (item) => `trailers[${item}].value`,
  [PART_EXTENSION_NAME]: (item) => `extensions[${item}].name`,
  [PART_EXTENSION_VALUE]: (item) => `extensions[${item}].value`,
  [PART_BOUNDARY]: (_, { boundary }) => boundary,
  [PART_ENTRY_NAME]: (_, { entry }) => `${entry}.name`,
  [PART_ENTRY_FILE_NAME]: (_, { entry }) => `${entry}.filename`,
  [PART_ENTRY_TYPE]: (_, { entry }) => `${entry}.type`,
}

// What to do instead, for each code the builder refuses with.
const ADVICE: Partial<Record<H1ErrorCode, string>> = {
  H1_METHOD: "give a method such as 'GET', and nothing behind it",
  H1_TARGET: "give a path that begins with '/', percent-encoded as encodeURI does, or use url",
  H1_TARGET_FORM: "give a path that begins with '/', or with CONNECT host:port",
  H1_STATUS_CODE: 'give an integer from 100 to 999',
  H1_REASON: 'leave control characters out',
  H1_FIELD_NAME: 'give the name alone, without colon, whitespace or control characters',
  H1_FIELD_NAME_EMPTY: 'give a name',
  H1_FIELD_VALUE: 'leave control characters out, or encode them',
  H1_VALUE_WHITESPACE: 'give value.trim()',
  H1_CODE_UNIT: 'encode it: percent-encoding in a target, RFC 8187 in a parameter, Base64 elsewhere',
  H1_HOST_MISSING: 'give url, or a Host header',
  H1_HOST_INVALID: "give a host such as 'example.com' or 'example.com:8080'",
  H1_HOST_REPEATED: 'leave one of them out',
  H1_HOST_CONFLICT: 'leave the Host header out: it is taken from url',
  H1_CONTENT_LENGTH: 'leave Content-Length out: it is set from the body',
  H1_CONTENT_LENGTH_DIFFERS: 'leave Content-Length out: it is set from the body',
  H1_BODY_LENGTH: 'leave Content-Length out: it is set from the body',
  H1_TRANSFER_ENCODING: "give 'chunked', or leave Transfer-Encoding out: it is set where it is needed",
  H1_TRANSFER_ENCODING_NOT_CHUNKED: "put 'chunked' last",
  H1_TRANSFER_ENCODING_WITH_LENGTH: 'leave Content-Length out',
  H1_TRANSFER_ENCODING_VERSION: 'leave Transfer-Encoding out, and give a body of known length',
  H1_TRANSFER_CODING_UNKNOWN: "give gzip, compress or deflate before 'chunked', or use Content-Encoding",
  H1_FRAMING_CONFLICT: 'leave the field out: this message has no body that it could speak of',
  H1_BODY_FORBIDDEN: 'leave the body out',
  H1_TRAILER_FORBIDDEN: 'send it as a header',
  H1_TRAILERS_NEED_CHUNKS: 'leave trailers out, or whatever keeps the body from being chunked',
  H1_CONNECTION_OPTION: 'add it to the Connection header, or leave that out: it is then written',
  H1_UPGRADE_MISSING: 'give an Upgrade header; Connection is then written',
  H1_EXPECT_NO_CONTENT: 'leave Expect out, or give the body or its length',
  H1_TE_CHUNKED: 'leave chunked out',
  H1_INFORMATIONAL_VERSION: 'leave it out and send the answer itself',
  H1_LENGTH_NEEDED: 'give the body, its length or a Content-Length header',
  H1_CHUNK_EXTENSION: 'give tokens as names, and values without control characters',
  H1_CHUNK_LENGTH: 'end the body with formatLastChunk()',
  H1_BOUNDARY: "give a Content-Type such as 'multipart/form-data; boundary=x', or leave it out",
}

/** Where the body comes in pieces, its head has been sent. */
const PIECES_ADVICE = 'send as many bytes as the head announced'

const ASTERISK_ADVICE =
  "give a path that begins with '/', or, if * is meant as in SSDP, lenient: ['asterisk']"

/** The error that a call answered with, from the words it left. */
export function refusal(answer: number | undefined, words: Uint32Array, gathered: Gathered): H1Error {
  const code = codeOf(Number(answer) - 1)
  if (code === 'H1_INTERNAL' || code === 'H1_FREED') return new H1Error(code)
  if (gathered.call === CALL_RAW) return rawRefusal(code, words[FORMAT_TEXT_AT] as number, gathered)
  const part = words[FORMAT_PART] as number
  const item = words[FORMAT_ITEM] as number
  const at = words[FORMAT_AT] as number
  const textAt = words[FORMAT_TEXT_AT] as number
  return new H1Error(code, {
    ...(gathered.side && { side: gathered.side }),
    part: PARTS[part]?.(item, gathered.names),
    name: nameOf(part, item, gathered),
    index: at === NOWHERE ? undefined : isUtf8(part) ? unitsIn(gathered.text, textAt - at, at) : at,
    unit: textAt === NOWHERE ? undefined : gathered.text.charCodeAt(textAt),
    ...lengthsOf(words),
    advice: adviceOn(code, part, at),
  })
}

function adviceOn(code: H1ErrorCode, part: number, at: number): string | undefined {
  if (code === 'H1_BODY_LENGTH' && part === PART_BODY) return PIECES_ADVICE
  // No other target is refused at its first character for its form.
  return code === 'H1_TARGET_FORM' && at === 0 ? ASTERISK_ADVICE : ADVICE[code]
}

/** The two lengths that disagree, if that is what is wrong. */
function lengthsOf(words: Uint32Array): { expected?: number; actual?: number } {
  if (words[FORMAT_EXPECTED + 1] === NOWHERE) return {}
  return { expected: wide(words, FORMAT_EXPECTED), actual: wide(words, FORMAT_ACTUAL) }
}

/** Whether the part went to Rust as UTF-8, of which one octet is not one code unit. */
function isUtf8(part: number): boolean {
  return part === PART_ENTRY_NAME || part === PART_ENTRY_FILE_NAME
}

/** All that a raw message is refused for: text that is no octets. */
function rawRefusal(code: H1ErrorCode, textAt: number, { text, lengths, names }: Gathered): H1Error {
  let start = 0
  let part = 0
  for (; part < lengths.length; part++) {
    const length = lengths[part] as number
    if (length === NOWHERE) continue
    if (textAt < start + length) break
    start += length
  }
  return new H1Error(code, {
    part: names.raw?.[part],
    index: textAt - start,
    unit: text.charCodeAt(textAt),
    advice: 'give octets in place of text, Buffer.from(text) for UTF-8',
  })
}

/** The name that goes with a value. */
function nameOf(
  part: number,
  item: number,
  { text, lengths, fields, trailers }: Gathered,
): string | undefined {
  const isTrailer = part === PART_TRAILER_VALUE
  if (part !== PART_FIELD_VALUE && part !== PART_EXTENSION_VALUE && !isTrailer) return undefined
  const singles = lengths.length - 2 * (fields + trailers)
  const index = singles + 2 * (isTrailer ? fields + item : item)
  let at = 0
  for (const length of lengths.slice(0, index)) at += length === NOWHERE ? 0 : length
  return text.substring(at, at + (lengths[index] as number))
}
