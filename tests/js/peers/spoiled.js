// A socket that changes octets on their way out, so that a client that writes nothing wrong can be told off for it.

'use strict'

const net = require('node:net')

/** A socket to `where`; in all that is written to it, `from` becomes `to`. */
function spoiled(where, from, to) {
  const socket = net.connect(where)
  const { write } = socket
  socket.write = (data, ...rest) => {
    const octets = Buffer.from(Buffer.from(data).toString('latin1').replace(from, to), 'latin1')
    return write.call(socket, octets, ...rest)
  }
  return socket
}

module.exports = { spoiled }
