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

// The shell runs the program, and kills it when its own input ends: when we say so, or are no more, however that came.
const GUARDED = `
  exec 3<&0
  "$@" 3<&- &
  program=$!
  { cat <&3 >/dev/null; kill -9 $program 2>/dev/null; } &
  wait $program
`

/**
 * Starts a program that stays in the foreground, as nobody if we are root, and waits until something listens on the
 * Unix socket `ready`. It is killed, and its folder removed, when the test is over.
 */
async function startProgram(t, folder, command, args, ready) {
  const root = process.getuid() === 0
  const child = spawn('sh', ['-c', GUARDED, 'sh', command, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(root && { uid: NOBODY, gid: NOBODY }),
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  let end
  const over = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(`it ended with ${code ?? signal}`))
  }).then((how) => {
    end = how
  })
  t.after(async () => {
    child.stdin.end()
    await over
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const start = performance.now()
  while (!(await listens(ready))) {
    if (end !== undefined) throw new Error(`${command}: ${end}\n${said}`)
    if (performance.now() - start > PATIENCE) throw new Error(`${command}: it does not listen\n${said}`)
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
