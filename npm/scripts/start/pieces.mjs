// Octet by octet, where that is asked for: taking a chunk apart, and writing one in the smallest pieces.

/** The chunk, or its octets one by one. */
export function* pieces(chunk, octetwise) {
  if (!octetwise) yield chunk
  else for (let at = 0; at < chunk.length; at += 1) yield chunk.subarray(at, at + 1)
}

/** Writes octets, whole or each when the one before it has left; `last` closes this side behind them. */
export async function write(socket, octets, { octetwise, last = false }) {
  if (octetwise) socket.setNoDelay(true)
  for (const piece of pieces(octets, octetwise)) {
    await new Promise((resolve) => socket.write(piece, resolve))
  }
  if (last) socket.end()
}
