// Bodies with a type: JSON, forms, and one's own.
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { backend, formatRequest, H1Error, json, multipart, parseRequest } = require('h1wire')

const post = (init) => formatRequest({ method: 'POST', url: 'http://a/', ...init })
const read = (init) => {
  const { headers, body } = parseRequest(post(init))
  return {
    type: headers.getAll('content-type'),
    length: headers.get('content-length'),
    body: body.toString(),
  }
}
const formOf = (...entries) => {
  const form = new FormData()
  for (const entry of entries) form.append(...entry)
  return form
}
const file = (content, name, type) => new File([content], name, { type })

describe('JSON', () => {
  test('with its type, unless there is one', () => {
    const expected = {
      length: '14',
      body: '{"a":"jö",0:1}'.replace('0', '"0"').replace(/.*/, '{"a":["jö",1]}'),
    }
    const value = { a: ['jö', 1] }
    assert.deepEqual(read({ body: json(value) }), {
      type: ['application/json'],
      length: '15',
      body: expected.body,
    })
    const headers = { 'content-type': 'application/problem+json' }
    assert.deepEqual(read({ headers, body: json(value) }).type, ['application/problem+json'])
    for (const one of [null, 0, '', [], 'x\ud800'])
      assert.equal(read({ body: json(one) }).body, JSON.stringify(one))
  })

  test('what has no form in JSON is refused', () => {
    for (const value of [undefined, () => 1, Symbol('x'), 1n]) assert.throws(() => json(value), TypeError)
    const cycle = {}
    cycle.cycle = cycle
    assert.throws(() => json(cycle), TypeError)
  })
})

describe('bodies with a type of their own', () => {
  test('text and octets', () => {
    const typed = (content, type = 'text/html; charset=utf-8') => read({ body: { content, type } })
    assert.deepEqual(typed('<p>é'), { type: ['text/html; charset=utf-8'], length: '5', body: '<p>é' })
    assert.equal(typed(Buffer.from('abc')).body, 'abc')
    assert.equal(typed(new Uint8Array(2).buffer).length, '2')
    assert.equal(typed('').length, '0')
  })

  test('a type that would read as something else is refused', () => {
    for (const [type, code, index] of [
      ['a/b\r\nX: y', 'H1_FIELD_VALUE', 3],
      ['a/b\0', 'H1_FIELD_VALUE', 3],
      ['a/b\u010a', 'H1_CODE_UNIT', 3],
      ['a/b ', 'H1_VALUE_WHITESPACE', 3],
    ]) {
      const call = () => post({ headers: { A: 'b' }, body: { content: '', type }, trailers: { T: '1' } })
      assert.throws(call, { name: 'H1Error', code, part: 'body.type', index })
    }
  })

  test('what is no body says what would be', () => {
    for (const body of [{}, { a: 1 }, { content: 'x' }, { type: 'x' }, [], new Map(), new ReadableStream()]) {
      assert.throws(() => post({ body }), { name: 'TypeError', message: /^body must be .*; json\(value\)/ })
    }
    assert.throws(() => post({ body: { content: {}, type: 'a/b' } }), {
      message: /^body\.content must be a string/,
    })
    assert.throws(() => post({ body: new Blob(['x']) }), {
      message: /^body must not be a Blob: give its octets/,
    })
    assert.throws(() => post({ body: 5 }), { name: 'TypeError', message: /^body must be a string/ })
  })
})

/** A body in parts, by the boundary its type names, as RFC 2046 has it. */
function partsOf(body, type) {
  const boundary = /boundary=(.*)$/.exec(type)[1]
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`)
  assert.equal(parts.shift(), '')
  assert.equal(parts.pop(), '--\r\n')
  return parts.map((part) => part.slice(2))
}

describe('forms', () => {
  const names = ['plain', 'jö€😀', 'a"b', "it's;=\\%22", 'a\rb', 'a\nb', 'a\r\nb\n\r', '', '__proto__']

  test('text, as a body at once', () => {
    const form = formOf(...names.map((name) => [name, `${name}|\r\n|\r|\n|${name}`]), ['plain', ''])
    const { type, body, length } = read({ body: form })
    assert.match(type[0], /^multipart\/form-data; boundary=----h1wire[0-9a-f]{24}$/)
    assert.equal(Number(length), Buffer.byteLength(body))
    const expected = [...form].map(([name, value]) => {
      const escaped = name.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22')
      return `Content-Disposition: form-data; name="${escaped}"\r\n\r\n${value.replace(/\r\n?|\n/g, '\r\n')}`
    })
    assert.deepEqual(partsOf(body, type[0]), expected)
  })

  test('files, which must be waited for', async () => {
    const binary = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet))
    const form = formOf(
      ['t', 'v\n'],
      ['f', file(binary, 'ä"\r.bin', '')],
      ['g', file('x\ny', 'y.txt', 'text/plain')],
      ['h', new Blob([]), 'z'],
    )
    assert.throws(() => post({ body: form }), {
      name: 'TypeError',
      message: /a file \("f"\).*await multipart\(form\)/,
    })
    const body = await multipart(form)
    assert.deepEqual(partsOf(Buffer.from(body.content).toString('latin1'), body.type), [
      'Content-Disposition: form-data; name="t"\r\n\r\nv\r\n',
      `Content-Disposition: form-data; name="f"; filename="${Buffer.from('ä').toString('latin1')}%22%0D.bin"\r\nContent-Type: application/octet-stream\r\n\r\n${binary.toString('latin1')}`,
      'Content-Disposition: form-data; name="g"; filename="y.txt"\r\nContent-Type: text/plain\r\n\r\nx\ny',
      'Content-Disposition: form-data; name="h"; filename="z"\r\nContent-Type: application/octet-stream\r\n\r\n',
    ])
    const { type, body: sent } = read({ body })
    assert.deepEqual([type, sent], [[body.type], Buffer.from(body.content).toString()])
  })

  test('an empty form, and a large one', async () => {
    assert.equal(
      Buffer.from((await multipart(formOf(), 'multipart/form-data; boundary=b')).content).toString(),
      '--b--\r\n',
    )
    const large = formOf(
      ['"'.repeat(100_000), 'x'.repeat(1 << 20)],
      ['f', file(Buffer.alloc(1 << 22, 'y'), 'z')],
    )
    const { content, type } = await multipart(large)
    const [first, second] = partsOf(Buffer.from(content).toString(), type)
    assert.ok(
      first ===
        `Content-Disposition: form-data; name="${'%22'.repeat(100_000)}"\r\n\r\n${'x'.repeat(1 << 20)}`,
    )
    assert.ok(second.endsWith(`\r\n\r\n${'y'.repeat(1 << 22)}`))
    const breaks = await multipart(formOf(['\n'.repeat(9999), '']))
    assert.match(partsOf(Buffer.from(breaks.content).toString(), breaks.type)[0], /name="(?:%0D%0A){9999}"/)
  })

  test('a peer reads the same', async () => {
    const form = formOf(...names.map((name) => [name, `${name}\n`]), [
      'f',
      file('\0ü', 'jö"\n.txt', 'text/plain'),
    ])
    const { content, type } = await multipart(form)
    const back = await new Response(content, { headers: { 'content-type': type } }).formData()
    // Readers differ in whether they decode what was escaped.
    for (const name of names.filter((one) => !/["%\r\n]/.test(one)))
      assert.deepEqual(back.getAll(name), [`${name}\r\n`])
    assert.equal(await back.get('f').text(), '\0ü')
    assert.equal(back.get('f').type, 'text/plain')
  })

  test('a peer writes the same', async () => {
    const form = formOf(
      ...names.map((name) => [name, `${name}\n`]),
      ['f', file('\0ü', 'jö"\n.txt', 'text/plain')],
      ['g', file('', 'h')],
    )
    const peer = new Response(form)
    const type = peer.headers.get('content-type')
    const expected = await peer.text()
    const { content } = await multipart(form, type)
    assert.equal(Buffer.from(content).toString().trimEnd(), expected.trimEnd())
  })

  test('a Content-Type that is given names the boundary', async () => {
    for (const [value, boundary] of [
      ['multipart/form-data; boundary=xyz', 'xyz'],
      ['Multipart/Mixed;charset="a;b" ; BOUNDARY="x y"', 'x y'],
    ]) {
      const { type, body } = read({ headers: { 'content-TYPE': value }, body: formOf(['a', 'b']) })
      assert.deepEqual(type, [value])
      assert.equal(
        body,
        `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--${boundary}--\r\n`,
      )
      const waited = await multipart(formOf(['a', 'b']), value)
      assert.deepEqual([waited.type, Buffer.from(waited.content).toString()], [value, body])
      assert.deepEqual(read({ headers: { 'Content-Type': value }, body: waited }).body, body)
    }
  })

  test('a boundary that cannot be used is refused', async () => {
    for (const [value, index] of [
      ['multipart/form-data', 19],
      ['text/plain; boundary=x', 0],
      ['multipart/form-data; boundary=a"b', 31],
      [`multipart/form-data; boundary=${'x'.repeat(71)}`, 100],
      ['multipart/form-data; boundary=xyz', undefined],
    ]) {
      const form = formOf(['ok', ''], ['a', 'it has xyz in it'])
      const expected = { name: 'H1Error', code: 'H1_BOUNDARY', ...(index === undefined ? {} : { index }) }
      assert.throws(() => post({ headers: { A: 'b', 'Content-Type': value }, body: form }), {
        ...expected,
        part: 'headers[1].value',
      })
      await assert.rejects(multipart(form, value), { ...expected, part: 'type' })
    }
    const headers = { 'Content-Type': 'multipart/form-data; boundary=other' }
    const body = await multipart(formOf(['a', 'b']))
    assert.throws(() => post({ headers, body }), {
      name: 'TypeError',
      message: /without the body's boundary/,
    })
  })

  test('a boundary that occurs in a part is not used', async (t) => {
    const values = [1, 1, 2]
    t.mock.method(globalThis.crypto, 'getRandomValues', (octets) => octets.fill(values.shift()))
    const { type, body } = read({ body: formOf(['a', `----h1wire${'01'.repeat(12)}`]) })
    assert.equal(type[0], `multipart/form-data; boundary=----h1wire${'02'.repeat(12)}`)
    assert.equal(partsOf(body, type[0]).length, 1)
  })

  test('what would read as something else is refused', async () => {
    for (const [before, character, index] of [
      ['a', '\0', 1],
      ['a', '\x7f', 1],
      ['a', '\x1b', 1],
      ['n\u00e9\u4e2d\u{1f600}', '\0', 5],
    ]) {
      const name = `${before}${character}b`
      const expected = { name: 'H1Error', code: 'H1_FIELD_VALUE', index, byte: character.charCodeAt(0) }
      assert.throws(() => post({ body: formOf(['x', 'y'], [name, 'z']) }), {
        ...expected,
        part: 'body[1].name',
      })
      await assert.rejects(multipart(formOf(['x', file('', name)])), {
        ...expected,
        part: 'body[0].filename',
      })
    }
    const odd = file('', 'a')
    Object.defineProperty(odd, 'type', { value: 'a/b\r\nX: y' })
    await assert.rejects(multipart(formOf(['x', odd])), {
      code: 'H1_FIELD_VALUE',
      part: 'body[0].type',
      index: 3,
    })
    // These are names like others: as UTF-8 they hold no line break.
    assert.match(read({ body: formOf(['\u010a\u010d\uff0d', '']) }).body, /name="\u010a\u010d\uff0d"\r\n\r\n/)
    await assert.rejects(multipart({}), { name: 'TypeError', message: /^form must be a FormData/ })
    await assert.rejects(multipart(formOf(), 5), { name: 'TypeError', message: /^type must be a string/ })
  })

  test('entries that change while they are read cannot get past the checks', () => {
    const form = formOf(['a', 'b'])
    let reads = 0
    Object.defineProperty(form, Symbol.iterator, {
      *value() {
        yield [{ toString: () => ['ok', 'evil\0'][reads++] }, 'x']
      },
    })
    assert.throws(
      () => post({ body: form }),
      (error) => error instanceof H1Error || error instanceof TypeError,
    )
  })
})

test(`the backend is the one that is tested: ${backend}`, () => {
  assert.equal(backend, process.env.H1WIRE_BACKEND ?? backend)
})
