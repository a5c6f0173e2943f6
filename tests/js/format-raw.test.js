// The raw builder: it writes what it is told, whatever that is.
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { formatRaw, formatRequest, H1Error, parseRequest } = require('h1wire')

const raw = (init) => formatRaw(init).toString('latin1')
const every = String.fromCharCode(...Array(256).keys())
const octets = Buffer.from(every, 'latin1')

describe('heads', () => {
  test('nothing but what is told', () => {
    for (const [init, written] of [
      [{}, '\r\n'],
      [{ end: '' }, ''],
      [{ startLine: null, end: '' }, ''],
      [{ startLine: '' }, '\r\n\r\n'],
      [{ startLine: 'GET / HTTP/1.1' }, 'GET / HTTP/1.1\r\n\r\n'],
      [
        { startLine: 'GET  /x y  HTTP/9', fields: ['A : b', ' folded', 'Host:a'] },
        'GET  /x y  HTTP/9\r\nA : b\r\n folded\r\nHost:a\r\n\r\n',
      ],
      [
        {
          startLine: 'GET / HTTP/1.1',
          fields: [
            ['Content-Length', 5],
            ['Content-Length', '6'],
          ],
        },
        'GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n',
      ],
      [{ startLine: 'x', fields: ['a'], eol: '\n' }, 'x\na\n\n'],
      [{ startLine: 'x', fields: ['a'], eol: '\n', end: '\r' }, 'x\na\n\r'],
      [{ startLine: 'x', fields: ['a', 'b'], eol: '' }, 'xab'],
      [
        {
          fields: [
            { name: 'A', separator: '\t:', value: 'b', eol: '\r' },
            { name: 'C', value: 1 },
            { name: 'D' },
          ],
        },
        'A\t:b\rC: 1\r\nD: \r\n\r\n',
      ],
      [
        { fields: [{ name: 'Transfer-Encoding', separator: ':\x0b', value: 'chunked' }], end: 'X' },
        'Transfer-Encoding:\x0bchunked\r\nX',
      ],
    ]) {
      assert.equal(raw(init), written, JSON.stringify(init))
    }
  })

  test('lines in every shape', () => {
    const written = 'A: 1\r\nb: 2\r\nb: 3\r\n\r\n'
    assert.equal(raw({ fields: { A: '1', b: ['2', 3] } }), written)
    assert.equal(
      raw({
        fields: new Map([
          ['A', 1],
          ['b', 2],
          ['b ', 3],
        ]),
      }),
      written.replace('b: 3', 'b : 3'),
    )
    assert.equal(raw({ fields: new Headers({ A: '1', b: '2' }) }), 'a: 1\r\nb: 2\r\n\r\n')
    const { headers } = parseRequest(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nX:  \xe9 \r\n\r\n', 'latin1'))
    assert.equal(raw({ fields: headers }), 'Host: a\r\nX: \xe9\r\n\r\n')
    function* lines() {
      yield 'whole'
      yield Buffer.from([0, 255])
    }
    assert.equal(raw({ fields: lines() }), 'whole\r\n\0\xff\r\n\r\n')
  })

  test('any octet in any place, as text or as octets', () => {
    for (const any of [
      every,
      octets,
      new Uint8Array(octets),
      new DataView(new Uint8Array(octets).buffer),
      new Uint8Array(octets).buffer,
    ]) {
      assert.equal(raw({ startLine: any, eol: any, end: any }), every.repeat(3))
      assert.equal(
        raw({ fields: [any, [any, any], { name: any, separator: any, value: any, eol: any }] }),
        `${every}\r\n${every}: ${every}\r\n${every.repeat(4)}\r\n`,
      )
      const chunk = { size: any, extensions: any, eol: any, dataEnd: any }
      assert.equal(
        raw({ end: '', body: [chunk], lastChunk: any, trailers: [any], trailersEnd: any }),
        `${every.repeat(4)}${every}\r\n${every}\r\n${every}`,
      )
    }
  })
})

describe('bodies', () => {
  test('as they are, with no length added or checked', () => {
    const fields = { 'Content-Length': '99' }
    assert.equal(raw({ fields, body: 'jö' }), 'Content-Length: 99\r\n\r\nj\xc3\xb6')
    assert.equal(raw({ fields, body: octets }), `Content-Length: 99\r\n\r\n${every}`)
    assert.equal(raw({ body: '' }), '\r\n')
    assert.equal(raw({ body: null }), '\r\n')
    assert.equal(raw({ end: '', body: 'x'.repeat(1 << 20) }).length, 1 << 20)
  })

  test('in chunks of any shape', () => {
    for (const [init, written] of [
      [{ body: [] }, '0\r\n\r\n'],
      [
        { body: ['jö', Buffer.from('x'.repeat(17)), { data: '' }] },
        `3\r\nj\xc3\xb6\r\n11\r\n${'x'.repeat(17)}\r\n0\r\n\r\n0\r\n\r\n`,
      ],
      [{ body: [{ size: '0x5', data: 'hello' }] }, '0x5\r\nhello\r\n0\r\n\r\n'],
      [{ body: [{ size: 'FFFFFFFFFFFFFFFFF', data: 'a' }], lastChunk: null }, 'FFFFFFFFFFFFFFFFF\r\na\r\n'],
      [
        { body: [{ size: 5, extensions: ' ;a="\n"', data: 'hello!', dataEnd: '' }], lastChunk: '000;x' },
        '5 ;a="\n"\r\nhello!000;x\r\n\r\n',
      ],
      [{ body: [{ eol: '\n', data: 'a', dataEnd: '\r' }], eol: '|', end: '', trailersEnd: '!' }, '1\na\r0|!'],
      [{ body: ['a'], trailers: { T: 1 } }, '1\r\na\r\n0\r\nT: 1\r\n\r\n'],
      [{ body: ['a'], lastChunk: null, trailers: ['T'], trailersEnd: '' }, '1\r\na\r\nT\r\n'],
      [{ body: 'plain', lastChunk: '0' }, 'plain0\r\n\r\n'],
    ]) {
      assert.equal(raw({ end: '', ...init }), written, JSON.stringify(init))
    }
  })

  test('many long line ends, sizes and lines', () => {
    const eol = '\n'.repeat(5000)
    const fields = Array(3000).fill('x')
    assert.ok(
      raw({ fields, eol, body: Array(1000).fill('y') }) ===
        `${`x${eol}`.repeat(3000)}${eol}${`1${eol}y${eol}`.repeat(1000)}0${eol}${eol}`,
    )
  })
})

describe('what is refused', () => {
  test('text that is no octets, named by its part', () => {
    const bad = 'ab\u010a'
    for (const [part, init, index = 2] of [
      ['startLine', { startLine: bad }],
      ['eol', { eol: bad }],
      ['end', { end: bad }],
      ['fields[1]', { fields: ['é', bad] }],
      ['fields[0].name', { fields: { [bad]: 'x' } }],
      ['fields[1].value', { fields: ['x', ['y', bad]] }],
      ['fields[0].separator', { fields: [{ name: 'x', separator: bad }] }],
      ['fields[0].eol', { fields: [{ name: 'x', eol: bad }] }],
      ['body[1].size', { body: ['\u010a', { size: bad }] }],
      ['body[0].extensions', { body: [{ extensions: bad }] }],
      ['body[0].eol', { body: [{ eol: bad }] }],
      ['body[0].dataEnd', { body: [{ dataEnd: bad }] }],
      ['lastChunk', { lastChunk: bad }],
      ['trailers[0].value', { trailers: [['T', bad]] }],
      ['trailersEnd', { body: [], trailersEnd: '\ud83d' }, 0],
    ]) {
      assert.throws(
        () => formatRaw({ startLine: 'GET /é', ...init }),
        (error) => {
          assert.ok(error instanceof H1Error, `${error}`)
          assert.deepEqual([error.code, error.part, error.index], ['H1_CODE_UNIT', part, index])
          assert.match(error.message, /U\+(?:010A|D83D); give octets/)
          return true
        },
      )
    }
  })

  test('what is neither text nor octets, with its name', () => {
    for (const [init, message] of [
      [undefined, /^The message must be an object/],
      [null, /^The message must be an object/],
      [{ startLine: {} }, /^startLine must be/],
      [{ startLine: true }, undefined],
      [{ fields: 'A: b' }, /^fields must be an object/],
      [{ fields: [undefined] }, /^fields\[0\] must be/],
      [{ fields: [['a']] }, /^fields\[0\] must be a line, a pair or/],
      [{ fields: { A: undefined } }, /^fields\[0\]\.value must be/],
      [{ fields: [{ name: undefined }] }, /^fields\[0\]\.name must be/],
      [{ fields: [{ value: 'x' }] }, /^fields\[0\] must be/],
      [{ body: 5 }, /^body must be/],
      [{ body: [null] }, /^body\[0\]\.data must be/],
      [{ body: [5] }, /^body\[0\]\.data must be/],
      [{ trailers: 5 }, /^trailers must be/],
    ]) {
      if (message === undefined) assert.doesNotThrow(() => formatRaw(init))
      else assert.throws(() => formatRaw(init), { name: 'TypeError', message })
    }
  })

  test('the safe builder writes none of it', () => {
    const init = { startLine: 'GET / HTTP/1.1', fields: ['A: b\r\n'], url: 'http://a/', eol: '\n', end: '' }
    assert.throws(() => formatRequest(init), { name: 'TypeError', message: /^startLine is not known/ })
  })
})
