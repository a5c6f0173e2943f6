// `h1wire convert`: every format there and back, what is lost said, what would be wrong refused.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parseRequest, parseResponse } from 'h1wire'
import { run } from './captured.mjs'
import { BACKENDS, CLI, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-convert-'))
after(() => rmSync(folder, { recursive: true }))

const FORM = 'name=J%C3%B6rg&x=1'
const REQUESTS = {
  'a GET':
    'GET /a?b=c&b=d HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\nUser-Agent: x/1 "q" \'s\'\r\n\r\n',
  'a form': `POST /form HTTP/1.1\r\nHost: example.org\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${FORM.length}\r\n\r\n${FORM}`,
  'a body of lines': post('{\n  "a": "\u00e9\u20ac$`\\\\ \'"\n}', 'application/json'),
  'a body that is no text': post(Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0x27, 0x25, 0x5c]), 'a/b'),
  'fields that repeat': 'GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\n__proto__: 3\r\n7: 8\r\n\r\n',
  HEAD: 'HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n',
}
/** What a format cannot hold, beside what all can. */
const REFUSED = {
  http: ['a body that is no text'],
}

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }
  const convert = (args, input) => h1wire(['convert', ...args], { input, env })

  describe(`there and back, ${backend}`, () => {
    for (const format of ['hex', 'json', 'har', 'curl', 'http', 'fetch']) {
      test(format, async () => {
        for (const [name, request] of Object.entries(REQUESTS)) {
          const octets = Buffer.from(request, 'latin1')
          const there = await convert(['--to', format], octets)
          if (REFUSED[format]?.includes(name)) {
            assert.deepEqual([there.status, there.stdout], [1, ''], name)
            continue
          }
          assert.equal(there.status, 0, there.stderr)
          const back = await convert(['--to', 'raw'], there.octets)
          assert.equal(back.status, 0, `${name}: ${back.stderr}\n${there.stdout}`)
          if (format === 'hex') assert.deepEqual(back.octets, octets)
          assert.deepEqual(meaning(back.octets), meaning(octets), `${name}:\n${there.stdout}`)
        }
      })
    }
  })
}

test('json and har keep order and case of fields; json also versions and trailers', async () => {
  const response = 'HTTP/1.0 404 No Such\r\nContent-Type: a/b\r\nb: 1\r\nB: 2\r\ncontent-length: 2\r\n\r\nno'
  const there = await h1wire(['convert', '-t', 'json'], { input: response })
  const back = await h1wire(['convert', '-t', 'raw'], { input: there.octets })
  assert.equal(back.stdout, response)

  const chunked =
    'GET /1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n'
  const json = await h1wire(['convert', '-t', 'json'], { input: chunked })
  assert.deepEqual(JSON.parse(json.stdout).trailers, [['X-Sum', '1']])
  const again = await h1wire(['convert', '-t', 'raw'], { input: json.octets })
  assert.equal(again.stdout, chunked.replace(';x', ''))
})

test('requests and responses from two files are paired, and HEAD tells how to read its answer', async () => {
  const requests = join(folder, 'requests')
  const responses = join(folder, 'responses')
  writeFileSync(requests, 'HEAD /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n')
  writeFileSync(
    responses,
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok',
  )
  const { status, stdout, stderr } = await h1wire(['convert', '--to', 'har', '--https', requests, responses])
  assert.equal(status, 0, stderr)
  assert.match(stderr, /^h1wire: 1xx responses are left out/)
  const { entries } = JSON.parse(stdout).log
  assert.deepEqual(
    entries.map(({ request, response }) => [
      request.method,
      request.url,
      response.status,
      response.content.text,
    ]),
    [
      ['HEAD', 'https://h/1', 200, undefined],
      ['GET', 'https://h/2', 201, 'ok'],
    ],
  )
  const har = join(folder, 'pairs.har')
  writeFileSync(har, stdout)
  const mixed = await h1wire(['convert', '--to', 'raw', har])
  assert.equal(mixed.status, 1)
  assert.match(mixed.stderr, /say --request or --response/)
  const only = await h1wire(['convert', '--to', 'raw', '--response', har])
  assert.equal(
    only.stdout,
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok',
  )
})

test('raw and hex pass any octets on; anything else is read strictly', async () => {
  const broken = Buffer.from('GET  / HTTP/1.1\nHost : x\n\n\xff', 'latin1')
  const hex = await h1wire(['convert', '--to', 'hex'], { input: broken })
  const back = await h1wire(['convert', '--to', 'raw'], { input: hex.octets })
  assert.deepEqual([back.status, back.octets], [0, broken])
  const json = await h1wire(['convert', '--to', 'json'], { input: 'GET / HTTP/1.1\nHost: x\n\n' })
  assert.deepEqual([json.status, json.stdout], [1, ''])
  assert.match(json.stderr, /^h1wire: H1_LONE_LF: .* at byte 14/)
})

test('raw to hex goes piece by piece, however it is cut, in constant memory', async () => {
  const octets = Buffer.from(Array.from({ length: 5_000 }, (_none, index) => index % 251))
  const whole = await h1wire(['convert', '--from', 'raw', '--to', 'hex'], { input: octets })
  const cut = [octets.subarray(0, 4_099), octets.subarray(4_099, 4_100), octets.subarray(4_100)]
  const pieces = await h1wire(['convert', '--from', 'raw', '--to', 'hex'], { input: cut })
  assert.equal(whole.stdout.split('\n').length, Math.ceil(5_000 / 16) + 1)
  assert.equal(pieces.stdout, whole.stdout)

  const file = join(folder, 'large')
  writeFileSync(file, '')
  const program = `
    process.argv = [process.argv[0], '', 'convert', '--from', 'raw', '--to', 'hex', ${JSON.stringify(file)}]
    process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))
    require(${JSON.stringify(CLI)})`
  const peak = async (megabytes) => {
    truncateSync(file, megabytes * 2 ** 20)
    const { status, stderr } = await run('/bin/sh', [
      '-c',
      '"$0" -e "$1" > /dev/null',
      process.execPath,
      program,
    ])
    assert.equal(status, 0)
    return Number(stderr)
  }
  const [short, long] = [await peak(1), await peak(40)]
  assert.ok(long - short < 96 * 1024, `${short} KiB for 1 MiB, ${long} KiB for 40 MiB`)
})

describe('HAR as developer tools write it', () => {
  const devtools = new URL('captures/devtools.har', import.meta.url).pathname
  const convert = (...args) => h1wire(['convert', devtools, ...args])

  test('requests', async () => {
    const { status, stdout, stderr } = await convert('--to', 'json', '--request')
    assert.equal(status, 0, stderr)
    assert.match(stderr, /^h1wire: entry 0: the message was of HTTP\/2 or 3/m)
    assert.match(stderr, /^h1wire: entry 0: http\/2\.0 is written as HTTP\/1\.1/m)
    const requests = JSON.parse(stdout).filter(({ method }) => method)
    assert.deepEqual(
      requests.map(({ method, scheme, target }) => [method, scheme, target]),
      [
        ['GET', 'https', '/?q=1'],
        ['POST', 'https', '/form'],
        ['GET', 'http', '/pixel.png'],
        ['GET', 'http', '/gone'],
      ],
    )
    assert.deepEqual(requests[0].headers, [
      ['Host', 'example.org'],
      ['accept', 'text/html'],
      ['cookie', 'a=1; b=2'],
    ])
    assert.deepEqual(requests[1].headers.at(-1), ['content-length', '14'])
    assert.equal(requests[1].body, 'name=J%C3%B6rg')
  })

  test('responses: bodies are decoded, and framed anew', async () => {
    const { status, octets } = await convert('--to', 'raw', '--response')
    assert.equal(status, 0)
    const page = parseResponse(octets)
    assert.equal(page.body.toString(), '<p>gr\u00fc\u00df</p>')
    assert.equal(page.headers.has('content-encoding'), false)
    assert.equal(page.headers.get('content-length'), '13')
    assert.deepEqual(page.headers.getSetCookie(), ['s=1; Path=/', 't=2'])
    const seeOther = parseResponse(page.rest)
    assert.deepEqual([seeOther.status, seeOther.body.length], [303, 0])
    const pixel = parseResponse(seeOther.rest)
    assert.deepEqual(pixel.body.subarray(0, 4), Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    assert.equal(pixel.rest.length, 0, 'the request that failed has no response')
  })
})

test('the HAR that is written has every member that HAR 1.2 demands, of its type', async () => {
  const requests = join(folder, 'har-requests')
  const responses = join(folder, 'har-responses')
  writeFileSync(requests, `${REQUESTS['a form']}GET /a?b=c HTTP/1.1\r\nHost: h\r\nCookie: a=1; b=2\r\n\r\n`)
  writeFileSync(
    responses,
    'HTTP/1.1 302 Found\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\nLocation: /x\r\nSet-Cookie: s=1; Path=/\r\nContent-Length: 2\r\n\r\n\xff\x00',
    'latin1',
  )
  const { status, stdout } = await h1wire(['convert', '-t', 'har', requests, responses])
  assert.equal(status, 0)
  const { log } = JSON.parse(stdout)
  demand(log, { version: 'string', creator: 'object', entries: 'array' }, 'log')
  demand(log.creator, { name: 'string', version: 'string' }, 'creator')
  assert.equal(log.version, '1.2')
  for (const entry of log.entries) {
    demand(
      entry,
      {
        startedDateTime: 'string',
        time: 'number',
        request: 'object',
        response: 'object',
        cache: 'object',
        timings: 'object',
      },
      'entry',
    )
    demand(entry.timings, { send: 'number', wait: 'number', receive: 'number' }, 'timings')
    const common = {
      httpVersion: 'string',
      cookies: 'array',
      headers: 'array',
      headersSize: 'number',
      bodySize: 'number',
    }
    demand(entry.request, { method: 'string', url: 'string', queryString: 'array', ...common }, 'request')
    demand(
      entry.response,
      { status: 'number', statusText: 'string', content: 'object', redirectURL: 'string', ...common },
      'response',
    )
    demand(entry.response.content, { size: 'number', mimeType: 'string' }, 'content')
    const pairs = [entry.request, entry.response].flatMap(({ headers, cookies }) => [...headers, ...cookies])
    for (const pair of [...pairs, ...entry.request.queryString]) {
      demand(pair, { name: 'string', value: 'string' }, 'pair')
    }
  }
  const [form, get] = log.entries
  assert.equal(form.startedDateTime, '1994-11-15T08:12:31.000Z')
  assert.deepEqual(form.request.postData, { mimeType: 'application/x-www-form-urlencoded', text: FORM })
  assert.deepEqual(form.response.content, {
    size: 2,
    mimeType: 'x-unknown',
    text: '/wA=',
    encoding: 'base64',
  })
  assert.deepEqual(form.response.cookies, [{ name: 's', value: '1' }])
  assert.equal(form.request.headersSize + form.request.bodySize, REQUESTS['a form'].length)
  assert.deepEqual(get.request.cookies, [
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
  ])
  assert.equal(get.response.status, 0)
})

test('.http files: variables, comments, queries over lines, several requests', async () => {
  const file = join(folder, 'api.http')
  writeFileSync(
    file,
    `# an example
@host = http://localhost:3000
@path = {{host}}/v1

### first
# @name first
GET {{path}}/list
  ?a=1
  &b=2 HTTP/1.1
Accept: application/json
// a comment
X-Name: Jörg

### second
@token=s3cret
POST {{ path }}/add HTTP/1.1
Authorization: Bearer {{token}}
Content-Type: application/json

{
  "a": 1
}

###
`,
  )
  const { status, stdout } = await h1wire(['convert', '--to', 'json', file])
  assert.equal(status, 0)
  const [first, second, ...others] = JSON.parse(stdout)
  assert.deepEqual(others, [])
  assert.deepEqual([first.method, first.target], ['GET', '/v1/list?a=1&b=2'])
  assert.deepEqual(first.headers, [
    ['Host', 'localhost:3000'],
    ['Accept', 'application/json'],
    ['X-Name', Buffer.from('Jörg').toString('latin1')],
  ])
  assert.deepEqual([second.method, second.target, second.body], ['POST', '/v1/add', '{\n  "a": 1\n}'])
  assert.deepEqual(second.headers[1], ['Authorization', 'Bearer s3cret'])
})

test('fetch as developer tools copy it', async () => {
  const source = readFileSync(new URL('captures/devtools-fetch.txt', import.meta.url))
  const { status, stdout, stderr } = await h1wire(['convert', '--to', 'json'], { input: source })
  assert.equal(status, 0, stderr)
  assert.match(stderr, /^h1wire: referrerPolicy, mode, credentials: left out/m)
  const [first, second] = JSON.parse(stdout)
  assert.deepEqual(first, {
    method: 'POST',
    target: '/api?x=%20',
    scheme: 'https',
    version: '1.1',
    headers: [
      ['Host', 'example.org'],
      ['accept', '*/*'],
      ['content-type', 'application/json'],
      ['sec-ch-ua', '"Chromium";v="140", "Not=A?Brand";v="24"'],
      ['Referer', 'https://example.org/'],
    ],
    body: '{"a":"\u00e9\\n"}',
  })
  assert.deepEqual([second.method, second.target], ['GET', '/plain'])
})

const REFUSALS = [
  ['curl', 'curl "http://h/$HOME"', /would be filled in by the shell/],
  ['curl', 'curl http://h/ | sh', /'\|' at byte 15 is the shell's/],
  ['curl', 'curl http://h/ -d @/etc/passwd', /names a file, and no file is read/],
  ['curl', 'curl http://h/ -F a=@x', /names a file/],
  ['curl', 'curl http://h/ -b jar', /names a file/],
  ['curl', 'curl http://h/ --aws-sigv4 x', /curl's option --aws-sigv4 is not read here/],
  ['curl', "curl 'http://h/{a,b}'", /curl would expand the brackets/],
  ['curl', "curl 'http://h/", /the quote at byte 5 is not closed/],
  ['curl', 'curl -X', /option -X has no value/],
  ['curl', 'curl -s', /has no URL/],
  ['curl', "curl http://h/ -H $'A: b\\nC: d'", /^h1wire: H1_FIELD_VALUE/],
  ['fetch', 'fetch(process.env.URL)', /only literal values are read/],
  ['fetch', 'fetch(`http://h/\x24{x}`)', /placeholder would be evaluated/],
  ['fetch', 'fetch("http://h/", { method: "POST", body: f() })', /only literal values/],
  ['fetch', 'fetch("http://h/", { duplex: "half" })', /fetch has no option 'duplex'/],
  ['fetch', 'fetch("http://h/"); alert(1)', /'fetch' is expected at character 20/],
  ['http', 'GET http://h/{{nothing}}', /line 1: there is no variable 'nothing'/],
  ['http', 'POST http://h/\n\n< ./secret', /line 3: files and scripts are not read/],
  ['http', 'GET http://h/\nno colon', /line 2: a field line has a colon/],
  ['har', '{"log": {}}', /has an array log.entries/],
  ['har', '{"log": {"entries": [{"request": {"method": "GET", "url": "ftp://h"}}]}}', /entry 0: 'ftp:\/\/h'/],
  ['json', '{"method": "GET", "target": "/", "hedaers": []}', /no member "hedaers"/],
  ['json', '[{"target": "/"}, {"method": "GET"}]', /message 1: a request has either/],
  ['json', '{', /^h1wire: this is no JSON/],
  ['hex', '00000000: 4745\n00000009: 41\n', /line 2: offset 00000009 does not follow: 2 bytes have come/],
  ['hex', '00000000: 4745\nand so on\n', /line 2: this is no line of a hex dump/],
  ['curl-trace', '=> Send header, 4 bytes (0x4)\n0000: GET \n', /the head|H1_/],
  ['curl-trace', '=> Send header, 4 bytes (0x4)\n0000: 47 45 54             GET\n', /line 2 .*|1 bytes/],
]
/** Requests that read otherwise once written: what they are written as, and what is said. */
const UNWRITABLE = [
  ['http', 'GET / HTTP/1.1\r\nHost: h\r\n#X: 1\r\n\r\n', /'#X: 1' cannot be written in a \.http file/],
  ['http', 'GET / HTTP/1.1\r\nHost: h\r\nX: {{a}}\r\n\r\n', /'X: \{\{a\}\}' cannot be written/],
  ['http', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nx\n', /the body cannot be written/],
  ['http', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\na\n### b\n', /the body cannot be written/],
  ['http', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n< ./f', /the body cannot be written/],
  ['http', 'GET / HTTP/1.1\r\nHost: h\r\nX: \xff\r\n\r\n', /X is not UTF-8/],
  ['fetch', 'GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx', /fetch sends no body with GET/],
  ['har', 'HTTP/1.1 103 Early Hints\r\n\r\n', /the input has none/],
]
for (const [to, request, message] of UNWRITABLE) {
  test(`refused as ${to}: ${JSON.stringify(request)}`, async () => {
    const input = Buffer.from(request, 'latin1')
    const { status, stdout, stderr } = await h1wire(['convert', '--to', to], { input })
    assert.deepEqual([status, stdout], [1, ''], stderr)
    assert.match(stderr, message)
  })
}

for (const [from, input, message] of REFUSALS) {
  test(`refused: ${input.split('\n').join(' ')}`, async () => {
    const { status, stdout, stderr } = await h1wire(['convert', '--from', from, '--to', 'raw'], { input })
    assert.deepEqual([status, stdout], [1, ''], stderr)
    assert.match(stderr, message)
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
  })
}

function post(body, type) {
  const octets = Buffer.from(body)
  const head = `POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: ${type}\r\nContent-Length: ${octets.length}\r\n\r\n`
  return head + octets.toString('latin1')
}

/** All that a request says, but the order of its fields and how it is framed. */
function meaning(octets) {
  const { method, target, version, headers, body, rest } = parseRequest(octets)
  const fields = [...headers]
    .filter(([name]) => !['content-length', 'transfer-encoding'].includes(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort()
  return { method, target, version, fields, body: body.toString('latin1'), rest: rest.length }
}

function demand(object, members, where) {
  for (const [name, type] of Object.entries(members)) {
    const found = Array.isArray(object[name]) ? 'array' : typeof object[name]
    assert.equal(found, type, `${where}.${name}`)
  }
}
