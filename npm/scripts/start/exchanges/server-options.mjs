// What the options of a server do to an exchange.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const LAST = { method: 'GET', target: '/hello', headers: { Connection: 'close' } }
const GET = { method: 'GET', target: '/hello' }

export async function serverOptions(stage) {
  await allowHalfOpen(stage)
  await pauseOnConnect(stage)
  await maxConnections(stage)
}

// A client says all it has to say, closes its side, and waits; the answer comes only then. Without
// allowHalfOpen Node has closed the server's side too by that time.
async function allowHalfOpen(stage) {
  for (const [open, outcome] of [
    [false, 'the connection closed'],
    [true, '200 Grüße!'],
  ]) {
    stage.say(`  allowHalfOpen: ${open}`)
    const server = await stage.server({ allowHalfOpen: open, answersAtEnd: true })
    const exchange = await stage.attempt(stage.client(server, { halfClose: true }).ask(LAST))
    stage.show(exchange, server.served[0])
    stage.check('the request is read', server.served.length, 1)
    stage.check(`a client that has closed its side: ${outcome}`, exchange.outcome, outcome)
  }
}

// The octets wait in the system until somebody resumes the socket.
async function pauseOnConnect(stage) {
  stage.say('  pauseOnConnect: true')
  const server = await stage.server({ pauseOnConnect: true })
  const connected = once(server.net, 'connection')
  const asked = stage.client(server).ask(GET)
  const [socket] = await connected
  await sleep(30)
  const before = { octets: socket.bytesRead, requests: server.served.length }
  socket.resume()
  stage.show(await asked, server.served[0])
  stage.check('nothing is read before resume()', before, { octets: 0, requests: 0 })
  stage.check('and all of it after', server.served.length, 1)
}

// A property of the server, not an option; a connection too many is closed without a word.
async function maxConnections(stage) {
  stage.say('  maxConnections: 1')
  const server = await stage.server()
  let dropped = 0
  server.net.maxConnections = 1
  server.net.on('drop', () => {
    dropped += 1
  })
  const first = stage.client(server)
  stage.show(await first.ask(GET), server.served[0])
  const second = await stage.attempt(stage.client(server).ask(GET))
  stage.show(second)
  const again = await stage.attempt(first.ask(GET))
  stage.show(again, server.served[1])
  stage.check('a second connection gets no answer', second.head, undefined)
  stage.check('it was dropped', dropped, 1)
  stage.check('the first goes on', again.outcome, '200 Grüße!')
}
