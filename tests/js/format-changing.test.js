// Objects that change between being checked and being written: what is written is what was checked, once, and nothing
// of what came later; or the call throws and leaves nothing.
'use strict'

const assert = require('node:assert/strict')
const { afterEach, describe, test } = require('node:test')
const { formatChunk, formatLastChunk, formatRequest, formatResponse, H1Error } = require('h1wire')

const EVIL = 'x\r\nInjected: 1'
const text = (octets) => octets.toString('latin1')
const lines = (...all) => all.join('\r\n')
const get = (parts) => text(formatRequest({ target: '/', ...parts }))
const HEAD = ['GET / HTTP/1.1', 'Host: a']

// Whatever a test did, the next message is as clean as the first.
afterEach(() => assert.equal(get({ headers: { Host: 'a' } }), lines(...HEAD, '', '')))

/** Gives each of these once, and the last one ever after. */
function inTurn(...values) {
  let reads = 0
  return () => values[Math.min(reads++, values.length - 1)]
}

/** The value behind a getter that lies from the second time on. */
function lying(owner, key, good, later = EVIL) {
  return Object.defineProperty(owner, key, { get: inTurn(good, later), enumerable: true, configurable: true })
}

describe('getters', () => {
  test('every part of a response is read once', () => {
    const init = {}
    for (const [name, good, later] of [
      ['status', 201, 204],
      ['reason', 'Good', EVIL],
      ['version', '1.0', '1.1'],
      ['requestMethod', 'GET', 'HEAD'],
      ['requestVersion', '1.1', '1.0'],
      ['headers', { A: '1' }, { A: EVIL }],
      ['body', 'b', EVIL],
    ]) {
      lying(init, name, good, later)
    }
    const written = lines('HTTP/1.0 201 Good', 'A: 1', 'Content-Length: 1', '', 'b')
    assert.equal(text(formatResponse(init)), written)
  })

  test('every part of a request is read once', () => {
    const init = {}
    for (const [name, good, later] of [
      ['method', 'PUT', EVIL],
      ['url', 'http://a/b', 'http://evil/'],
      ['headers', { A: '1' }, { A: EVIL }],
      ['body', 'b', EVIL],
      ['trailers', { T: '2' }, { T: EVIL }],
    ]) {
      lying(init, name, good, later)
    }
    assert.equal(
      text(formatRequest(init)),
      lines(
        'PUT /b HTTP/1.1',
        'Host: a',
        'A: 1',
        'Transfer-Encoding: chunked',
        '',
        '1',
        'b',
        '0',
        'T: 2',
        '',
        '',
      ),
    )
  })

  test('names, values, items of arrays, extensions', () => {
    const pair = lying(lying(['A', '1'], 0, 'A'), 1, '1')
    assert.equal(get({ headers: [['Host', 'a'], pair] }), lines(...HEAD, 'A: 1', '', ''))
    const values = lying(['1', '2'], 1, '2')
    assert.equal(get({ headers: { Host: 'a', A: values } }), lines(...HEAD, 'A: 1', 'A: 2', '', ''))
    assert.equal(text(formatChunk('x', lying({}, 'e', 'v'))), lines('1;e=v', 'x', ''))
    assert.equal(text(formatChunk('x', [lying(lying(['e', 'v'], 0, 'e'), 1, 'v')])), lines('1;e=v', 'x', ''))
    assert.equal(text(formatLastChunk(lying({}, 'T', '1'))), lines('0', 'T: 1', '', ''))
  })

  test('one that shows something forbidden the first time is refused, whatever it shows later', () => {
    const headers = lying({ Host: 'a' }, 'A', EVIL, 'good')
    assert.throws(() => get({ headers }), { code: 'H1_FIELD_VALUE', part: 'headers[1].value', index: 1 })
  })

  test('one that takes away a field behind it, or adds one', () => {
    const gone = {
      Host: 'a',
      get A() {
        delete gone.B
        return '1'
      },
      B: EVIL,
    }
    assert.doesNotMatch(get({ headers: gone }), /Injected/)
    const more = {
      Host: 'a',
      get A() {
        more.B = EVIL
        return '1'
      },
    }
    assert.equal(get({ headers: more }), lines(...HEAD, 'A: 1', '', ''))
  })

  test('one that changes the kind of what is read behind it', () => {
    const trailers = { T: '1' }
    const headers = {
      Host: 'a',
      get A() {
        trailers.T = EVIL
        return '1'
      },
    }
    // Trailers are read behind the fields: they are what they are then, and are checked as such.
    assert.throws(() => get({ headers, body: 'x', trailers }), {
      code: 'H1_FIELD_VALUE',
      part: 'trailers[0].value',
    })
  })
})

describe('proxies', () => {
  test('one whose every trap lies from the second time on', () => {
    const seen = new Map()
    const lie = (key, value) => {
      seen.set(key, (seen.get(key) ?? 0) + 1)
      return seen.get(key) > 1 && typeof value === 'string' ? EVIL : value
    }
    const proxy = (target) =>
      new Proxy(target, { get: (object, key) => lie(key, Reflect.get(object, key, object)) })
    assert.equal(get({ headers: proxy({ Host: 'a', A: '1' }) }), lines(...HEAD, 'A: 1', '', ''))
    seen.clear()
    const init = proxy({ method: 'PUT', target: '/x', version: '1.0', body: 'b' })
    assert.equal(text(formatRequest(init)), lines('PUT /x HTTP/1.0', 'Content-Length: 1', '', 'b'))
  })

  test('one that shows other keys than it has', () => {
    const headers = new Proxy(
      { Host: 'a' },
      {
        ownKeys: () => ['Host', 'A\r\nInjected'],
        getOwnPropertyDescriptor: () => ({ value: '1', enumerable: true, configurable: true }),
        get: (target, key) => (key === 'Host' ? 'a' : typeof key === 'string' ? '1' : target[key]),
      },
    )
    assert.throws(() => get({ headers }), { code: 'H1_FIELD_NAME', part: 'headers[1].name', index: 1 })
  })

  test('one that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable({ A: '1' }, {})
    const headers = {
      Host: 'a',
      get B() {
        revoke()
        return '2'
      },
    }
    assert.throws(() => get({ headers, body: 'x', trailers: proxy }), TypeError)
  })

  test('an array that is a proxy, and grows, shrinks and swaps as it is read', () => {
    let reads = 0
    const values = new Proxy(['1', '2', '3'], {
      get(target, key) {
        if (key === 'length') return reads++ === 0 ? 2 : 3
        if (/^\d$/.test(String(key))) {
          const value = target[key]
          target.fill(EVIL)
          target[Number(key) + 1] = 'next'
          return value
        }
        return Reflect.get(target, key)
      },
    })
    const written = get({ headers: { Host: 'a', A: values } })
    assert.doesNotMatch(written, /Injected/)
    assert.match(written, /^GET \/ HTTP\/1\.1\r\nHost: a\r\n(A: \w+\r\n)*\r\n$/)
  })
})

describe('iterators', () => {
  test('a Map whose iterator lies', () => {
    const headers = new Map([['Host', 'a']])
    headers.entries = () => [['A', EVIL]].values()
    assert.equal(get({ headers }), lines(...HEAD, '', ''))
    headers[Symbol.iterator] = inTurn([['Host', 'a']].values(), [['A', EVIL]].values())
    assert.equal(get({ headers }), lines(...HEAD, '', ''))
    headers[Symbol.iterator] = () => [['A', EVIL]].values()
    assert.throws(() => get({ headers }), { code: 'H1_FIELD_VALUE', part: 'headers[0].value' })
  })

  test('Symbol.iterator swapped between the look and the use', () => {
    const iterators = inTurn(
      () => [['Host', 'a']].values(),
      () => [['Host', 'a']].values(),
      () => [['A', EVIL]].values(),
    )
    const headers = Object.defineProperty({}, Symbol.iterator, { get: iterators })
    assert.equal(get({ headers }), lines(...HEAD, '', ''))
    const none = Object.defineProperty({ Host: 'a' }, Symbol.iterator, {
      get: inTurn(undefined, () => [['A', EVIL]].values()),
    })
    assert.equal(get({ headers: none }), lines(...HEAD, '', ''))
  })

  test('pairs that are the same array, changed after each step', () => {
    const pair = ['Host', 'a']
    function* all() {
      yield pair
      pair[0] = 'A'
      pair[1] = '1'
      yield pair
      pair[1] = EVIL
    }
    assert.equal(get({ headers: all() }), lines(...HEAD, 'A: 1', '', ''))
  })

  test('one that ends by throwing, and is closed when a pair is refused', () => {
    function* broken() {
      yield ['Host', 'a']
      throw new Error('mine')
    }
    assert.throws(() => get({ headers: broken() }), { message: 'mine' })
    let closed = false
    function* closing() {
      try {
        yield 'no pair'
      } finally {
        closed = true
      }
    }
    assert.throws(() => get({ headers: closing() }), TypeError)
    assert.ok(closed)
  })

  test('one without end stops for want of memory, or is stopped', () => {
    let given = 0
    const headers = {
      [Symbol.iterator]: () => ({
        next: () => ({ value: ['A', '1'], done: given++ > 200_000 }),
        return: () => ({}),
      }),
    }
    try {
      get({ headers })
      assert.fail('there is no Host')
    } catch (error) {
      assert.ok(error instanceof RangeError || error.code === 'H1_HOST_MISSING', error)
    }
  })
})

describe('toString', () => {
  test('one that changes the array it stands in', () => {
    const values = ['1', { toString: () => `${values.splice(0, 3, EVIL, EVIL, EVIL).length}` }, '3']
    assert.equal(get({ headers: { Host: 'a', A: values } }), lines(...HEAD, 'A: 1', 'A: 3', 'A: 3', '', ''))
    const short = [{ toString: () => `${short.splice(0).length - 2}` }, '2']
    assert.equal(get({ headers: { Host: 'a', A: short } }), lines(...HEAD, 'A: 0', 'A: 2', '', ''))
  })

  test('Symbol.toPrimitive that gives something else each time', () => {
    const value = { [Symbol.toPrimitive]: inTurn('1', EVIL), toString: () => EVIL }
    assert.equal(get({ headers: { Host: 'a', A: value } }), lines(...HEAD, 'A: 1', '', ''))
  })

  test('strings that are objects', () => {
    const value = Object.assign(new String('1'), { toString: inTurn('2', EVIL), valueOf: () => EVIL })
    assert.equal(get({ headers: { Host: 'a', A: value } }), lines(...HEAD, 'A: 2', '', ''))
    assert.throws(() => formatRequest({ method: new String('GET'), target: '/' }), TypeError)
  })

  test('String.prototype and Array.prototype in the hands of others', () => {
    const charCodeAt = String.prototype.charCodeAt
    const push = Array.prototype.push
    try {
      String.prototype.charCodeAt = () => 0x41
      Array.prototype.push = function (...items) {
        return push.apply(this, items)
      }
      assert.throws(() => get({ headers: { Host: 'a', A: EVIL } }), H1Error)
    } finally {
      String.prototype.charCodeAt = charCodeAt
      Array.prototype.push = push
    }
  })
})

describe('memory', () => {
  /** A message whose fields do something to its body while they are read. */
  const during = (body, change) => {
    const headers = {
      Host: 'a',
      get A() {
        change()
        return '1'
      },
    }
    return () => get({ headers, body })
  }
  const behind = (length, octets) => lines(...HEAD, 'A: 1', `Content-Length: ${length}`, '', octets)

  test('a body that shrinks, grows or is filled anew while the fields are read', () => {
    const memory = new ArrayBuffer(8, { maxByteLength: 16 })
    const tracking = new Uint8Array(memory).fill(0x61)
    assert.equal(during(tracking, () => memory.resize(3))(), behind(3, 'aaa'))
    assert.equal(during(tracking, () => memory.resize(5))(), behind(5, 'aaa\0\0'))
    assert.equal(during(memory, () => memory.resize(2))(), behind(2, 'aa'))
    assert.equal(during(tracking, () => tracking.fill(0x62))(), behind(2, 'bb'))
    const fixed = new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 }), 2, 2)
    // Out of its bounds, a view of fixed length has none.
    assert.throws(
      during(fixed, () => fixed.buffer.resize(3)),
      TypeError,
    )
    const data = new DataView(new ArrayBuffer(4, { maxByteLength: 8 }), 2, 2)
    assert.throws(
      during(data, () => data.buffer.resize(3)),
      TypeError,
    )
  })

  test('a body whose memory is transferred while the fields are read', () => {
    for (const make of [
      (memory) => memory,
      (memory) => new Uint8Array(memory),
      (memory) => Buffer.from(memory),
      (memory) => new DataView(memory),
      (memory) => new Uint16Array(memory),
    ]) {
      const memory = new ArrayBuffer(8)
      const body = make(memory)
      assert.throws(
        during(body, () => structuredClone(memory, { transfer: [memory] })),
        TypeError,
      )
    }
  })

  test('a body shared with another thread is copied once: length and octets are of one moment', () => {
    const memory = new SharedArrayBuffer(4, { maxByteLength: 8 })
    const body = new Uint8Array(memory).fill(0x61)
    assert.equal(during(body, () => memory.grow(6))(), behind(6, 'aaaa\0\0'))
    assert.equal(text(formatChunk(new Uint8Array(memory, 0, 2))), lines('2', 'aa', ''))
  })

  test('views with a length, offset and iterator of their own', () => {
    class Liar extends Uint8Array {
      get byteLength() {
        return 1
      }
      get length() {
        return 99
      }
      get byteOffset() {
        return 7
      }
      get buffer() {
        return new TextEncoder().encode(EVIL).buffer
      }
      *[Symbol.iterator]() {
        yield 13
      }
      subarray() {
        return new TextEncoder().encode(EVIL)
      }
    }
    assert.equal(
      get({ headers: { Host: 'a' }, body: Liar.of(0x61, 0x62) }),
      lines(...HEAD, 'Content-Length: 2', '', 'ab'),
    )
    assert.equal(text(formatChunk(Liar.of(0x61))), lines('1', 'a', ''))
    const buffer = Object.defineProperties(Buffer.from('abc'), {
      length: { value: 1 },
      byteLength: { value: 99 },
      buffer: { value: new ArrayBuffer(1) },
    })
    assert.equal(text(formatChunk(buffer)), lines('3', 'abc', ''))
  })

  test('a form that lies: what is counted is what is written', () => {
    class Form extends URLSearchParams {
      get size() {
        return 0
      }
      toString = inTurn('a=b', EVIL)
    }
    const written = get({ headers: { Host: 'a' }, body: new Form() })
    assert.ok(written.endsWith(lines('Content-Length: 3', '', 'a=b')), written)
  })
})

describe('calls inside calls', () => {
  test('a getter that builds other messages, of every kind, does not disturb this one', () => {
    const inner = () => {
      formatChunk('y', { e: 'v' })
      formatLastChunk({ T: 'z' })
      formatResponse({ status: 500, headers: { S: 's'.repeat(20_000) }, body: 'other' })
      assert.throws(() => get({ headers: { X: EVIL } }), H1Error)
      return '1'
    }
    const headers = {
      Host: 'a',
      get A() {
        return inner()
      },
      B: { toString: inner },
    }
    const body = new (class extends URLSearchParams {
      toString() {
        return `b=${inner()}`
      }
    })()
    const type = 'Content-Type: application/x-www-form-urlencoded'
    const wanted = lines(...HEAD, 'A: 1', 'B: 1', type, 'Content-Length: 3', '', 'b=1')
    assert.equal(get({ headers, body }), wanted)
  })

  test('one that never comes back leaves the others as they are', () => {
    const deeper = () => {
      try {
        return get({ headers: { Host: 'a', A: { toString: deeper } } })
      } catch (error) {
        assert.ok(
          error instanceof RangeError || error instanceof H1Error || error instanceof TypeError,
          error,
        )
        return 'x'
      }
    }
    try {
      deeper()
    } catch (error) {
      assert.ok(error instanceof RangeError, error)
    }
  })
})
