// Runs the builder's vectors against one build of h1wire. Node and the browser share this file: it knows neither,
// and takes the public API and the parsed files as arguments.

import { octets, outcome, ways, whole } from '../harness.mjs'

/**
 * Runs every vector of `files` (`[{ name, vectors }]`). What is accepted must have its exact octets, and the strict
 * parser must read them back in every cut; what is refused must be refused for the reason given, and leave nothing.
 * Returns the counts and up to one failure a vector.
 */
export function formatConformance(api, files) {
  const result = { vectors: 0, splits: 0, passed: 0, failed: 0, failures: [] }
  for (const { name, vectors } of files) {
    for (const vector of vectors) {
      result.vectors += 1
      try {
        result.splits += vector.error ? refused(api, vector) : accepted(api, vector)
        result.passed += 1
      } catch (error) {
        result.failed += 1
        result.failures.push(`${name}: ${vector.name}: ${error?.message ?? error}`)
      }
    }
  }
  return result
}

/** The line every runner prints. */
export function formatSummary(runner, { vectors, splits, passed, failed }) {
  return `conformance ${runner} format: ${vectors} vectors, ${splits} splits, ${passed} passed, ${failed} failed`
}

/** What the API makes of a vector's call and parts: the octets, or what it throws. */
export function build(api, { call, parts, options }) {
  const lines = (list) => list?.map(([name, values]) => [text(name), several(values)])
  switch (call) {
    case 'formatChunk':
      return api.formatChunk(body(api, parts.data), lines(parts.extensions))
    case 'formatLastChunk':
      return api.formatLastChunk(lines(parts.trailers))
    default: {
      const init = { ...parts }
      for (const name of ['method', 'target', 'url', 'reason', 'requestMethod']) {
        if (name in init) init[name] = text(init[name])
      }
      for (const name of ['headers', 'trailers']) if (name in init) init[name] = lines(init[name])
      if ('body' in init) init.body = body(api, init.body)
      return api[call](init, options)
    }
  }
}

/** Has the strict parser read back what was written, in every cut: an Error where it is not what the parts say. */
export function checkReadsBack(api, vector, written) {
  return READ[vector.call](api, vector, octets(latin1(written) + behind(vector, latin1(written))))
}

/** What a caller that asked for a head alone writes behind it. */
function behind({ options, parts }, head) {
  if (options === undefined || isDescribed(parts)) return ''
  if (options.length === 'unknown') return head.includes('chunked\r\n') ? '0\r\n\r\n' : ''
  return 'x'.repeat(options.length ?? 0)
}

/** Whether it is a response that only speaks of a body. */
function isDescribed({ status, requestMethod }) {
  return requestMethod === 'HEAD' || status === 304
}

function accepted(api, vector) {
  const got = build(api, vector)
  equal('octets', latin1(got), latin1(octets(whole(vector.octets))))
  return checkReadsBack(api, vector, got)
}

/** It must be refused for that reason, and the next message must not show a trace of it. */
function refused(api, vector) {
  let error
  try {
    build(api, vector)
  } catch (thrown) {
    error = thrown
  }
  if (!(error instanceof api.H1Error)) throw new Error(`not refused: ${error?.stack ?? error}`)
  const { code, part, index, unit } = vector.error
  equal('error', [error.code, error.part, error.index], [code, part, index])
  equal('byte', error.byte, unit === undefined || unit > 0xff ? null : unit)
  if (unit > 0xff && !error.message.includes(`U+${unit.toString(16).toUpperCase().padStart(4, '0')}`)) {
    throw new Error(`the code unit is not named: ${error.message}`)
  }
  const next = api.formatRequest({ target: '/', headers: [['Host', '']] })
  equal('the next message', latin1(next), 'GET / HTTP/1.1\r\nHost: \r\n\r\n')
  return 0
}

/** What the strict parser makes of what was written: it reads it in every cut, and each time the same parts. */
const READ = {
  formatRequest(api, vector, written) {
    const { method = 'GET', target, lenient, version = '1.1', trailers = [] } = vector.parts
    const start = { method: text(method), target: text(vector.resolved?.target ?? target), version }
    return readBack(() => new api.RequestParser({ lenient }), vector, written, {
      ...start,
      body: true,
      trailers,
    })
  },
  formatResponse(api, vector, written) {
    const { status, reason, version = '1.1', requestMethod = 'GET', trailers = [] } = vector.parts
    const rest = isDescribed(vector.parts) ? { body: false, trailers: [] } : { body: true, trailers }
    const start = { status, ...(reason !== undefined && { reason }), version }
    return readBack(() => new api.ResponseParser({ requestMethod }), vector, written, { ...start, ...rest })
  },
  // A chunk, and what ends chunks, can be read behind a head that announces them.
  formatChunk(api, vector, written) {
    const message = `${latin1(CHUNKED)}${latin1(written)}0\r\n\r\n`
    const wanted = { method: 'GET', target: '/', version: '1.1', trailers: [], body: true }
    return readBack(() => new api.RequestParser(), vector, octets(message), wanted)
  },
  formatLastChunk(api, vector, written) {
    const wanted = {
      method: 'GET',
      target: '/',
      version: '1.1',
      trailers: vector.parts.trailers ?? [],
      body: false,
    }
    return readBack(() => new api.RequestParser(), vector, octets(latin1(CHUNKED) + latin1(written)), wanted)
  },
}

const CHUNKED = octets('GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')

function readBack(parser, vector, written, wanted) {
  const { parts, options, resolved = {} } = vector
  const length = Number.isInteger(options?.length) ? options.length : 0
  const content = resolved.body ?? parts.body ?? parts.data ?? { octets: 'x'.repeat(length) }
  const { body: isWritten, trailers, ...start } = wanted
  const data = isWritten && content ? latin1(octetsOf(content)) : ''
  const end = latin1(written).indexOf('\r\n\r\n')
  const section = latin1(written.subarray(0, end)).split('\r\n').slice(1)
  let splits = 0
  for (const [label, pieces] of ways({}, written)) {
    splits += 1
    const { events, error } = outcome(parser(), pieces, { end: true })
    if (error) throw new Error(`${label}: ${error.code} at ${error.offset}`)
    const [head, ...rest] = events.filter(({ type }) => type !== 'tolerated')
    for (const [name, value] of Object.entries(start)) equal(`${label}: ${name}`, head[name], value)
    equal(
      `${label}: fields`,
      head.headers.map((line) => line.join(': ')),
      section,
    )
    within(label, flat(resolved.headers ?? parts.headers), head.headers)
    const upgrade = head.upgrade ? [{ type: 'upgrade', rest: '' }] : []
    const body = data === '' ? [] : [{ type: 'body', data }]
    equal(`${label}: events`, rest, [...body, { type: 'end', trailers: flat(trailers) }, ...upgrade])
  }
  return splits
}

/** The caller's lines stand there in their order and untouched; a Content-Length repeated is written once. */
function within(label, given, read) {
  let lengths = 0
  let at = 0
  for (const [name, value] of given) {
    if (name.toLowerCase() === 'content-length' && lengths++ > 0) continue
    while (at < read.length && (read[at][0] !== name || read[at][1] !== value)) at++
    if (at++ >= read.length) throw new Error(`${label}: ${name}: ${value} is not there`)
  }
}

/** Lines as pairs of strings, several values a line each. */
function flat(lines = []) {
  return lines.flatMap(([name, values]) =>
    [several(values)].flat().map((value) => [text(name), String(value)]),
  )
}

function several(values) {
  return Array.isArray(values) ? values.map(text) : text(values)
}

function text(value) {
  return typeof value === 'object' && value !== null ? value.repeat.repeat(value.times) : value
}

/** A body in the class it is to be given as. */
function body(api, content) {
  if (content === null || 'type' in content) return content
  if ('form' in content) return new URLSearchParams(content.form)
  if ('multipart' in content) return formData(content.multipart)
  if ('json' in content) return api.json(content.json)
  if ('text' in content) return content.text
  const given = octetsOf(content)
  switch (content.as) {
    case undefined:
      return given
    case 'ArrayBuffer':
      return given.buffer
    default:
      return new globalThis[content.as](given.buffer)
  }
}

function formData(entries) {
  const form = new FormData()
  for (const [name, value] of entries) form.append(name, value)
  return form
}

function octetsOf(content) {
  return 'text' in content ? new TextEncoder().encode(content.text) : octets(whole(content.octets))
}

function latin1(octets) {
  let text = ''
  for (let at = 0; at < octets.length; at += 8192) {
    text += String.fromCharCode(...octets.subarray(at, at + 8192))
  }
  return text
}

function equal(what, got, wanted) {
  const [left, right] = [got, wanted].map((value) => JSON.stringify(value) ?? 'undefined')
  if (left !== right)
    throw new Error(`${what}\n  expected ${right.slice(0, 500)}\n  got      ${left.slice(0, 500)}`)
}
