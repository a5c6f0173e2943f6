// `h1wire/convert`: what is written in any format is read back, by way of any other.

'use strict'

const assert = require('node:assert/strict')
const test = require('node:test')
const fc = require('fast-check')
const { ConversionError, formatOf, readMessages, writeMessages } = require('h1wire/convert')

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 60), ...(process.env.CI && { seed: 1 }) }
const BOTH_WAYS = ['raw', 'hex', 'json', 'har', 'curl', 'http', 'fetch', 'js', 'rust', 'c']

const octets = fc.uint8Array({ minLength: 1, maxLength: 80 }).map((body) => Buffer.from(body))
const texts = fc.constantFrom(
  ...[
    '-x',
    '--data',
    '@file',
    "it's",
    '"q"',
    '$HOME `x` !!',
    '\n\n',
    'a\n',
    '{"a":"\u00e9"}',
    '\x00',
    '\\',
    '%s%d',
  ],
  ...['{{a}}', '< ./file', '### x', '\r\n', 'a=1\n&b=2', '-', ' ', '\ufeff', '\ud83d\ude00'],
)
const bodies = fc.oneof(
  octets,
  texts.map((text) => Buffer.from(text)),
)
const targets = fc.oneof(
  fc.constantFrom(
    '/',
    '/a/../b',
    '/a/%2e%2e/b',
    '/<"\'>',
    '/?a=[1]{2}',
    '//x',
    '/a\\b|^`',
    '/?',
    '*',
    'http://h/x',
  ),
  fc
    .array(fc.integer({ min: 0x21, max: 0x7e }), { maxLength: 12 })
    .map((codes) => `/${String.fromCharCode(...codes).replaceAll('#', '')}`),
)
const values = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff })), {
    maxLength: 12,
  })
  .map((codes) => String.fromCharCode(...codes).replace(/^ +| +$/g, ''))
const requests = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'M-SEARCH', 'custom'),
    target: targets,
    host: fc.constantFrom('h', 'h:80', 'h:8080', 'other.example', '[::1]:81', ''),
    origin: fc.constantFrom(undefined, undefined, 'http://127.0.0.1:8001', 'https://a.test'),
    type: fc.constantFrom(
      undefined,
      'text/plain',
      'multipart/form-data; boundary=B',
      'application/x-www-form-urlencoded',
    ),
    value: values,
    body: fc.option(bodies, { nil: undefined }),
    trailer: fc.boolean(),
  })
  .filter(({ target, method }) => target !== '*' || method === 'OPTIONS')
  .map(({ method, target, host, origin, type, value, body, trailer }) => ({
    kind: 'request',
    method,
    target,
    scheme: origin?.startsWith('https') ? 'https' : 'http',
    version: '1.1',
    ...(origin === undefined ? {} : { origin }),
    headers: [
      ['Host', host],
      ['X-Value', value],
      ...(type === undefined ? [] : [['Content-Type', type]]),
      ...(trailer && body ? [['Transfer-Encoding', 'chunked']] : []),
    ],
    body: body ?? Buffer.alloc(0),
    trailers: trailer && body ? [['X-Sum', '1']] : [],
  }))

/** What a request says, but the order of its fields, how its body is framed, and what its sender adds to it. */
function meaning({ method, target, origin, headers, body, trailers, scheme }) {
  const fields = headers
    .filter(([name]) => !/^(content-length|transfer-encoding|trailer)$/i.test(name))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort()
  return { method, target, scheme, origin, fields, body: Buffer.from(body).toString('latin1'), trailers }
}

test('a request comes back from each format by way of each other, or its loss is told', () => {
  const through = (format, message) => {
    const notes = []
    const note = (text) => notes.push(text)
    let written
    try {
      written = writeMessages(format, [message], { note })
    } catch (error) {
      assert.ok(error instanceof ConversionError || error.name === 'H1Error', `${format}: ${error.stack}`)
      return undefined
    }
    const [again, ...more] = readMessages(format, written, { note })
    assert.deepEqual(more, [], `${format}: ${written}`)
    return { again, told: notes.length > 0, written }
  }
  fc.assert(
    fc.property(
      requests,
      fc.constantFrom(...BOTH_WAYS),
      fc.constantFrom(...BOTH_WAYS),
      (request, first, second) => {
        let message = request
        for (const format of [first, second]) {
          const result = through(format, message)
          if (result === undefined) return
          if (!result.told)
            assert.deepEqual(meaning(result.again), meaning(message), `${format}:\n${result.written}`)
          assert.equal(
            Buffer.from(result.again.body).equals(Buffer.from(message.body)),
            true,
            `${format}:\n${result.written}`,
          )
          message = result.again
        }
      },
    ),
    { ...RUNS, numRuns: RUNS.numRuns * 20 },
  )
})

test('what is written is recognised', () => {
  fc.assert(
    fc.property(requests, fc.constantFrom(...BOTH_WAYS), (request, format) => {
      let written
      try {
        written = writeMessages(format, [request])
      } catch {
        return
      }
      // A .http file that names no URL looks like a message whose lines end wrong.
      if (format === 'http' && request.target === '*') return
      assert.equal(formatOf(written), format, String(written))
    }),
    { ...RUNS, numRuns: RUNS.numRuns * 5 },
  )
})

test('responses come back from each format that has them', () => {
  const coded = fc.constantFrom(undefined, 'gzip', 'deflate', 'zstd', 'identity')
  fc.assert(
    fc.property(
      fc.option(bodies, { nil: undefined }),
      coded,
      fc.constantFrom('json', 'har', 'raw', 'c'),
      (body, coding, format) => {
        const response = {
          kind: 'response',
          status: 200,
          reason: 'OK',
          version: '1.1',
          headers: [['X', '1'], ...(coding === undefined ? [] : [['Content-Encoding', coding]])],
          body: body ?? Buffer.alloc(0),
          trailers: [],
        }
        const [again] = readMessages(format, writeMessages(format, [response]))
        assert.equal(
          Buffer.from(again.body).toString('hex'),
          Buffer.from(response.body).toString('hex'),
          format,
        )
        // No body here is really coded: so none is decoded, and the label stays.
        const label = again.headers.find(([name]) => name === 'Content-Encoding')?.[1]
        if (coding !== 'deflate')
          assert.equal(label, response.body.length > 0 || format !== 'har' ? coding : label)
      },
    ),
    RUNS,
  )
})
