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

/** The same octets, the first piece long enough if the input ever is; one empty piece if there are none. */
export async function* gatheredUntil(
  enough: (start: Buffer) => boolean,
  input: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0)
  for await (const piece of input) {
    if (start === undefined) {
      yield piece
      continue
    }
    start = Buffer.concat([start, piece])
    if (!enough(start)) continue
    yield start
    start = undefined
  }
  if (start !== undefined) yield start
}

/** The first octets of an input, as many as are wanted if there are so many, and all of it. */
export async function begun(
  input: AsyncIterable<Buffer>,
  wanted: number,
): Promise<{ start: Buffer; all: AsyncIterable<Buffer> }> {
  const gathered = gatheredUntil((start) => start.length >= wanted, input)
  const { value: start } = (await gathered.next()) as { value: Buffer }
  async function* all(): AsyncGenerator<Buffer> {
    yield start
    yield* gathered
  }
  return { start, all: all() }
}
