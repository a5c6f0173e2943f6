// `h1wire/convert` from JavaScript: there and back, literals that compile, what is noted and what is refused.

'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const test = require('node:test')
const fc = require('fast-check')
const { H1Error } = require('h1wire')
const {
  ConversionError,
  formatOf,
  READABLE,
  readMessages,
  unwrap,
  WRITABLE,
  wrap,
  writeMessages,
} = require('h1wire/convert')

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 100), ...(process.env.CI && { seed: 1 }) }

const POST = Buffer.from(
  'POST /form?q=1 HTTP/1.1\r\nHost: a.test\r\nX-Quote: "\\\'\xe9\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nJ\xc3\xb6rg\r\n',
  'latin1',
)

/** Every octet, runs of what escapes begin with, digits behind escapes, line ends of all kinds. */
const AWKWARD = Buffer.concat([
  Buffer.from({ length: 256, ...Array.from({ length: 256 }, (_, octet) => octet) }),
  Buffer.from('\x001\x0f8\xffa??=??/???=????(?????!\\\\"\'`$\x7bx}\r\n  two\r\n\n\n\r\tend\\', 'latin1'),
])

test('what can be read and written is in the lists', () => {
  const others = ['curl-trace', 'powershell', 'postman', 'burp', 'warc']
  const both = ['raw', 'hex', 'json', 'har', 'curl', 'http', 'fetch']
  assert.deepEqual(READABLE, [...both, ...others, 'js', 'rust', 'c'])
  assert.deepEqual(WRITABLE, ['raw', 'hex', 'json', 'har', 'curl', 'http', 'fetch', 'js', 'rust', 'c'])
})

test('a message is the same behind each format that can say all of it', () => {
  const messages = readMessages('raw', POST)
  for (const format of ['raw', 'hex', 'json', 'har', 'curl']) {
    const written = writeMessages(format, messages)
    assert.equal(format === 'raw', typeof written !== 'string', format)
    const again = readMessages(format, written)
    const same = (all) =>
      all.map((one) => [one.method, one.target, [...one.headers].sort(), Buffer.from(one.body)])
    assert.deepEqual(same(again), same(messages), format)
    assert.equal(formatOf(Buffer.from(written)), format)
  }
})

test('any octets come back from a hex dump, and from the literal of JavaScript', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      assert.deepEqual(Buffer.from(unwrap('hex', Buffer.from(wrap('hex', octets)))), Buffer.from(octets))
      // biome-ignore lint/security/noGlobalEval: the literal is there to be evaluated.
      assert.deepEqual(Buffer.from(eval(wrap('js', octets))), Buffer.from(octets))
    }),
    RUNS,
  )
})

test('the literals compile, and are these octets', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'h1wire-literals-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const run = (command, ...words) => {
    const { status, stdout, stderr, error } = spawnSync(command, words, { cwd: folder })
    assert.equal(status, 0, `${command}: ${error ?? stderr}`)
    return stdout
  }
  for (const [name, octets] of [
    ['all', AWKWARD],
    ['none', Buffer.alloc(0)],
    ['post', POST],
  ]) {
    const rust = wrap('rust', octets).trimEnd()
    writeFileSync(
      join(folder, 'm.rs'),
      `use std::io::Write;\nfn main() {\n    std::io::stdout().write_all(${rust}).unwrap();\n}\n`,
    )
    run('rustc', '-o', `${name}-rust`, 'm.rs')
    assert.deepEqual(run(join(folder, `${name}-rust`)), octets, name)

    writeFileSync(
      join(folder, 'm.c'),
      `#include <stdio.h>\n${wrap('c', octets)}int main(void) {\n  return fwrite(message, 1, message_length, stdout) != message_length || sizeof message != message_length + 1;\n}\n`,
    )
    run('gcc', '-std=c99', '-trigraphs', '-Wall', '-Werror', '-o', `${name}-c`, 'm.c')
    assert.deepEqual(run(join(folder, `${name}-c`)), octets, name)
  }
})

test('what a format cannot say is noted or refused, and nothing is run', () => {
  const notes = []
  const response = readMessages('raw', Buffer.from('HTTP/1.1 204 \r\n\r\n'))
  const request = readMessages('curl', 'curl http://a.test/')
  const curl = writeMessages('curl', [...request, ...response], { note: (text) => notes.push(text) })
  assert.match(curl, /^curl http:\/\/a\.test\//)
  assert.deepEqual(notes, ['responses are left out: a curl command has none'])
  for (const [format, input, says] of [
    ['curl', 'curl -d @secret http://a.test/', /names a file/],
    ['curl', 'curl "$URL"', /filled in by the shell/],
    ['fetch', 'fetch(location.href)', /nothing is evaluated/],
    ['json', '[{"url": "http://a.test/"}, {}]', /^message 1: /],
    ['json', '{"url": "http://a.test/", "bodyBase64": "*"}', /no base64/],
    ['har', '{"log": {}}', /log\.entries/],
    ['hex', 'xyz', /^line 1: /],
    ['raw', Buffer.alloc(0), undefined],
    ['c', 'x', /no literal of c/],
  ]) {
    const read = () => readMessages(format, input)
    if (says === undefined) assert.deepEqual(read(), [])
    else
      assert.throws(
        read,
        (error) => error instanceof ConversionError && says.test(error.message),
        String(says),
      )
  }
  assert.throws(() => writeMessages('curl-trace', request), /read, and not written/)
  assert.throws(() => writeMessages('raw', [...request, ...response]), ConversionError)
  assert.equal(
    writeMessages('raw', [...request, ...response], { kind: 'response' }).toString(),
    'HTTP/1.1 204 No Content\r\n\r\n'.replace('No Content', response[0].reason),
  )
})

test('octets are read strictly unless told otherwise, and faults are the parser’s', () => {
  const lf = 'GET / HTTP/1.1\nHost: a\r\n\r\n'
  assert.throws(() => readMessages('raw', lf), H1Error)
  const [request] = readMessages('raw', lf, { parser: { lenient: ['optionalCRBeforeLF'] }, scheme: 'https' })
  assert.deepEqual([request.method, request.scheme], ['GET', 'https'])
  const [answer] = readMessages('raw', 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n', {
    kind: 'response',
    methods: ['HEAD'],
  })
  assert.equal(answer.requestMethod, 'HEAD')
})

test('a command is told from a message, whatever it has in its first line', () => {
  assert.equal(formatOf("curl -H 'Upgrade: HTTP/2.0' http://a/\r\n"), 'curl')
  assert.equal(formatOf('GET /curl HTTP/1.1\r\n'), 'raw')
})

test('misuse is a TypeError', () => {
  for (const format of ['xml', '__proto__', 'toString', undefined]) {
    assert.throws(() => readMessages(format, 'x'), TypeError)
    assert.throws(() => writeMessages(format, []), TypeError)
    assert.throws(() => unwrap(format, Buffer.alloc(0)), TypeError)
    assert.throws(() => wrap(format, Buffer.alloc(0)), TypeError)
  }
  for (const input of [undefined, null, 5, {}, new ArrayBuffer(1)])
    assert.throws(() => readMessages('raw', input), TypeError)
})

test('a subclass of Uint8Array is octets, and its own methods are not called', () => {
  class Odd extends Uint8Array {
    subarray() {
      throw new Error('called')
    }
  }
  assert.deepEqual(readMessages('raw', Odd.from(POST)).length, 1)
  assert.equal(formatOf(Odd.from(readFileSync(__filename).subarray(0, 40))), 'http')
})
