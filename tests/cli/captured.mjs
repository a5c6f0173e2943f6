// A server that keeps the octets of what it is asked, and the tools that ask it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { RequestParser } from 'h1wire'

/** What `use` gives for the origin of a server that answers each request with `answer`, and the octets it was sent. */
export async function captured(use, answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') {
  const sockets = new Set()
  const octets = []
  const pieces = []
  const server = createServer((socket) => {
    sockets.add(socket)
    const parser = new RequestParser()
    const own = []
    octets.push(own)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      own.push(chunk)
      pieces.push(chunk.length)
      if (parser.error) return
      for (const event of parser.push(chunk)) {
        if (event.type === 'head' && event.expectContinue) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        if (event.type === 'end') socket.write(answer)
        if (event.type === 'error')
          socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const result = await use(`http://127.0.0.1:${server.address().port}`)
    const connections = octets.map((own) => Buffer.concat(own))
    return { result, connections, octets: Buffer.concat(connections), pieces }
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

/** Runs a command; its octets and status. */
export async function run(command, args, { input = '', env = {} } = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  const said = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => said[name].push(data))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [status] = await once(child, 'close')
  return { status, stdout: Buffer.concat(said.stdout), stderr: Buffer.concat(said.stderr).toString() }
}
