// What must hold for any input, through the public API: the same outcome in every cut, offsets within what was
// fed, the octets of a body out as they went in.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fc = require('fast-check')
const { RequestParser, ResponseParser } = require('h1wire')

// Under CI the same messages each time: a run that others wait for must not find today what it did not yesterday.
// PROPERTY_RUNS looks longer.
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 500), ...(process.env.CI && { seed: 1 }) }

const LIMITS = [
  'maxStartLine',
  'maxHeadSize',
  'maxFields',
  'maxTrailerSize',
  'maxTrailerFields',
  'maxChunkExtensions',
  'maxInformational',
  'maxBodySize',
]

let outcome
let names
test.before(async () => {
  const harness = await import('../vectors/harness.mjs')
  outcome = harness.outcome
  names = harness.LENIENT.filter((name) => name !== 'node-insecure')
})

test('valid messages come out as they went in, in every cut', () => {
  fc.assert(
    fc.property(messages(), cuts(), ({ Parser, list }, places) => {
      const parser = new Parser()
      const wanted = { events: list.flatMap(({ events }) => events), error: null }
      const input = Buffer.concat(list.map(({ octets }) => octets))
      assert.deepEqual(outcome(parser, pieces(input, places), { end: true }), wanted)
      assert.equal(parser.bytesParsed, input.length)
      parser.free()
    }),
    RUNS,
  )
})

test('a mutated stream has one outcome in every cut', () => {
  fc.assert(
    fc.property(
      messages(),
      mutations(),
      cuts(),
      settings(),
      ({ Parser, list }, changes, places, settings) => {
        const valid = Buffer.concat(list.map(({ octets }) => octets))
        const input = changes.reduce(mutated, valid)
        const whole = run(Parser, [input], settings)
        assert.deepEqual(run(Parser, pieces(input, places), settings), whole)
        assert.deepEqual(run(Parser, pieces(input, [...input.keys()]), settings), whole)
        if (whole.error === null) return
        assert.ok(whole.error.offset <= input.length)
        assert.equal(whole.error.byte, input[whole.error.offset] ?? null)
      },
    ),
    RUNS,
  )
})

function run(Parser, parts, { options, methods, end, resume }) {
  const parser = new Parser(options)
  for (const method of methods) parser.expect?.(method)
  const result = outcome(parser, parts, { end, resume })
  parser.free()
  return result
}

/** The input cut at places given as any numbers; where two fall together, an empty piece. */
function pieces(input, places) {
  const sorted = places.map((place) => place % (input.length + 1)).sort((a, b) => a - b)
  return [0, ...sorted].map((start, index) => input.subarray(start, sorted[index] ?? input.length))
}

function mutated(input, { place, removed, inserted }) {
  const start = place % (input.length + 1)
  return Buffer.concat([input.subarray(0, start), inserted, input.subarray(start + removed)])
}

function cuts() {
  return fc.array(fc.nat(), { maxLength: 10 })
}

function mutations() {
  const pieces = [
    '\r',
    '\n',
    '\r\n ',
    ' ',
    ':',
    ',',
    ';',
    '\0',
    '\x80',
    '"',
    '0',
    '0\r\n\r\n',
    'chunked',
    'HTTP/1.0',
    'HTTP/2.0',
    '\n0\n\r',
    '\r\n\t\0 \r\n',
    ' \n',
    ' :',
  ]
  const lines = [
    'Content-Length: 3',
    'Transfer-Encoding: gzip',
    'Connection: close',
    'Connection: upgrade\r\nUpgrade: x',
  ]
  const inserted = fc.oneof(
    fc
      .constantFrom(...pieces, ...lines.map((line) => `${line}\r\n`))
      .map((text) => Buffer.from(text, 'latin1')),
    octets(0, 3),
  )
  return fc.array(fc.record({ place: fc.nat(), removed: fc.nat({ max: 3 }), inserted }), { maxLength: 4 })
}

function settings() {
  return fc.record({
    options: fc.record(
      {
        lenient: fc.oneof(fc.constant(names), fc.constant('node-insecure'), fc.subarray(names)),
        limits: fc.dictionary(fc.constantFrom(...LIMITS), fc.nat({ max: 200 }), { maxKeys: 3 }),
        chunks: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    methods: fc.array(fc.constantFrom('GET', 'HEAD', 'CONNECT', 'X'), { maxLength: 3 }),
    end: fc.boolean(),
    resume: fc.boolean(),
  })
}

/** A stream of valid messages of one kind, each with its octets and the events it must give. */
function messages() {
  const request = fc.record({ method: fc.constantFrom('GET', 'POST', 'M-X'), target: path() })
  const response = fc.record({ status: fc.constantFrom(200, 404, 999), reason: text() })
  const stream = (start, Parser) =>
    fc.array(message(start), { minLength: 1, maxLength: 3 }).map((list) => ({ Parser, list }))
  return fc.oneof(stream(request, RequestParser), stream(response, ResponseParser))
}

function message(start) {
  return fc
    .tuple(start, fields(), body())
    .map(([start, fields, { field, wire, data, trailers, ...framing }]) => {
      const isRequest = 'method' in start
      const headers = [...(isRequest ? [['Host', 'a']] : []), field, ...fields]
      const line = isRequest
        ? `${start.method} ${start.target} HTTP/1.1`
        : `HTTP/1.1 ${start.status} ${start.reason}`
      const head = {
        type: 'head',
        ...start,
        version: '1.1',
        headers,
        keepAlive: true,
        contentLength: null,
        chunked: false,
        untilClose: false,
        upgrade: false,
        expectContinue: false,
        informational: false,
        ...framing,
      }
      const events = [head, { type: 'body', data }, { type: 'end', trailers }].filter(
        (event) => event.data !== '',
      )
      return { octets: Buffer.from(`${line}\r\n${section(headers)}${wire}`, 'latin1'), events }
    })
}

/** A body: the field that frames it, what stands on the wire, and what is told. */
function body() {
  const plain = octets(0, 50).map((octets) => {
    const data = octets.toString('latin1')
    const contentLength = data.length
    return { field: ['Content-Length', `0${contentLength}`], wire: data, data, trailers: [], contentLength }
  })
  const chunked = fc.tuple(fc.array(octets(1, 40), { maxLength: 4 }), fields()).map(([list, trailers]) => {
    const chunks = list.map((octets) => octets.toString('latin1'))
    const wire = chunks.map((data) => `${data.length.toString(16)};a="b"\r\n${data}\r\n`).join('')
    return {
      field: ['Transfer-Encoding', 'chunked'],
      wire: `${wire}0\r\n${section(trailers)}`,
      data: chunks.join(''),
      trailers,
      chunked: true,
    }
  })
  return fc.oneof(plain, chunked)
}

function section(fields) {
  return `${fields.map(([name, value]) => `${name}:\t${value} \r\n`).join('')}\r\n`
}

function fields() {
  const name = fc.constantFrom(
    'Accept',
    'X-Y',
    'set-cookie',
    '__proto__',
    'content_length',
    "!#$%&'*+-.^_`|~",
  )
  const value = text().map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
  return fc.array(fc.tuple(name, value), { maxLength: 4 })
}

function path() {
  return characters(0x21, 0x7e, 12).map((text) => `/${text.replaceAll('#', '')}`)
}

/** What a value or a reason phrase may hold. */
function text() {
  return fc.oneof(characters(0x20, 0x7e, 12), characters(0x80, 0xff, 12), fc.constant('a\tb'))
}

function characters(min, max, maxLength) {
  return fc.array(fc.integer({ min, max }), { maxLength }).map((codes) => String.fromCharCode(...codes))
}

function octets(minLength, maxLength) {
  return fc.uint8Array({ minLength, maxLength }).map((octets) => Buffer.from(octets))
}
