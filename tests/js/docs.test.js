// The documentation against the tree: links lead somewhere, and what is named exists.

'use strict'

const assert = require('node:assert/strict')
const { existsSync, readdirSync, readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { test } = require('node:test')

const ROOT = join(__dirname, '..', '..')
const PAGES = [...pagesIn('.'), ...pagesIn('docs'), ...pagesIn('docs/cli'), 'tests/vectors/README.md']

for (const page of PAGES) {
  const text = readFileSync(join(ROOT, page), 'utf8')

  test(`${page}: every link leads somewhere`, () => {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [path, anchor] = target.split('#')
      const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path)
      assert.ok(existsSync(file), `${target} is not there`)
      if (anchor) assert.ok(anchors(file).includes(anchor), `${target} has no such heading`)
    }
  })

  test(`${page}: every error code, limit and npm script it names exists`, () => {
    for (const [code] of text.matchAll(/\bH1_[A-Z0-9_]*[A-Z0-9]\b/g)) {
      const tables =
        source('src/error.rs') + source('bindings/records/src/errors.rs') + source('src/inspect/findings.rs')
      assert.ok(tables.includes(`"${code}"`), code)
    }
    for (const [limit] of text.matchAll(
      /\bmax(?:Start|Head|Fields|Trailer|Chunk|Body|Informational)\w*\b/g,
    )) {
      assert.ok(source('src/policy.rs').includes(`"${limit}"`), limit)
    }
    for (const [, script] of text.matchAll(/`npm run (\w+)`/g)) {
      assert.ok(script in JSON.parse(source('package.json')).scripts, script)
    }
  })
}

function pagesIn(folder) {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`))
}

function source(file) {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** The names GitHub gives to a page's headings. */
function anchors(file) {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}
