// Builds the package from TypeScript: the Node bundle, the browser bundle and the declarations.

import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DIST, PACKAGE } from './paths.mjs'
import { runTool } from './run.mjs'
import { upToDate } from './stamp.mjs'

const SOURCES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.node.config.mjs',
  'vite.browser.config.mjs',
]

export function buildPackage() {
  const inputs = ['package-lock.json', 'npm/h1wire/src', ...SOURCES.map((name) => `npm/h1wire/${name}`)]
  const outputs = ['node/index.cjs', 'browser/index.js', 'types/index.d.ts'].map((name) => join(DIST, name))
  return upToDate({ name: 'package', inputs, outputs }, async () => {
    await Promise.all([bundle(), declarations()])
    entryDeclarations()
  })
}

async function bundle() {
  const { build } = await import('vite')
  for (const name of ['node', 'browser']) {
    const config = await import(pathToFileURL(join(PACKAGE, `vite.${name}.config.mjs`)).href)
    await build(config.default)
  }
  // As npm leaves it when it installs the package: `npx h1wire` runs the file itself.
  chmodSync(join(DIST, 'node', 'cli.cjs'), 0o755)
}

async function declarations() {
  rmSync(join(DIST, 'types'), { recursive: true, force: true })
  await runTool('typescript', 'tsc', ['-p', join(PACKAGE, 'tsconfig.build.json')])
}

// The declarations are of CommonJS modules, as the implementation is; ES modules hand out the very same classes.
function entryDeclarations() {
  writeFileSync(join(DIST, 'types', 'package.json'), '{ "type": "commonjs" }\n')
  for (const name of ['index', 'wasm', 'net', 'wasm-net', 'convert']) {
    writeFileSync(join(DIST, 'node', `${name}.d.cts`), `export * from '../types/${name}.js'\n`)
    writeFileSync(join(DIST, 'node', `${name}.d.mts`), `export * from './${name}.cjs'\n`)
  }
  writeFileSync(join(DIST, 'browser', 'index.d.ts'), "export * from '../types/browser.js'\n")
  writeFileSync(join(DIST, 'browser', 'convert.d.ts'), "export * from '../types/convert-browser.js'\n")
}
