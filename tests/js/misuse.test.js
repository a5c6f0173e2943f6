// Calls in every wrong order, and arguments with a life of their own: nothing crashes, nothing undocumented is
// thrown, and memory shared between calls never shows.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const vm = require('node:vm')
const { formatRequest, H1Error, inspect, parseRequest, RequestParser, ResponseParser } = require('h1wire')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Every call there is, by name; each with arguments of its own. */
const CALLS = {
  message: (parser, text) => parser.push(Buffer.from(text)),
  half: (parser, text) => parser.push(Buffer.from(text.slice(0, 20))),
  other: (parser, text) => parser.push(Buffer.from(text.slice(20))),
  fault: (parser) => parser.push(Buffer.from('\0\0')),
  switch: (parser) =>
    parser.push(
      Buffer.from(parser.expect ? 'HTTP/1.1 101 S\r\n\r\nx' : 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\nx'),
    ),
  nothing: (parser) => parser.push(Buffer.alloc(0)),
  noArgument: (parser) => parser.push(),
  text: (parser) => parser.push('text'),
  end: (parser) => parser.end(),
  resume: (parser) => parser.resume(),
  expect: (parser) => parser.expect?.('HEAD'),
  expectNothing: (parser) => parser.expect?.(),
  free: (parser) => parser.free(),
  dispose: (parser) => parser[Symbol.dispose](),
  properties: (parser) => [parser.error, parser.bytesParsed],
}

const DOCUMENTED = new Set(['H1_FREED', 'H1_ENDED', 'H1_NOT_SWITCHED'])
const TYPES = ['head', 'body', 'end', 'upgrade', 'tolerated', 'error']

test('every sequence of three calls', () => {
  let sequences = 0
  for (const [Parser, text] of [
    [RequestParser, GET],
    [ResponseParser, OK],
  ]) {
    for (const first of Object.keys(CALLS)) {
      for (const second of Object.keys(CALLS)) {
        for (const third of Object.keys(CALLS)) {
          call(new Parser(), text, [first, second, third])
          sequences++
        }
      }
    }
  }
  assert.equal(sequences, 2 * Object.keys(CALLS).length ** 3)
})

/** Makes the calls, and holds each to what the documentation says of the state the earlier ones led to. */
function call(parser, text, names) {
  const where = names.join(', ')
  let freed = false
  let ended = false
  let switched = false
  let failure
  for (const name of names) {
    let result
    let thrown
    try {
      result = CALLS[name](parser, text)
    } catch (error) {
      thrown = error
    }
    const reads = [
      'message',
      'half',
      'other',
      'fault',
      'switch',
      'nothing',
      'noArgument',
      'text',
      'end',
      'resume',
    ]
    if (thrown === undefined) {
      assert.ok(!reads.includes(name) || (!freed && failure === undefined), where)
      assert.ok(name === 'resume' || !reads.includes(name) || !ended, where)
      assert.ok(name !== 'resume' || switched, where)
    } else if (thrown instanceof H1Error) {
      assert.ok(thrown === failure || DOCUMENTED.has(thrown.code), `${where}: ${thrown.code}`)
      assert.ok(thrown.code !== 'H1_FREED' || freed, where)
      assert.ok(thrown.code !== 'H1_ENDED' || ended, where)
      if (failure !== undefined && !freed) assert.equal(thrown, failure, where)
      if (freed) assert.equal(thrown.code, 'H1_FREED', where)
    } else {
      assert.ok(thrown instanceof TypeError, `${where}: ${thrown?.stack}`)
      assert.ok(['noArgument', 'text', 'expectNothing'].includes(name), where)
    }
    if (name === 'free' || name === 'dispose') freed = true
    if (thrown === undefined && name === 'end') ended = true
    if (thrown !== undefined || !Array.isArray(result) || name === 'properties') continue
    assert.ok(
      result.every((event) => TYPES.includes(event.type)),
      where,
    )
    const last = result.at(-1)
    if (name === 'resume') switched = last?.type === 'upgrade'
    else if (last?.type === 'upgrade') switched = true
    if (last?.type === 'error') failure = last.error
    assert.equal(parser.error, failure, where)
  }
}

test('methods taken off a parser, and parsers made without new', () => {
  const parser = new RequestParser()
  const { push } = parser
  assert.throws(() => push(Buffer.from(GET)), TypeError)
  assert.throws(() => push.call({}, Buffer.from(GET)), { name: 'TypeError', message: /class Parser$/ })
  assert.throws(() => RequestParser(), TypeError)
  assert.throws(() => parser.push.call(Object.create(parser), Buffer.from(GET)), TypeError)
  assert.equal(parser.push(Buffer.from(GET)).length, 2)
})

test('octets of a subclass: its overrides mean nothing', () => {
  const called = []
  class Odd extends Uint8Array {
    get length() {
      called.push('length')
      return 1e9
    }
    get byteOffset() {
      called.push('byteOffset')
      return 4
    }
    get buffer() {
      called.push('buffer')
      return new ArrayBuffer(0)
    }
    subarray() {
      called.push('subarray')
      return 'nonsense'
    }
    static get [Symbol.species]() {
      called.push('species')
      return String
    }
  }
  const chunk = new Odd(Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi${GET}`))
  called.length = 0
  const events = new RequestParser().push(chunk)
  assert.deepEqual(
    events.map((event) => event.type),
    ['head', 'body', 'end', 'head', 'end'],
  )
  assert.equal(events[1].data.toString(), 'hi')
  assert.ok(Buffer.isBuffer(events[1].data))
  assert.equal(parseRequest(chunk).rest.toString(), GET)
  // It is looked at before anything shared is in use, and not believed.
  assert.ok(called.every((name) => name === 'length'))
})

test('a length that lies', () => {
  for (const length of [0, 5, 1e9, -1, NaN, 'x']) {
    const chunk = Buffer.from(GET)
    Object.defineProperty(chunk, 'length', { value: length })
    const events = new RequestParser().push(chunk)
    assert.deepEqual(
      events.map((event) => event.type),
      ['head', 'end'],
      String(length),
    )
  }
})

test('octets shared between threads, resizable, detached, or none', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(100))
  shared.set(Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\nhello`))
  const [head, body] = new RequestParser().push(shared)
  assert.equal(head.headers.get('host'), 'a')
  shared.fill(0)
  assert.equal(body.data.subarray(0, 5).toString(), 'hello', 'copied, as another thread may write')
  assert.ok(!(body.data.buffer instanceof SharedArrayBuffer))

  const disguised = new SharedArrayBuffer(100)
  Object.setPrototypeOf(disguised, ArrayBuffer.prototype)
  for (const memory of [vm.runInNewContext('new SharedArrayBuffer(100)'), disguised]) {
    const octets = new Uint8Array(memory)
    octets.set(Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nhello'))
    // What looks like a Buffer is not taken apart any further.
    Object.setPrototypeOf(octets, Buffer.prototype)
    const { data } = new RequestParser().push(octets)[1]
    octets.fill(0)
    assert.equal(data.subarray(0, 5).toString(), 'hello', 'copied too')
  }

  const resizable = new ArrayBuffer(GET.length, { maxByteLength: 1000 })
  const tracking = new Uint8Array(resizable)
  tracking.set(Buffer.from(GET))
  assert.equal(new RequestParser().push(tracking).length, 2)
  const part = new Uint8Array(resizable, 4, 10)
  resizable.resize(6)
  assert.equal(part.length, 0)
  const gone = { name: 'TypeError', message: /has lost its memory/ }
  assert.throws(() => new RequestParser().push(part), gone)
  assert.deepEqual(new RequestParser().push(tracking), [])

  const detached = new Uint8Array(100)
  structuredClone(detached, { transfer: [detached.buffer] })
  for (const read of [(bytes) => new RequestParser().push(bytes), parseRequest, inspect]) {
    assert.throws(() => read(detached), gone)
  }
  assert.deepEqual(new RequestParser().push(new Uint8Array(0)), [])
})

test('options whose getters use other parsers', () => {
  const input = Buffer.from(GET)
  const other = new RequestParser()
  const options = {
    get limits() {
      other.push(input)
      return {
        get maxFields() {
          other.push(input)
          new RequestParser({ limits: { maxHeadSize: 10 } }).push(input)
          return 1
        },
      }
    },
    get lenient() {
      other.push(input)
      return ['missingHost']
    },
    get chunks() {
      throw new Error('mine')
    },
  }
  assert.throws(() => new RequestParser(options), /^Error: mine$/)
  Object.defineProperty(options, 'chunks', { value: true })
  const parser = new RequestParser(options)
  assert.equal(parser.push(input)[0].headers.size, 1)
  const [{ error }] = parser.push(Buffer.from('GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\n'))
  assert.equal(error.code, 'H1_TOO_MANY_FIELDS')
})

/** Runs `work`, and `code` amid it whenever a string of an event is made: by a built-in that somebody has replaced. */
function amidEvents(code, work) {
  const { substring } = String.prototype
  String.prototype.substring = function (...range) {
    code()
    return substring.apply(this, range)
  }
  try {
    return work()
  } finally {
    String.prototype.substring = substring
  }
}

test('what a chunk has beside its octets is not looked at', () => {
  const chunk = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi')
  const fail = () => assert.fail('looked at')
  for (const name of ['subarray', 'slice', 'buffer', 'byteOffset', 'byteLength', 'constructor']) {
    Object.defineProperty(chunk, name, { get: fail })
  }
  const [, body] = new RequestParser().push(chunk)
  assert.equal(String(body.data), 'hi')
})

test('a call from inside a call is refused, and harms neither parser', () => {
  const other = new RequestParser()
  const codes = []
  const chunk = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi')
  const parser = new RequestParser()
  const attempts = [
    () => other.push(Buffer.from(GET)),
    () => other.end(),
    () => other.free(),
    () => parser.push(Buffer.from(GET)),
    () => parser.free(),
    () => new RequestParser(),
    () => parseRequest(Buffer.from(GET)),
    () => new ResponseParser().expect('GET'),
    () => formatRequest({ url: 'http://a/' }),
  ]
  let isFirst = true
  const attemptAll = () => {
    if (!isFirst) return
    isFirst = false
    for (const attempt of attempts) {
      try {
        attempt()
        codes.push('none')
      } catch (error) {
        codes.push(error.code)
      }
    }
  }
  const events = amidEvents(attemptAll, () => parser.push(chunk))
  assert.deepEqual(
    codes,
    attempts.map(() => 'H1_REENTERED'),
  )
  assert.deepEqual(
    events.map((event) => event.type),
    ['head', 'body', 'end'],
  )
  assert.equal(other.push(Buffer.from(GET)).length, 2)
  assert.equal(parser.push(Buffer.from(GET)).length, 2)
})

test('an exception in the middle of a call ends that parser alone', () => {
  const parser = new RequestParser()
  const chunk = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi')
  const mine = new Error('mine')
  const fail = () => {
    throw mine
  }
  let failure
  assert.throws(
    () => amidEvents(fail, () => parser.push(chunk)),
    (error) => {
      failure = error
      return error.code === 'H1_INTERNAL' && error.cause === mine
    },
  )
  assert.throws(
    () => parser.push(Buffer.from(GET)),
    (error) => error === failure,
  )
  assert.equal(new RequestParser().push(Buffer.from(GET)).length, 2)
})

test('a call that runs out of stack leaves the others usable', () => {
  const parser = new RequestParser()
  const input = Buffer.from(
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n',
  )
  const deeper = () => {
    try {
      deeper()
    } catch {
      // At the bottom of the stack some calls get through, and others stop anywhere.
    }
    try {
      new RequestParser().push(input)
      parser.push(input)
    } catch (error) {
      assert.ok(error instanceof RangeError || error instanceof H1Error, `${error}`)
    }
  }
  try {
    deeper()
  } catch (error) {
    assert.ok(error instanceof RangeError, `${error}`)
  }
  assert.equal(new RequestParser().push(Buffer.from(GET)).length, 2)
})
