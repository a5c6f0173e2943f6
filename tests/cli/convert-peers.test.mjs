// `h1wire convert` against the tools whose formats it reads and writes: curl, xxd, hexdump, od, and fetch of Node.js.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parseRequest } from 'h1wire'
import { which } from '../../npm/scripts/lib/run.mjs'
import { missing } from '../js/peers/missing.js'
import { captured, run } from './captured.mjs'
import { h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-peers-'))
after(() => rmSync(folder, { recursive: true }))

/** Behind the program's name; URL is the server's. */
const CURL = [
  'URL/a?b=c',
  "-X DELETE 'URL/a/../b'",
  "-d a=1 -d 'b=2&c=3' URL -H 'X-A:  1 ' -H 'x-a: 2' -H 'X-Empty;' -H 'Accept:'",
  "-sSL --compressed -u 'user:pass' -b 'a=1; b=2' -e http://from/ URL",
  `--json '{"a": "\\"q\\""}' URL`,
  "-G -d a=1 --data-urlencode 'b=c d/é&' --data-urlencode '=x y' 'URL/?z'",
  '-I URL/head',
  "-XPUT --data-raw '@no file' -H 'Content-Type: text/plain' -H 'Host: other.example' URL",
  "-0 --data-binary $'line\\r\\n\\tcaf\\u00e9 \\xc3\\xa9 \\'quoted\\'' URL",
  "-H 'Transfer-Encoding: chunked' -d chunked URL",
  '-F a=1 -F \'b="two; words";type=text/plain\' URL',
  '-X OPTIONS --request-target "*" URL',
  `-H "Quote: it's \\"so\\"" \\
    URL`,
]

test('a curl command is read as what curl sends, but its User-Agent', async (t) => {
  const [curl, bash] = [which('curl'), which('bash')]
  if (!curl || !bash) return missing(t, 'curl or bash')
  for (const words of CURL) {
    let command
    const { octets, result } = await captured((origin) => {
      command = `curl ${words.replaceAll('URL', origin)}`
      return run(bash, ['-c', `${command} -q --noproxy '*' -sS`])
    })
    assert.equal(result.status, 0, result.stderr)
    const read = await h1wire(['convert', '--from', 'curl', '--to', 'raw'], { input: command })
    assert.equal(read.status, 0, `${command}: ${read.stderr}`)
    assert.equal(plain(read.octets), plain(octets), command)
  }
})

/** Without what cannot be known, curl's version and the boundary it makes up, and whitespace around values. */
function plain(octets) {
  const text = octets
    .toString('latin1')
    .replace(/%[0-9a-f]{2}/gi, (octet) => octet.toUpperCase())
    .replace(/User-Agent: curl\/.*\r\n/, '')
    .replace(/^(X-[\w-]+): *(.*?) *\r$/gim, '$1: $2\r')
  const boundary = /boundary=(\S+)/.exec(text)?.[1]
  return boundary === undefined
    ? text
    : text.replaceAll(boundary, 'BOUNDARY').replace(/Content-Length: \d+/, '')
}

const SENT = [
  'GET /a?b=c HTTP/1.1\r\nHost: HOST\r\n\r\n',
  'GET /a/../b/[1]{2} HTTP/1.1\r\nHost: HOST\r\nX: it\'s "so" $HOME `x` \\ !\r\nX: caf\xe9\r\nEmpty: \r\n\r\n',
  'POST / HTTP/1.1\r\nHost: other.example\r\nContent-Length: 3\r\n\r\na=b',
  'POST /e HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n',
  'PUT /b HTTP/1.1\r\nHost: HOST\r\nContent-Type: a/b\r\nContent-Length: 9\r\n\r\n\x00%s\\\'"\n\r\xff',
  'DELETE / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: own\r\nAccept: a/b\r\nContent-Length: 5\r\n\r\n@line',
  'POST / HTTP/1.0\r\nHost: HOST\r\nContent-Length: 4\r\n\r\nl\n\tz',
  'POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'HEAD / HTTP/1.1\r\nHost: HOST\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n',
]

test('a curl command that is written sends the request it was made of', async (t) => {
  const [curl, bash] = [which('curl'), which('bash')]
  if (!curl || !bash) return missing(t, 'curl or bash')
  for (const request of SENT) {
    let original
    let command
    const { octets, result } = await captured(async (origin) => {
      original = Buffer.from(request.replace('Host: HOST', `Host: ${new URL(origin).host}`), 'latin1')
      const written = await h1wire(['convert', '--to', 'curl'], { input: original })
      assert.equal(written.status, 0, written.stderr)
      command = written.stdout.replace('http://other.example/', `${origin}/`).replace(/\n$/, '')
      if (request.includes('other.example')) command += " --header 'Host: other.example'"
      return run(bash, ['-c', `${command} -q --noproxy '*' -sS`])
    })
    assert.equal(result.status, 0, `${command}: ${result.stderr}`)
    assert.deepEqual(meaning(octets), meaning(original), command)
  }
})

test('whatever a request holds, the shell reads one curl command, word for word, and runs nothing else', async (t) => {
  const bash = which('bash')
  if (!bash) return missing(t, 'bash')
  // What a message may hold: NUL only in bodies, which are then not words. The seed is fixed, and each octet occurs.
  let seed = 7
  const random = (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
  const octets = (length, allowed) => Array.from({ length }, () => allowed[random(allowed.length)])
  const BODY = Array.from({ length: 255 }, (_none, index) => index + 1)
  const VALUE = BODY.filter((octet) => octet > 0x20 && octet !== 0x7f)
  const bodies = ["'; touch x; '", '$(touch x)', '`touch x`', '\\', "\\'", '!!', '@x', '-x', '\n', "$'\\n'"]
  const requests = Array.from({ length: 150 }, (_none, index) => ({
    method: 'POST',
    target: '/',
    headers: [
      ['Host', 'h'],
      ['X', Buffer.from(octets(1 + random(40), VALUE)).toString('latin1')],
    ],
    bodyBase64: Buffer.from(bodies[index] ?? octets(1 + random(60), BODY)).toString('base64'),
  }))
  const {
    status,
    octets: script,
    stderr,
  } = await h1wire(['convert', '--to', 'curl'], { input: JSON.stringify(requests) })
  assert.equal(status, 0, stderr)
  const file = join(folder, 'commands.sh')
  writeFileSync(file, script)
  const shell = `PATH=; curl() { printf '%s\\0' "$@" END; }; . "$0"`
  const { stdout, stderr: said } = await run(bash, ['-c', shell, file], { env: { LC_ALL: 'C' } })
  assert.equal(said, '')
  const commands = stdout.toString('latin1').split('\0END\0').slice(0, -1)
  const expected = requests.map(({ headers, bodyBase64 }) => {
    const body = Buffer.from(bodyBase64, 'base64').toString('latin1')
    const lines = [`X: ${headers[1][1]}`, 'User-Agent:', 'Accept:', 'Content-Type:']
    return ['http://h/', ...lines.flatMap((line) => ['--header', line]), '--data-raw', body]
  })
  assert.deepEqual(
    commands.map((command) => command.split('\0')),
    expected,
  )
})

test("curl's trace is both directions", async (t) => {
  const curl = which('curl')
  if (!curl) return missing(t, 'curl')
  const body = Buffer.from(Array.from({ length: 300 }, (_none, index) => index % 256))
  const answer =
    'HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\n=> Send data, 9 byte'
  for (const flags of [[], ['--trace-time']]) {
    const trace = join(folder, 'trace')
    const args = ['-q', '-sS', '--noproxy', '*', ...flags, '--trace', trace, '--data-binary', '@-']
    const { octets } = await captured(
      (origin) => run(curl, [...args, `${origin}/up`], { input: body }),
      answer,
    )
    const { status, stdout, stderr } = await h1wire(['convert', trace, '--to', 'json'])
    assert.equal(status, 0, stderr)
    const [request, response] = JSON.parse(stdout)
    assert.deepEqual(Buffer.from(request.bodyBase64, 'base64'), body)
    assert.deepEqual([response.status, response.body], [201, '=> Send data, 9 byte'])
    const raw = await h1wire(['convert', trace, '--to', 'raw', '--request'])
    assert.deepEqual(raw.octets, octets)
  }
})

describe('hex dumps', () => {
  const everything = Buffer.concat([
    Buffer.from(Array.from({ length: 256 }, (_none, index) => index)),
    Buffer.alloc(200),
    Buffer.from('de ad be ef ab cd |text| 00: 41'),
  ])
  const inputs = [
    everything,
    everything.subarray(0, 255),
    Buffer.from('A'),
    Buffer.from('GET / HTTP/1.1\r\n'),
  ]
  const TOOLS = {
    xxd: [[], ['-p'], ['-g1'], ['-c', '8'], ['-u', '-c', '32']],
    hexdump: [['-C'], [], ['-x'], ['-Cv']],
    od: [['-A', 'x', '-t', 'x1z'], ['-t', 'x1'], ['-A', 'x', '-t', 'x1', '-v'], ['-x']],
  }
  for (const [tool, variants] of Object.entries(TOOLS)) {
    test(`${tool} writes what is read`, async (t) => {
      const command = which(tool)
      if (!command) return missing(t, tool)
      for (const args of variants) {
        for (const input of inputs) {
          const { stdout } = await run(command, args, { input })
          const { status, octets, stderr } = await h1wire(['convert', '--from', 'hex', '--to', 'raw'], {
            input: stdout,
          })
          assert.equal(status, 0, `${tool} ${args.join(' ')}: ${stderr}${stdout}`)
          assert.deepEqual(octets, input, `${tool} ${args.join(' ')}:\n${stdout}`)
        }
      }
    })
  }

  test('xxd writes the same, and reads it', async (t) => {
    const xxd = which('xxd')
    if (!xxd) return missing(t, 'xxd')
    for (const input of inputs) {
      const { stdout, octets } = await h1wire(['convert', '--from', 'raw', '--to', 'hex'], { input })
      assert.equal(stdout, (await run(xxd, [], { input })).stdout.toString())
      assert.deepEqual((await run(xxd, ['-r'], { input: octets })).stdout, input)
    }
  })

  test("tcpdump's and Wireshark's", async () => {
    const dumps = [
      '\t0x0000:  4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET./.HTTP/1.1..\n\t0x0010:  0d0a                                     ..\n',
      '0000   47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a   GET / HTTP/1.1..\n0010   0d 0a                                             ..\n',
      '0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a   GET / HT TP/1.1..\n0010  0d 0a                                              ..\n',
    ]
    for (const input of dumps) {
      const { octets, stderr } = await h1wire(['convert', '--to', 'raw'], { input })
      assert.equal(octets.toString(), 'GET / HTTP/1.1\r\n\r\n', stderr)
    }
  })
})

test('a call of fetch that is written is what fetch of Node.js sends, but for its own fields', async () => {
  const requests = [
    'POST /p?a=%20b HTTP/1.1\r\nHost: HOST\r\nX-A: 1\r\nx-a: 2\r\nX-E: caf\xe9\r\nContent-Type: text/x\r\nContent-Length: 6\r\n\r\n"\\\'\n\xc3\xa9',
    'PUT /b HTTP/1.1\r\nHost: HOST\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\n\x00\xff\x80',
    'GET /g HTTP/1.1\r\nHost: HOST\r\nAccept: a/b\r\nAccept-Language: x\r\nUser-Agent: own\r\nSec-Fetch-Mode: cors\r\n\r\n',
  ]
  for (const request of requests) {
    let original
    const { octets } = await captured(async (origin) => {
      original = Buffer.from(request.replace('HOST', new URL(origin).host), 'latin1')
      const { status, stdout, stderr } = await h1wire(['convert', '--to', 'fetch'], { input: original })
      assert.equal(status, 0, stderr)
      const file = join(folder, 'call.mjs')
      writeFileSync(file, `await ${stdout}`)
      const { status: ran, stderr: said } = await run(process.execPath, [file])
      assert.equal(ran, 0, `${said}\n${readFileSync(file, 'utf8')}`)
    })
    // fetch joins lines of one name.
    const [sent, wanted] = [meaning(octets), meaning(original)]
    const lines = wanted.fields.filter((line) => !line.startsWith('x-a:'))
    for (const line of lines)
      assert.ok(sent.fields.includes(line), `${line} is not in ${sent.fields.join('\n')}`)
    if (request.includes('X-A')) assert.ok(sent.fields.includes('x-a: 1, 2'))
    assert.deepEqual([sent.method, sent.target, sent.body], [wanted.method, wanted.target, wanted.body])
  }
})

/** All that a request says, but the order of its fields and how it is framed. */
function meaning(octets) {
  const { method, target, version, headers, body } = parseRequest(octets)
  const fields = [...headers]
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .filter((line) => line !== 'content-length: 0')
    .sort()
  return { method, target, version, fields, body: body.toString('latin1') }
}
