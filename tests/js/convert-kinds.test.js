// `h1wire/convert`: how messages are written down by people and tools, each read as what it says, or refused by name.

'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const zlib = require('node:zlib')
const { formatOf, readMessages, unwrap, wrap, writeMessages } = require('h1wire/convert')

const read = (text, options = {}) => {
  const notes = []
  const messages = readMessages(options.format ?? formatOf(text), text, {
    note: (said) => notes.push(said),
    ...options.options,
  })
  return {
    messages,
    notes,
    first: messages[0],
    body: Buffer.from(messages[0]?.body ?? []).toString('latin1'),
  }
}
const value = (message, name) => message.headers.find(([own]) => own.toLowerCase() === name)?.[1]

describe('bytes are read to their end', () => {
  test('a body that lasts until close ends with the input', () => {
    assert.equal(read('HTTP/1.1 200 OK\r\n\r\nuntil close').body, 'until close')
  })
  test('what is cut, and what follows that is nothing, is refused with its offset', () => {
    for (const [text, says] of [
      ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\nabc', /17/],
      ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcde', /byte/],
      ['GET / HTTP/1.1\r\nHost: a\r\n', /byte/],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', /byte/],
    ]) {
      assert.throws(() => read(text), says)
      for (const format of ['hex', 'c', 'js']) {
        assert.throws(() => readMessages(format, wrap(format, Buffer.from(text))), says, format)
      }
    }
  })
  test('a request behind one that asks for another protocol is kept', () => {
    const text =
      'GET /1 HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n'
    assert.deepEqual(
      read(text).messages.map(({ target }) => target),
      ['/1', '/2'],
    )
    assert.throws(() => read(text.replace('/2 HTTP/1.1\r\nHost: a\r\n\r\n', '/2')))
  })
})

describe('curl texts are shell texts', () => {
  for (const [text, targets] of [
    ['curl http://a/1\ncurl http://a/2', ['/1', '/2']],
    ['curl http://a/1; curl http://a/2 && curl http://a/3', ['/1', '/2', '/3']],
    ['$ curl http://a/1 \\\n>   -H "A: b"\n$ curl http://a/2\n', ['/1', '/2']],
    ['# first\ncurl http://a/1 # comment\n\n# second\ncurl http://a/2', ['/1', '/2']],
    ['/usr/bin/curl --ssl-no-revoke -x proxy:1 --no-location --insec http://a/1', ['/1']],
    ['curl.exe "http://a/1?x=y"', ['/1?x=y']],
    [
      "curl --path-as-is 'http://a/../../etc' 'http://a/%2e%2e/x' 'http://a/<\"' 'http://a/a\\b'",
      ['/../../etc', '/%2e%2e/x', '/<"', '/a\\b'],
    ],
    ['curl http://a/b/../c/./d', ['/c/d']],
    ["curl --request-target '*' -X OPTIONS http://a/", ['*']],
    ["curl --request-target 'http://b/x' http://a/", ['http://b/x']],
    ['curl ^"http://a/1?b=1^&c=2^" ^\r\n  -H ^"A: ^%^\\^"b^"', ['/1?b=1&c=2']],
    ['curl "http://a/1?b=1^&c=2" -H "A: b"', ['/1?b=1&c=2']],
    ['curl.exe "http://a/1" `\n  -H "A: b" `\n  --data-raw \'{\\"a\\":1}\'', ['/1']],
  ]) {
    test(text, () =>
      assert.deepEqual(
        read(text).messages.map(({ target }) => target),
        targets,
      ),
    )
  }
  test('cmd: commands apart by &, line ends and quotes inside of quotes', () => {
    const two = 'curl ^"http://a/1^" ^\r\n  -H ^"A: b^" &\r\ncurl ^"http://a/2?x^&y^" ^\r\n  -H ^"A: b^"'
    assert.deepEqual(
      read(two).messages.map(({ target }) => target),
      ['/1', '/2?x&y'],
    )
    assert.equal(read('curl ^"http://a/^" ^\r\n --data-raw ^"a^\n\nb ^& c^"').body, 'a\nb & c')
    assert.equal(read('curl "http://a/" --data-raw "{""a"":""x y""}" ^\n').body, '{"a":"x y"}')
  })
  test('an option that is passed over is told, one that is ambiguous refused', () => {
    assert.match(read('curl -x proxy:1 http://a/').notes[0], /--proxy: passed over/)
    assert.throws(() => read('curl --reques PUT http://a/'), /--request or --request-target/)
    assert.throws(() => read('curl http://a/\ncurl --aws-sigv4 x http://a/'), /^ConversionError: command 2: /)
  })
  test('a boundary is put behind a Content-Type of multipart', () => {
    const { first, body } = read("curl http://a/ -H 'Content-Type: multipart/form-data' -F a=b")
    const boundary = /boundary=(.*)$/.exec(value(first, 'content-type'))[1]
    assert.ok(body.endsWith(`--${boundary}--\r\n`))
    assert.equal(first.headers.filter(([name]) => name === 'Content-Type').length, 1)
  })
  test('where it goes is not what Host says, and credentials go there', () => {
    const { first } = read("curl http://u:p@127.0.0.1:8001/ -H 'Host: shop.example'")
    assert.deepEqual([first.origin, value(first, 'host')], ['http://127.0.0.1:8001', 'shop.example'])
    for (const format of ['json', 'har', 'curl', 'http']) {
      const [again] = readMessages(format, writeMessages(format, [first]))
      assert.deepEqual(
        [again.origin, value(again, 'host')],
        ['http://127.0.0.1:8001', 'shop.example'],
        format,
      )
    }
    const notes = []
    writeMessages('raw', [first], { note: (said) => notes.push(said) })
    assert.match(notes[0], /goes to http:\/\/127\.0\.0\.1:8001/)
  })
  test('what printf and echo pipe into it is its body', () => {
    assert.equal(read("printf 'a\\000%%\\n' | curl http://a/ --data-binary @-").body, 'a\0%\n')
    assert.equal(read('echo hello | curl http://a/ -d @-').body, 'hello')
    assert.throws(() => read('cat x | curl http://a/ -d @-', { format: 'curl' }), /the shell's/)
  })
})

test('a user in a URL is sent, unless a header says otherwise', () => {
  const basic = `Basic ${Buffer.from('u:p@').toString('base64')}`
  for (const text of ['GET http://u:p%40@a/', '{"url": "http://u:p%40@a/"}', 'curl http://u:p%40@a/']) {
    assert.equal(value(read(text).first, 'authorization'), basic, text)
  }
  assert.equal(value(read("curl http://u:p@a/ -H 'Authorization:'").first, 'authorization'), undefined)
  assert.equal(value(read('GET http://u:p@a/\nAuthorization: x y z\n').first, 'authorization'), 'x y z')
})

test('Invoke-WebRequest, as developer tools copy it', () => {
  const { first, body } = read(
    '$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "M"\n$session.Cookies.Add((New-Object System.Net.Cookie("a", "1", "/", "h")))\nInvoke-WebRequest -UseBasicParsing -Uri "https://h/x?a=`$1" `\n-Method "POST" `\n-WebSession $session `\n-Headers @{\n"authority"="h"\n  "accept"="*/*"\n} `\n-ContentType "a/b" `\n-Body "{`"a`":1}"',
  )
  assert.deepEqual([first.method, first.target, first.scheme, body], ['POST', '/x?a=$1', 'https', '{"a":1}'])
  assert.deepEqual(first.headers, [
    ['Host', 'h'],
    ['accept', '*/*'],
    ['User-Agent', 'M'],
    ['Cookie', 'a=1'],
    ['Content-Type', 'a/b'],
  ])
})

describe('.http files, as editors write them', () => {
  const type = (name, body) => `POST http://a/\nContent-Type: ${name}\n\n${body}`
  for (const [text, body] of [
    [
      type('multipart/form-data; boundary=B', '--B\nContent-Disposition: form-data; name="a"\n\n1\n--B--\n'),
      '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B--\r\n',
    ],
    [type('application/x-www-form-urlencoded', 'a=1\n&b=2\n  &c=3\n'), 'a=1&b=2&c=3'],
    [type('a/b', 'x\n\n<> 2024-01-01.json\n'), 'x'],
    [type('a/b', 'x\n> {%\n client.log(1)\n%}\n'), 'x'],
    [type('a/b', '{{$guid}}').replace('{{$guid}}', '{{v}}{{w}}').replace('POST', '@w=2\nPOST'), '12'],
  ]) {
    test(JSON.stringify(text), () =>
      assert.equal(read(text, { format: 'http', options: { variables: { v: '1' } } }).body, body),
    )
  }
  test('credentials are encoded, methods may be of lower case, queries go on', () => {
    const { first } = read('get http://a/b\n?c=1\n&d=2\nAuthorization: Basic user pass word\n')
    assert.deepEqual([first.method, first.target], ['GET', '/b?c=1&d=2'])
    assert.equal(value(first, 'authorization'), `Basic ${Buffer.from('user:pass word').toString('base64')}`)
    assert.match(read('GET http://a/{{$guid}}/{{$timestamp}}').first.target, /^\/[0-9a-f-]{36}\/\d{10}$/)
  })
  test('what is no plain request is refused by name, with its place, and can be passed over', () => {
    const file =
      'GET http://a/1\n\n###\nWEBSOCKET ws://a/\n\n###\nGET http://a/{{none}}\n\n###\nGET http://a/4\n'
    assert.throws(() => read(file), /^ConversionError: request 2: line 4: WEBSOCKET/)
    const { messages, notes } = read(file, { options: { skipInvalid: true } })
    assert.deepEqual(
      messages.map(({ target }) => target),
      ['/1', '/4'],
    )
    assert.deepEqual(
      notes.map((note) => note.slice(0, 9)),
      ['request 2', 'request 3'],
    )
    assert.deepEqual(
      read(file, { options: { only: 4 } }).messages.map(({ target }) => target),
      ['/4'],
    )
    assert.throws(() => read(file, { options: { only: 5 } }), /there are 4/)
    assert.throws(() => read('GRAPHQL http://a/'), /GRAPHQL/)
  })
})

describe('HARs', () => {
  const entry = (request, response, more = {}) => ({
    request: { method: 'GET', url: 'http://a/', httpVersion: 'HTTP/1.1', headers: [], ...request },
    response: {
      status: 200,
      statusText: 'OK',
      httpVersion: 'HTTP/1.1',
      headers: [],
      content: { size: 0 },
      ...response,
    },
    ...more,
  })
  const har = (...entries) => JSON.stringify({ log: { version: '1.2', entries } })
  test('a body that is not recorded is told, and has no length', () => {
    const { messages, notes } = read(
      har(entry({}, { content: { size: 77300 }, headers: [{ name: 'Content-Length', value: '77300' }] })),
    )
    assert.match(notes[0], /entry 0: the body of the response, 77300 bytes, was not recorded/)
    assert.equal(messages[1].unrecorded, 77300)
    const told = []
    const raw = writeMessages('raw', messages, {
      kind: 'response',
      note: (said) => told.push(said),
    }).toString()
    assert.equal(raw, 'HTTP/1.1 200 OK\r\n\r\n')
    assert.match(told.join(), /body/)
    for (const format of ['json', 'har'])
      assert.equal(readMessages(format, writeMessages(format, messages))[1].unrecorded, 77300)
  })
  test('an answer whose body is not recorded is not put before another, which would be read as its body', () => {
    const none = entry({}, { content: { size: -1 } })
    const { messages } = read(har(none, entry({}, { content: { size: 2, text: 'ok' } }), none))
    const notes = []
    const raw = writeMessages('raw', messages, {
      kind: 'response',
      note: (said) => notes.push(said),
    }).toString()
    assert.equal(raw, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n')
    assert.match(notes.join('\n'), /^response 1 is left out[^\n]*\nresponse 3: its body/)
  })
  test('coded bodies are written decoded, and never without their label', () => {
    const plain = Buffer.from('hello '.repeat(20))
    for (const [coding, body] of [
      ['gzip', zlib.gzipSync(plain)],
      ['br', zlib.brotliCompressSync(plain)],
      ['deflate', zlib.deflateSync(plain)],
      ['zstd', Buffer.from('(\xb5/\xfd no zstd', 'latin1')],
    ]) {
      const message = {
        kind: 'response',
        status: 200,
        reason: 'OK',
        version: '1.1',
        headers: [['Content-Encoding', coding]],
        body,
        trailers: [],
      }
      const written = writeMessages('har', [message])
      const [again] = readMessages('har', written)
      if (coding === 'zstd')
        assert.deepEqual([value(again, 'content-encoding'), Buffer.from(again.body)], ['zstd', body])
      else assert.deepEqual([value(again, 'content-encoding'), Buffer.from(again.body)], [undefined, plain])
    }
    const kept = entry(
      {},
      {
        headers: [{ name: 'content-encoding', value: 'gzip' }],
        content: { size: 9, text: zlib.gzipSync(plain).toString('base64'), encoding: 'base64' },
      },
    )
    assert.equal(value(read(har(kept)).messages[1], 'content-encoding'), 'gzip')
  })
  test('params without text are encoded', () => {
    const params = [{ name: 'a b', value: 'c&d=\u00e9' }]
    const form = read(
      har(entry({ method: 'POST', postData: { mimeType: 'application/x-www-form-urlencoded', params } })),
    )
    assert.equal(form.body, 'a+b=c%26d%3D%C3%A9')
    const parts = read(
      har(
        entry({
          method: 'POST',
          postData: {
            mimeType: 'multipart/form-data; boundary=B',
            params: [{ name: 'f', value: '1', fileName: 'x', contentType: 'a/b' }],
          },
        }),
      ),
    )
    assert.equal(
      parts.body,
      '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\nContent-Type: a/b\r\n\r\n1\r\n--B--\r\n',
    )
  })
  test('what HTTP/2 has not, and what is no HTTP, is left out with a word', () => {
    const two = entry({
      httpVersion: 'HTTP/2',
      headers: [
        { name: 'Host', value: 'a' },
        { name: 'Connection', value: 'keep-alive' },
        { name: 'TE', value: 'trailers' },
      ],
    })
    const { messages, notes } = read(
      har(two, ...['data:,x', 'blob:http://a/1', 'wss://a/'].map((url) => entry({ url }))),
    )
    assert.deepEqual(messages[0].headers, [['Host', 'a']])
    assert.match(notes.join('\n'), /Connection, TE: left out/)
    assert.match(notes.join('\n'), /entry 1: .*data:[\s\S]*entry 2: .*blob:[\s\S]*entry 3: .*wss:/)
    assert.equal(messages.length, 2)
  })
  test('one request alone, and where it goes beside its Host', () => {
    const { first } = read(
      JSON.stringify(
        entry({ url: 'http://127.0.0.1:81/<"?x', headers: [{ name: 'Host', value: 'shop' }] }).request,
      ),
    )
    assert.deepEqual(
      [first.target, first.origin, value(first, 'host')],
      ['/<"?x', 'http://127.0.0.1:81', 'shop'],
    )
  })
  test('text may be UTF-16, or have a byte-order mark', () => {
    const text = har(entry({ url: 'http://a/\u00e9' }))
    for (const octets of [
      Buffer.from(`\ufeff${text}`),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      Buffer.from(text, 'utf16le'),
    ]) {
      assert.equal(formatOf(octets), 'har')
      assert.equal(readMessages('har', octets)[0].target, '/%C3%A9')
    }
  })
})

describe('bytes in hexadecimal', () => {
  const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const pairs = Buffer.from(GET).toString('hex').match(/../g)
  const words = Buffer.from(GET)
    .toString('hex')
    .match(/.{1,4}/g)
  const rows = (offset, sep) =>
    [pairs.slice(0, 16), pairs.slice(16)].map((row, at) => `${offset(at)}${sep}${row.join(' ')}`).join('\n')
  for (const [name, text] of [
    ['spaced pairs', pairs.join(' ')],
    ['a list', pairs.map((pair) => `0x${pair}`).join(', ')],
    ['escapes', pairs.map((pair) => `\\x${pair}`).join('')],
    ['a Buffer', `<Buffer ${pairs.join(' ')}>`],
    ['bytes of Python', "b'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'"],
    [
      'xxd -i',
      `unsigned char a[] = {\n  ${pairs.map((pair) => `0x${pair}`).join(', ')}\n};\nunsigned int a_len = ${pairs.length};\n`,
    ],
    ['Sublime Text', `${words.slice(0, 8).join(' ')}\n${words.slice(8).join(' ')}\n`],
    ['od -A d', `${rows((at) => (at === 0 ? '0000000' : '0000016'), ' ')}\n00000${pairs.length}\n`],
    ['a Uint8Array', `new Uint8Array([${pairs.map((pair) => `0x${pair}`).join(', ')}])`],
  ]) {
    test(name, () => {
      const format = formatOf(text)
      assert.ok(['hex', 'c', 'js', 'rust'].includes(format), format)
      assert.equal(Buffer.from(unwrap(format, text)).toString(), GET)
    })
  }
  test('two directions, as Wireshark and tcpdump write them', () => {
    const dump = (bytes, indent) => `${indent}00000000  ${bytes.toString('hex').match(/../g).join(' ')}\n`
    const answer = Buffer.from('HTTP/1.1 204 x\r\n')
    const end = '    00000010  0d 0a                                               ..\n'
    const ask = `${dump(Buffer.from(GET.slice(0, 16)), '')}00000010  ${pairs.slice(16).join(' ')}\n`
    const { messages } = read(`${ask}${dump(answer, '    ')}${end}`)
    assert.deepEqual(
      messages.map(({ kind, status }) => status ?? kind),
      ['request', 204],
    )
    const packet = (from, text) => {
      const head = Buffer.alloc(40)
      head[0] = 0x45
      head.writeUInt16BE(40 + text.length, 2)
      head[9] = 6
      head[15] = from
      head[32] = 0x50
      const hex = Buffer.concat([head, Buffer.from(text)]).toString('hex')
      return `12:00:00.000000 IP a > b: tcp\n${hex
        .match(/.{1,32}/g)
        .map(
          (row, at) =>
            `\t0x${(at * 16).toString(16).padStart(4, '0')}:  ${row.match(/.{1,4}/g).join(' ')}  text\n`,
        )
        .join('')}`
    }
    const both = read(packet(1, GET) + packet(2, 'HTTP/1.1 204 x\r\n\r\n'), { format: 'hex' })
    assert.deepEqual(
      both.messages.map(({ kind, status }) => status ?? kind),
      ['request', 204],
    )
  })
})

describe("what curl's -v and --trace say", () => {
  const block = (head, text) =>
    `${head}, ${text.length} bytes (0x${text.length.toString(16)})\n${Buffer.from(text)
      .toString('hex')
      .match(/.{1,32}/g)
      .map((row, at) => `${(at * 16).toString(16).padStart(4, '0')}: ${row.match(/../g).join(' ')} .\n`)
      .join('')}`
  const GET = 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n'
  const trace = [
    block(
      '=> Send header',
      'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n',
    ),
    block('<= Recv header', 'HTTP/1.1 100 Continue\r\n'),
    block('=> Send data', 'ok'),
    block('<= Recv header', 'HTTP/1.1 200 OK\r\n'),
    block('<= Recv header', '\r\n'),
    block('<= Recv data', 'until close'),
    '== Info: Closing connection 0\n',
    block('=> Send header', GET),
    block('<= Recv header', 'HTTP/1.1 204 x\r\n'),
    block('<= Recv header', '\r\n'),
  ].join('')
  test('several connections, a 100 without its empty line, indented', () => {
    for (const text of [trace, trace.replace(/^(?=.)/gm, '    ')]) {
      const { messages } = read(text)
      assert.deepEqual(
        messages.map(({ method, status }) => method ?? status),
        ['POST', 100, 200, 'GET', 204],
      )
      assert.equal(Buffer.from(messages[2].body).toString(), 'until close')
    }
  })
  test('--trace-ascii', () => {
    const { first } = read('=> Send header, 28 bytes (0x1c)\n0000: GET /1 HTTP/1.1\n0011: Host: a\n001a: \n')
    assert.deepEqual([first.method, first.target], ['GET', '/1'])
  })
  test('-v, also behind a meter of progress', () => {
    assert.equal(formatOf('  % Total\n  0     0\r* Trying\n> GET / HTTP/1.1\n> Host: a\n> \n'), 'curl-trace')
    const { messages } = read(
      '*   Trying 1.2.3.4:80...\n> GET /1 HTTP/1.1\n> Host: a\n> \n< HTTP/1.1 200 OK\n< Content-Length: 5\n< \n{ [5 bytes data]\n* Connection #0\n',
    )
    assert.deepEqual(
      messages.map(({ method, status }) => method ?? status),
      ['GET', 200],
    )
    assert.equal(messages[1].unrecorded, 5)
  })
})

describe('what other tools save', () => {
  test('items of Burp', () => {
    const item = `<?xml version="1.0"?><items><item><url><![CDATA[https://h:8443/x]]></url><request base64="true"><![CDATA[${Buffer.from('GET /x HTTP/1.1\r\nHost: other\r\n\r\n').toString('base64')}]]></request><response base64="true"><![CDATA[${Buffer.from('HTTP/1.1 200 OK\r\n\r\nall').toString('base64')}]]></response></item></items>`
    const { messages, first } = read(item)
    assert.deepEqual([first.target, first.scheme, first.origin], ['/x', 'https', 'https://h:8443'])
    assert.equal(Buffer.from(messages[1].body).toString(), 'all')
  })
  test('records of WARC', () => {
    const record = (type, text) =>
      `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: https://h/x\r\nContent-Type: application/http;msgtype=${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}\r\n\r\n`
    const { messages, first } = read(
      `${record('warcinfo', 'x')}${record('request', 'GET /x HTTP/1.1\r\nHost: h\r\n\r\n')}${record('response', 'HTTP/1.1 200 OK\r\n\r\nall')}`,
    )
    assert.deepEqual(
      [first.scheme, first.origin, Buffer.from(messages[1].body).toString()],
      ['https', undefined, 'all'],
    )
  })
  test('collections of Postman', () => {
    const collection = {
      info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      variable: [{ key: 'base', value: 'http://h' }],
      item: [
        {
          name: 'folder',
          item: [
            {
              name: 'one',
              request: {
                method: 'POST',
                url: { raw: '{{base}}/:id', variable: [{ key: 'id', value: '7' }] },
                header: [{ key: 'A', value: 'b' }],
                body: { mode: 'urlencoded', urlencoded: [{ key: 'a b', value: '1' }] },
              },
            },
          ],
        },
      ],
    }
    const { first, body } = read(JSON.stringify(collection))
    assert.deepEqual([first.method, first.target, body], ['POST', '/7', 'a%20b=1'])
  })
})
