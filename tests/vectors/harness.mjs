// Runs the vectors against one build of h1wire. Node and the browser share this file: it knows neither, and
// takes the public API and the parsed files as arguments.

/** Up to this length an input is cut everywhere. */
const SHORT = 2048
/** Longer ones are cut this close to line ends, their own ends and their fault. */
const NEAR = 64

/** What a vector with `under` runs under beside strictness: each leniency alone, and the preset. */
export const LENIENT = [
  'headerValueRelaxed',
  'headers',
  'chunkedLength',
  'transferEncoding',
  'version',
  'keepAlive',
  'dataAfterClose',
  'optionalLFAfterCR',
  'optionalCRBeforeLF',
  'optionalCRLFAfterChunk',
  'spacesAfterChunkSize',
  'obsFold',
  'spaceBeforeColon',
  'missingHost',
  'targetObsText',
  'asterisk',
  'transferEncodingVersion',
  'identityCoding',
  'badFieldLines',
  'node-insecure',
]

/**
 * Runs every vector of `files` (`[{ name, vectors }]`) in every cut.
 * Returns the counts and up to one failure a vector.
 */
export function conformance(api, files) {
  const result = { vectors: 0, splits: 0, passed: 0, failed: 0, failures: [] }
  withoutStacks(() => {
    for (const { name, vectors } of files) {
      for (const vector of vectors) {
        const { splits, failure } = check(api, vector)
        result.vectors += 1
        result.splits += splits
        if (failure === undefined) result.passed += 1
        else {
          result.failed += 1
          result.failures.push(`${name}: ${vector.name}: ${failure}`)
        }
      }
    }
  })
  return result
}

/** Most vectors end in an error, and its stack would cost more than all the rest. */
function withoutStacks(run) {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    run()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** The line every runner prints. */
export function summary(runner, { vectors, splits, passed, failed }) {
  return `conformance ${runner}: ${vectors} vectors, ${splits} splits, ${passed} passed, ${failed} failed`
}

/**
 * What a parser makes of the pieces, in a form that does not depend on how they were cut. Where body events follow the
 * chunks, `chunks` holds the events wanted.
 */
export function outcome(parser, pieces, { end = false, resume = false, chunks } = {}) {
  const events = feed(parser, pieces, end, resume)
  const last = events.at(-1)
  const fault = last?.type === 'error' ? last.error : undefined
  if (parser.error !== fault) throw new Error('parser.error is not the error that was told')
  if (fault) mustThrow(fault, () => parser.push(new Uint8Array(1)))
  const told = {
    events: joined(fault ? events.slice(0, -1) : events, resume, chunks),
    error: fault ? plainError(fault) : null,
  }
  // Where heads and messages lie is no part of a vector: it must be the same in every cut.
  return Object.defineProperty(told, 'places', { value: events.flatMap(placesOf) })
}

function placesOf({ type, start, end, offset }) {
  if (type === 'message') return [start, end, offset]
  if (type === 'head') return [start, end]
  return type === 'end' ? [offset] : []
}

/** The octets of a string with one character an octet. */
export function octets(text) {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)
    if (code > 0xff) throw new Error(`not an octet: ${JSON.stringify(character)}`)
    return code
  })
}

function check(api, vector) {
  const input = octets(whole(vector.input))
  const pieced = [...ways(vector, input)]
  let splits = 0
  let failure
  for (const { lenient, outcome } of policies(vector)) {
    const wanted = JSON.stringify(expected(outcome, input))
    let places
    for (const [label, pieces] of pieced) {
      splits += 1
      const { got, said } = attempt(api, vector, lenient, pieces)
      if (got !== wanted) failure ??= `${lenient}, ${label}\n  expected ${wanted}\n  got      ${got}`
      places ??= said
      if (said !== places) failure ??= `${lenient}, ${label}\n  places ${places}\n  became ${said}`
    }
  }
  return { splits, failure: failure ?? checkMessages(api, vector, input, pieced) }
}

/** The same with one event for a message: in every cut strictly, and whole under each leniency. */
function checkMessages(api, vector, input, pieced) {
  if (vector.options?.chunks) return undefined
  for (const [index, { lenient, outcome }] of policies(vector).entries()) {
    const wanted = JSON.stringify(inMessages(expected(outcome, input)))
    for (const [label, pieces] of index === 0 ? pieced : pieced.slice(0, 2)) {
      const { got } = attempt(api, vector, lenient, pieces, { messages: true })
      if (got !== wanted) return `messages, ${lenient}, ${label}\n  expected ${wanted}\n  got      ${got}`
    }
  }
  return undefined
}

/** What is told where each message that is whole is one event. */
function inMessages({ events, error }) {
  const list = []
  let message
  for (const event of events) {
    if (event.type === 'head') message = { ...event, type: 'message', body: '' }
    else if (event.type === 'body') message.body += event.data
    else if (event.type === 'end') list.push({ ...message, trailers: event.trailers })
    else list.push(event)
  }
  return { events: list, error }
}

/** The leniencies a vector runs under, and the outcome each asks for. */
function policies(vector) {
  const { options = {}, under } = vector
  if (under === undefined) return [{ lenient: options.lenient ?? [], outcome: vector }]
  const one = (name) => (name === 'node-insecure' ? name : [name])
  const each = LENIENT.map((name) => ({ lenient: one(name), outcome: under[name] ?? vector }))
  return [{ lenient: 'strict', outcome: vector }, ...each]
}

function attempt(api, vector, lenient, pieces, more = {}) {
  const { limits = {}, chunks = false, expect = [] } = vector.options ?? {}
  const Parser = vector.role === 'request' ? api.RequestParser : api.ResponseParser
  // As far as the vectors go, a body may be of any size.
  const most = more.messages ? { maxBodySize: Infinity } : {}
  const parser = new Parser({ limits: { ...most, ...limits }, lenient, chunks, ...more })
  try {
    for (const method of expect) parser.expect(method)
    const { end, resume, events } = vector
    const told = outcome(parser, pieces, { end, resume, chunks: chunks ? events : undefined })
    return { got: JSON.stringify(told), said: JSON.stringify([told.places, parser.error?.message]) }
  } catch (error) {
    return { got: `${error?.stack ?? error}` }
  } finally {
    parser.free()
  }
}

/** All the ways to feed an input: `[label, pieces]`. */
export function* ways(vector, input) {
  const none = new Uint8Array(0)
  const single = Array.from(input, (_, index) => input.subarray(index, index + 1))
  yield ['whole', [input]]
  yield ['octet by octet', single]
  yield ['octet by octet, empty chunks between', [none, ...single.flatMap((octet) => [octet, none])]]
  for (const cut of cuts(vector, input)) {
    const [left, right] = [input.subarray(0, cut), input.subarray(cut)]
    yield [`cut at ${cut}`, [left, right]]
    yield [`cut at ${cut}, an empty chunk between`, [left, none, right]]
  }
}

function cuts(vector, input) {
  const all = Array.from({ length: Math.max(input.length - 1, 0) }, (_, index) => index + 1)
  if (input.length <= SHORT) return all
  const places = [0, input.length, vector.error?.offset ?? 0]
  input.forEach((octet, index) => {
    if (octet === 0x0d || octet === 0x0a) places.push(index)
  })
  return all.filter((cut) => places.some((place) => Math.abs(place - cut) < NEAR))
}

/** Nothing is read out of an event before all of them are there: events must not change behind our back. */
function feed(parser, pieces, end, resume) {
  const events = []
  const take = (batch) => {
    events.push(...batch)
    const last = batch.at(-1)?.type
    if (last === 'upgrade' && resume) return take(parser.resume())
    return last !== 'error'
  }
  for (const piece of pieces) if (!take(parser.push(piece))) return events
  if (end) take(parser.end())
  return events
}

function mustThrow(fault, call) {
  try {
    call()
  } catch (error) {
    if (error === fault) return
  }
  throw new Error('a parser that failed must throw the same error')
}

/** Events as plain values; adjacent body data (or that of a chunk) and adjacent rests behind an upgrade are one. */
function joined(events, resume, chunks) {
  const list = []
  for (const event of events) {
    const plain = plainEvent(event, resume)
    const last = list.at(-1)
    const chunk = chunks?.[list.length - 1]
    const whole = chunk !== undefined && last?.data?.length >= chunk.data?.length
    if (plain.type === 'body' && last?.type === 'body' && !whole) last.data += plain.data
    else if (plain.type === 'upgrade' && last?.type === 'upgrade' && !resume) last.rest += plain.rest
    else if (plain.type !== 'body' || plain.data !== '') list.push(plain)
  }
  return list
}

function plainEvent(event, resume) {
  switch (event.type) {
    case 'head':
      return head(event, [...event.headers])
    case 'message':
      return {
        ...head(event, [...event.headers]),
        type: 'message',
        body: latin1(event.body),
        trailers: [...event.trailers],
      }
    case 'body':
      return { type: 'body', data: latin1(event.data) }
    case 'end':
      return { type: 'end', trailers: [...event.trailers] }
    case 'upgrade':
      return { type: 'upgrade', rest: resume ? null : latin1(event.rest) }
    case 'tolerated':
      return { type: 'tolerated', name: event.name, offset: event.offset }
    default:
      throw new Error(`an event of unknown type: ${event.type}`)
  }
}

/** The members of a head that are compared, in one order. */
function head(event, headers) {
  const start =
    event.method === undefined
      ? { status: event.status, reason: event.reason }
      : { method: event.method, target: event.target }
  const { version, keepAlive, contentLength, chunked, untilClose, upgrade, expectContinue, informational } =
    event
  return {
    type: 'head',
    ...start,
    version,
    headers,
    keepAlive,
    contentLength,
    chunked,
    untilClose,
    upgrade,
    expectContinue,
    informational,
  }
}

function plainError({ code, offset, byte, missing }) {
  return { code, offset, byte, missing }
}

/** What a vector, or one of its `under`, asks for, in the form of `outcome`. */
function expected({ events, error }, input) {
  return { events: events.map(expectedEvent), error: error ? expectedError(error, input) : null }
}

const USUAL = {
  version: '1.1',
  keepAlive: true,
  contentLength: null,
  chunked: false,
  untilClose: false,
  upgrade: false,
  expectContinue: false,
  informational: false,
}

function expectedEvent(event) {
  switch (event.type) {
    case 'head':
      return head({ ...USUAL, ...event }, event.headers)
    case 'body':
      return { type: 'body', data: whole(event.data) }
    case 'end':
      return { type: 'end', trailers: event.trailers ?? [] }
    case 'upgrade':
      return { type: 'upgrade', rest: event.rest === undefined ? null : whole(event.rest) }
    default:
      return { type: event.type, name: event.name, offset: event.offset }
  }
}

function expectedError({ code, offset, missing = 0 }, input) {
  return { code, offset, byte: input[offset] ?? null, missing }
}

/** Text that may be written in parts, some of them repeated. */
export function whole(parts) {
  if (typeof parts === 'string') return parts
  return parts.map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times))).join('')
}

function latin1(data) {
  let text = ''
  for (const octet of data) text += String.fromCharCode(octet)
  return text
}
