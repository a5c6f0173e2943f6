// Runs a peer that is a program of its own, and collects what it says.

'use strict'

const { spawn } = require('node:child_process')
const path = require('node:path')

const PATIENCE = 30_000

// Runs a program to its end; one that fails, or takes too long, is an error with all it said.
function run(command, args, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { timeout: PATIENCE, killSignal: 'SIGKILL' })
    const stdout = []
    let stderr = ''
    child.stdout.on('data', (data) => stdout.push(data))
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ stdout: Buffer.concat(stdout), stderr })
      else reject(new Error(`${command} ended with ${code ?? signal}: ${stderr}`))
    })
    child.stdin.on('error', () => {}) // it need not read all of it
    child.stdin.end(input)
  })
}

// Starts Python's http.server over a folder; the first line it prints is its port.
async function startPython(python, folder) {
  const child = spawn(python, [path.join(__dirname, 'server.py'), folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  const port = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.stdout.once('data', (line) => resolve(Number(line)))
    closed.then(() => reject(new Error(`Python's server ended: ${stderr}`)))
  })
  return {
    port,
    async stop() {
      child.kill()
      await closed
    },
  }
}

module.exports = { run, startPython }
