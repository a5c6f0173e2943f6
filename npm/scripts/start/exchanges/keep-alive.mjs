// The same requests on one connection, and on one each, closed by either side.

import { performance } from 'node:perf_hooks'

export const REQUESTS = 50

export async function keepAlive(stage) {
  for (const [mode, connections] of [
    ['kept alive', 1],
    ['closed by the client', REQUESTS],
    ['closed by the server', REQUESTS],
  ]) {
    const server = await stage.server({ closing: mode === 'closed by the server' })
    const start = performance.now()
    const answers = await askAll(stage, server, mode === 'closed by the client')
    const time = (performance.now() - start).toFixed(1)
    stage.say(`  ${mode}: ${answers} answers, ${time} ms, connections: ${server.connections}`)
    stage.check('every request is answered', answers, REQUESTS)
    stage.check(
      connections === 1 ? 'over one connection' : 'each over its own',
      server.connections,
      connections,
    )
  }
}

async function askAll(stage, server, closing) {
  const headers = closing ? { Connection: 'close' } : {}
  let answers = 0
  let client
  for (let number = 0; number < REQUESTS; number += 1) {
    client ??= stage.client(server)
    const { head, body } = await client.ask({ method: 'GET', target: '/hello', headers })
    if (head.status === 200 && body.toString() === 'Grüße!\n') answers += 1
    if (head.keepAlive) continue
    client.close()
    client = undefined
  }
  return answers
}
