// What can go wrong on either side, and that each side finds it out.

import { once } from 'node:events'

const GET = { method: 'GET', target: '/hello' }

export async function faults(stage) {
  await refused(stage)
  await serverResets(stage)
  await clientResets(stage)
  await truncatedResponse(stage)
  await malformedResponse(stage)
  await malformedRequest(stage)
}

async function refused(stage) {
  stage.say('  nobody listens')
  const server = await stage.server()
  await server.close()
  await check(stage, server, 'ECONNREFUSED')
}

async function serverResets(stage) {
  stage.say('  the server resets the connection when asked')
  const serve = (socket) => socket.once('data', () => socket.resetAndDestroy())
  await check(stage, await stage.server({ serve }), 'ECONNRESET')
}

async function clientResets(stage) {
  stage.say('  the client resets the connection in the body it sends')
  const server = await stage.server()
  const connected = once(server.net, 'connection')
  const client = stage.client(server)
  const head = `POST /people HTTP/1.1\r\nHost: ${server.host}\r\nContent-Length: 10\r\n\r\n`
  const asked = stage.attempt(client.askRaw(`${head}half`, { method: 'POST' }))
  const [socket] = await connected
  await once(socket, 'data')
  client.reset()
  const [fault] = await once(socket, 'error')
  stage.show(await asked)
  stage.check('the server is told: ECONNRESET', fault.code, 'ECONNRESET')
  stage.check('no request was served', server.served.length, 0)
  const next = await stage.client(server).ask(GET)
  stage.check('and it serves the next client', next.head.status, 200)
}

async function truncatedResponse(stage) {
  stage.say('  the server closes in the body it sends')
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'
  await check(stage, await stage.server(saying(response)), 'H1_TRUNCATED_BODY')
}

async function malformedResponse(stage) {
  stage.say('  a malformed response')
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 1O\r\n\r\n'
  await check(stage, await stage.server(saying(response)), 'H1_CONTENT_LENGTH')
}

async function malformedRequest(stage) {
  stage.say('  a malformed request')
  const server = await stage.server()
  const head = `POST /people HTTP/1.1\r\nHost: ${server.host}\r\n`
  const lengths = 'Content-Length: 5\r\nContent-Length: 6\r\n\r\n'
  const exchange = await stage.client(server).askRaw(`${head}${lengths}hello`, { method: 'POST' })
  stage.show(exchange)
  stage.say(`  the server finds ${server.faults[0]?.code}: ${server.faults[0]?.message}`)
  stage.check('the server refuses it with 400', exchange.head.status, 400)
  stage.check('it says why', exchange.body.toString(), 'H1_CONTENT_LENGTH_DIFFERS\n')
  stage.check('it closes the connection', exchange.head.keepAlive, false)
  stage.check('no request was served', server.served.length, 0)
}

/** Asks the server, and checks what the client is told instead of an answer. */
async function check(stage, server, code) {
  const exchange = await stage.attempt(stage.client(server).ask(GET))
  stage.show(exchange)
  stage.check(`the client is told: ${code}`, exchange.outcome, code)
}

/** A server that gives this answer, such as it is, and closes. */
function saying(response) {
  return { serve: (socket) => socket.once('data', () => socket.end(response)) }
}
