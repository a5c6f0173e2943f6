// A body in chunks, there and back, with a trailer field behind it.

export async function chunks(stage) {
  const server = await stage.server()
  const body = 'sent in chunks, sent back in chunks'
  const trailers = { 'X-From': 'the client' }
  const exchange = await stage.client(server).ask({ method: 'POST', target: '/chunks', body, trailers })
  const [served] = server.served
  stage.show(exchange, served)
  stage.check('chunked there and back', [served.head.chunked, exchange.head.chunked], [true, true])
  stage.check('the body, both ways', [served.body.toString(), exchange.body.toString()], [body, body])
  stage.check("the client's trailer field", [...served.trailers], [['X-From', 'the client']])
  stage.check("the server's trailer field", [...exchange.trailers], [['X-Octets', String(body.length)]])
}
