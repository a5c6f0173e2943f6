// Connections through the API: what is decided in Rust arrives, on both backends; what is kept, and whose fault it is.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const native = require('h1wire')
const wasm = require('h1wire/wasm')

const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'

/** Events in short: a word each. */
function words(events) {
  return events.map((event) => {
    if (event.type === 'head') return event.method ?? event.status
    if (event.type === 'body') return String(event.data)
    if (event.type === 'upgrade') return `upgrade:${event.rest}`
    return event.type === 'error' ? event.error.code : event.type
  })
}

const states = ({ localState, peerState }) => [localState, peerState]
const text = (octets) => Buffer.from(octets).toString('latin1')

for (const { backend, Connection, H1Error } of [native, wasm]) {
  const client = (options) => new Connection({ role: 'client', ...options })
  const server = (options) => new Connection({ role: 'server', ...options })
  const on = (name, run) => test(`${backend}: ${name}`, run)

  on('a switch that an answer declined is told to nobody', () => {
    const s = server({ pipelining: 2 })
    const asks = 'Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n'
    const told = words(s.receive(Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\n${asks}`)))
    s.sendResponse({ status: 200 }, { body: false, length: 'unknown' })
    told.push(...words(s.receive(Buffer.from('hi'))), ...words(s.receive(Buffer.from(GET))))
    assert.deepEqual(told, ['POST', 'hi', 'end', 'GET', 'end'])
    assert.deepEqual(states(s), ['body', 'done'])
  })

  on('what is held back, octet by octet, takes no more time and memory than its octets', () => {
    const s = server({ maxHeldBack: 1 << 20 })
    const all = Buffer.from(GET.repeat(8000))
    let heads = 0
    const count = (events) => {
      for (const { type } of events) heads += type === 'head' ? 1 : 0
    }
    for (let at = 0; at < all.length; at++) count(s.receive(all.subarray(at, at + 1)))
    assert.deepEqual([heads, s.heldBack], [1, all.length - GET.length])
    // What an event points at stays as it is, whatever comes behind it.
    while (s.peerState === 'done') {
      s.sendResponse({ status: 204 })
      count(s.nextCycle())
    }
    assert.deepEqual([heads, s.heldBack], [8000, 0])
  })

  on('body data that was held back stays as it is', () => {
    const s = server()
    const post = (body) => Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n${body}`)
    s.receive(Buffer.from(GET))
    s.receive(post('one1'))
    s.sendResponse({ status: 204 })
    const [, { data }] = s.nextCycle()
    for (let more = 0; more < 100; more++) s.receive(post('two2'))
    assert.equal(text(data), 'one1')
  })

  on('an exchange, and the next one', () => {
    const [c, s] = [client(), server()]
    for (let round = 0; round < 3; round++) {
      assert.deepEqual([states(c), c.reusable], [['idle', 'idle'], true])
      const request = c.sendRequest({ method: 'POST', url: 'http://a/x', body: 'abc' })
      assert.equal(text(request), 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc')
      assert.deepEqual(states(c), ['done', 'answering'])
      assert.deepEqual(words(s.receive(request)), ['POST', 'abc', 'end'])
      assert.deepEqual(states(s), ['answering', 'done'])
      const response = s.sendResponse({ status: 200, body: 'hi' })
      assert.equal(text(response), `${OK}hi`)
      assert.deepEqual(words(c.receive(response)), [200, 'hi', 'end'])
      for (const end of [c, s]) {
        assert.deepEqual([states(end), end.reusable], [['done', 'done'], true])
        assert.deepEqual(end.nextCycle(), [])
      }
    }
    assert.equal(c.bytesParsed, 3 * (OK.length + 2))
  })

  on('release: what is kept goes to somebody else, and nothing can be called any more', () => {
    const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'
    const s = server()
    s.receive(Buffer.from(`${upgrade}ab`))
    s.receive(Buffer.from('cd'))
    assert.equal(text(s.release()), 'abcd')
    for (const call of [() => s.release(), () => s.receive(Buffer.from('x')), () => s.nextCycle()]) {
      assert.throws(call, { code: 'H1_FREED' })
    }
    assert.equal(server().release().length, 0)
  })

  on('many requests that came together are kept once, and read in turn', () => {
    const s = server()
    let events = s.receive(Buffer.from(GET.repeat(1000)))
    for (let left = 1000; left > 0; left--) {
      assert.deepEqual(words(events), ['GET', 'end'])
      assert.equal(s.heldBack, (left - 1) * GET.length)
      s.sendResponse({ status: 204 })
      events = s.nextCycle()
    }
    assert.deepEqual([events, states(s), s.reusable], [[], ['idle', 'idle'], true])
  })

  on('a message without a body needs no sendEnd, and may have one', () => {
    const c = client()
    c.sendRequest({ url: 'http://a/' })
    assert.equal(c.localState, 'done')
    assert.equal(c.sendEnd().length, 0)
  })

  on('bodies in pieces: as the fields say, as options say', () => {
    const s = server()
    const answer = (init, options) => {
      s.receive(Buffer.from(GET))
      return text(s.sendResponse({ status: 200, ...init }, options))
    }
    const go = (...data) => data.map((one) => text(Buffer.concat(s.sendData(one))))
    assert.equal(answer({ headers: { 'Content-Length': 2 } }), OK)
    assert.deepEqual(go('h', 'i'), ['h', 'i'])
    assert.throws(() => s.sendData('x'), {
      code: 'H1_BODY_LENGTH',
      side: 'local',
      part: 'body',
      expected: 2,
      actual: 3,
    })
    assert.equal(s.sendEnd().length, 0)
    s.nextCycle()
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    assert.equal(answer({ headers: { 'Transfer-Encoding': 'chunked' } }), chunked)
    assert.deepEqual(go('hello', ''), ['5\r\nhello\r\n', ''])
    assert.equal(text(s.sendEnd({ 'X-Sum': 1 })), '0\r\nX-Sum: 1\r\n\r\n')
    s.nextCycle()
    assert.equal(answer({}, { body: false, length: 'unknown' }), chunked)
    s.sendEnd()
    s.nextCycle()
    assert.equal(answer({}, { body: false, length: 2 }), OK)
    assert.throws(() => s.sendEnd(), { code: 'H1_BODY_LENGTH', expected: 2, actual: 0 })
    const data = Buffer.from('hi')
    assert.equal(s.sendData(data)[0], data, 'not copied')
    s.sendEnd()
    s.nextCycle()
    assert.equal(answer({ body: 'hi' }, { body: false }), OK)
    assert.deepEqual(go('hi'), ['hi'])
    s.sendEnd()
    s.nextCycle()
    assert.equal(answer({ body: 'hi' }), `${OK}hi`)
  })

  on('a body is passed on as it comes', () => {
    const s = server()
    s.receive(Buffer.from('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n'))
    const big = Buffer.alloc(4990)
    assert.equal(s.receive(big)[0].data, big)
    assert.equal(s.peerState, 'body')
    assert.deepEqual(words(s.receive(Buffer.from(`0123456789${GET}`))), ['0123456789', 'end'])
    assert.deepEqual([s.peerState, s.heldBack], ['done', GET.length])
  })

  on('what lies behind a message is kept until both sides are done', () => {
    const s = server()
    const input = Buffer.from(GET + GET.replace('/', '/2') + GET.replace('/', '/3').slice(0, 9))
    assert.deepEqual(words(s.receive(input)), ['GET', 'end'])
    assert.equal(s.heldBack, input.length - GET.length)
    input.fill(0)
    assert.deepEqual(s.receive(Buffer.from(GET.replace('/', '/3').slice(9))), [])
    assert.throws(() => s.nextCycle(), {
      code: 'H1_WRONG_STATE',
      side: 'local',
      message: /'answering'.*'done'/,
    })
    const targets = []
    for (let round = 0; round < 2; round++) {
      s.sendResponse({ status: 204 })
      const [head] = s.nextCycle()
      targets.push(head.target)
    }
    assert.deepEqual([targets, s.heldBack], [['/2', '/3'], 0])
  })

  on('only so much is kept', () => {
    const s = server({ maxHeldBack: 2 * GET.length })
    assert.equal(s.receive(Buffer.from(GET.repeat(3))).length, 2)
    const [{ error }, ...more] = s.receive(Buffer.from('x'))
    assert.deepEqual(
      [error.code, error.side, error.offset, more.length],
      ['H1_HELD_BACK', 'remote', 3 * GET.length, 0],
    )
    assert.throws(
      () => s.receive(Buffer.from('x')),
      (thrown) => thrown === error,
    )
    assert.equal(text(s.sendResponse({ status: 204 })).split(' ')[1], '204', 'the answer still goes out')
    assert.throws(
      () => s.nextCycle(),
      (thrown) => thrown === error,
    )
  })

  on('a server reads requests ahead, and answers them in order', () => {
    const s = server({ pipelining: 3 })
    const bad = 'GET\r\n\r\n'
    const requests = GET + GET.replace('GET', 'HEAD') + GET.replace('GET', 'PUT') + bad
    assert.deepEqual(words(s.receive(Buffer.from(requests))), ['GET', 'end', 'HEAD', 'end', 'PUT', 'end'])
    assert.equal(s.heldBack, bad.length)
    assert.throws(() => s.nextCycle(), { code: 'H1_WRONG_STATE', side: 'local' })
    assert.match(text(s.sendResponse({ status: 200, body: 'hi' })), /\r\n\r\nhi$/)
    const [fault] = s.nextCycle()
    assert.equal(fault.type, 'error')
    assert.throws(
      () => s.receive(Buffer.from('x')),
      (thrown) => thrown === fault.error,
    )
    assert.match(text(s.sendResponse({ status: 200, body: 'hi' })), /\r\n\r\n$/, 'to HEAD')
    assert.deepEqual(s.nextCycle(), [])
    assert.doesNotMatch(text(s.sendResponse({ status: 200 })), /close/)
    assert.deepEqual([s.nextCycle(), s.peerState], [[], 'failed'])
    assert.match(text(s.sendResponse({ status: 400 })), /Connection: close/)
    assert.throws(
      () => s.nextCycle(),
      (thrown) => thrown === fault.error,
    )
    for (const [pipelining, role] of [
      [0, 'server'],
      [1.5, 'server'],
      [65_537, 'server'],
      [2, 'client'],
    ]) {
      assert.throws(() => new Connection({ role, pipelining }), /options\.pipelining/)
    }
  })

  on('requests sent ahead are answered in order', () => {
    const c = client()
    for (const method of ['GET', 'HEAD', 'GET']) c.sendRequest({ method, url: 'http://a/' })
    assert.deepEqual(words(c.receive(Buffer.from(`${OK}hi${OK}${OK}yo`))), [200, 'hi', 'end'])
    assert.deepEqual(words(c.nextCycle()), [200, 'end'])
    assert.deepEqual(words(c.nextCycle()), [200, 'yo', 'end'])
    assert.deepEqual(words(c.nextCycle()), [])
    assert.deepEqual(words(c.receive(Buffer.from(OK))), ['H1_UNEXPECTED_RESPONSE'])
    assert.deepEqual([c.error.side, states(c)], ['remote', ['must-close', 'failed']])
  })

  on('100 Continue', () => {
    const [c, s] = [client(), server()]
    const init = { method: 'PUT', url: 'http://a/', headers: { Expect: '100-continue' }, body: 'abc' }
    s.receive(c.sendRequest(init, { body: false }))
    assert.deepEqual([s.awaitsContinue, c.localState], [true, 'body'])
    assert.deepEqual(words(c.receive(s.sendInformational({ status: 100 }))), [100, 'end'])
    assert.equal(s.awaitsContinue, false)
    assert.deepEqual(words(s.receive(Buffer.concat(c.sendData('abc')))), ['abc', 'end'])
    c.sendEnd()
    assert.doesNotMatch(text(s.sendResponse({ status: 204 })), /close/)
    s.nextCycle()
    s.receive(Buffer.from('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n'))
    assert.match(text(s.sendResponse({ status: 417 })), /\r\nConnection: close\r\n/)
    assert.throws(() => s.sendInformational({ status: 200 }), { code: 'H1_STATUS_KIND', side: 'local' })
  })

  on('an upgrade, granted', () => {
    const [c, s] = [client(), server()]
    const request = c.sendRequest({ url: 'http://a/', headers: { Upgrade: 'x' } })
    const received = s.receive(Buffer.concat([request, Buffer.from('early')]))
    assert.deepEqual([words(received), received[0].upgrade], [['GET', 'end'], true])
    assert.deepEqual(states(s), ['answering', 'might-switch'])
    const response = s.sendResponse({ status: 101, headers: { Upgrade: 'x' } })
    assert.deepEqual([states(s), words(s.nextCycle())], [['switched', 'switched'], ['upgrade:early']])
    assert.deepEqual(words(s.receive(Buffer.from('more'))), ['upgrade:more'])
    assert.deepEqual(s.nextCycle(), [])
    assert.deepEqual(words(c.receive(Buffer.concat([response, Buffer.from('late')]))), [
      101,
      'end',
      'upgrade:late',
    ])
    assert.deepEqual(c.receiveEnd(), [])
    assert.throws(() => c.sendRequest({ url: 'http://a/' }), { code: 'H1_WRONG_STATE' })
  })

  on('an upgrade without octets behind it, and one declined', () => {
    const s = server()
    const ask = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
    s.receive(Buffer.concat([ask, Buffer.from(GET)]))
    s.sendResponse({ status: 200 })
    assert.deepEqual(words(s.nextCycle()), ['GET', 'end'])
    s.sendResponse({ status: 200 })
    s.nextCycle()
    s.receive(ask)
    s.sendResponse({ status: 101, headers: { Upgrade: 'x' } })
    assert.deepEqual(words(s.nextCycle()), ['upgrade:'])
  })

  on('a remote fault can be answered, once', () => {
    const s = server()
    const [{ error }] = s.receive(Buffer.from('GET / HTTP/9.1\r\n\r\n'))
    assert.ok(error instanceof H1Error)
    assert.deepEqual([error.code, error.side, error.statusHint], ['H1_VERSION_UNSUPPORTED', 'remote', 505])
    assert.deepEqual([states(s), s.error === error], [['idle', 'failed'], true])
    assert.match(
      text(s.sendResponse({ status: error.statusHint })),
      /^HTTP\/1.1 505 [^\r]*\r\nConnection: close\r\n/,
    )
    assert.throws(() => s.sendResponse({ status: 400 }), { code: 'H1_WRONG_STATE', side: 'local' })
    assert.throws(
      () => s.receive(Buffer.from(GET)),
      (thrown) => thrown === error,
    )
  })

  on('local faults change nothing', () => {
    const c = client()
    const wrong = { url: 'http://a/', headers: { X: 'a\nb' } }
    assert.throws(() => c.sendRequest(wrong), {
      code: 'H1_FIELD_VALUE',
      side: 'local',
      part: 'headers[0].value',
    })
    assert.throws(() => c.sendData('x'), { code: 'H1_WRONG_STATE', message: /sendData\(\) of a client/ })
    assert.throws(() => c.sendEnd(), { code: 'H1_WRONG_STATE' })
    assert.throws(() => c.sendResponse({ status: 400 }), { code: 'H1_WRONG_STATE' })
    assert.throws(() => c.nextCycle(), { code: 'H1_WRONG_STATE' })
    assert.deepEqual(states(c), ['idle', 'idle'])
    const s = server()
    s.receive(Buffer.from(GET))
    assert.throws(() => s.sendResponse({ status: 200, requestMethod: 'HEAD' }), TypeError)
    assert.deepEqual(states(s), ['answering', 'done'])
  })

  on('ends of input', () => {
    const s = server()
    assert.equal(s.receive(Buffer.from(GET + GET)).length, 2)
    assert.deepEqual(s.receiveEnd(), [])
    assert.equal(s.peerState, 'done', 'a request is still to be read')
    s.sendResponse({ status: 200 })
    assert.deepEqual([words(s.nextCycle()), s.peerState], [['GET', 'end'], 'closed'])
    assert.match(text(s.sendResponse({ status: 200 })), /Connection: close/)
    assert.throws(() => s.receiveEnd(), { code: 'H1_ENDED' })
    const c = client()
    c.sendRequest({ url: 'http://a/' })
    const [{ error }] = c.receiveEnd()
    assert.deepEqual([error.code, error.side], ['H1_RESPONSE_MISSING', 'remote'])
    const d = client()
    d.sendRequest({ url: 'http://a/' })
    d.receive(Buffer.from('HTTP/1.1 200 OK\r\n\r\nab'))
    assert.deepEqual([words(d.receiveEnd()), states(d)], [['end'], ['must-close', 'closed']])
  })

  on('a server drops what follows the last request', () => {
    const s = server()
    const last = GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
    assert.deepEqual(words(s.receive(Buffer.from(last + GET))), ['GET', 'end'])
    assert.deepEqual([s.receive(Buffer.from(GET)), s.heldBack, s.peerState], [[], 0, 'must-close'])
  })

  on('options are checked', () => {
    for (const options of [undefined, null, {}, { role: 'proxy' }, { role: 'client', chunks: true }]) {
      assert.throws(() => new Connection(options), TypeError)
    }
    for (const maxHeldBack of [-1, 0.5, '1']) {
      assert.throws(() => new Connection({ role: 'client', maxHeldBack }), RangeError)
    }
    const s = server({ limits: { maxFields: 1 }, lenient: ['missingHost'] })
    assert.deepEqual(words(s.receive(Buffer.from('GET / HTTP/1.1\r\n\r\n'))), ['tolerated', 'GET', 'end'])
    assert.equal(s.role, 'server')
  })

  on('after free', () => {
    const s = server()
    s.receive(Buffer.from(GET))
    s.free()
    s.free()
    const calls = [
      () => s.receive(Buffer.from(GET)),
      () => s.receiveEnd(),
      () => s.nextCycle(),
      () => s.sendResponse({ status: 200 }),
      () => s.sendData('x'),
      () => s.sendEnd(),
    ]
    for (const call of calls) assert.throws(call, { code: 'H1_FREED' })
    if (Symbol.dispose) assert.equal(s[Symbol.dispose], s.free)
  })

  on('any cut gives the same events', () => {
    const input = Buffer.from(
      `POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n${GET}`,
    )
    const run = (pieces) => {
      const s = server()
      const told = []
      const take = (events) => {
        for (const event of events) {
          if (event.type === 'end') {
            told.push('end', event.trailers.size)
            s.sendResponse({ status: 200 })
          } else told.push(...words([event]))
        }
        if (s.localState === 'done' && s.peerState === 'done') take(s.nextCycle())
      }
      for (const piece of pieces) take(s.receive(piece))
      return told.join(' ').replace('a b c', 'abc')
    }
    const whole = run([input])
    assert.equal(whole, 'POST abc end 1 GET end 0')
    assert.equal(run(Array.from(input, (_, at) => input.subarray(at, at + 1))), whole)
    for (let cut = 0; cut <= input.length; cut++) {
      const told = run([input.subarray(0, cut), input.subarray(cut)])
      assert.equal(told.replace(/a b?c|ab c/, 'abc'), whole, `cut at ${cut}`)
    }
  })
}

test('the server in docs/connection.md answers, keeps alive, and says what is wrong', async (t) => {
  const page = fs.readFileSync(path.join(__dirname, '../../docs/connection.md'), 'utf8')
  const [, code] = page.match(/```js\n(.*?)```/s)
  const server = new Function('require', code.replace('server.listen(8080)', 'return server'))(require)
  t.after(() => server.close())
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = net.connect(server.address().port, '127.0.0.1')
  socket.write(GET + GET)
  socket.write('GET / HTTP/1.1\r\n\r\n')
  const chunks = await socket.toArray()
  const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nGET /\n'
  const fault = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 16\r\n\r\nH1_HOST_MISSING\n'
  assert.equal(text(Buffer.concat(chunks)), hello + hello + fault)
})
