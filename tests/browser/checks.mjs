// What the browser package must do beside parsing as the vectors say. Runs in the page.

import * as h1wire from 'h1wire'

const WASM = '/dist/h1wire.wasm'
const GET = octets('GET /path HTTP/1.1\r\nHost: example.com\r\n\r\n')

/** Each by its name; what throws has failed. */
export const checks = {
  'init: the wasm lies beside the script': async () => {
    const fresh = await freshModule('default')
    await fresh.init()
    works(fresh)
  },

  'init: from a URL': async () => {
    const fresh = await freshModule('url')
    await fresh.init(new URL(WASM, location.href))
    works(fresh)
  },

  'init: from a Response': async () => {
    const fresh = await freshModule('response')
    await fresh.init(await fetch(WASM))
    works(fresh)
  },

  'init: from a Response of any media type': async () => {
    const fresh = await freshModule('type')
    await fresh.init(new Response(await wasmOctets(), { headers: { 'Content-Type': 'text/plain' } }))
    works(fresh)
  },

  'init: from bytes, an ArrayBuffer or a view': async () => {
    const [one, two] = [await freshModule('buffer'), await freshModule('view')]
    await one.init(await wasmOctets())
    works(one)
    await two.init(new Uint8Array(await wasmOctets()))
    works(two)
  },

  'init: from a WebAssembly.Module': async () => {
    const fresh = await freshModule('module')
    await fresh.init(await WebAssembly.compile(await wasmOctets()))
    works(fresh)
  },

  'init: again does no harm': async () => {
    await h1wire.init()
    await h1wire.init()
    works(h1wire)
  },

  'init: what fails may be repeated': async () => {
    const fresh = await freshModule('again')
    await rejects(() => fresh.init(new URL('/nothing.wasm', location.href)))
    throws(() => new fresh.RequestParser().push(GET))
    await fresh.init()
    works(fresh)
  },

  'the backend is wasm': () => equal(h1wire.backend, 'wasm'),

  'what formatRequest writes, RequestParser reads': () => {
    const headers = [
      ['Host', 'example.com'],
      ['X-Latin', '\x80\xe9\xff'],
    ]
    const bytes = h1wire.formatRequest({ method: 'POST', target: '/form', headers, body: 'name=Jörg' })
    equal(bytes.constructor, Uint8Array)
    const parser = new h1wire.RequestParser()
    const events = Array.from(bytes, (_, index) => parser.push(bytes.subarray(index, index + 1))).flat()
    const [head] = events
    equal(head.method, 'POST')
    equal(head.target, '/form')
    equal(head.contentLength, 10)
    equal([...head.headers].slice(0, 2), headers)
    const body = events.filter(({ type }) => type === 'body').flatMap(({ data }) => [...data])
    equal(new TextDecoder().decode(Uint8Array.from(body)), 'name=Jörg')
    equal(events.at(-1).type, 'end')
    equal([...events.at(-1).trailers], [])
    parser.free()
  },

  'what formatResponse writes, ResponseParser reads': () => {
    const bytes = h1wire.formatResponse({ status: 200, reason: 'OK', headers: { 'X-A': 'b' }, body: 'hi' })
    const response = h1wire.parseResponse(bytes)
    equal(response.status, 200)
    equal(response.headers.get('x-a'), 'b')
    equal([...response.body], [0x68, 0x69])
  },

  'forms, JSON, heads and raw messages are written': async () => {
    const text = (bytes) => String.fromCharCode(...bytes)
    const form = new FormData()
    form.append('n\u00e4', '\u20ac\n')
    form.append('f', new File([Uint8Array.of(0, 255)], 'x.bin'))
    const { content, type } = await h1wire.multipart(form)
    const back = await new Response(content, { headers: { 'Content-Type': type } }).formData()
    equal(back.get('n\u00e4'), '\u20ac\r\n')
    equal([...new Uint8Array(await back.get('f').arrayBuffer())], [0, 255])
    form.delete('f')
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' }
    const posted = text(h1wire.formatRequest({ url: 'http://a/', headers, body: form }))
    equal(
      posted.endsWith(
        '\r\n\r\n--b\r\nContent-Disposition: form-data; name="n\xc3\xa4"\r\n\r\n\xe2\x82\xac\r\n\r\n--b--\r\n',
      ),
      true,
    )
    form.append('g', 'a--b')
    throws(() => h1wire.formatRequest({ url: 'http://a/', headers, body: form }))

    const answer = { status: 200, body: h1wire.json({ a: '\u00e9' }) }
    const head = text(h1wire.formatResponse(answer, { body: false }))
    equal(head, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n')
    equal(text(h1wire.formatResponse(answer)), `${head}{"a":"\xc3\xa9"}`)
    equal(
      text(h1wire.formatRaw({ startLine: '\0\xff', fields: ['\x80'], body: ['\u00e9'], eol: '\n' })),
      '\0\xff\n\x80\n\n2\n\xc3\xa9\n0\n\n',
    )
  },

  'octets 0x80 to 0x9F stay what they are': () => {
    const text = Array.from({ length: 0x80 }, (_, index) => String.fromCharCode(0x80 + index)).join('')
    const message = `HTTP/1.1 200 ${text}\r\nX-Text: ${text}\r\nContent-Length: 0\r\n\r\n`
    const [head] = new h1wire.ResponseParser().push(octets(message))
    equal(head.reason, text)
    equal(head.headers.get('X-Text'), text)
    const pieces = new h1wire.ResponseParser()
    const [slow] = Array.from(octets(message), (octet) => pieces.push(Uint8Array.of(octet))).flat()
    equal(slow.reason, text)
    equal(slow.headers.get('X-Text'), text)
  },

  'body data is a view of the chunk that was pushed': () => {
    const chunk = octets('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc')
    const [, body] = new h1wire.ResponseParser().push(chunk)
    equal(body.data.constructor, Uint8Array)
    equal(body.data.buffer === chunk.buffer, true)
    equal(body.data.byteOffset, chunk.length - 3)
  },

  'a body far larger than the wasm memory at the start': () => {
    const size = 32 << 20
    const parser = new h1wire.ResponseParser()
    parser.push(octets('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))
    const chunk = new Uint8Array(size + 10).fill(0x61)
    chunk.set(octets('2000000\r\n'))
    const events = parser.push(chunk.subarray(0, size + 9))
    equal(
      events.reduce((sum, { type, data }) => sum + (type === 'body' ? data.length : 0), 0),
      size,
    )
    equal(parser.push(octets('\r\n0\r\n\r\n')).at(-1).type, 'end')
  },

  'H1Error is an event, and then thrown': () => {
    const parser = new h1wire.RequestParser()
    const events = parser.push(octets('GET /a#b HTTP/1.1\r\n\r\n'))
    equal(events.length, 1)
    equal(events[0].type, 'error')
    const { error } = events[0]
    equal(error instanceof h1wire.H1Error && error instanceof Error, true)
    equal(
      [error.name, error.code, error.offset, error.byte, error.statusHint],
      ['H1Error', 'H1_TARGET', 6, 0x23, 400],
    )
    equal(parser.error === error, true)
    equal(throws(() => parser.push(GET)) === error, true)
    equal(throws(() => parser.end()) === error, true)
    const thrown = throws(() => h1wire.parseRequest(octets('GET /a#b HTTP/1.1\r\n\r\n')))
    equal(thrown instanceof h1wire.H1Error && thrown.code, 'H1_TARGET')
  },

  'what is not octets is a TypeError': () => {
    equal(throws(() => new h1wire.RequestParser().push('GET / HTTP/1.1\r\n\r\n')) instanceof TypeError, true)
  },

  'a freed parser cannot be used': () => {
    const parser = new h1wire.RequestParser()
    parser.free()
    equal(throws(() => parser.push(GET)).code, 'H1_FREED')
  },

  'conversions read and write, with the same classes': async () => {
    const { ConversionError, formatOf, readMessages, wrap, writeMessages } = await import('h1wire/convert')
    const command = "curl http://a.test/b -H 'X: \u00fc' --data-raw 'name=J\u00f6rg'"
    equal(formatOf(new TextEncoder().encode(command)), 'curl')
    const raw = writeMessages('raw', readMessages('curl', command))
    const head = 'POST /b HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\nX: \xc3\xbc\r\nContent-Length: 10\r\n'
    const form = 'Content-Type: application/x-www-form-urlencoded\r\n\r\nname=J\xc3\xb6rg'
    equal(String.fromCharCode(...raw), head + form)
    const har = JSON.parse(
      writeMessages(
        'har',
        readMessages('raw', octets('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\xff\0')),
      ),
    )
    equal(har.log.entries[0].request.postData, { mimeType: '', text: '/wA=', encoding: 'base64' })
    equal(wrap('rust', octets('a"\r\n\xff')), 'b"a\\"\\r\\n\\\n  \\xff"\n')
    let refused
    try {
      readMessages('json', '{')
    } catch (error) {
      refused = error
    }
    equal(refused instanceof ConversionError, true)
    let fault
    try {
      readMessages('raw', octets('GET\r\n\r\n'))
    } catch (error) {
      fault = error
    }
    equal(fault instanceof h1wire.H1Error, true)
  },

  'FieldSection.toHeaders makes Headers': () => {
    const message = 'HTTP/1.1 204 N\r\nA: 1\r\na: 2\r\nSet-Cookie: x=1\r\nSet-Cookie: y=2\r\n\r\n'
    const [head] = new h1wire.ResponseParser().push(octets(message))
    equal(head.headers instanceof h1wire.FieldSection, true)
    const headers = head.headers.toHeaders()
    equal(headers instanceof Headers, true)
    equal(headers.get('A'), '1, 2')
    equal(headers.getSetCookie(), ['x=1', 'y=2'])
    equal(head.headers.getSetCookie(), ['x=1', 'y=2'])
  },
}

/** The package as if it had never been loaded: another address makes another module. */
function freshModule(name) {
  return import(`/fresh/${name}/browser/index.js`)
}

async function wasmOctets() {
  return (await fetch(WASM)).arrayBuffer()
}

function works({ RequestParser, formatRequest }) {
  const [head, end] = new RequestParser().push(GET)
  equal([head.type, head.target, end.type], ['head', '/path', 'end'])
  const bytes = formatRequest({ target: '/path', headers: { Host: 'example.com' } })
  equal([...bytes], [...GET])
}

function octets(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function equal(got, wanted) {
  const [left, right] = [got, wanted].map((value) =>
    typeof value === 'object' ? JSON.stringify(value) : value,
  )
  if (!Object.is(left, right)) throw new Error(`got ${String(left)}, not ${String(right)}`)
}

function throws(call) {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

async function rejects(call) {
  try {
    await call()
  } catch {
    return
  }
  throw new Error('nothing was rejected')
}
