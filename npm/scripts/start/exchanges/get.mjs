// A GET and its answer.

export async function get(stage) {
  const server = await stage.server()
  const exchange = await stage.client(server).ask({ method: 'GET', target: '/hello' })
  stage.show(exchange, server.served[0])
  stage.check('status 200', exchange.head.status, 200)
  stage.check('the body, in UTF-8', exchange.body.toString(), 'Grüße!\n')
  stage.check('Content-Length counts octets', exchange.head.contentLength, 9)
}
