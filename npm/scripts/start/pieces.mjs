// Octet by octet, where that is asked for: taking a chunk apart, and writing one in the smallest pieces.

/** The chunk, or its octets one by one. */
export function* pieces(chunk, octetwise) {
  if (!octetwise) yield chunk
  else for (let at = 0; at < chunk.length; at += 1) yield chunk.subarray(at, at + 1)
}

/** Writes what socket.write takes, whole or each octet when the one before it has left; `last` closes this side. */
export async function write(socket, data, { octetwise, encoding, last = false }) {
  if (octetwise) socket.setNoDelay(true)
  for (const piece of pieces(data, octetwise)) {
    await new Promise((resolve) => socket.write(piece, encoding, resolve))
  }
  if (last) socket.end()
}
