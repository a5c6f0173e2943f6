// node_modules: what the lock file names, and this machine's platform package and the command linked in.

import { existsSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { MODULES, PLATFORMS } from './paths.mjs'
import { run } from './run.mjs'
import { upToDate } from './stamp.mjs'
import { hostTriple } from './triple.mjs'

/** Installs the development tools. */
export function install() {
  const inputs = [
    'package.json',
    'package-lock.json',
    'npm/h1wire/package.json',
    'npm/inspector/package.json',
  ]
  const outputs = [join(MODULES, '.package-lock.json'), join(MODULES, 'h1wire')]
  return upToDate({ name: 'npm ci', inputs, outputs }, () => run('npm', ['ci']))
}

/** Lets `require('h1wire-TRIPLE')` find the addon built here, and `npx h1wire` the command. */
export async function linkBuilt() {
  const triple = hostTriple()
  if (triple) linkFolder(join(PLATFORMS, triple), join(MODULES, `h1wire-${triple}`))
  if (!existsSync(join(MODULES, '.bin', 'h1wire'))) await run('npm', ['rebuild', 'h1wire'])
}

function linkFolder(folder, link) {
  const target = process.platform === 'win32' ? folder : relative(MODULES, folder)
  if (linkTarget(link) === target) return
  rmSync(link, { recursive: true, force: true })
  symlinkSync(target, link, 'junction')
}

function linkTarget(link) {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}
