// socket.setTimeout: either side falls silent, and the other does not wait for ever.

const SILENCE = 40

export async function timeouts(stage) {
  await silentClient(stage)
  await silentServer(stage)
}

async function silentClient(stage) {
  stage.say('  the client falls silent in its head')
  const server = await stage.server({ timeout: SILENCE })
  const exchange = await stage.attempt(stage.client(server).askRaw('GET / HTTP/1.1\r\nHost: loc'))
  stage.show(exchange)
  stage.check('the server says so', exchange.outcome, '408 you fell silent')
  stage.check('and closes the connection', exchange.head?.keepAlive, false)
  stage.check('no request was served', server.served.length, 0)
}

async function silentServer(stage) {
  stage.say('  the server falls silent when asked')
  const server = await stage.server({ serve: (socket) => socket.resume() })
  const client = stage.client(server, { timeout: SILENCE })
  const exchange = await stage.attempt(client.ask({ method: 'GET', target: '/hello' }))
  stage.show(exchange)
  stage.check('the client gives up', exchange.outcome, `no answer within ${SILENCE} ms`)
}
