// Runs commands: quietly, showing what they said only when they fail, or with their output passed on.

import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { MODULES, ROOT } from './paths.mjs'

const WINDOWS = process.platform === 'win32'

/** What cannot go on, with what to do about it: printed without a stack. */
export class Trouble extends Error {}

/** Runs a command to its end, or for `limit` milliseconds at most, and gives `{ status, output }`. */
export function attempt(command, args, { env = {}, cwd = ROOT, limit } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      // On Windows npm is a script, which takes a shell to run.
      shell: WINDOWS && command === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = []
    const say = (text) => said.push(Buffer.from(text))
    const timer =
      limit &&
      setTimeout(() => {
        say(`${command}: ended after ${limit / 1000} s\n`)
        stop(child)
      }, limit)
    child.stdout.on('data', (data) => said.push(data))
    child.stderr.on('data', (data) => said.push(data))
    child.on('error', (error) => say(`${command}: ${error.message}\n`))
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ status: status ?? 1, output: Buffer.concat(said).toString() })
    })
  })
}

// What the child itself has started may still hold the pipes: they are not waited for.
function stop(child) {
  child.kill('SIGKILL')
  child.stdout.destroy()
  child.stderr.destroy()
}

/** Runs a command that must succeed and gives what it printed. */
export async function run(command, args, options) {
  const { status, output } = await attempt(command, args, options)
  if (status === 0) return output
  throw new Trouble(`${[command, ...args].join(' ')} ended with ${status}:\n${output.trimEnd()}`)
}

/** Runs a command of a package in node_modules, with this very Node. */
export function runTool(name, command, args, options) {
  return run(process.execPath, [tool(name, command), ...args], options)
}

/** The script of a command of a package in node_modules. */
export function tool(name, command) {
  const folder = join(MODULES, name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** Where a command is on PATH, if anywhere. */
export function which(command) {
  const suffixes = WINDOWS ? ['.exe', '.cmd'] : ['']
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const suffix of suffixes) {
      const file = join(folder, command + suffix)
      if (executable(file)) return file
    }
  }
}

/** Whether a file is there and may be run. */
export function executable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
