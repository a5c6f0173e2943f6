// Input in pieces: a file, or stdin for `-`.

import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'

/** The octets of a file or of stdin, piece by piece. */
export function pieces(file: string): AsyncIterable<Buffer> {
  return file === '-' ? process.stdin : createReadStream(file)
}

/** All octets of a file or of stdin. */
export function octets(file: string): Promise<Buffer> {
  return buffer(pieces(file))
}

/** The same octets, the first piece at least `count` long if there are so many; one empty piece if there are none. */
export async function* startingWith(count: number, input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0)
  for await (const piece of input) {
    start = start === undefined ? piece : Buffer.concat([start, piece])
    if (start.length < count) continue
    yield start
    start = undefined
    count = 0
  }
  if (start !== undefined) yield start
}
