// A folder outside the repository in which tarballs of the package are installed, and what runs there.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Installs tarballs in a new empty folder, without a registry; the folder goes when the test is over. */
export function installed(t, tarballs, ...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'h1wire-installed-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  npm(folder, ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', ...flags, ...tarballs])
  return folder
}

/** Runs Node there; anything on stderr, such as an ExperimentalWarning, is a failure. */
export function node(folder, args, env) {
  const { status, stdout, stderr } = start(folder, process.execPath, args, { env })
  if (status !== 0 || stderr !== '')
    throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`)
  return stdout
}

/** Runs Node there, whatever comes of it. */
export function attempt(folder, args, env) {
  return start(folder, process.execPath, args, { env })
}

/** Runs a command of an installed package, as a user would. */
export function npx(folder, args, input) {
  const { status, stdout, stderr } = start(folder, 'npx', ['--no-install', ...args], { input })
  if (status !== 0) throw new Error(`npx ${args.join(' ')} ended with ${status}:\n${stderr}`)
  return stdout
}

function npm(folder, args) {
  const { status, stdout, stderr } = start(folder, 'npm', args, {})
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`)
}

function start(cwd, command, args, { env, input }) {
  const { H1WIRE_BACKEND, NODE_TEST_CONTEXT, ...inherited } = process.env
  const shell = process.platform === 'win32' && command.startsWith('np')
  return spawnSync(command, args, { cwd, shell, input, encoding: 'utf8', env: { ...inherited, ...env } })
}
