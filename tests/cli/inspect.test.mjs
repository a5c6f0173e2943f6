// `h1wire inspect` and `h1wire lint`: every octet shown once, findings where they belong, exit codes, JSON and SARIF.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { inspect } from 'h1wire'
import { readVectors } from '../vectors/files.mjs'
import { run } from './captured.mjs'
import { BACKENDS, CLI, events, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-inspect-'))
after(() => rmSync(folder, { recursive: true }))

const BROKEN = latin1(
  'POST / HTTP/1.1\r\nHost : h\r\nCookie: s\xe9\x9b=1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2;a\r\nok\n0\r\n\r\nHTTP/1.1 200\r\n\r\nend',
)

for (const backend of BACKENDS) {
  const env = { H1WIRE_BACKEND: backend }

  describe(`h1wire inspect, ${backend}`, () => {
    test('every octet is shown once, in order, as text and in hexadecimal, for every vector', async () => {
      const vectors = octetsOfVectors()
      assert.ok(vectors.length > 400, `${vectors.length} vectors`)
      for (const [args, read] of [
        [[], spelt],
        [['--hex'], hexed],
      ]) {
        const shown = await inspectAll(vectors, args, env)
        for (const [index, { input, name }] of vectors.entries()) {
          assert.deepEqual(read(shown[index]), input, `${name}:\n${shown[index]}`)
        }
      }
    })

    test('every finding is shown under its octets', async () => {
      const { findings } = inspect(BROKEN)
      const { status, stdout, stderr } = await h1wire(['inspect'], { input: BROKEN, env })
      assert.equal(status, 1)
      const shown = [...stdout.matchAll(/^ {28}(error|warning|note) (H1_\w+) /gm)].map(
        ([, severity, code]) => `${severity} ${code}`,
      )
      assert.deepEqual(shown.sort(), findings.map(({ severity, code }) => `${severity} ${code}`).sort())
      const count = (severity) => findings.filter((finding) => finding.severity === severity).length
      assert.equal(
        stderr,
        `h1wire: ${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes\n`,
      )
      // The space before the colon, in both ways of showing it.
      assert.match(
        stdout,
        /^ {6}17 {2}field-line {8}Host : h\\r\\n\n {32}\^\n {28}error H1_SPACE_BEFORE_COLON/m,
      )
      const hex = await h1wire(['inspect', '--hex'], { input: BROKEN, env })
      assert.match(
        hex.stdout,
        /^ {6}17 {2}field-line {8}48 6f 73 74 20 3a 20 68 0d 0a {20}Host : h\.\.\n {40}\^\^ {39}\^\n/m,
      )
    })

    test('what a structured field says is shown under its last line, and is JSON without loss', async () => {
      const fields =
        'Priority: u=1\r\nA: b\r\nPriority: i;x=%"%c2%9b"\r\nContent-Digest: d=:aGk=:\r\nDeprecation: @0\r\n'
      const input = latin1(`GET / HTTP/1.1\r\nHost: h\r\n${fields}\r\n`)
      const { stdout } = await h1wire(['inspect'], { input, env })
      const lines = stdout.split('\n').map((line) => line.trim())
      const at = lines.findIndex((line) => line.startsWith('priority: '))
      assert.match(lines[at - 1], /Priority: i;x/)
      assert.deepEqual(lines.slice(at, at + 3), [
        'priority: dictionary, RFC 9218 section 5',
        'u = integer 1',
        'i = boolean true; x = display-string "\\x9b"',
      ])
      assert.ok(lines.includes('d = byte-sequence 0x6869'))
      assert.ok(lines.includes('date 0 (1970-01-01T00:00:00.000Z)'))
      const json = events((await h1wire(['inspect', '--json'], { input, env })).stdout)
      const [priority, digest] = json
        .filter(({ type }) => type === 'structured')
        .map(({ structured }) => structured)
      assert.deepEqual(priority.value[0], ['u', { type: 'integer', value: 1, parameters: [] }])
      assert.deepEqual(digest.value[0][1].value, { base64: 'aGk=' })
      // Known only when its section has been shown.
      const long = await h1wire(['inspect'], { input: Buffer.concat([input, Buffer.alloc(1_100_000)]), env })
      assert.match(long.stdout, /^ +priority: dictionary/m)
    })

    test('--json is what the Inspector tells, and lint what it finds', async () => {
      const json = await h1wire(['inspect', '--json'], { input: BROKEN, env })
      const told = events(json.stdout)
      assert.equal(told.filter(({ type }) => type === 'message').length, 2)
      const leaves = told.filter(({ type }) => type === 'leaf')
      assert.equal(
        leaves.reduce((sum, { start, end }) => sum + end - start, 0),
        BROKEN.length,
      )
      const lint = await h1wire(['lint', '--json'], { input: BROKEN, env })
      assert.deepEqual(
        events(lint.stdout).map(({ file: _, ...finding }) => finding),
        JSON.parse(JSON.stringify(inspect(BROKEN).findings)),
      )
    })
  })
}

test('a clean message is exit code 0, and says so', async () => {
  const input = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'
  for (const command of ['inspect', 'lint']) {
    const { status, stderr } = await h1wire([command], { input })
    assert.deepEqual([status, stderr], [0, 'h1wire: nothing found\n'])
  }
})

test('lint: errors are exit code 1, warnings with --strict, notes never', async () => {
  const warning = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'
  const note = 'GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\n\r\n'
  const error = 'GET / HTTP/1.1\nHost: h\r\n\r\n'
  for (const [input, args, expected] of [
    [warning, [], 0],
    [warning, ['--strict'], 1],
    [note, ['--strict'], 0],
    [error, [], 1],
    [error, ['--lenient', 'optionalCRBeforeLF'], 0],
    [error, ['--lenient', 'optionalCRBeforeLF', '--strict'], 1],
  ]) {
    const { status, stdout, stderr } = await h1wire(['lint', ...args], { input })
    assert.equal(status, expected, `${args} ${stdout}`)
    assert.match(stderr, /^h1wire: 1 (error|warning|note)\n$/)
  }
})

test('lint names files and octets; several files are one report', async () => {
  const files = ['one', 'two \x1b[31m'].map((name) => join(folder, name))
  writeFileSync(files[0], 'GET / HTTP/1.1\nHost: h\r\n\r\n')
  writeFileSync(files[1], 'HTTP/1.1 200 OK\r\nContent-Length: 01\r\n\r\nx')
  const { status, stdout } = await h1wire(['lint', ...files])
  assert.equal(status, 1)
  assert.ok(
    stdout.startsWith(`${files[0]}:14: error H1_LONE_LF RFC 9112 section 2.2\n  A line must end with CR LF`),
    stdout,
  )
  assert.ok(stdout.includes(`\n${files[1].replace('\x1b', '\\x1b')}:`), stdout)
  assert.ok(!stdout.includes('\x1b'))
  const missing = await h1wire(['lint', join(folder, 'nothing')])
  assert.equal(missing.status, 3)
})

test('--sarif is SARIF 2.1.0: a run, its rules, a result for each finding', async () => {
  const { status, stdout } = await h1wire(['lint', '--sarif'], { input: BROKEN })
  assert.equal(status, 1)
  const { version, runs } = JSON.parse(stdout)
  assert.deepEqual([version, runs.length], ['2.1.0', 1])
  const [{ results, tool }] = runs
  const { findings } = inspect(BROKEN)
  assert.deepEqual(
    results.map(({ ruleId, level, locations: [{ physicalLocation }] }) => ({
      ruleId,
      level,
      ...physicalLocation,
    })),
    findings.map(({ code, severity, start, end }) => ({
      ruleId: code,
      level: severity,
      artifactLocation: { uri: 'stdin' },
      region: { byteOffset: start, byteLength: end - start },
    })),
  )
  assert.deepEqual(
    tool.driver.rules.map(({ id }) => id).sort(),
    [...new Set(findings.map(({ code }) => code))].sort(),
  )
  for (const { message } of results) assert.equal(typeof message.text, 'string')
  const file = join(folder, 'broken')
  writeFileSync(file, BROKEN)
  const cut = await h1wire(['lint', '--sarif', file, join(folder, 'nothing')])
  assert.equal(cut.status, 3)
  assert.equal(JSON.parse(cut.stdout).runs[0].results.length, findings.length)
  const empty = await h1wire(['lint', '--sarif'], { input: '' })
  assert.deepEqual(JSON.parse(empty.stdout).runs[0].results, [])
})

test('a long body is shown as far as it is wanted, in constant memory, and what follows it', async () => {
  const program = `
    process.argv = [process.argv[0], ${JSON.stringify(CLI)}, 'inspect', '--body', '40']
    process.on('exit', () => process.stderr.write('\\n' + process.resourceUsage().maxRSS))
    require(${JSON.stringify(CLI)})`
  const peak = async (megabytes) => {
    const child = spawn(process.execPath, ['-e', program])
    const said = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (data) => {
        said[name] += data
      })
    }
    const length = megabytes * 2 ** 20
    child.stdin.write(`PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n`)
    const piece = Buffer.alloc(2 ** 20, 'x')
    for (let sent = 0; sent < megabytes; sent++)
      await new Promise((resolve) => child.stdin.write(piece, resolve))
    child.stdin.end('GET / HTTP/1.1\nHost: h\r\n\r\n')
    await new Promise((resolve) => child.on('close', resolve))
    return { ...said, peak: Number(said.stderr.split('\n').at(-1)), length }
  }
  const short = await peak(2)
  const long = await peak(256)
  assert.ok(long.peak - short.peak < 96 * 1024, `${short.peak} KiB for 2 MiB, ${long.peak} KiB for 256 MiB`)
  const body = `body-data         ${'x'.repeat(40)}\n${' '.repeat(28)}… ${long.length - 40} octets more\n`
  assert.ok(long.stdout.includes(body), long.stdout)
  assert.match(
    long.stdout,
    /#1 request\n\d+ {2}request-line {6}GET \/ HTTP\/1\.1\\n\n +\^\^\n +error H1_LONE_LF /,
  )
})

/** The octets of every vector that is not about a limit, and so not long. */
function octetsOfVectors() {
  return readVectors().flatMap(({ vectors }) =>
    vectors
      .map(({ name, role, input }) => ({ name, role, input: latin1(typeof input === 'string' ? input : '') }))
      .filter(({ input }) => input.length > 0),
  )
}

const MARK = 'the next vector'

/** What the command shows of each: one process runs it for all of them. */
async function inspectAll(vectors, args, env) {
  const files = vectors.map(({ input }, index) => {
    const file = join(folder, `vector-${index}`)
    writeFileSync(file, input)
    return file
  })
  const commands = files.map((file, index) => [
    'inspect',
    file,
    `--${vectors[index].role}`,
    '--body',
    '99999',
    ...args,
  ])
  const list = join(folder, 'commands')
  writeFileSync(list, JSON.stringify(commands))
  const program = `
    const { main } = require(${JSON.stringify(CLI.replace('cli.cjs', 'main.cjs'))})
    const commands = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(list)}))
    ;(async () => {
      for (const command of commands) {
        await main(command)
        process.stdout.write('${MARK}\\n')
      }
      process.exitCode = 0
    })()`
  const { status, stdout, stderr } = await run(process.execPath, ['-e', program], { env })
  assert.equal(status, 0, stderr)
  return stdout.toString().split(`${MARK}\n`)
}

/** The octets that rows spell. */
function spelt(shown) {
  return Buffer.concat(
    rows(shown).map((row) =>
      latin1(
        row.replace(/\\(x[0-9a-f]{2}|.)/g, (_whole, code) =>
          code.length === 3
            ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
            : { r: '\r', n: '\n', t: '\t', '\\': '\\' }[code],
        ),
      ),
    ),
  )
}

function hexed(shown) {
  return Buffer.concat(rows(shown).map((row) => Buffer.from(row.slice(0, 47).replaceAll(' ', ''), 'hex')))
}

/** What stands behind offset and label. */
function rows(shown) {
  return [...shown.matchAll(/^ *\d+ {2}[\w-]* *(?<=^.{28})(.*)$/gm)].map(([, row]) => row)
}

function latin1(text) {
  return Buffer.from(text, 'latin1')
}
