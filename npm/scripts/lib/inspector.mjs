// Builds the inspector page from npm/inspector: static files, of the public browser package and nothing else of ours.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { INSPECTOR } from './paths.mjs'
import { upToDate } from './stamp.mjs'

const SOURCES = ['src', 'index.html', 'package.json', 'tsconfig.json', 'vite.config.mjs']

export function buildInspector() {
  const inputs = [
    'package-lock.json',
    'npm/h1wire/dist/browser',
    'npm/h1wire/dist/h1wire.wasm',
    ...SOURCES.map((name) => `npm/inspector/${name}`),
  ]
  const outputs = [join(INSPECTOR, 'dist', 'index.html')]
  return upToDate({ name: 'inspector page', inputs, outputs }, async () => {
    const { build } = await import('vite')
    const config = await import(pathToFileURL(join(INSPECTOR, 'vite.config.mjs')).href)
    await build(config.default)
  })
}
