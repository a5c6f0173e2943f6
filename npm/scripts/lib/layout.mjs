// Writes what is generated from Rust: src/generated/layout.ts, docs/errors.md and docs/findings.md.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cargo, RUST_INPUTS } from './cargo.mjs'
import { GENERATED, LAYOUT, ROOT } from './paths.mjs'
import { upToDate } from './stamp.mjs'

/** Each file, and the generator's argument for it. */
const FILES = [
  { file: LAYOUT, inRoot: 'npm/h1wire/src/generated/layout.ts', args: [] },
  { file: join(ROOT, 'docs', 'errors.md'), inRoot: 'docs/errors.md', args: ['errors'] },
  { file: join(ROOT, 'docs', 'findings.md'), inRoot: 'docs/findings.md', args: ['findings'] },
]

/** Brings the files up to date; says whether one that stood there was out of date. */
export async function generateLayout() {
  const before = contents()
  const inputs = [...RUST_INPUTS, ...FILES.map(({ inRoot }) => inRoot)]
  const outputs = FILES.map(({ file }) => file)
  await upToDate({ name: 'generated layout', inputs, outputs }, async () => {
    mkdirSync(GENERATED, { recursive: true })
    for (const [index, { file, args }] of FILES.entries()) {
      const text = await cargo('run', ['--quiet', '-p', 'h1wire-records', '--bin', 'generate', '--', ...args])
      if (text !== before[index]) writeFileSync(file, text)
    }
  })
  return contents().some((text, index) => text !== before[index])
}

function contents() {
  return FILES.map(({ file }) => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
}
