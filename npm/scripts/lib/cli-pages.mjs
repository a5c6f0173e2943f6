// Writes docs/cli: a page for each command of the CLI, as the built CLI prints it.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, ROOT } from './paths.mjs'
import { Trouble } from './run.mjs'

const FOLDER = join(ROOT, 'docs', 'cli')

/** Each page's name and text. */
export function cliPages() {
  const index = print([])
  const names = [...index.matchAll(/\]\((\w[\w-]*)\.md\)/g)].map(([, name]) => name)
  return new Map([['README.md', index], ...names.map((name) => [`${name}.md`, print([name])])])
}

/** The names of the pages that stand in the repository. */
export function standingPages() {
  return readdirSync(FOLDER)
}

/** Writes the pages, and takes away those of commands there are no more. */
export function writeCliPages() {
  const pages = cliPages()
  mkdirSync(FOLDER, { recursive: true })
  for (const name of standingPages()) if (!pages.has(name)) rmSync(join(FOLDER, name))
  for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text)
}

function print(args) {
  const command = [join(DIST, 'node', 'cli.cjs'), 'man', '--markdown', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (status !== 0) throw new Trouble(`h1wire man --markdown ${args.join(' ')} failed:\n${stderr}`)
  return stdout
}
