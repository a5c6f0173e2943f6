// `h1wire parse`: files and pipes, requests and responses, whole and cut, on both backends.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { BACKENDS, CLI, events, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-cli-'))
after(() => rmSync(folder, { recursive: true }))

const REQUEST =
  'POST /form HTTP/1.1\r\nHost: example\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: caf\xe9\r\n\r\nhello'
const RESPONSE = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n'

const REQUEST_EVENTS = [
  {
    type: 'head',
    method: 'POST',
    target: '/form',
    version: '1.1',
    headers: [
      ['Host', 'example'],
      ['Content-Length', '5'],
      ['X-A', '1'],
      ['x-a', 'caf\xe9'],
    ],
    keepAlive: true,
    contentLength: 5,
    chunked: false,
    untilClose: false,
    upgrade: false,
    expectContinue: false,
    informational: false,
    start: 0,
    end: REQUEST.length - 5,
  },
  { type: 'body', data: 'hello' },
  { type: 'end', trailers: [], offset: REQUEST.length },
]
const RESPONSE_EVENTS = [
  {
    type: 'head',
    version: '1.1',
    status: 200,
    reason: 'OK',
    headers: [['Transfer-Encoding', 'chunked']],
    keepAlive: true,
    contentLength: null,
    chunked: true,
    untilClose: false,
    upgrade: false,
    expectContinue: false,
    informational: false,
    start: 0,
    end: 47,
  },
  { type: 'body', data: 'hello' },
  { type: 'end', trailers: [['X-Sum', '9']], offset: RESPONSE.length },
]

/** The events of the same message further on in the input. */
function behind(octets, events) {
  return events.map(({ start, end, offset, ...event }) => ({
    ...event,
    ...(start !== undefined && { start: start + octets, end: end + octets }),
    ...(offset !== undefined && { offset: offset + octets }),
  }))
}

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }
  const parse = (args, input) => h1wire(['parse', ...args], { input, env })

  describe(`h1wire parse, ${backend}`, () => {
    test('a request from stdin', async () => {
      const { status, stdout, stderr } = await parse([], latin1(REQUEST))
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
      assert.deepEqual(events(stdout), REQUEST_EVENTS)
    })

    test('a response from a file', async () => {
      const file = join(folder, `response-${backend}`)
      writeFileSync(file, latin1(RESPONSE))
      const { status, stdout, stderr } = await parse([file], '')
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
      assert.deepEqual(events(stdout), RESPONSE_EVENTS)
    })

    test('stdin one octet at a time gives the same but for the cut of the body', async () => {
      for (const [message, expected] of [
        [REQUEST, REQUEST_EVENTS],
        [RESPONSE, RESPONSE_EVENTS],
      ]) {
        const octets = [...latin1(message)].map((octet) => Buffer.of(octet))
        const { status, stdout } = await parse(['-'], [latin1(message), ...octets])
        assert.equal(status, 0)
        const list = events(stdout)
        assert.ok(list.length > 2 * expected.length, 'the octets did not arrive apart')
        assert.deepEqual(joined(list), [...expected, ...behind(message.length, expected)])
      }
    })

    test('the kind is guessed from the first octets together, however few come at once', async () => {
      const child = spawn(process.execPath, [CLI, 'parse'], { env: { ...process.env, ...env } })
      const said = []
      child.stdout.on('data', (data) => said.push(data))
      for (const octets of ['HT', 'TP', '/1.1 200 OK\r\n\r\n']) {
        child.stdin.write(octets)
        await new Promise((resolve) => setTimeout(resolve, 800))
      }
      child.stdin.end()
      assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0)
      assert.equal(events(Buffer.concat(said).toString())[0].status, 200)
    })

    test('CRLFs before a message, which the parsers skip, do not mislead the guess', async () => {
      for (const lines of ['\r\n', '\r\n'.repeat(30_000)]) {
        const { status, stdout } = await parse([], latin1(lines + RESPONSE))
        assert.equal(status, 0)
        assert.deepEqual(events(stdout), behind(lines.length, RESPONSE_EVENTS))
      }
      const request = await parse([], latin1(`\r\n${REQUEST}`))
      assert.deepEqual(events(request.stdout), behind(2, REQUEST_EVENTS))
    })

    test('no octets at all are no messages', async () => {
      const { status, stdout, stderr } = await parse([], '')
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' })
    })

    test('several messages in a row', async () => {
      const { status, stdout } = await parse([], latin1(REQUEST + REQUEST))
      assert.equal(status, 0)
      assert.deepEqual(events(stdout), [...REQUEST_EVENTS, ...behind(REQUEST.length, REQUEST_EVENTS)])
    })

    test('a refused message: what was whole, an error line with all its members, exit code 1', async () => {
      const input = `${REQUEST}GET / HTTP/1.1\nHost: example\r\n\r\n`
      const { status, stdout, stderr } = await parse([], latin1(input))
      const offset = REQUEST.length + 'GET / HTTP/1.1'.length
      const lines = events(stdout)
      const error = lines.pop()
      assert.deepEqual(lines, REQUEST_EVENTS)
      assert.equal(typeof error.message, 'string')
      assert.deepEqual(error, {
        type: 'error',
        code: 'H1_LONE_LF',
        message: error.message,
        offset,
        byte: 0x0a,
        rule: 'RFC 9112 section 2.2',
        statusHint: 400,
        missing: 0,
        leniencies: ['optionalCRBeforeLF'],
      })
      assert.match(
        stderr,
        new RegExp(`^h1wire: H1_LONE_LF: .*\\(RFC 9112 section 2\\.2\\) at byte ${offset}\\b.*\n$`),
      )
      assert.equal(status, 1)
    })

    test('truncated input is refused where it ends', async () => {
      const cut = REQUEST.slice(0, -2)
      const { status, stdout, stderr } = await parse([], latin1(cut))
      const error = events(stdout).at(-1)
      assert.deepEqual(
        [error.code, error.offset, error.byte, error.missing],
        ['H1_TRUNCATED_BODY', cut.length, null, 2],
      )
      assert.match(stderr, /^h1wire: H1_TRUNCATED_BODY: /)
      assert.equal(status, 1)
    })

    test('--request and --response decide against the guess', async () => {
      const response = await parse(['--request'], latin1(RESPONSE))
      assert.equal(response.status, 1)
      assert.equal(events(response.stdout).at(-1).type, 'error')
      const request = await parse(['--response'], latin1(REQUEST))
      assert.equal(request.status, 1)
      assert.equal(events(request.stdout)[0].code, 'H1_VERSION')
    })

    test('only HTTP/ and a digit make a response', async () => {
      const { stdout } = await parse([], latin1('HTTP / HTTP/1.1\r\nHost: example\r\n\r\n'))
      assert.equal(events(stdout)[0].method, 'HTTP')
    })

    test('--method tells which request each response answers', async () => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
      const { status, stdout } = await parse(
        ['--method', 'HEAD', '--method', 'GET'],
        latin1(`${head}${head}hello`),
      )
      assert.equal(status, 0)
      assert.deepEqual(
        events(stdout).map(({ type }) => type),
        ['head', 'end', 'head', 'body', 'end'],
      )
    })

    test('--lenient permits what it names and says what it tolerated', async () => {
      const lines = latin1('GET / HTTP/1.1\nHost: example\r\n\r\n')
      assert.equal((await parse([], lines)).status, 1)
      for (const name of ['optionalCRBeforeLF', 'keepAlive,optionalCRBeforeLF', 'node-insecure']) {
        const { status, stdout } = await parse(['--lenient', name], lines)
        assert.equal(status, 0, name)
        const tolerated = events(stdout).find(({ type }) => type === 'tolerated')
        assert.equal(tolerated.name, 'optionalCRBeforeLF')
        assert.equal(tolerated.offset, 14)
        assert.match(tolerated.danger, /another reader/)
      }
      assert.equal((await parse(['--lenient', 'strict'], lines)).status, 1)
    })

    test('octets that are not UTF-8 come as base64, and nothing is lost', async () => {
      const data = Buffer.of(0, 0xff, 0xc3, 0x28, 0x89)
      const head = latin1(`HTTP/1.1 200 OK\r\nContent-Length: ${data.length}\r\n\r\n`)
      const { stdout } = await parse([], Buffer.concat([head, data]))
      assert.deepEqual(octetsOf(events(stdout)), data)
      assert.equal('data' in events(stdout)[1], false)
    })

    test('a character whose octets come apart is not cut in two', async () => {
      const body = 'aé€😀z'
      const octets = Buffer.from(body)
      const head = latin1(`HTTP/1.1 200 OK\r\nContent-Length: ${octets.length}\r\n\r\n`)
      const { stdout } = await parse([], [head, ...[...octets].map((octet) => Buffer.of(octet))])
      assert.deepEqual(joined(events(stdout))[1], { type: 'body', data: body })
    })

    test('a body that ends inside a character keeps its last octets', async () => {
      const data = Buffer.from('né').subarray(0, 2)
      const { stdout } = await parse([], Buffer.concat([latin1('HTTP/1.1 200 OK\r\n\r\n'), data]))
      assert.deepEqual(
        events(stdout).map(({ type }) => type),
        ['head', 'body', 'body', 'end'],
      )
      assert.deepEqual(octetsOf(events(stdout)), data)
    })

    test('controls a terminal would obey are escaped, and JSON still says them', async () => {
      const { octets, stdout } = await parse(
        [],
        latin1('GET / HTTP/1.1\r\nHost: example\r\nX: \x9b31m\r\n\r\n'),
      )
      assert.equal(octets.includes(Buffer.from('\x9b')), false)
      assert.deepEqual(events(stdout)[0].headers[1], ['X', '\x9b31m'])
    })

    test('what follows a switch of protocols is no HTTP and comes as it is', async () => {
      const { status, stdout } = await parse(
        ['--method', 'CONNECT'],
        latin1('HTTP/1.1 200 OK\r\n\r\nnot HTTP\xff'),
      )
      assert.equal(status, 0)
      assert.deepEqual(
        events(stdout).map(({ type }) => type),
        ['head', 'end', 'upgrade'],
      )
      assert.equal(events(stdout)[2].base64, latin1('not HTTP\xff').toString('base64'))
    })

    test('a reader that goes away is no failure', async () => {
      const file = join(folder, `many-${backend}`)
      writeFileSync(file, latin1(REQUEST.repeat(20_000)))
      for (const first of [firstLine, headInShell]) {
        const { line, status, stderr } = await first(['parse', file], env)
        assert.equal(JSON.parse(line).type, 'head')
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
      }
    })
  })
}

test('input that stays open does not keep the command from ending at a fault', async () => {
  for (const input of ['\x00not HTTP', '\r\n'.repeat(50_000)]) {
    const child = spawn(process.execPath, [CLI, 'parse'])
    child.stdout.resume()
    child.stdin.on('error', () => {})
    child.stdin.write(input)
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 1)
  }
})

test('a long body takes no more memory than a short one', async () => {
  const program = `
    process.argv = [process.argv[0], ${JSON.stringify(CLI)}, 'parse']
    process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))
    require(${JSON.stringify(CLI)})`
  const peak = async (megabytes) => {
    const child = spawn(process.execPath, ['-e', program])
    child.stdout.resume()
    child.stdin.write(`HTTP/1.1 200 OK\r\nContent-Length: ${megabytes * 2 ** 20}\r\n\r\n`)
    const piece = Buffer.alloc(2 ** 20, 'x')
    for (let sent = 0; sent < megabytes; sent++)
      await new Promise((resolve) => child.stdin.write(piece, resolve))
    child.stdin.end()
    const said = []
    for await (const data of child.stderr) said.push(data)
    return Number(Buffer.concat(said))
  }
  const short = await peak(1)
  const long = await peak(256)
  assert.ok(short > 10_000, `${short} KiB`)
  assert.ok(long - short < 96 * 1024, `${short} KiB for 1 MiB of body, ${long} KiB for 256 MiB`)
})

test('a file that cannot be read is exit code 3', async () => {
  for (const [file, code] of [
    [join(folder, 'nothing'), 'ENOENT'],
    [folder, 'EISDIR'],
  ]) {
    const { status, stdout, stderr } = await h1wire(['parse', file])
    assert.deepEqual({ status, stdout }, { status: 3, stdout: '' })
    assert.match(stderr, new RegExp(`^h1wire: ${code}: [^\n]*\n$`))
  }
})

if (existsSync('/dev/full')) {
  test('a full disk is exit code 3', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [CLI, 'parse'], { stdio: ['pipe', full, 'pipe'] })
    closeSync(full)
    child.stdin.end('GET / HTTP/1.1\r\nHost: example\r\n\r\n')
    const said = []
    child.stderr.on('data', (data) => said.push(data))
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 3)
    assert.match(Buffer.concat(said).toString(), /^h1wire: ENOSPC/)
  })
}

function latin1(text) {
  return Buffer.from(text, 'latin1')
}

/** The events with adjacent text body events joined. */
function joined(list) {
  const result = []
  for (const event of list) {
    const before = result.at(-1)
    if (event.type === 'body' && before?.type === 'body') before.data += event.data
    else result.push({ ...event })
  }
  return result
}

/** All body octets, by either member. */
function octetsOf(list) {
  const bodies = list.filter(({ type }) => type === 'body')
  return Buffer.concat(
    bodies.map(({ data, base64 }) => Buffer.from(data ?? base64, data === undefined ? 'base64' : 'utf8')),
  )
}

/** `h1wire … | head -1`: the same with a pipe of the system's. */
async function headInShell(args, env) {
  const script = '{ "$@"; echo "$?" >&3; } | head -1'
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [line, stderr, status] = await Promise.all([1, 2, 3].map((number) => text(child.stdio[number])))
  return { line, status: Number(status), stderr }
}

/** Reads one line of what the command prints, then closes its end of what Node.js uses for a pipe. */
async function firstLine(args, env) {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } })
  const said = []
  child.stderr.on('data', (data) => said.push(data))
  const closed = new Promise((resolve) => child.on('close', resolve))
  let text = ''
  for await (const data of child.stdout) {
    text += data
    if (text.includes('\n')) break
  }
  return {
    line: text.slice(0, text.indexOf('\n')),
    status: await closed,
    stderr: Buffer.concat(said).toString(),
  }
}
