// Parsers with `messages: true`: one event for one message, whole, on both backends.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const native = require('h1wire')
const wasm = require('h1wire/wasm')

const GET = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n'
const post = (body, more = '') =>
  `POST /b HTTP/1.1\r\nHost: a\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`
const chunked = (...chunks) =>
  `PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join('')}0\r\nT: u\r\n\r\n`

for (const { backend, RequestParser, ResponseParser } of [native, wasm]) {
  const on = (name, run) => test(`${backend}: ${name}`, run)
  const bytes = (text) => Buffer.from(text, 'latin1')

  on('a message has everything that its head and end have, and its body', () => {
    const [message, ...more] = new RequestParser({ messages: true }).push(bytes(post('hi')))
    const { headers, body, trailers, ...rest } = message
    assert.deepEqual(rest, {
      type: 'message',
      method: 'POST',
      target: '/b',
      version: '1.1',
      keepAlive: true,
      contentLength: 2,
      chunked: false,
      untilClose: false,
      upgrade: false,
      expectContinue: false,
      informational: false,
      start: 0,
      end: post('hi').length - 2,
      offset: post('hi').length,
    })
    assert.deepEqual([String(body), headers.get('host'), trailers.size, more.length], ['hi', 'a', 0, 0])
    assert.ok(Buffer.isBuffer(body))
  })

  on('in every cut, with bodies of all kinds', () => {
    const text = GET + post('hi') + chunked('one', 'two') + GET + post('')
    const octets = bytes(text)
    for (let size = 1; size <= octets.length; size++) {
      const parser = new RequestParser({ messages: true })
      const told = []
      for (let at = 0; at < octets.length; at += size)
        told.push(...parser.push(octets.subarray(at, at + size)))
      assert.deepEqual(
        told.map(({ type, target, body, trailers }) => [type, target, String(body), trailers.get('t')]),
        [
          ['message', '/a', '', undefined],
          ['message', '/b', 'hi', undefined],
          ['message', '/c', 'onetwo', 'u'],
          ['message', '/a', '', undefined],
          ['message', '/b', '', undefined],
        ],
      )
      assert.equal(told.map(({ start, offset }) => octets.latin1Slice(start, offset)).join(''), text)
    }
  })

  on('a body is kept when the memory of its chunks is used again', () => {
    const parser = new RequestParser({ messages: true })
    const body = 'x'.repeat(5000)
    const octets = bytes(chunked('first', body, 'last'))
    const memory = Buffer.alloc(100)
    const told = []
    for (let at = 0; at < octets.length; at += memory.length) {
      const length = octets.copy(memory, 0, at, at + memory.length)
      told.push(...parser.push(memory.subarray(0, length)))
      memory.fill(0)
    }
    assert.deepEqual(
      told.map((event) => String(event.body)),
      [`first${body}last`],
    )
  })

  on('a body that came with one chunk is a view of it', () => {
    const chunk = bytes(post('hello'))
    const [{ body }] = new RequestParser({ messages: true }).push(chunk)
    chunk.write('J', chunk.length - 5)
    assert.equal(String(body), 'Jello')
  })

  on('bodies are bounded by 1 MiB, unless a limit says otherwise', () => {
    const most = 1 << 20
    const head = (length) => bytes(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`)
    const last = (options, length) =>
      new RequestParser({ messages: true, ...options }).push(head(length)).at(-1)
    assert.equal(last({}, most), undefined)
    assert.equal(last({}, most + 1).error.code, 'H1_BODY_TOO_LARGE')
    assert.equal(last({ limits: { maxFields: 3 } }, most + 1).error.code, 'H1_BODY_TOO_LARGE')
    assert.equal(last({ limits: { maxBodySize: 5 } }, 6).error.code, 'H1_BODY_TOO_LARGE')
    assert.equal(last({ limits: { maxBodySize: Infinity } }, most + 1), undefined)
    const whole = Buffer.concat([head(most), Buffer.alloc(most, 'x')])
    const [message] = new RequestParser({ messages: true }).push(whole)
    assert.equal(message.body.length, most)
    // As events, bodies have no limit.
    assert.equal(new RequestParser().push(head(most + 1)).at(-1).type, 'head')
  })

  on('what was whole comes before a fault, and what was not does not', () => {
    const parser = new RequestParser({ messages: true })
    const told = parser.push(bytes(`${GET}${chunked('abc').replace('0\r\nT', 'x\r\nT')}`))
    assert.deepEqual(
      told.map(({ type }) => type),
      ['message', 'error'],
    )
    assert.equal(told[1].error, parser.error)
    assert.throws(() => parser.push(bytes(GET)), { code: 'H1_CHUNK_SIZE' })
  })

  on('a response until close is whole at the end, and a body cut short is an error', () => {
    const until = new ResponseParser({ messages: true })
    assert.deepEqual(until.push(bytes('HTTP/1.1 200 OK\r\n\r\nto the')), [])
    until.push(bytes(' end'))
    const [{ status, body, untilClose }, ...more] = until.end()
    assert.deepEqual([status, String(body), untilClose, more.length], [200, 'to the end', true, 0])
    const short = new ResponseParser({ messages: true })
    short.push(bytes('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab'))
    assert.deepEqual(
      short.end().map(({ error }) => error.code),
      ['H1_TRUNCATED_BODY'],
    )
  })

  on('responses belong to requests, and 1xx are messages of their own', () => {
    const parser = new ResponseParser({ messages: true, requestMethod: 'HEAD' })
    parser.expect('GET')
    const told = parser.push(
      bytes(
        'HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ),
    )
    assert.deepEqual(
      told.map(({ status, informational, body }) => [status, informational, String(body)]),
      [
        [103, true, ''],
        [200, false, ''],
        [200, false, 'ok'],
      ],
    )
  })

  on('leniencies and switches are told beside messages', () => {
    const parser = new RequestParser({ messages: true, lenient: ['optionalCRBeforeLF'] })
    const told = parser.push(bytes('GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: x\n\nrest'))
    assert.deepEqual(
      told.map(({ type }) => type),
      ['tolerated', 'message', 'upgrade'],
    )
    assert.deepEqual([told[1].upgrade, String(told[2].rest)], [true, 'rest'])
    const resumed = new RequestParser({ messages: true })
    resumed.push(bytes(`CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n${GET}`))
    assert.deepEqual(
      resumed.resume().map(({ target }) => target),
      ['/a'],
    )
  })

  on('what does not go with whole messages is refused', () => {
    assert.throws(() => new RequestParser({ messages: 1 }), /options\.messages must be a boolean/)
    assert.throws(() => new RequestParser({ messages: true, chunks: true }), /chunks cannot go with messages/)
    assert.throws(() => new RequestParser({ mesages: true }), /messages/)
    assert.throws(() => new RequestParser({ messages: true, requestMethod: 'GET' }), /responses/)
    assert.deepEqual(
      new RequestParser({ messages: false }).push(bytes(GET)).map(({ type }) => type),
      ['head', 'end'],
    )
  })

  on('small pieces without end cost no more than their bytes', () => {
    const parser = new RequestParser({ messages: true })
    const length = 300_000
    parser.push(bytes(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`))
    const one = bytes('x')
    let told = []
    for (let count = 0; count < length; count++) told = parser.push(one)
    assert.equal(told[0].body.length, length)
  })
}
