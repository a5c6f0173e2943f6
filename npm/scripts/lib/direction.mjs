// Checks who knows whom: crates by what cargo says they depend on, TypeScript by what it imports.

import { readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { INSPECTOR, PACKAGE } from './paths.mjs'
import { attempt } from './run.mjs'
import { filesOf } from './stamp.mjs'

/** All a crate may depend on. */
const CRATES = { h1wire: [], 'h1wire-records': ['h1wire'] }

/** What the files of a folder of npm/h1wire/src may import from the rest of it. */
const FOLDERS = {
  generated: [],
  facade: ['generated', 'backend/backend'],
  backend: ['generated', 'facade'],
  cli: ['index', 'net', 'convert', 'version'],
  convert: ['api', 'facade', 'version'],
  interop: ['facade'],
  node: [
    'generated',
    ...['api', 'common', 'facade/connection', 'facade/events'],
    ...['facade/dispose', 'facade/options', 'facade/shown', 'facade/unknown'],
    'interop/fetch',
  ],
}

/** What the inspector page may import beside its own files: what anybody's page could. */
const PAGE_IMPORTS = ['h1wire', 'h1wire/convert', 'lit', 'lit/directive.js']

const IMPORTS = /^(?:import|export)\s+(?:[\w\s{},*$]+\s+from\s+)?'(\.[^']+)'/gm

/** Checks all; `output` says what is wrong. */
export async function checkDirection() {
  const faults = [...(await crateFaults()), ...importFaults(), ...pageFaults()]
  const bare = await attempt('cargo', ['check', '-p', 'h1wire', '--no-default-features'])
  if (bare.status !== 0) faults.push(`the core does not build without its features:\n${bare.output}`)
  return { status: faults.length === 0 ? 0 : 1, output: faults.join('\n') }
}

async function crateFaults() {
  const faults = []
  for (const [crate, allowed] of Object.entries(CRATES)) {
    const { status, output } = await attempt('cargo', [
      'tree',
      '-p',
      crate,
      '-e',
      'normal',
      '--prefix',
      'none',
    ])
    if (status !== 0) faults.push(output)
    const names = output.split('\n').map((line) => line.split(' ')[0])
    const others = names.filter((name) => name !== '' && name !== crate && !allowed.includes(name))
    if (others.length > 0) faults.push(`the crate ${crate} depends on ${others.join(', ')}`)
  }
  return faults
}

function importFaults() {
  const source = join(PACKAGE, 'src')
  const faults = []
  for (const [folder, allowed] of Object.entries(FOLDERS)) {
    for (const file of filesOf(join(source, folder))) {
      for (const [, path] of readFileSync(file, 'utf8').matchAll(IMPORTS)) {
        const to = relative(source, join(dirname(file), path))
          .split(sep)
          .join('/')
        const within = [folder, ...allowed].some((name) => to.startsWith(`${name}/`) || to === `${name}.js`)
        if (!within) faults.push(`${relative(source, file)} imports ${path}`)
      }
    }
  }
  return faults
}

function pageFaults() {
  const source = join(INSPECTOR, 'src')
  const faults = []
  for (const file of filesOf(source).filter((name) => name.endsWith('.ts'))) {
    // Any path in quotes behind from, import, import( or new URL(.
    const paths = readFileSync(file, 'utf8').matchAll(/\b(?:from|import|import\(|new URL\()\s*['"]([^'"]+)/g)
    for (const [, path] of paths) {
      const own = path.startsWith('.') && !relative(source, join(dirname(file), path)).startsWith('..')
      if (!own && !PAGE_IMPORTS.includes(path)) faults.push(`${relative(INSPECTOR, file)} imports ${path}`)
    }
  }
  return faults
}
