// Forms are posted: Content-Length counts octets, not characters.

import { FORM } from './form.mjs'

export async function post(stage) {
  const server = await stage.server()
  const client = stage.client(server)
  for (const [body, octets, answer] of [
    ['name=John&age=30', 16, 'John is 30, in 16 octets\n'],
    ['name=Jörg&age=30', 17, 'Jörg is 30, in 17 octets\n'],
  ]) {
    const exchange = await client.ask({ method: 'POST', target: '/people', headers: FORM, body })
    const served = server.served.at(-1)
    stage.show(exchange, served)
    stage.check(`Content-Length ${octets} for ${body.length} characters`, served.head.contentLength, octets)
    stage.check('the form arrived', exchange.body.toString(), answer)
  }
  stage.check('one connection for both', server.connections, 1)
}
