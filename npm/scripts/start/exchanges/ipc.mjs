// GET and POST over a Unix domain socket, or a named pipe on Windows.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FORM } from './form.mjs'

export async function ipc(stage) {
  const folder = await mkdtemp(join(tmpdir(), 'h1wire-'))
  stage.atEnd(() => rm(folder, { recursive: true }))
  const windows = process.platform === 'win32'
  const path = windows ? `\\\\.\\pipe\\h1wire-start-${process.pid}` : join(folder, 'server.sock')
  const server = await stage.server({ path })
  const client = stage.client(server)
  stage.say(`  over ${path}`)

  const got = await client.ask({ method: 'GET', target: '/hello' })
  stage.show(got, server.served[0])
  stage.check('the GET is answered', got.body.toString(), 'Grüße!\n')

  const posted = await client.ask({
    method: 'POST',
    target: '/people',
    headers: FORM,
    body: 'name=Jörg&age=30',
  })
  stage.show(posted, server.served[1])
  stage.check('the POST is answered', posted.body.toString(), 'Jörg is 30, in 17 octets\n')
}
