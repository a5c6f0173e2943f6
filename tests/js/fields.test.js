// FieldSection: what it finds, in which order and spelling, and what names cannot do to it.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { FieldSection, parseRequest, parseResponse } = require('h1wire')

/** The headers of a response with these lines. */
function headers(...lines) {
  const head = ['HTTP/1.1 200 OK', 'Content-Length: 0', ...lines, '', ''].join('\r\n')
  return parseResponse(Buffer.from(head, 'latin1')).headers
}

test('order, case and duplicates stay as they were written', () => {
  const section = headers(
    'x-b: 1',
    'Content-Type: text/html',
    'X-B: 2',
    'content-type: a/b',
    'CONTENT-TYPE: c/d',
  )
  const lines = [
    ['Content-Length', '0'],
    ['x-b', '1'],
    ['Content-Type', 'text/html'],
    ['X-B', '2'],
    ['content-type', 'a/b'],
    ['CONTENT-TYPE', 'c/d'],
  ]
  assert.ok(section instanceof FieldSection)
  assert.equal(section.size, 6)
  assert.deepEqual([...section], lines)
  assert.deepEqual([...section.entries()], lines)
  assert.deepEqual(
    [...section.keys()],
    lines.map(([name]) => name),
  )
  assert.deepEqual(
    [...section.values()],
    lines.map(([, value]) => value),
  )
  const told = []
  section.forEach(function (...given) {
    told.push([this, ...given])
  }, told)
  assert.deepEqual(
    told,
    lines.map(([name, value]) => [told, value, name, section]),
  )
  assert.deepEqual(section.raw, lines.flat())
  assert.equal(JSON.stringify(section), JSON.stringify(lines))
})

test('names are found in any case, known ones and others', () => {
  const section = headers('x-one: 1', 'ETag: "2"', 'cookie: a=b', 'SeRvEr: here')
  for (const name of ['X-One', 'x-one', 'X-ONE']) assert.equal(section.get(name), '1')
  for (const name of ['ETag', 'etag', 'ETAG']) assert.equal(section.get(name), '"2"')
  for (const name of ['Cookie', 'cookie', 'cOOkie']) assert.equal(section.get(name), 'a=b')
  assert.equal(section.get('server'), 'here')
  for (const name of ['X-Two', 'x-on', 'x-onee', 'Date', '', ' x-one', 'x-one:']) {
    assert.equal(section.get(name), undefined)
    assert.equal(section.has(name), false)
    assert.deepEqual(section.getAll(name), [])
  }
  assert.throws(() => section.get(1), TypeError)
  assert.throws(() => section.has(), TypeError)
  assert.throws(() => section.getAll(Symbol.iterator), TypeError)
})

test('letters whose lower case is ASCII name no field', () => {
  const section = headers('Keep-Alive: 1', 'x-k: 2')
  assert.equal('\u212a'.toLowerCase(), 'k')
  assert.equal(section.get('\u212aeep-Alive'), undefined)
  assert.equal(section.get('x-\u212a'), undefined)
})

test('repeated lines are joined by get and kept apart by getAll', () => {
  const section = headers(
    'Vary: a',
    'X-List: 1, 2',
    'vary: b',
    'x-list: 3',
    'Set-Cookie: a=1, b',
    'set-cookie: c=2',
  )
  assert.equal(section.get('Vary'), 'a, b')
  assert.deepEqual(section.getAll('vary'), ['a', 'b'])
  assert.equal(section.get('x-list'), '1, 2, 3')
  assert.deepEqual(section.getAll('X-List'), ['1, 2', '3'])
  assert.deepEqual(section.getSetCookie(), ['a=1, b', 'c=2'])
  assert.equal(section.has('VARY'), true)
})

test('cookies are joined by semicolons, and Set-Cookie by nothing', () => {
  const section = headers('Cookie: a=1; b=2', 'Set-Cookie: x=1', 'COOKIE: c=3', 'cookie:', 'Set-Cookie: y=2')
  assert.equal(section.get('cookie'), 'a=1; b=2; c=3; ')
  assert.equal(section.get('Cookie'), section.get('COOKIE'))
  assert.equal(section.get('set-cookie'), 'x=1')
  assert.equal(section.get('SET-COOKIE'), 'x=1')
  const some = headers('Cookie: a=1', 'Cookie: b=2')
  assert.equal(some.get('cookie'), some.toHeaders().get('cookie'))
})

test('an empty value is a value', () => {
  const section = headers('X-Empty:', 'X-Blank:  \t ', 'X-Empty: ')
  assert.equal(section.get('X-Empty'), ', ')
  assert.equal(section.get('X-Blank'), '')
  assert.equal(section.has('X-Blank'), true)
})

test('names of Object.prototype are ordinary names', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then']
  const none = headers()
  for (const name of names) {
    assert.equal(none.get(name), undefined)
    assert.equal(none.has(name), false)
  }
  const section = headers(...names.map((name, index) => `${name}: ${index}`))
  for (const [index, name] of names.entries()) assert.equal(section.get(name), String(index))
  const object = section.toObject()
  assert.equal(Object.getPrototypeOf(object), null)
  assert.deepEqual(Object.keys(object), ['content-length', ...names.map((name) => name.toLowerCase())])
  assert.deepEqual(Object.values(object), ['0', ...names.keys()].map(String))
})

test('toObject has arrays where a name is repeated', () => {
  const object = headers('A: 1', 'b: 2', 'a: 3', 'A: 4', '__proto__: x', '__PROTO__: y').toObject()
  assert.deepEqual({ ...object }.a, ['1', '3', '4'])
  assert.equal(object.b, '2')
  assert.deepEqual(Object.getOwnPropertyDescriptor(object, '__proto__').value, ['x', 'y'])
})

test('toHeaders makes a WHATWG Headers', () => {
  const made = headers('Accept: a', 'accept: b', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'X: \xe9').toHeaders()
  assert.ok(made instanceof Headers)
  assert.equal(made.get('accept'), 'a, b')
  assert.deepEqual(made.getSetCookie(), ['a=1', 'b=2'])
  assert.equal(made.get('x'), '\xe9')
})

test('values are latin-1, every octet that may stand in one', () => {
  const octets = Array.from({ length: 256 }, (_, octet) => octet).filter(
    (octet) => octet > 0x20 && octet !== 0x7f,
  )
  const text = String.fromCharCode(...octets)
  const section = headers(`X-All: ${text}`, 'Server: \xfc')
  assert.equal(section.get('x-all'), text)
  assert.equal(section.get('server'), '\xfc')
})

test('long values and many lines', () => {
  const long = 'v'.repeat(30000)
  const lines = Array.from({ length: 250 }, (_, index) => `x-${index}: ${index}`)
  const section = headers(`X-Long: ${long}`, ...lines)
  assert.equal(section.get('x-long'), long)
  assert.equal(section.size, 252)
  assert.equal(section.get('X-249'), '249')
})

test('the empty section', () => {
  const { trailers } = parseRequest(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
  assert.equal(trailers.size, 0)
  assert.deepEqual([...trailers], [])
  assert.deepEqual(trailers.raw, [])
  assert.equal(trailers.get('Host'), undefined)
  assert.deepEqual({ ...trailers.toObject() }, {})
})

test('what is handed out is the caller’s own', () => {
  const section = headers('A: b')
  section.raw[1] = 'changed'
  section.toObject().a = 'changed'
  section.getAll('a')[0] = 'changed'
  for (const line of section) line[1] = 'changed'
  assert.deepEqual(section.raw, ['Content-Length', '0', 'A', 'b'])
})

test('nothing can be hung on the empty section, which everybody is given', () => {
  const { trailers } = parseRequest(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
  assert.throws(() => {
    trailers.mine = 1
  }, TypeError)
  assert.throws(() => Object.defineProperty(trailers, 'get', { value: () => 'x' }), TypeError)
})

test('sections of one push do not mix', () => {
  const { RequestParser } = require('h1wire')
  const input = Array.from(
    { length: 50 },
    (_, index) => `GET /${index} HTTP/1.1\r\nHost: h${index}\r\n\r\n`,
  ).join('')
  const parser = new RequestParser()
  const heads = parser.push(Buffer.from(input)).filter((event) => event.type === 'head')
  parser.push(Buffer.from('GET /late HTTP/1.1\r\nHost: other\r\nX-Y: z\r\n\r\n'))
  assert.deepEqual(
    heads.map((head) => [head.target, head.headers.get('host'), head.headers.size]),
    Array.from({ length: 50 }, (_, index) => [`/${index}`, `h${index}`, 1]),
  )
})
