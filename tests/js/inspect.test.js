// The inspector through the public API: every octet in one leaf, one outcome in every cut, every vector's fault found,
// and octets that are rewritten in the places asked for and nowhere else.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fc = require('fast-check')
const { H1Error, Inspector, formatRequest, inspect, readings, rewrite } = require('h1wire')

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300), ...(process.env.CI && { seed: 1 }) }

let vectors
let octets
test.before(async () => {
  const files = await import('../vectors/files.mjs')
  vectors = files.readVectors().flatMap((file) => file.vectors)
  const harness = await import('../vectors/harness.mjs')
  octets = (text) => Buffer.from(harness.whole(text), 'latin1')
})

test('every vector: leaves hold its octets once, and its fault is found at its offset', () => {
  let faults = 0
  for (const { name, role, input, options = {}, end, resume, error } of vectors) {
    const bytes = octets(input)
    const { limits, lenient, expect } = options
    const asked = {
      kind: role,
      ...(limits && { limits }),
      ...(lenient && { lenient }),
      ...(expect && role === 'response' && { requestMethods: expect }),
    }
    const { nodes, findings } = inspect(bytes, asked)
    assert.deepEqual(leavesOf(nodes, bytes), bytes.length, name)
    if (error === undefined || resume) continue
    const isFault = ({ code, severity }) => severity === 'error' && (end || !code.startsWith('H1_TRUNCATED_'))
    const found = findings.filter(isFault).map(({ code, start }) => `${code} ${start}`)
    assert.ok(
      found.includes(`${error.code} ${error.offset}`),
      `${name}: ${error.code} ${error.offset} in ${found}`,
    )
    faults++
  }
  assert.ok(faults > 400, `${faults} faults`)
})

test('octet by octet, a stream tells what inspect tells at once', () => {
  for (const { name, role, input, options = {} } of vectors) {
    const bytes = octets(input)
    if (bytes.length > 2048 || options.expect) continue
    const asked = { kind: role, ...options }
    delete asked.chunks
    assert.deepEqual(streamed(bytes, asked), inspect(bytes, asked), name)
  }
})

test('requests and responses in one stream are paired', () => {
  const bytes = Buffer.from(
    'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n' +
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n' +
      'HTTP/1.1 100 Continue\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  )
  const { messages, findings } = inspect(bytes)
  assert.deepEqual(
    messages.map(({ kind, framing, answers }) => [kind, framing, answers]),
    [
      ['request', 'none', undefined],
      ['request', 'none', undefined],
      ['response', 'none', 0],
      // An answer to HEAD has no body, whatever its length says.
      ['response', 'none', 0],
      ['response', 'length', 1],
    ],
  )
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['H1_FRAMING_IGNORED', 'H1_TYPE_MISSING'],
  )
})

test('a tree names its parts, and a folded value reads as one', () => {
  const { messages } = inspect(Buffer.from('HTTP/1.1 204\r\nA: b\r\n c\r\n\r\n'))
  const plain = ({ kind, text, children }) =>
    children.length > 0 ? { [kind]: children.map(plain), ...(text && { text }) } : [kind, text]
  assert.deepEqual(plain(messages[0].node), {
    response: [
      {
        'status-line': [
          ['HTTP-version', 'HTTP/1.1'],
          ['SP', ' '],
          ['status-code', '204'],
          ['reason-phrase', ''],
          ['line-end', '\r\n'],
        ],
      },
      {
        'field-line': [
          ['field-name', 'A'],
          ['colon', ':'],
          ['OWS', ' '],
          {
            'field-value': [
              ['value-part', 'b'],
              ['obs-fold', '\r\n '],
              ['value-part', 'c'],
            ],
            text: 'b c',
          },
          ['line-end', '\r\n'],
        ],
      },
      ['line-end', '\r\n'],
    ],
  })
})

test('a line that a leniency drops is a node of its own, and stays where it is when others change', () => {
  const text = 'HTTP/1.1 204 N\r\nA: b\r\nPHP Warning:  x\r\n\r\n'
  const options = { kind: 'response', lenient: ['badFieldLines'] }
  const { messages, findings } = inspect(Buffer.from(text), options)
  const dropped = messages[0].node.children.filter(({ kind }) => kind === 'dropped-line')
  assert.deepEqual(
    dropped.map((node) => [node.start, node.text]),
    [[22, 'PHP Warning:  x\r\n']],
  )
  assert.deepEqual(
    findings.map(({ code, leniency, start, end }) => [code, leniency, start, end]),
    [['H1_TOLERATED', 'badFieldLines', 22, 37]],
  )
  const added = Buffer.from(rewrite(Buffer.from(text), [{ add: 'C', value: 'd' }], options)).toString(
    'latin1',
  )
  assert.equal(added, text.replace('x\r\n', 'x\r\nC: d\r\n'))
})

test('the parts of a chunk-size line, with a quoted value as it reads', () => {
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  const { nodes } = inspect(Buffer.from(`${head}1 ;a = "b\\"\\\\" ;c\r\nx\r\n00\r\nT: u\r\n\r\n`))
  const [chunk, last, trailers] = nodes[0].children.at(-1).children
  assert.deepEqual(
    chunk.children.map(({ kind, text }) => [kind, text]),
    [
      ['chunk-size', '1'],
      ['BWS', ' '],
      ['semicolon', ';'],
      ['chunk-ext-name', 'a'],
      ['BWS', ' '],
      ['equals', '='],
      ['BWS', ' '],
      ['chunk-ext-val', 'b"\\'],
      ['BWS', ' '],
      ['semicolon', ';'],
      ['chunk-ext-name', 'c'],
      ['line-end', '\r\n'],
      ['chunk-data', undefined],
      ['line-end', '\r\n'],
    ],
  )
  assert.deepEqual([last.kind, last.children[0].text, trailers.kind], ['last-chunk', '00', 'trailer-section'])
})

test('a finding says what, where, by which rule, what to do, and who sees it otherwise', () => {
  const bytes = Buffer.from(
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Length: 3\r\n' +
      'Content-Length: 5\r\n\r\nabcde',
  )
  const { findings } = inspect(bytes)
  const [differ] = findings.filter(({ code }) => code === 'H1_READERS_DIFFER')
  assert.deepEqual(differ.reader, { profile: 'last-length', end: 90, follows: 'nothing' })
  assert.match(differ.message, /goes by the last Content-Length .* sees the message end at octet 90/)
  const [fault] = findings.filter(({ code }) => code === 'H1_CONTENT_LENGTH_DIFFERS')
  assert.deepEqual(
    { start: fault.start, severity: fault.severity, rule: fault.rule },
    { start: 80, severity: 'error', rule: 'RFC 9112 section 6.3' },
  )
  assert.ok(fault.fix && fault.readers)
})

test('a leniency that is switched on makes a warning of a fault', () => {
  const bytes = Buffer.from('GET / HTTP/1.1\nHost: a\r\n\r\n')
  const [strict] = inspect(bytes).findings
  assert.deepEqual([strict.code, strict.severity, strict.start], ['H1_LONE_LF', 'error', 14])
  const [lenient] = inspect(bytes, { lenient: ['optionalCRBeforeLF'] }).findings
  assert.deepEqual(
    [lenient.code, lenient.severity, lenient.leniency, lenient.start],
    ['H1_TOLERATED', 'warning', 'optionalCRBeforeLF', 14],
  )
})

test('readings: two readers see one request, two others a second one in it', () => {
  const smuggled = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n'
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 37\r\nTransfer-Encoding: chunked\r\n\r\n'
  const bytes = Buffer.from(`${head}0\r\n\r\n${smuggled}`)
  const seen = Object.fromEntries(readings(bytes).map((one) => [one.profile, one]))
  assert.deepEqual(seen.strict.refusal, { code: 'H1_TRANSFER_ENCODING_WITH_LENGTH', offset: 46 })
  assert.deepEqual(seen['length-wins'].messages, [{ start: 0, end: bytes.length }])
  assert.deepEqual(seen['chunked-wins'].messages, [
    { start: 0, end: head.length + 5 },
    { start: head.length + 5, end: bytes.length },
  ])
  for (const one of Object.values(seen)) assert.equal(one.basis, 'modelled')
  const both = readings(Buffer.from('HTTP/1.1 204 N\r\n\r\n'))
  assert.ok(both.every(({ messages }) => messages.length === 1))
})

test('readings of more messages than one call has room for', () => {
  const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const all = readings(Buffer.from(one.repeat(5000)))
  assert.ok(all.every(({ messages }) => messages.length === 5000))
  assert.deepEqual(all[0].messages[4999], { start: one.length * 4999, end: one.length * 5000 })
})

test('rewrite: without edits every octet stays, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const written = rewrite(bytes, [])
      assert.ok(Buffer.from(bytes).equals(written))
      assert.notEqual(written.buffer, bytes.buffer)
    }),
    RUNS,
  )
})

test('rewrite: what is changed reads so, and nothing else changes', () => {
  const name = fc.constantFrom('Host', 'x-a', 'Accept', 'X-New')
  const value = fc.string({ unit: fc.constantFrom(...'ab0/;='), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(name, value, value, (field, before, after) => {
      const headers = [
        ['host', 'a'],
        ['X-A', before],
        ['Accept', before],
        ['accept', 'z'],
      ]
      const bytes = formatRequest({ method: 'POST', target: '/', headers, body: before })
      const written = rewrite(bytes, [{ field, value: after }])
      const names = headers.map(([one]) => one.toLowerCase())
      const place = names.indexOf(field.toLowerCase())
      const fields = valuesOf(bytes)
      if (place === -1) fields.push([field, after])
      else fields[place][1] = after
      assert.deepEqual(valuesOf(written), fields)
      // Put back, it is what it was.
      const back = place === -1 ? { field, value: null } : { field, value: valuesOf(bytes)[place][1] }
      assert.ok(rewrite(written, [back]).equals(bytes))
    }),
    RUNS,
  )
})

test('rewrite: parts of the start-line, added lines, bodies, in the message that is named', () => {
  const first = 'GET /a HTTP/1.1\nHost: a\n\n'
  const bytes = Buffer.from(`${first}HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok`)
  const edited = (...edits) => rewrite(bytes, edits).toString('latin1').slice(first.length)
  assert.equal(
    edited({ message: 1, part: 'reason', value: 'OK' }),
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  )
  assert.equal(
    edited({ message: 1, part: 'status', value: 404 }),
    'HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nok',
  )
  assert.equal(
    edited({ message: 1, body: 'né' }, { message: 1, field: 'content-length', value: 3 }),
    'HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nn\u00c3\u00a9',
  )
  assert.equal(edited({ message: 1, field: 'content-length', value: null }), 'HTTP/1.1 200\r\n\r\nok')
  const target = rewrite(bytes, [
    { part: 'target', value: '/\u00ff' },
    { add: 'B', value: 'c' },
  ])
  assert.equal(target.toString('latin1', 0, 29), 'GET /\u00ff HTTP/1.1\nHost: a\nB: c\n')
})

test('what cannot be done is refused', () => {
  const bytes = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.throws(() => inspect('text'), TypeError)
  assert.throws(() => inspect(bytes, { kind: 'both' }), /options\.kind/)
  assert.throws(() => inspect(bytes, { chunks: true }), /options\.chunks/)
  assert.throws(() => inspect(bytes, { requestMethods: ['GET'] }), /requestMethods/)
  assert.throws(() => readings(bytes, { lenient: 'strict' }), TypeError)
  assert.throws(() => rewrite(bytes, [{ message: 1, body: '' }]), RangeError)
  assert.throws(() => rewrite(bytes, [{ part: 'status', value: '1' }]), RangeError)
  assert.throws(() => rewrite(bytes, [{ part: 'tail', value: '1' }]), TypeError)
  assert.throws(() => rewrite(bytes, [{}]), TypeError)
  assert.throws(() => rewrite(bytes, [{ field: 'A', value: '\u010a' }]), code('H1_CODE_UNIT'))
  const inspector = new Inspector({ kind: 'request' })
  assert.throws(() => inspector.push('text'), TypeError)
  inspector.push(bytes)
  inspector.end()
  assert.throws(() => inspector.push(bytes), code('H1_ENDED'))
  inspector.free()
  assert.throws(() => inspector.end(), code('H1_FREED'))
  inspector.free()
})

test('a call from inside of another is refused, and the next one goes on', () => {
  const bytes = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const inspector = new Inspector()
  let refusal
  const options = {
    get limits() {
      refusal = inspector.push(bytes)
      return {}
    },
  }
  assert.equal(inspect(bytes, options).messages.length, 1)
  assert.ok(refusal.some(({ type }) => type === 'message'))
})

// What may read otherwise than it stands there.
const DECODED = ['field-value', 'chunk-ext-val']

/** Checks that nodes lie in one another and side by side; returns where the last one ends. */
function leavesOf(nodes, bytes, at = 0) {
  for (const { kind, start, end, text, children } of nodes) {
    assert.equal(start, at, kind)
    if (children.length > 0) assert.equal(leavesOf(children, bytes, start), end, kind)
    else if (text !== undefined && !DECODED.includes(kind))
      assert.equal(text, bytes.toString('latin1', start, end))
    at = end
  }
  return at
}

/** What a stream tells, put together as `inspect` does it. */
function streamed(bytes, options) {
  const inspector = new Inspector(options)
  const events = [...bytes].flatMap((octet) => inspector.push(Buffer.of(octet))).concat(inspector.end())
  const nodes = []
  const messages = []
  const open = [{ children: nodes }]
  let closed
  for (const { type, ...event } of events) {
    if (type === 'open') {
      const node = { ...event, end: 0, children: [] }
      open.at(-1).children.push(node)
      open.push(node)
    } else if (type === 'leaf') open.at(-1).children.push({ ...event, children: [] })
    else if (type === 'close') closed = Object.assign(open.pop(), event)
    else if (type === 'message') messages.push({ ...event.message, node: closed })
  }
  const findings = events.filter(({ type }) => type === 'finding').map(({ finding }) => finding)
  return { messages, nodes, findings: findings.sort((one, other) => one.start - other.start) }
}

function valuesOf(bytes) {
  const part = (children, kind) => children.find((one) => one.kind === kind).text
  return inspect(bytes)
    .messages[0].node.children.filter(({ kind }) => kind === 'field-line')
    .map(({ children }) => [part(children, 'field-name'), part(children, 'field-value')])
}

function code(wanted) {
  return (error) => error instanceof H1Error && error.code === wanted
}
