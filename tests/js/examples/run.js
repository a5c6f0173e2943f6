// Runs an example as a child process, with the backend in force here.

'use strict'

const { spawn } = require('node:child_process')
const path = require('node:path')

const EXAMPLES = path.join(__dirname, '../../../examples')
const PATIENCE = 30_000

function start(name, args = []) {
  const child = spawn(process.execPath, [path.join(EXAMPLES, name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const run = { child, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    run.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    run.stderr += text
  })
  run.closed = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  return run
}

// Runs an example to its end.
async function runExample(name, args) {
  const run = start(name, args)
  const timer = setTimeout(() => run.child.kill('SIGKILL'), PATIENCE)
  const { code, signal } = await run.closed
  clearTimeout(timer)
  if (signal) throw new Error(`${name} did not end within ${PATIENCE} ms: ${run.stdout}${run.stderr}`)
  return { code, stdout: run.stdout, stderr: run.stderr }
}

// Starts a picture server, which runs until it is stopped.
async function startPictureServer(name = '04-picture-server.js') {
  const run = start(name)
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not start')), PATIENCE)
    run.child.stdout.on('data', () => {
      const match = /^Open (http:\S+)$/m.exec(run.stdout)
      if (match) {
        clearTimeout(timer)
        resolve(match[1])
      }
    })
    run.closed.then(() => reject(new Error(`the server ended: ${run.stderr}`)))
  })
  return {
    url,
    stdout: () => run.stdout,
    async stop() {
      run.child.kill()
      await run.closed
    },
  }
}

module.exports = { EXAMPLES, runExample, startPictureServer }
