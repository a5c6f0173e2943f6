// Builds the inspector page from npm/inspector: static files, of the public browser package and nothing else of ours.

import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DIST, INSPECTOR } from './paths.mjs'
import { upToDate } from './stamp.mjs'

const SOURCES = ['src', 'index.html', 'package.json', 'tsconfig.json', 'vite.config.mjs']

export function buildInspector() {
  const inputs = [
    'package-lock.json',
    'npm/h1wire/dist/browser',
    'npm/h1wire/dist/h1wire.wasm',
    ...SOURCES.map((name) => `npm/inspector/${name}`),
  ]
  const inPackage = join(DIST, 'inspector')
  const outputs = [join(INSPECTOR, 'dist'), inPackage].map((folder) => join(folder, 'index.html'))
  return upToDate({ name: 'inspector page', inputs, outputs }, async () => {
    const { build } = await import('vite')
    const config = await import(pathToFileURL(join(INSPECTOR, 'vite.config.mjs')).href)
    await build(config.default)
    // The package carries the page as files: `h1wire ui` serves them.
    rmSync(inPackage, { recursive: true, force: true })
    cpSync(join(INSPECTOR, 'dist'), inPackage, { recursive: true })
  })
}
