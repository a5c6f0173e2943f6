// Starts a peer that is a server program of its own, without privileges, in a folder of its own; and stops it for sure.

'use strict'

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')

const PATIENCE = 10_000
const NOBODY = 65_534

/** A folder for a peer's configuration, files and sockets. */
function makeFolder(name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `h1wire-${name}-`))
  fs.chmodSync(folder, 0o777) // the peer may be somebody else
  return folder
}

/**
 * Starts a program that stays in the foreground, as nobody if we are root, and waits until something listens on the
 * Unix socket `ready`. It is killed, and its folder removed, when the test is over; and whatever else ends this process.
 */
async function startProgram(t, folder, command, args, ready) {
  const root = process.getuid() === 0
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(root && { uid: NOBODY, gid: NOBODY }),
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  let isOver = false
  const over = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(`it ended with ${code ?? signal}`))
  }).then((end) => {
    isOver = true
    return end
  })
  const clear = () => {
    child.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true, force: true })
  }
  const killAndGo = () => process.exit(1)
  process.on('exit', clear)
  process.on('SIGTERM', killAndGo)
  t.after(async () => {
    child.kill('SIGKILL')
    await over
    clear()
    process.off('exit', clear)
    process.off('SIGTERM', killAndGo)
  })
  const start = performance.now()
  while (!(await listens(ready))) {
    if (isOver || performance.now() - start > PATIENCE) {
      throw new Error(`${command}: ${isOver ? await over : 'it does not listen'}\n${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function listens(where) {
  return new Promise((resolve) => {
    const socket = net.connect(where)
    socket.on('connect', () => resolve(true))
    socket.on('connect', () => socket.destroy())
    socket.on('error', () => resolve(false))
  })
}

module.exports = { makeFolder, startProgram }
