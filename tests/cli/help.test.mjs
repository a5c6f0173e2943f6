// What the command says about itself, and how it refuses what it does not know.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { BACKENDS, commandNames, h1wire } from './command.mjs'

const { version } = JSON.parse(
  readFileSync(new URL('../../npm/h1wire/package.json', import.meta.url), 'utf8'),
)

for (const backend of BACKENDS) {
  test(`--version names the package's version and the backend: ${backend}`, async () => {
    const { status, stdout, stderr } = await h1wire(['--version'], { env: { H1WIRE_BACKEND: backend } })
    assert.deepEqual(
      { status, stdout, stderr },
      { status: 0, stdout: `h1wire ${version}, backend ${backend}\n`, stderr: '' },
    )
  })
}

test('a backend there is not is refused in one line', async () => {
  const { status, stdout, stderr } = await h1wire(['--version'], { env: { H1WIRE_BACKEND: 'abacus' } })
  assert.deepEqual({ status, stdout }, { status: 2, stdout: '' })
  assert.match(stderr, /^h1wire: .*H1WIRE_BACKEND.*'abacus'\n$/)
})

test('--help lists every command and the exit codes', async () => {
  for (const flag of ['--help', '-h']) {
    const { status, stdout, stderr } = await h1wire([flag])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.match(stdout, /^Usage: h1wire COMMAND/)
    for (const name of commandNames()) assert.match(stdout, new RegExp(`^  ${name} {2,}\\S`, 'm'))
    assert.match(stdout, /0 fine, 1 findings or a refused message, 2 wrong usage, 3 failed input or output/)
  }
})

const OPTIONS = {
  parse: ['--request', '--response', '--method METHOD', '--lenient NAME,…', '-h, --help'],
  send: [
    '-X, --request METHOD',
    "-H, --header 'NAME: VALUE'",
    '-d, --data DATA|@FILE',
    '--timeout MS',
    '--json',
  ],
}
for (const [command, options] of Object.entries(OPTIONS)) {
  test(`${command} --help lists the options of ${command}, without its operands`, async () => {
    const { status, stdout } = await h1wire([command, '--help'])
    assert.equal(status, 0)
    assert.match(stdout, new RegExp(`^Usage: h1wire ${command} `))
    for (const option of options)
      assert.ok(stdout.includes(`  ${option}  `), `${option} is not in\n${stdout}`)
  })
}

const MISUSES = [
  [[], /^h1wire: no command given/],
  [['pares'], /^h1wire: there is no command 'pares'/],
  [['parse', '--nonsense'], /^h1wire: Unknown option '--nonsense'/],
  [['parse', '--request=yes'], /^h1wire: .*--request/],
  [['parse', 'one', 'two'], /^h1wire: 'h1wire parse' takes \[FILE\|-\]/],
  [['parse', '--request', '--response'], /^h1wire: --request goes neither with --response/],
  [['parse', '--request', '--method', 'HEAD'], /^h1wire: --request goes neither with --response/],
  [['parse', '--method', ''], /^h1wire: --method takes a method such as HEAD, not ''/],
  [['parse', '--method', 'HEAD', '--method='], /^h1wire: --method takes a method/],
  [['parse', '--lenient', 'everything'], /^h1wire: .*everything/],
  [['parse', '--color', 'blue'], /^h1wire: --color takes auto, always, never, not 'blue'/],
  [['completion'], /^h1wire: 'h1wire completion' takes bash\|zsh\|fish/],
  [['completion', 'tcsh'], /^h1wire: there is no completion for 'tcsh'/],
  [['completion', '__proto__'], /^h1wire: there is no completion for '__proto__'/],
  [['man', 'parse'], /^h1wire: a COMMAND goes with --markdown/],
  [['man', '--markdown', 'pares'], /^h1wire: there is no command 'pares'/],
  [['send'], /^h1wire: 'h1wire send' takes URL/],
  [['send', 'localhost'], /^h1wire: 'localhost' is not a URL/],
  [['send', 'ftp://localhost/'], /^h1wire: 'ftp:\/\/localhost\/' is not a URL/],
  [['send', 'http://localhost/', '-H', 'no colon'], /^h1wire: --header takes/],
  [['send', 'http://localhost/', '--timeout', 'soon'], /^h1wire: --timeout takes/],
]
for (const [args, message] of MISUSES) {
  test(`wrong usage: h1wire ${args.join(' ')}`, async () => {
    const { status, stdout, stderr } = await h1wire(args)
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.match(stderr, message)
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
  })
}
