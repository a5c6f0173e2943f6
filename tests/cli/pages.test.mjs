// What is made from the table of commands: the pages of the documentation, the man page, completion in three shells.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cliPages, standingPages } from '../../npm/scripts/lib/cli-pages.mjs'
import { ROOT } from '../../npm/scripts/lib/paths.mjs'
import { which } from '../../npm/scripts/lib/run.mjs'
import { missing } from '../js/peers/missing.js'
import { commandNames, h1wire } from './command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-pages-'))
after(() => rmSync(folder, { recursive: true }))

test('docs/cli is what `npm run generate` writes', () => {
  const pages = cliPages()
  assert.deepEqual(standingPages().sort(), [...pages.keys()].sort())
  for (const [name, text] of pages) {
    assert.equal(readFileSync(join(ROOT, 'docs', 'cli', name), 'utf8'), text, `docs/cli/${name} is stale`)
  }
})

test('the man page has every command and option, and no line that roff would take for its own', async () => {
  const { status, stdout } = await h1wire(['man'])
  assert.equal(status, 0)
  for (const name of commandNames()) {
    assert.ok(stdout.includes(`.SS h1wire ${name.replaceAll('-', '\\-')} `), name)
    const page = readFileSync(join(ROOT, 'docs', 'cli', `${name}.md`), 'utf8')
    for (const [, option] of page.matchAll(/^\| `.*?--([\w-]+)/gm)) {
      assert.ok(stdout.includes(`\\-\\-${option.replaceAll('-', '\\-')}`), `${name} --${option}`)
    }
  }
  const macros = /^\.(TH|SH|SS|TP|PP|B|br|nf|fi|RS|RE)\b/
  for (const line of stdout.split('\n')) assert.ok(!/^[.']/.test(line) || macros.test(line), line)
})

const SHELLS = ['bash', 'zsh', 'fish']
before(async () => {
  for (const shell of SHELLS) {
    const { status, octets } = await h1wire(['completion', shell])
    assert.equal(status, 0)
    writeFileSync(join(folder, shell), octets)
  }
})

/** What is on the line, and what is to be among what the shell offers and what is not. */
const LINES = [
  [['h1wire', 'pa'], ['parse'], ['send']],
  [['h1wire', 'parse', '--le'], ['--lenient'], ['--method']],
  [['h1wire', 'parse', '--lenient', 'node'], ['node-insecure'], ['strict']],
  [['h1wire', 'parse', '--color', 'a'], ['auto', 'always'], ['never']],
  [['h1wire', 'completion', ''], ['bash', 'zsh', 'fish'], ['parse']],
  [['h1wire', 'parse', 'pack'], ['package.json'], []],
]

test('bash offers commands, options, values and files', (t) => {
  const bash = which('bash')
  if (!bash) return missing(t, 'bash')
  for (const [words, offered, others] of LINES) {
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _h1wire; printf '%s\\n' "\${COMPREPLY[@]}"`
    check(run(bash, ['-c', script, 'bash', join(folder, 'bash'), ...words]), words, offered, others)
  }
  const equals = ['h1wire', 'parse', '--color', '=', 'al']
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=4; _h1wire; printf '%s\\n' "\${COMPREPLY[@]}"`
  assert.equal(run(bash, ['-c', script, 'bash', join(folder, 'bash'), ...equals]), 'always\n')
})

test('fish offers commands, options, values and files', (t) => {
  const fish = which('fish')
  if (!fish) return missing(t, 'fish')
  for (const [words, offered, others] of LINES) {
    const script = 'source $argv[1]; complete -C "$argv[2]"'
    check(
      run(fish, ['--no-config', '-c', script, join(folder, 'fish'), words.join(' ')]),
      words,
      offered,
      others,
    )
  }
})

test('zsh is told the commands, and of each its options, values and files', (t) => {
  const zsh = which('zsh')
  if (!zsh) return missing(t, 'zsh')
  // The functions of its completion system, which works in a terminal only, print what they are given.
  const script = `compdef() {}; _arguments() { print -rl -- "$@" }; compadd() { print -rl -- "$@" }
    _describe() { print -rl -- "\${(P@)2}" }
    source "$1"; shift; words=("$@"); CURRENT=$#; _h1wire`
  const told = (...words) => run(zsh, ['-f', '-c', script, 'zsh', join(folder, 'zsh'), ...words])
  const list = told('h1wire', '').split('\n')
  for (const name of commandNames())
    assert.ok(
      list.some((line) => line.startsWith(`${name}:`)),
      name,
    )
  const parse = told('h1wire', 'parse', '')
  assert.match(
    parse,
    /^\*--lenient=\[.*\]:value:\(strict node-insecure headerValueRelaxed .* badFieldLines\)$/m,
  )
  assert.match(parse, /^\*--request\[the input holds requests\]$/m)
  assert.match(parse, /^\*-h\[print this and stop\]$/m)
  assert.match(parse, /^\*:operand:_files$/m)
})

function check(said, words, offered, others) {
  const lines = said.split('\n').map((line) => line.split('\t')[0])
  for (const word of offered) assert.ok(lines.includes(word), `${words.join(' ')}: no ${word} in\n${said}`)
  for (const word of others) assert.ok(!lines.includes(word), `${words.join(' ')}: ${word} in\n${said}`)
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' })
  assert.equal(stderr, '')
  assert.equal(status, 0)
  return stdout
}
