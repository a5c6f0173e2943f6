// A picture from disk, with its type and length.

import { readFile } from 'node:fs/promises'
import { PICTURE } from '../server.mjs'

export async function picture(stage) {
  const file = await readFile(PICTURE)
  const server = await stage.server()
  const client = stage.client(server)
  const exchange = await client.ask({
    method: 'GET',
    target: '/picture.png',
    headers: { Accept: 'image/png' },
  })
  stage.show(exchange, server.served[0])
  stage.check('its type', exchange.head.headers.get('content-type'), 'image/png')
  stage.check('its length', exchange.head.contentLength, file.length)
  stage.check('its octets are those on disk', exchange.body.equals(file), true)
  const asked = await client.ask({ method: 'HEAD', target: '/picture.png' })
  stage.show(asked, server.served[1])
  stage.check('HEAD tells the same length', asked.head.headers.get('content-length'), String(file.length))
  stage.check('and has no body', asked.body.length, 0)
}
