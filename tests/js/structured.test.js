// Structured fields: values of RFC 9651's types and what is none of them; what the inspector says of fields that have them.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fc = require('fast-check')
const { H1Error, Inspector, inspect, parseStructured } = require('h1wire')

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300), ...(process.env.CI && { seed: 1 }) }

const PLAIN = { noNullPrototype: true }

const none = new Map()
const item = (type, value, parameters = none) => ({ type, value, parameters })
const yes = item('boolean', true)

test('items of each type, at their limits', () => {
  for (const [text, type, value] of [
    ['0', 'integer', 0],
    ['-0', 'integer', 0],
    ['-7', 'integer', -7],
    ['007', 'integer', 7],
    ['999999999999999', 'integer', 999999999999999],
    ['-999999999999999', 'integer', -999999999999999],
    ['1.0', 'decimal', 1],
    ['-0.0', 'decimal', 0],
    ['00.125', 'decimal', 0.125],
    ['-999999999999.999', 'decimal', -999999999999.999],
    ['""', 'string', ''],
    ['" !#[]~,;"', 'string', ' !#[]~,;'],
    ['"a\\"b\\\\c"', 'string', 'a"b\\c'],
    ['a', 'token', 'a'],
    ['*', 'token', '*'],
    ["Z9!#$%&'*+-.^_`|~:/", 'token', "Z9!#$%&'*+-.^_`|~:/"],
    ['::', 'byte-sequence', Uint8Array.of()],
    [':/+8=:', 'byte-sequence', Uint8Array.of(0xff, 0xef)],
    [':aGk=:', 'byte-sequence', Uint8Array.of(0x68, 0x69)],
    [':aGk:', 'byte-sequence', Uint8Array.of(0x68, 0x69)],
    [':aGl=:', 'byte-sequence', Uint8Array.of(0x68, 0x69)],
    [':aA==:', 'byte-sequence', Uint8Array.of(0x68)],
    ['?1', 'boolean', true],
    ['?0', 'boolean', false],
    ['@0', 'date', 0],
    ['@-62135596800', 'date', -62135596800],
    ['@999999999999999', 'date', 999999999999999],
    ['%""', 'display-string', ''],
    ['%" !#$&\\~"', 'display-string', ' !#$&\\~'],
    ['%"%22%25%0a%c3%bc%f0%9f%99%82"', 'display-string', '"%\nü🙂'],
    ['%"%ef%bb%bfa"', 'display-string', '\ufeffa'],
  ]) {
    assert.deepEqual(parseStructured(text, 'item'), item(type, value), text)
    assert.deepEqual(parseStructured(`  ${text}  `, 'item'), item(type, value), `spaces around ${text}`)
    assert.deepEqual(parseStructured(text, 'list'), [item(type, value)], `a list of ${text}`)
  }
})

test('parameters: true without a value, the last value at the first place', () => {
  const parameters = new Map([
    ['a', { type: 'integer', value: 3 }],
    ['*b_-.*9', { type: 'boolean', value: true }],
    ['constructor', { type: 'token', value: 't' }],
  ])
  const read = parseStructured('x;a=1; *b_-.*9;constructor=t;  a=3', 'item')
  assert.deepEqual(read, item('token', 'x', parameters))
  assert.deepEqual([...read.parameters.keys()], ['a', '*b_-.*9', 'constructor'])
})

test('lists and inner lists', () => {
  assert.deepEqual(parseStructured('', 'list'), [])
  assert.deepEqual(parseStructured('  ', 'list'), [])
  assert.deepEqual(parseStructured([], 'list'), [])
  const [a, b] = [item('token', 'a'), item('token', 'b')]
  for (const text of ['a,b', 'a , b', 'a\t,\t b', ['a', 'b'], ['a ', '\tb']]) {
    assert.deepEqual(parseStructured(text, 'list'), [a, b], String(text))
  }
  const inner = (value, parameters = none) => ({ type: 'inner-list', value, parameters })
  const q = new Map([['q', { type: 'decimal', value: 0.5 }]])
  assert.deepEqual(parseStructured('(), (  a  b;q=0.5 );q=0.5, a', 'list'), [
    inner([]),
    inner([a, item('token', 'b', q)], q),
    a,
  ])
})

test('dictionaries: true without a value, the last value at the first place, no name of which is special', () => {
  assert.deepEqual(parseStructured('', 'dictionary'), new Map())
  const read = parseStructured('a=1, b;x, constructor=(c),a=2', 'dictionary')
  assert.deepEqual(
    [...read],
    [
      ['a', item('integer', 2)],
      ['b', item('boolean', true, new Map([['x', { type: 'boolean', value: true }]]))],
      ['constructor', { type: 'inner-list', value: [item('token', 'c')], parameters: none }],
    ],
  )
  assert.deepEqual(parseStructured(['u=3', 'i'], 'dictionary').get('i'), yes)
  assert.equal(parseStructured('a', 'dictionary').get('toString'), undefined)
})

// Value, type, where it fails, by which subsection of section 4.2.
const FAULTY = [
  ['', 'item', 0, '.3.1'],
  [' ', 'item', 1, '.3.1'],
  ['\t1', 'item', 0, '.3.1'],
  ['1\t', 'item', 1, ''],
  ['a b', 'item', 2, ''],
  ['é', 'item', 0, '.3.1'],
  ['aé', 'item', 1, ''],
  ['\u0131', 'item', 0, '.3.1'],
  ['-', 'item', 1, '.4'],
  ['--1', 'item', 1, '.4'],
  ['+1', 'item', 0, '.3.1'],
  ['1234567890123456', 'item', 15, '.4'],
  ['-1234567890123456', 'item', 16, '.4'],
  ['1234567890123.1', 'item', 12, '.4'],
  ['1.', 'item', 2, '.4'],
  ['1.a', 'item', 2, '.4'],
  ['.1', 'item', 0, '.3.1'],
  ['1.2345', 'item', 5, '.4'],
  ['1.2.3', 'item', 3, ''],
  ['1e3', 'item', 1, ''],
  ['"a', 'item', 2, '.5'],
  ['"a\\', 'item', 3, '.5'],
  ['"\\n"', 'item', 2, '.5'],
  ['"a\tb"', 'item', 2, '.5'],
  ['"\x7f"', 'item', 1, '.5'],
  ['"é"', 'item', 1, '.5'],
  ["'a'", 'item', 0, '.3.1'],
  ['a(b', 'item', 1, ''],
  [':a', 'item', 2, '.7'],
  [':a b=:', 'item', 2, '.7'],
  [':-_==:', 'item', 1, '.7'],
  [':a:', 'item', 2, '.7'],
  [':a=b=:', 'item', 2, '.7'],
  [':aGk==:', 'item', 5, '.7'],
  [':aGl0=:', 'item', 5, '.7'],
  [':aA===:', 'item', 3, '.7'],
  [':=:', 'item', 1, '.7'],
  ['?', 'item', 1, '.8'],
  ['?2', 'item', 1, '.8'],
  ['?10', 'item', 2, ''],
  ['@', 'item', 1, '.9'],
  ['@a', 'item', 1, '.9'],
  ['@1.5', 'item', 2, '.9'],
  ['@1234567890123456', 'item', 16, '.4'],
  ['%', 'item', 1, '.10'],
  ['%a', 'item', 1, '.10'],
  ['%"a', 'item', 3, '.10'],
  ['%"%C3%bc"', 'item', 3, '.10'],
  ['%"%c"', 'item', 4, '.10'],
  ['%"é"', 'item', 2, '.10'],
  ['%"a\tb"', 'item', 3, '.10'],
  ['%"ab%ff%22"', 'item', 4, '.10'],
  ['%"%c3"', 'item', 5, '.10'],
  ['%"%c3a"', 'item', 5, '.10'],
  ['%"%c0%80"', 'item', 2, '.10'],
  ['%"%ed%a0%80"', 'item', 5, '.10'],
  ['a;', 'item', 2, '.3.3'],
  ['a;B', 'item', 2, '.3.3'],
  ['a;b=', 'item', 4, '.3.1'],
  ['a;b=(c)', 'item', 4, '.3.1'],
  ['a;b =1', 'item', 4, ''],
  ['a ;b', 'item', 2, ''],
  ['a;\tb', 'item', 2, '.3.3'],
  ['(a)', 'item', 0, '.3.1'],
  ['a,', 'list', 2, '.1'],
  ['a, ', 'list', 3, '.1'],
  [',a', 'list', 0, '.3.1'],
  ['a,,b', 'list', 2, '.3.1'],
  ['a b', 'list', 2, '.1'],
  [['a', ''], 'list', 3, '.1'],
  ['(a', 'list', 2, '.1.2'],
  ['(a ', 'list', 3, '.1.2'],
  ['(a,b)', 'list', 2, '.1.2'],
  ['(a\tb)', 'list', 2, '.1.2'],
  ['(a"b")', 'list', 2, '.1.2'],
  ['((a))', 'list', 1, '.3.1'],
  ['a)', 'list', 1, '.1'],
  ['A=1', 'dictionary', 0, '.3.3'],
  ['__proto__=1', 'dictionary', 0, '.3.3'],
  ['1=1', 'dictionary', 0, '.3.3'],
  ['a=', 'dictionary', 2, '.3.1'],
  ['a= 1', 'dictionary', 2, '.3.1'],
  ['a =1', 'dictionary', 2, '.2'],
  ['a=1,', 'dictionary', 4, '.2'],
  ['a=1 b=2', 'dictionary', 4, '.2'],
  ['a=1;b=2;', 'dictionary', 8, '.3.3'],
  [['a', 'b'], 'item', 1, ''],
]

test('what is no such value is refused, with the octet and the section', () => {
  for (const [value, type, offset, section] of FAULTY) {
    assert.throws(
      () => parseStructured(value, type),
      (error) => {
        const unit = (Array.isArray(value) ? value.join(', ') : value).charCodeAt(offset)
        const byte = unit <= 0xff ? unit : null
        const rule = `RFC 9651 section 4.2${section}`
        assert.ok(error instanceof H1Error)
        assert.deepEqual(
          { ...error },
          { code: 'H1_STRUCTURED_VALUE', offset, byte, rule, statusHint: null, missing: 0 },
        )
        return true
      },
      JSON.stringify([value, type]),
    )
  }
})

test('an error says what the rule is', () => {
  assert.throws(() => parseStructured('u=1.2345', 'dictionary'), {
    message:
      'This is no value of a structured field of this type (RFC 9651 section 4.2.4); ' +
      "a decimal has at most 3 digits behind its point at byte 7: 0x35 '5'",
  })
})

test('misuse is a TypeError', () => {
  for (const value of [undefined, null, 1, Buffer.from('a'), [1], { 0: 'a', length: 1 }]) {
    assert.throws(() => parseStructured(value, 'item'), TypeError)
  }
  for (const type of [undefined, 'map', 'toString', 'List', ['item']]) {
    assert.throws(() => parseStructured('a', type), TypeError)
  }
})

test('what is written reads as what was meant', () => {
  const { value, member, text } = arbitraries()
  const cases = fc.oneof(
    fc.record({ type: fc.constant('item'), value }),
    fc.record({ type: fc.constant('list'), value: fc.array(member, { maxLength: 4 }) }),
    fc.record({
      type: fc.constant('dictionary'),
      value: fc.array(fc.tuple(text.key, member), { maxLength: 4 }).map((all) => new Map(all)),
    }),
  )
  fc.assert(
    fc.property(cases, ({ type, value }) => {
      assert.deepEqual(parseStructured(written(value, type), type), value)
    }),
    RUNS,
  )
})

test('any text is a value or an H1Error whose offset is in it', () => {
  const units = fc.constantFrom(...'a1b-."\\:=?@%(),; \t*é\0\u{1f642}', '%"', '%c3', ':aGk=:')
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(units).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(any, fc.constantFrom('item', 'list', 'dictionary'), (text, type) => {
      try {
        parseStructured(text, type)
      } catch (error) {
        assert.ok(error instanceof H1Error)
        assert.equal(error.code, 'H1_STRUCTURED_VALUE')
        assert.ok(error.offset >= 0 && error.offset <= text.length)
      }
    }),
    RUNS,
  )
})

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n'

test('the inspector says what a structured field says, on each of its lines', () => {
  const bytes = Buffer.from(
    `${HEAD}PRIORITY: u=1\r\nAccept: a;q=1,\r\npriority:\ti \r\nSec-CH-UA-Mobile: ?1\r\n\r\n`,
  )
  const { nodes, findings } = inspect(bytes)
  assert.deepEqual(ignored(findings), [])
  const [first, accept, second, mobile] = valuesOf(nodes[0]).slice(1)
  const value = new Map([
    ['u', item('integer', 1)],
    ['i', yes],
  ])
  assert.deepEqual(first.structured, {
    name: 'priority',
    type: 'dictionary',
    value,
    source: 'RFC 9218 section 5',
  })
  assert.equal(second.structured, first.structured)
  assert.deepEqual(mobile.structured.value, yes)
  assert.ok(!('structured' in accept))
})

test('sections are told apart: head, trailer section, next message', () => {
  const post =
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\nContent-Digest: a=:aA==:\r\n\r\n'
  const bytes = Buffer.from(`${post}1\r\nx\r\n0\r\nContent-Digest: b\r\n\r\n${HEAD}Content-Digest: c\r\n\r\n`)
  const { nodes } = inspect(bytes)
  const trailers = nodes[0].children.at(-1).children.find(({ kind }) => kind === 'trailer-section')
  const keys = [nodes[0], trailers, nodes[1]].map((node) => [
    ...valuesOf(node).at(-1).structured.value.keys(),
  ])
  assert.deepEqual(keys, [['a'], ['b'], ['c']])
})

test('a value that does not parse is found, at the octet at fault', () => {
  const cases = [
    // Lines, and what stands at the fault; behind it, if an octet is missing there.
    ['Priority: u=é\r\n', 'é'],
    ['Priority: u=1, u=\r\n', '', 17],
    ['Priority: u=1\r\nAccept: b\r\nPriority: I\r\n', 'I'],
    ['Sec-CH-UA-Mobile: ?1\r\nSec-CH-UA-Mobile: ?0\r\n', '?', 40],
    ['Priority:  \tu=1\r\nPriority:\r\n', '', 26],
    ['Priority: u=1,\r\n  \tI\r\n', 'I'],
    ['Priority:\r\n u=1\r\n , X\r\n', 'X'],
    ['Deprecation: Sun, 06 Nov 1994 08:49:37 GMT\r\n', ',', 16],
    ['Sec-CH-UA-Mobile:\r\n', '', 17],
  ]
  for (const [lines, octet, at = lines.indexOf(octet)] of cases) {
    const bytes = Buffer.from(`${HEAD}${lines}\r\n`, 'latin1')
    const { nodes, findings } = inspect(bytes, { lenient: ['obsFold'] })
    const [found, ...others] = ignored(findings)
    assert.deepEqual(others, [], lines)
    const start = HEAD.length + at
    const { severity, rule, message } = found
    assert.deepEqual([found.start, found.end], [start, start + octet.length], lines)
    assert.equal(severity, 'warning')
    assert.match(rule, /^RFC 9651 section 4\.2/)
    assert.match(message, /readers ignore the whole field: /)
    const structured = valuesOf(nodes[0]).filter((node) => node.structured)
    assert.deepEqual(structured, [], lines)
  }
})

test('a folded value is read as one', () => {
  const { nodes } = inspect(Buffer.from(`${HEAD}Priority: u=1,\r\n\t i\r\n\r\n`))
  assert.deepEqual([...valuesOf(nodes[0]).at(-1).structured.value.keys()], ['u', 'i'])
})

test('a head that breaks off has its fields said all the same', () => {
  const { nodes } = inspect(Buffer.from(`${HEAD}Priority: u=1\r\nPriority`))
  assert.deepEqual([...valuesOf(nodes[0]).at(-1).structured.value.keys()], ['u'])
})

test('a line that breaks off is not judged, and has no part in what its field says', () => {
  const { nodes, findings } = inspect(Buffer.from(`${HEAD}Priority: u=1\r\nPriority: i=`))
  assert.deepEqual(ignored(findings), [])
  const [whole, broken] = valuesOf(nodes[0]).slice(1)
  assert.deepEqual([...whole.structured.value.keys()], ['u'])
  assert.ok(broken === undefined || !('structured' in broken))
  // Nor does it go on in the next message.
  const limited = inspect(Buffer.from(`${HEAD}Priority: u=${'1'.repeat(90)}\r\n\r\n${HEAD}\r\n`), {
    limits: { maxHeadSize: 100 },
  })
  assert.equal(limited.messages.length, 2)
  assert.deepEqual(ignored(limited.findings), [])
})

test('whatever the octets are, a stream of single octets says what inspect says', () => {
  const parts = [
    'Priority',
    ':',
    ' ',
    'u=1',
    ',',
    '\r\n',
    '\r\n ',
    '\n',
    '\r',
    'Sec-GPC',
    'signature:',
    'a=(b)',
    '\r\n\r\n',
    HEAD,
    '\0',
    '"',
    'HTTP/1.1 200 OK\r\n',
    'Transfer-Encoding: chunked\r\n',
    '0\r\n',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), (pieces) => {
      const bytes = Buffer.from(HEAD + pieces.join(''))
      const inspector = new Inspector()
      const events = [...bytes].flatMap((octet) => inspector.push(Buffer.of(octet))).concat(inspector.end())
      const tree = inspect(bytes)
      assert.deepEqual(ignored(events.flatMap(({ finding }) => finding ?? [])), ignored(tree.findings))
      const starts = events.flatMap((event) => (event.type === 'structured' ? event.starts : []))
      const nodes = tree.nodes.flatMap(deep).filter((node) => node.structured)
      assert.deepEqual(
        nodes.map(({ start }) => start),
        starts.sort((one, other) => one - other),
      )
    }),
    RUNS,
  )
})

function deep(node) {
  return [node, ...node.children.flatMap(deep)]
}

test('a stream says what inspect says, at every cut', () => {
  const lines =
    'Priority: u=1,\r\n i\r\nAccept-CH: a b\r\nPriority: a\r\nContent-Length: 2\r\nCache-Status: h;fwd=miss\r\n'
  const bytes = Buffer.from(`${HEAD}${lines}\r\nab${HEAD}Priority: u=2\r\n\r\n`)
  const tree = inspect(bytes)
  const values = tree.messages.flatMap(({ node }) => valuesOf(node))
  const wanted = [...new Set(values.map((node) => node.structured))].filter(Boolean)
  assert.deepEqual(
    wanted.map(({ name }) => name),
    ['priority', 'cache-status', 'priority'],
  )
  for (let cut = 0; cut <= bytes.length; cut++) {
    const inspector = new Inspector()
    const events = [bytes.subarray(0, cut), bytes.subarray(cut)]
      .flatMap((piece) => inspector.push(piece))
      .concat(inspector.end())
    const told = events.filter(({ type }) => type === 'structured')
    assert.deepEqual(
      told.map(({ structured }) => structured),
      wanted,
    )
    for (const { starts, structured } of told) {
      const named = values.filter((node) => node.structured && starts.includes(node.start))
      assert.equal(named.length, starts.length)
      for (const node of named) assert.deepEqual(node.structured, structured)
    }
    const findings = events.flatMap(({ finding }) => finding ?? [])
    assert.deepEqual(ignored(findings), ignored(tree.findings))
    assert.equal(ignored(findings).length, 1)
  }
})

function ignored(findings) {
  return findings.filter(({ code }) => code === 'H1_STRUCTURED_IGNORED')
}

/** The field-values of a section. */
function valuesOf({ children }) {
  return children.flatMap((line) => line.children.filter(({ kind }) => kind === 'field-value'))
}

/** What values are made of, each with the type that it reads as. */
function arbitraries() {
  const letters = (first, others) =>
    fc
      .tuple(fc.constantFrom(...first), fc.string({ unit: fc.constantFrom(...others), maxLength: 6 }))
      .map((all) => all.join(''))
  const key = letters('abz*', 'az09_-.*')
  const typed = (type, value) => fc.record({ type: fc.constant(type), value }, PLAIN)
  const whole = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 })
  const thousandths = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 })
  const bare = fc.oneof(
    typed('integer', whole),
    typed(
      'decimal',
      thousandths.map((count) => count / 1000 + 0),
    ),
    typed('string', fc.string({ unit: 'grapheme-ascii' })),
    typed('token', letters('aZ*', "aZ09!#$%&'*+-.^_`|~:/")),
    typed('byte-sequence', fc.uint8Array({ maxLength: 9 })),
    typed('boolean', fc.boolean()),
    typed('date', whole),
    typed(
      'display-string',
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    ),
  )
  const parameters = fc.array(fc.tuple(key, bare), { maxLength: 3 }).map((all) => new Map(all))
  const value = fc.tuple(bare, parameters).map(([one, own]) => ({ ...one, parameters: own }))
  const inner = fc.record(
    {
      type: fc.constant('inner-list'),
      value: fc.array(value, { maxLength: 3 }),
      parameters,
    },
    PLAIN,
  )
  return { value, member: fc.oneof(value, inner), text: { key } }
}

/** A value as RFC 9651 section 4.1 writes it, by a writer that knows no faults. */
function written(value, type) {
  if (type === 'list') return value.map(writtenMember).join(', ')
  if (type === 'dictionary')
    return [...value].map(([key, member]) => `${key}=${writtenMember(member)}`).join(', ')
  return writtenMember(value)
}

function writtenMember(member) {
  const value =
    member.type === 'inner-list' ? `(${member.value.map(writtenMember).join(' ')})` : writtenBare(member)
  return value + [...member.parameters].map(([key, bare]) => `;${key}=${writtenBare(bare)}`).join('')
}

function writtenBare({ type, value }) {
  switch (type) {
    case 'decimal':
      return Number.isInteger(value) ? `${value}.0` : value.toFixed(3)
    case 'string':
      return `"${value.replace(/["\\]/g, '\\$&')}"`
    case 'byte-sequence':
      return `:${Buffer.from(value).toString('base64')}:`
    case 'boolean':
      return value ? '?1' : '?0'
    case 'date':
      return `@${value}`
    case 'display-string': {
      const encoded = (octet) => `%${octet.toString(16).padStart(2, '0')}`
      const plain = (octet) => octet >= 0x20 && octet < 0x7f && octet !== 0x25 && octet !== 0x22
      return `%"${[...Buffer.from(value)].map((octet) => (plain(octet) ? String.fromCharCode(octet) : encoded(octet))).join('')}"`
    }
    default:
      return String(value)
  }
}
