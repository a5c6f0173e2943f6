// The parsers' surface: events and their properties, body data and whose memory it is, switches, options.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { H1Error, RequestParser, ResponseParser, parseRequest, parseResponse } = require('h1wire')

const GET = 'GET /path?q HTTP/1.1\r\nHost: example.com\r\n\r\n'

test('a request head has every property, and only these', () => {
  const [head, end, ...more] = new RequestParser().push(Buffer.from(GET))
  const { headers, ...rest } = head
  assert.deepEqual(rest, {
    type: 'head',
    method: 'GET',
    target: '/path?q',
    version: '1.1',
    keepAlive: true,
    contentLength: null,
    chunked: false,
    untilClose: false,
    upgrade: false,
    expectContinue: false,
    informational: false,
    start: 0,
    end: GET.length,
  })
  assert.deepEqual(headers.raw, ['Host', 'example.com'])
  assert.deepEqual([end.type, end.trailers.size, more.length], ['end', 0, 0])
})

test('a response head has every property, and only these', () => {
  const parser = new ResponseParser()
  const [head] = parser.push(Buffer.from('HTTP/1.0 404 Not  Found\xe9 \r\nX: y\r\n\r\n', 'latin1'))
  const { headers, ...rest } = head
  assert.deepEqual(rest, {
    type: 'head',
    version: '1.0',
    status: 404,
    reason: 'Not  Found\xe9 ',
    keepAlive: false,
    contentLength: null,
    chunked: false,
    untilClose: true,
    upgrade: false,
    expectContinue: false,
    informational: false,
    start: 0,
    end: 35,
  })
  assert.deepEqual(headers.raw, ['X', 'y'])
})

test('positions cut a recording into its messages', () => {
  const post = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  const heads = [
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    post,
    'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n',
  ]
  const bodies = ['', '2;a=b\r\nhi\r\n0\r\nA: b\r\n\r\n', 'abc']
  const octets = Buffer.from(heads.map((head, index) => `\r\n${head}${bodies[index]}`).join(''))
  for (const size of [1, 7, octets.length]) {
    const parser = new RequestParser()
    const events = []
    for (let at = 0; at < octets.length; at += size)
      events.push(...parser.push(octets.subarray(at, at + size)))
    const said = events.filter(({ type }) => type === 'head')
    const ends = events.filter(({ type }) => type === 'end')
    assert.deepEqual(
      said.map(({ start, end }) => octets.toString('latin1', start, end)),
      heads,
    )
    assert.deepEqual(
      said.map(({ end }, index) => octets.toString('latin1', end, ends[index].offset)),
      bodies,
    )
  }
})

test('what a head says of its message', () => {
  const head = (text) => new RequestParser().push(Buffer.from(text))[0]
  const post = 'POST / HTTP/1.1\r\nHost: a\r\n'
  assert.equal(head(`${post}Content-Length: 9007199254740991\r\n\r\n`).contentLength, Number.MAX_SAFE_INTEGER)
  assert.equal(head(`${post}Transfer-Encoding: chunked\r\n\r\n`).chunked, true)
  assert.equal(head(`${post}Content-Length: 1\r\nExpect: 100-continue\r\n\r\n`).expectContinue, true)
  assert.equal(head(`${post}Connection: close\r\n\r\n`).keepAlive, false)
  assert.equal(head(`${post}Connection: upgrade\r\nUpgrade: x\r\n\r\n`).upgrade, true)
  assert.equal(head('BREW / HTTP/1.1\r\nHost: a\r\n\r\n').method, 'BREW')
  assert.equal(head('PROPFIND / HTTP/1.0\r\n\r\n').method, 'PROPFIND')
  assert.equal(head('GET / HTTP/1.7\r\nHost: a\r\n\r\n').version, '1.7')
  const [first, , second] = new ResponseParser().push(
    Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'),
  )
  assert.deepEqual([first.informational, second.informational], [true, false])
})

test('body data within a chunk is a view of it', () => {
  const chunk = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello')
  const [, body] = new RequestParser().push(chunk)
  assert.ok(Buffer.isBuffer(body.data))
  assert.equal(body.data.buffer, chunk.buffer)
  chunk.write('HELLO', chunk.length - 5)
  assert.equal(body.data.toString(), 'HELLO')
})

test('a chunk that is all body is handed on as it is', () => {
  const parser = new RequestParser()
  parser.push(Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n'))
  const chunk = Buffer.alloc(10, 'x')
  const [event, ...more] = parser.push(chunk)
  assert.equal(event.data, chunk)
  assert.equal(more.length, 0)
})

test('small chunks joined are a copy', () => {
  const chunk = Buffer.from(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n',
  )
  const [, body, end] = new ResponseParser().push(chunk)
  chunk.fill('!')
  assert.equal(body.data.toString(), 'abcd')
  assert.ok(Buffer.isBuffer(body.data))
  assert.equal(end.type, 'end')
})

test('a plain Uint8Array gives Buffers over its own memory', () => {
  const chunk = new Uint8Array(Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'))
  const [, body] = new RequestParser().push(chunk)
  assert.ok(Buffer.isBuffer(body.data))
  assert.equal(body.data.buffer, chunk.buffer)
  assert.equal(body.data.toString(), 'hi')
})

test('events do not change when the chunk does', () => {
  const chunk = Buffer.from(GET)
  const [head] = new RequestParser().push(chunk)
  chunk.fill(0)
  assert.equal(head.target, '/path?q')
  assert.equal(head.headers.get('host'), 'example.com')
})

test('chunks: true keeps chunks apart', () => {
  const input = Buffer.from(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n',
  )
  const bodies = (options) =>
    new ResponseParser(options)
      .push(input)
      .filter((event) => event.type === 'body')
      .map((event) => event.data.toString())
  assert.deepEqual(bodies({ chunks: true }), ['ab', 'cde'])
  assert.deepEqual(bodies({ chunks: false }), ['abcde'])
  assert.deepEqual(bodies(), ['abcde'])
})

test('bodies of every length and cut come out whole, and bytesParsed counts them', () => {
  for (const length of [0, 1, 1023, 1024, 1025, 8192, 65535, 65536, 65537, 200000]) {
    const body = Buffer.alloc(length, 'abcdefghij')
    const message = Buffer.concat([
      Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`),
      body,
      Buffer.from(GET),
    ])
    for (const size of [1000, 1024, 8192, 65536, message.length]) {
      const parser = new RequestParser()
      const pieces = []
      const types = []
      for (let at = 0; at < message.length; at += size) {
        for (const event of parser.push(message.subarray(at, at + size))) {
          if (event.type === 'body') pieces.push(event.data)
          else types.push(event.type)
        }
        assert.equal(parser.bytesParsed, Math.min(at + size, message.length))
      }
      assert.deepEqual(types, ['head', 'end', 'head', 'end'], `${length} in ${size}`)
      assert.ok(Buffer.concat(pieces).equals(body), `${length} in ${size}`)
    }
  }
})

test('more messages in a chunk than the words hold', () => {
  const count = 5000
  const events = new RequestParser().push(Buffer.from(GET.repeat(count)))
  assert.equal(events.length, 2 * count)
  assert.ok(events.every((event, index) => event.type === (index % 2 === 0 ? 'head' : 'end')))
  assert.ok(events.every((event) => event.type === 'end' || event.headers.get('host') === 'example.com'))
})

test('a head larger than a window, with limits that permit it', () => {
  const value = 'v'.repeat(300000)
  const input = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX: ${value}\r\n\r\n`)
  const parser = new RequestParser({ limits: { maxHeadSize: 400000 } })
  const [head] = parser.push(input)
  assert.equal(head.headers.get('x'), value)
  const many = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${'x: y\r\n'.repeat(20000)}\r\n`)
  const wide = new RequestParser({ limits: { maxHeadSize: 400000, maxFields: Infinity } })
  assert.equal(wide.push(many)[0].headers.size, 20001)
  assert.equal(parser.push(Buffer.from(GET))[0].target, '/path?q')
})

test('as many field lines as fit into a head or a trailer section', () => {
  const SIZE = 65_536
  const limits = { maxHeadSize: SIZE, maxTrailerSize: SIZE, maxFields: 1e5, maxTrailerFields: 1e5 }
  for (const [lenient, line] of [
    ['strict', 'a:\r\n'],
    [['optionalCRBeforeLF'], 'a:\n'],
  ]) {
    const parse = (text) => new RequestParser({ limits, lenient }).push(Buffer.from(text))
    const full = (first) => {
      const count = Math.floor((SIZE - first.length - 2) / line.length)
      return [count, `${first}${line.repeat(count - 1)}b:${line.slice(2)}\r\n`]
    }
    const [inHead, head] = full('GET / HTTP/1.1\r\nHost: a\r\n')
    const whole = parse(head).find(({ type }) => type === 'head')
    assert.deepEqual([whole.headers.size, whole.headers.has('b')], [inHead + 1, true])
    const [inTrailer, trailer] = full('')
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n'
    const end = parse(chunked + trailer).at(-1)
    assert.deepEqual([end.type, end.trailers.size, end.trailers.has('b')], ['end', inTrailer, true])
  }
})

test('a switch: the rest is handed out until it is declined', () => {
  const parser = new RequestParser()
  const input = Buffer.from(
    `GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n${GET.slice(0, 5)}`,
  )
  const events = parser.push(input)
  assert.deepEqual(
    events.map((event) => event.type),
    ['head', 'end', 'upgrade'],
  )
  assert.equal(events[2].rest.toString(), GET.slice(0, 5))
  assert.equal(events[2].rest.buffer, input.buffer)
  assert.equal(parser.bytesParsed, input.length - 5)
  const chunk = Buffer.from(GET.slice(5))
  const [second, ...more] = parser.push(chunk)
  assert.deepEqual([second.type, second.rest, more.length], ['upgrade', chunk, 0])
  input.fill(0)
  chunk.fill(0)
  const resumed = parser.resume()
  assert.deepEqual(
    resumed.map((event) => event.type),
    ['head', 'end'],
  )
  assert.equal(resumed[0].target, '/path?q')
  assert.throws(() => parser.resume(), { code: 'H1_NOT_SWITCHED' })
  assert.equal(parser.push(Buffer.from(GET)).length, 2)
})

test('a switch behind a switch, and the end of input before either is declined', () => {
  const upgrade = 'GET /up HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
  const parser = new RequestParser()
  parser.push(Buffer.from(`${upgrade}${upgrade}GET / HT`))
  assert.deepEqual(parser.end(), [])
  assert.throws(() => parser.push(Buffer.from('x')), { code: 'H1_ENDED' })
  assert.deepEqual(
    parser.resume().map((event) => event.type),
    ['head', 'end', 'upgrade'],
  )
  const [last, ...more] = parser.resume()
  assert.equal(last.error.code, 'H1_TRUNCATED_HEAD')
  assert.equal(more.length, 0)
  assert.throws(() => parser.resume(), { code: 'H1_TRUNCATED_HEAD' })
})

test('a switch that is followed by more than 1 MiB counts as accepted', () => {
  const connect = Buffer.from('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n'
  const behind = Buffer.alloc((1 << 20) + 1, head)
  const switched = (octets) => {
    const parser = new RequestParser()
    parser.push(connect)
    for (let at = 0; at < octets; at += 50000) parser.push(behind.subarray(at, Math.min(at + 50000, octets)))
    return parser
  }
  const events = switched(1 << 20).resume()
  const bodies = events.slice(
    1,
    events.findIndex((event) => event.type === 'end'),
  )
  assert.deepEqual(
    bodies.reduce((sum, body) => sum + body.data.length, 0),
    1000000,
  )

  const accepted = switched((1 << 20) + 1)
  assert.throws(() => accepted.resume(), { code: 'H1_NOT_SWITCHED' })
  assert.deepEqual(accepted.push(connect), [{ type: 'upgrade', rest: connect }])
})

test('responses are read as answers to what was expected', () => {
  const parser = new ResponseParser({ requestMethod: 'HEAD' })
  parser.expect('GET')
  parser.expect('CONNECT')
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'
  const events = parser.push(Buffer.from(`${head}${head}abcHTTP/1.1 200 OK\r\n\r\nraw`))
  assert.deepEqual(
    events.map((event) => event.type),
    ['head', 'end', 'head', 'body', 'end', 'head', 'end', 'upgrade'],
  )
  assert.equal(events.at(-1).rest.toString(), 'raw')

  const unexpected = new ResponseParser({ requestMethod: 'GET' })
  assert.equal(unexpected.push(Buffer.from(`${head}abc${head}`)).at(-1).error.code, 'H1_UNEXPECTED_RESPONSE')
})

test('a response that lasts until the connection ends', () => {
  const parser = new ResponseParser()
  parser.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nab'))
  assert.equal(parser.push(Buffer.from('cd'))[0].data.toString(), 'cd')
  assert.deepEqual(
    parser.end().map((event) => event.type),
    ['end'],
  )
  assert.equal(parser.bytesParsed, 23)
})

test('a leniency that was used is told', () => {
  const parser = new RequestParser({ lenient: ['missingHost'] })
  const [told, head] = parser.push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  assert.deepEqual(Object.keys(told), ['type', 'name', 'offset', 'danger'])
  assert.deepEqual([told.type, told.name, typeof told.offset], ['tolerated', 'missingHost', 'number'])
  assert.match(told.danger, /Host/)
  assert.equal(head.type, 'head')
})

test('parseRequest takes the first message, and leaves the rest', () => {
  const bytes = Buffer.from(
    `POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-T: 1\r\n\r\n${GET}bad`,
  )
  const request = parseRequest(bytes)
  assert.deepEqual([request.method, request.target, request.chunked], ['POST', '/a', true])
  assert.equal('type' in request, false)
  assert.equal(request.body.toString(), 'abc')
  assert.equal(request.trailers.get('x-t'), '1')
  assert.equal(request.rest.toString(), `${GET}bad`)
  assert.equal(request.rest.buffer, bytes.buffer)
  const next = parseRequest(request.rest)
  assert.deepEqual([next.target, next.body.length, next.rest.toString()], ['/path?q', 0, 'bad'])
})

test('parseRequest along a pipeline costs the same for each message', () => {
  const count = 20_000
  const begin = process.hrtime.bigint()
  let octets = Buffer.from(GET.repeat(count))
  for (let left = count; left > 0; left--) {
    const { target, rest } = parseRequest(octets)
    assert.equal(target, '/path?q')
    assert.equal(rest.length, (left - 1) * GET.length)
    octets = rest
  }
  // Were all that follows read each time, it would take half a minute.
  assert.ok(process.hrtime.bigint() - begin < 8_000_000_000n)
})

test('a whole message of very many events', () => {
  const count = 300_000
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  const begin = process.hrtime.bigint()
  const octets = Buffer.from(`${head}${'1\r\na\r\n'.repeat(count)}0\r\n\r\n${GET}`)
  const { body, rest } = parseRequest(octets, { chunks: true })
  assert.deepEqual([body.length, rest.toString()], [count, GET])
  assert.ok(process.hrtime.bigint() - begin < 8_000_000_000n)
})

test('parseRequest and parseResponse tell what was tolerated', () => {
  assert.deepEqual(parseRequest(Buffer.from(GET)).tolerated, [])
  const lenient = ['missingHost', 'optionalCRBeforeLF']
  const { tolerated } = parseRequest(Buffer.from('GET / HTTP/1.1\nA: b\r\n\r\n'), { lenient })
  assert.deepEqual(
    tolerated.map(({ name }) => name),
    ['optionalCRBeforeLF', 'missingHost'],
  )
  assert.deepEqual(Object.keys(tolerated[0]), ['name', 'offset', 'danger'])
  const response = parseResponse(Buffer.from('HTTP/1.1 200 OK\n\r\n'), { lenient })
  assert.equal(response.tolerated[0].name, 'optionalCRBeforeLF')
})

test('parseResponse: to a method, until the end, and 1xx by itself', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'
  assert.equal(parseResponse(Buffer.from(`${head}abcd`)).rest.toString(), 'd')
  assert.equal(parseResponse(Buffer.from(`${head}`), { requestMethod: 'HEAD' }).body.length, 0)
  const open = parseResponse(Buffer.from('HTTP/1.1 200 OK\r\n\r\neverything'))
  assert.deepEqual([open.body.toString(), open.rest.length, open.untilClose], ['everything', 0, true])
  const first = parseResponse(Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${head}`))
  assert.deepEqual([first.status, first.informational, first.rest.toString()], [103, true, head])
  const switched = parseResponse(
    Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nraw'),
  )
  assert.deepEqual([switched.upgrade, switched.rest.toString()], [true, 'raw'])
})

test('a large message at once', () => {
  const body = Buffer.alloc(1 << 20, '0123456789')
  const bytes = Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
    body,
  ])
  const response = parseResponse(bytes)
  assert.ok(response.body.equals(body))
  assert.ok(response.rest.equals(body))
})

test('what is not one whole message', () => {
  const incomplete = (bytes, missing, cause) => (error) => {
    assert.ok(error instanceof H1Error)
    assert.deepEqual([error.code, error.offset, error.missing], ['H1_INCOMPLETE', bytes, missing])
    assert.equal(error.cause?.code, cause)
    return true
  }
  assert.throws(() => parseRequest(Buffer.alloc(0)), incomplete(0, 0))
  assert.throws(() => parseRequest(Buffer.from('\r\n')), incomplete(2, 0))
  assert.throws(() => parseRequest(Buffer.from('GET /')), incomplete(5, 0, 'H1_TRUNCATED_HEAD'))
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
  assert.throws(() => parseResponse(Buffer.from(`${head}abc`)), incomplete(41, 2, 'H1_TRUNCATED_BODY'))
  assert.throws(() => parseRequest(Buffer.from('GET / HTTP/3.0\r\n')), { code: 'H1_VERSION_UNSUPPORTED' })
  // The end shows that the CR was a line end; more octets would not bring the Host.
  const unended = Buffer.from('GET / HTTP/1.1\r\nA: b\r\n\r')
  assert.throws(() => parseRequest(unended, { lenient: ['optionalLFAfterCR'] }), { code: 'H1_HOST_MISSING' })
  assert.throws(() => parseRequest('GET'), TypeError)
  assert.throws(() => parseRequest(), TypeError)
})

test('limits and leniencies of the options count', () => {
  const limited = new RequestParser({ limits: { maxFields: 1 } })
  const events = limited.push(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n'))
  assert.equal(events[0].error.code, 'H1_TOO_MANY_FIELDS')
  assert.equal(parseRequest(Buffer.from(GET), { limits: { maxBodySize: Infinity } }).method, 'GET')
  const lenient = { lenient: 'node-insecure', limits: {} }
  const loose = Buffer.from('GET / HTTP/1.1\nHost: a\r\n\r\n')
  assert.equal(parseRequest(loose, lenient).headers.get('host'), 'a')
  assert.throws(() => parseRequest(loose, { lenient: 'strict' }), { code: 'H1_LONE_LF' })
})

test('options and limits may lie on a prototype', () => {
  const octets = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n')
  class Settings {
    get maxFields() {
      return 1
    }
  }
  const limits = new Settings()
  for (const options of [{ limits }, Object.create({ limits }), { limits: Object.create(limits) }]) {
    assert.throws(() => parseRequest(octets, options), { code: 'H1_TOO_MANY_FIELDS' })
  }
})

test('a subclass overrides expect without being called from the constructor', () => {
  class Counting extends ResponseParser {
    #expected = []
    expect(method) {
      this.#expected.push(method)
      super.expect(method)
    }
    announce() {
      throw new Error('not to be called')
    }
  }
  const parser = new Counting({ requestMethod: 'HEAD' })
  const events = parser.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'))
  assert.equal(events.at(-1).type, 'end')
})

test('options that are wrong are named', () => {
  const wrong = (options, type, text) =>
    assert.throws(
      () => new RequestParser(options),
      (error) => {
        assert.ok(error instanceof type, `${error}`)
        assert.ok(error.message.includes(text), error.message)
        return true
      },
    )
  wrong(null, TypeError, 'options')
  wrong(5, TypeError, 'options')
  wrong([], TypeError, 'options must')
  wrong({ maxHeadSize: 1 }, TypeError, 'options.maxHeadSize is not known: it belongs in options.limits')
  wrong({ obsFold: true }, TypeError, 'its name belongs in the array options.lenient')
  wrong(
    { limits: { lenient: 'strict' } },
    TypeError,
    'options.limits.lenient is not known: it belongs in options',
  )
  wrong({ requestMethod: 'GET' }, TypeError, 'it goes with responses')
  wrong({ strict: true }, TypeError, 'options.strict is not known: there are limits, lenient, chunks')
  for (const limits of [5, null, 'x', [1], new Map([['maxFields', 1]]), () => 1])
    wrong({ limits }, TypeError, 'options.limits must be an object of names and values')
  wrong({ limits: { maxHeaders: 1 } }, TypeError, 'maxHeaders')
  wrong({ limits: JSON.parse('{ "__proto__": 1 }') }, TypeError, '__proto__')
  wrong({ limits: { maxFields: '1' } }, TypeError, 'maxFields')
  wrong({ limits: { maxFields: 1n } }, TypeError, 'maxFields')
  for (const value of [-1, 1.5, NaN, -Infinity, 2 ** 53])
    wrong({ limits: { maxFields: value } }, RangeError, 'maxFields')
  for (const value of [4194304, Infinity]) {
    wrong({ limits: { maxHeadSize: value } }, RangeError, 'maxHeadSize')
    wrong({ limits: { maxTrailerSize: value } }, RangeError, 'maxTrailerSize')
  }
  wrong({ lenient: 'lax' }, TypeError, 'options.lenient')
  wrong(
    { lenient: ['obsFold', 'nonsense'] },
    TypeError,
    'nonsense is not a leniency: headerValueRelaxed, headers',
  )
  wrong({ lenient: [Symbol('s')] }, TypeError, 'Symbol(s)')
  wrong({ chunks: 1 }, TypeError, 'options.chunks')
  for (const requestMethod of [1, '', null]) {
    assert.throws(() => new ResponseParser({ requestMethod }), TypeError)
    assert.throws(() => parseResponse(Buffer.from(''), { requestMethod }), TypeError)
  }
})

test('LENIENCIES lists each leniency with its danger, and cannot be changed', () => {
  const { LENIENCIES } = require('h1wire')
  const preset = LENIENCIES.filter(({ nodeInsecure }) => nodeInsecure).map(({ name }) => name)
  assert.ok(preset.includes('obsFold') && !preset.includes('missingHost'))
  for (const one of LENIENCIES) {
    new RequestParser({ lenient: [one.name] }).free()
    assert.ok(one.danger.length > 20 && Object.isFrozen(one), one.name)
  }
  assert.ok(Object.isFrozen(LENIENCIES))
  assert.throws(
    () => new RequestParser({ lenient: ['none'] }),
    ({ message }) => message.includes(LENIENCIES.map(({ name }) => name).join(', ')),
  )
  const loose = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n d\r\n\r\n')
  assert.equal(parseRequest(loose, { lenient: preset }).headers.get('b'), 'c d')
})
