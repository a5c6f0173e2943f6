// Members that would not be read are refused, with the name that was probably meant; only names that apply are listed.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const h1wire = require('h1wire')
const { formatOf, readMessages, writeMessages } = require('h1wire/convert')

const { Connection, formatRaw, formatRequest, formatResponse, Inspector, inspect, readings, rewrite } = h1wire

const REQUEST = 'method, target, url, lenient, host, version, headers, body, trailers'
const ANSWER = 'status, reason, version, headers, body, trailers'
const GET = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')

const url = 'http://a/'
const request = (init, options) => formatRequest({ url, ...init }, options)
const response = (init, options) => formatResponse({ status: 200, ...init }, options)
const raw = (init) => formatRaw({ startLine: 'x', ...init })
const server = () => {
  const connection = new Connection({ role: 'server' })
  connection.receive(GET)
  return connection
}
const client = () => new Connection({ role: 'client' })

/** The call throws a TypeError that says so. */
function says(call, message) {
  assert.throws(call, (error) => {
    assert.equal(error.name, 'TypeError', `${error}`)
    assert.equal(error.message, message)
    return true
  })
}

test('messages', () => {
  says(() => request({ header: {} }), 'header is not known: did you mean headers?')
  says(() => request({ heders: {} }), 'heders is not known: did you mean headers?')
  says(() => request({ bdy: 'x' }), 'bdy is not known: did you mean body?')
  says(() => request({ METHOD: 'PUT' }), 'METHOD is not known: did you mean method?')
  says(() => request({ path: '/x' }), 'path is not known: did you mean target?')
  says(() => formatRequest({ ulr: url }), 'ulr is not known: did you mean url?')
  says(() => request({ status: 200 }), `status is not known: there are ${REQUEST}`)
  says(
    () => request({ [''.padEnd(1e6, 'headers')]: 1, xs: 1 }).length,
    `${''.padEnd(1e6, 'headers')} is not known: there are ${REQUEST}`,
  )
  says(() => request({ length: 5 }), 'length is not known: it belongs in options, behind the message')
  says(() => request(JSON.parse('{ "__proto__": 1 }')), `__proto__ is not known: there are ${REQUEST}`)
  says(() => response({ statusMessage: 'x' }), 'statusMessage is not known: did you mean reason?')
  says(() => response({ trailer: {} }), 'trailer is not known: did you mean trailers?')
  says(() => response({ url }), `url is not known: there are ${ANSWER}, requestMethod, requestVersion`)
  // Nothing is said of a value: it is the name that is wrong, and undefined is a value.
  says(() => request({ host_: undefined }), 'host_ is not known: did you mean host?')
})

test('options of messages', () => {
  for (const call of [request, response]) {
    says(() => call({}, { bodie: false }), 'options.bodie is not known: there are body, length')
    says(() => call({}, { bod: false }), 'options.bod is not known: did you mean body?')
    says(() => call({}, { body: false, lenght: 5 }), 'options.lenght is not known: did you mean length?')
    assert.throws(() => call({}, 'body'), TypeError)
  }
})

test('what is inherited counts where it is known, and is not looked at where it is not', () => {
  class Mine {
    target = '/x'
    get headers() {
      return { Host: 'a' }
    }
  }
  assert.equal(formatRequest(new Mine()).toString(), 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
  const inherited = Object.create({ target: '/y', colour: 'red' }, { host: { value: 'b', enumerable: true } })
  assert.equal(formatRequest(inherited).toString(), 'GET /y HTTP/1.1\r\nHost: b\r\n\r\n')
  says(() => formatRequest(Object.assign(new Mine(), { x: 1 })), `x is not known: there are ${REQUEST}`)
})

test('raw messages, their lines and their chunks', () => {
  says(() => raw({ field: [] }), 'field is not known: did you mean fields?')
  says(
    () => raw({ fields: [{ name: 'A', valeu: 'b' }] }),
    'fields[0].valeu is not known: did you mean value?',
  )
  says(
    () => raw({ trailers: ['x', { name: 'A', x: 1 }] }),
    'trailers[1].x is not known: there are name, separator, value, eol',
  )
  says(() => raw({ body: [{ dta: 'x' }] }), 'body[0].dta is not known: did you mean data?')
})

test('what a connection sends', () => {
  says(() => client().sendRequest({ url, heders: {} }), 'heders is not known: did you mean headers?')
  says(() => client().sendRequest({ url }, { boby: false }), 'options.boby is not known: did you mean body?')
  says(() => server().sendResponse({ status: 200, bdy: '' }), 'bdy is not known: did you mean body?')
  // The request is known there: what speaks of it is not listed, but refused in its own words.
  says(() => server().sendResponse({ status: 200, x: 1 }), `x is not known: there are ${ANSWER}`)
  says(
    () => server().sendResponse({ status: 200, requestMethod: 'GET' }),
    'requestMethod is not given on a connection, which knows the request',
  )
  says(() => server().sendInformational({ status: 100, x: 1 }), `x is not known: there are ${ANSWER}`)
  // What was refused changed nothing.
  const connection = server()
  says(() => connection.sendResponse({ status: 200, bdy: '' }), 'bdy is not known: did you mean body?')
  assert.equal(connection.sendResponse({ status: 204 }).toString(), 'HTTP/1.1 204 No Content\r\n\r\n')
})

test('options of a connection', () => {
  const make = (options) => () => new Connection({ role: 'server', ...options })
  says(make({ x: 1 }), 'options.x is not known: there are role, limits, lenient, maxHeldBack, pipelining')
  says(
    make({ chunks: true }),
    'options.chunks is not known: there are role, limits, lenient, maxHeldBack, pipelining',
  )
  says(make({ pipelineing: 2 }), 'options.pipelineing is not known: did you mean pipelining?')
  says(make({ maxFields: 2 }), 'options.maxFields is not known: it belongs in options.limits')
  says(make({ limits: { role: 'x' } }), 'options.limits.role is not known: it belongs in options')
  says(make({ limits: { chunks: true } }), `options.limits.chunks is not known: there are ${LIMITS}`)
})

const LIMITS =
  'maxStartLine, maxHeadSize, maxFields, maxTrailerSize, maxTrailerFields, maxChunkExtensions, maxInformational, maxBodySize'

test('options of parsers and inspectors', () => {
  const { RequestParser, ResponseParser, parseRequest } = h1wire
  says(() => new RequestParser({ limit: {} }), 'options.limit is not known: did you mean limits?')
  says(
    () => new RequestParser({ limits: { maxField: 1 } }),
    'options.limits.maxField is not known: did you mean maxFields?',
  )
  says(
    () => new ResponseParser({ requestMehtod: 'GET' }),
    'options.requestMehtod is not known: did you mean requestMethod?',
  )
  says(
    () => parseRequest(GET, { strict: true }),
    'options.strict is not known: there are limits, lenient, chunks',
  )
  for (const call of [(options) => inspect(GET, options), (options) => new Inspector(options)]) {
    says(
      () => call({ chunks: true }),
      'options.chunks is not known: there are kind, limits, lenient, requestMethods',
    )
    says(
      () => call({ requestMethod: 'GET' }),
      'options.requestMethod is not known: did you mean requestMethods?',
    )
    says(() => call({ limits: { chunks: true } }), `options.limits.chunks is not known: there are ${LIMITS}`)
  }
  says(
    () => readings(GET, { lenient: [] }),
    'options.lenient is not known: there are kind, limits, requestMethods',
  )
  says(
    () => readings(GET, { obsFold: true }),
    'options.obsFold is not known: there are kind, limits, requestMethods',
  )
})

test('changes, and conversions', () => {
  says(
    () => rewrite(GET, [{ field: 'Host', valeu: 'b' }]),
    'edits[0].valeu is not known: did you mean value?',
  )
  says(
    () => rewrite(GET, [{ body: 'x', value: 'b' }]),
    'edits[0].value is not known: there are message, body',
  )
  says(
    () => rewrite(GET, [{ feild: 'Host', value: 'b' }]),
    'edits[0].feild is not known: did you mean field?',
  )
  says(
    () => readMessages('raw', GET, { shceme: 'https' }),
    'options.shceme is not known: did you mean scheme?',
  )
  const messages = readMessages(formatOf(GET, 'x'), GET)
  says(
    () => writeMessages('curl', messages, { notes() {} }),
    'options.notes is not known: did you mean note?',
  )
})

test('undefined counts as left out', () => {
  const all = (names) => Object.fromEntries(names.map((name) => [name, undefined]))
  const parts = all(['method', 'host', 'version', 'headers', 'body', 'trailers', 'target'])
  assert.deepEqual(formatRequest({ ...parts, url }, all(['body', 'length'])), formatRequest({ url }))
  const answer = all(['reason', 'version', 'headers', 'body', 'trailers', 'requestMethod', 'requestVersion'])
  assert.deepEqual(formatResponse({ ...answer, status: 200 }), formatResponse({ status: 200 }))
  assert.deepEqual(server().sendResponse({ status: 200, ...answer }), server().sendResponse({ status: 200 }))
  const limits = all(LIMITS.split(', '))
  for (const given of [limits, undefined]) {
    const options = { ...all(['lenient', 'chunks', 'requestMethod']), limits: given }
    assert.equal(new h1wire.ResponseParser(options).push(Buffer.from('HTTP/1.1 204 X\r\n\r\n')).length, 2)
    const connection = new Connection({
      role: 'server',
      limits: given,
      ...all(['lenient', 'maxHeldBack', 'pipelining']),
    })
    assert.equal(connection.receive(GET).length, 2)
  }
  const rawNames = ['startLine', 'fields', 'eol', 'end', 'body', 'lastChunk', 'trailers', 'trailersEnd']
  assert.equal(formatRaw(all(rawNames)).toString(), '\r\n')
  const chunk = all(['size', 'extensions', 'eol', 'data', 'dataEnd'])
  const field = { name: 'A', ...all(['separator', 'value', 'eol']) }
  assert.equal(formatRaw({ fields: [field], body: [chunk] }).toString(), 'A: \r\n\r\n0\r\n\r\n0\r\n\r\n')
  assert.deepEqual(inspect(GET, { ...all(['kind', 'limits', 'lenient', 'requestMethods']) }), inspect(GET))
})
