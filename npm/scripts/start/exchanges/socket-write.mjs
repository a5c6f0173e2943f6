// What socket.write takes: a Buffer, a Uint8Array, or a string and its encoding, and a callback.

import { FORM } from './form.mjs'

const BODY = 'name=Jörg&age=30'
const READ = 'Jörg is 30, in 17 octets\n'
// The ö grows by two octets: Content-Length ends the body before the age is whole.
const MISREAD = 'JÃ¶rg is , in 17 octets\n'

export async function socketWrite(stage) {
  const server = await stage.server()
  const message = stage.h1wire.formatRequest({
    method: 'POST',
    target: '/people',
    headers: { Host: server.host, ...FORM, Connection: 'close' },
    body: BODY,
  })
  const octets = message.length
  stage.say(`  the message has ${octets} octets`)
  for (const { what, data, encoding, length = octets, written = octets, answer = READ } of [
    { what: 'Buffer', data: message },
    { what: 'Uint8Array', data: new Uint8Array(message) },
    { what: "string as 'latin1'", data: message.toString('latin1'), encoding: 'latin1' },
    { what: "string as 'utf8'", data: message.toString('utf8'), encoding: 'utf8', length: octets - 1 },
    { what: "string as 'hex'", data: message.toString('hex'), encoding: 'hex', length: 2 * octets },
    {
      what: "'latin1' string as 'utf8'",
      data: message.toString('latin1'),
      encoding: 'utf8',
      written: octets + 2,
      answer: MISREAD,
    },
  ]) {
    const exchange = await stage.client(server).askRaw(data, { method: 'POST', encoding })
    stage.say(`  ${what}: length ${data.length}, ${exchange.written} octets when the callback came`)
    if (what === 'Buffer' || answer !== READ) stage.show(exchange, server.served.at(-1))
    stage.check(`${what}: its length`, data.length, length)
    stage.check(`${what}: the octets written`, exchange.written, written)
    stage.check(`${what}: the answer`, exchange.body.toString(), answer)
  }
}
