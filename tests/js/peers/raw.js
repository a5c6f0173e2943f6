// A client without any idea of HTTP: it writes octets and keeps what comes back.

'use strict'

const net = require('node:net')

/** Connects; `options` are those of net.connect. */
async function open(options) {
  const socket = net.connect(options)
  let text = ''
  let wake = () => {}
  const closed = new Promise((resolve) => socket.once('close', () => resolve(text)))
  const ended = new Promise((resolve) => socket.once('end', () => resolve(text)))
  socket.on('data', (data) => {
    text += data.toString('latin1')
    wake()
  })
  socket.on('error', (error) => {
    client.error = error
  })
  socket.on('close', () => wake())
  await new Promise((resolve) => socket.once('connect', resolve))
  const client = {
    socket,
    error: undefined,
    /** All that came until the server has ended its side. */
    ended,
    /** All that came until both sides are closed. */
    closed,
    text: () => text,
    write: (octets) => socket.write(octets),
    end: (octets) => socket.end(octets),
    /** Waits until what has come matches. */
    async until(pattern) {
      while (!pattern.test(text)) {
        if (socket.destroyed) throw new Error(`the connection was closed after: ${JSON.stringify(text)}`)
        await new Promise((resolve) => {
          wake = resolve
        })
      }
      return text
    },
  }
  return client
}

module.exports = { open }
