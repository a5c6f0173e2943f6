// Every octet of both messages arrives, and is read, by itself.

import { FORM } from './form.mjs'

export async function octetwise(stage) {
  const server = await stage.server({ octetwise: true })
  const client = stage.client(server, { octetwise: true })
  const body = 'name=Jörg&age=30'
  const exchange = await client.ask({
    method: 'POST',
    target: '/chunks',
    headers: FORM,
    body,
    trailers: { 'X-Sum': '17' },
  })
  const [served] = server.served
  stage.show(exchange, served)
  stage.check('the server reads octet by octet', server.pushes, exchange.sent.length)
  stage.check('the client reads octet by octet', exchange.pushes, exchange.received.length)
  stage.check('the body, both ways', [served.body.toString(), exchange.body.toString()], [body, body])
  stage.check(
    'the trailer fields',
    [[...served.trailers], [...exchange.trailers]],
    [[['X-Sum', '17']], [['X-Octets', '17']]],
  )
}
