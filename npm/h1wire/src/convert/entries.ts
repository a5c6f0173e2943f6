// Formats of several entries: which are wanted, and where a fault lies.

import { ConversionError } from './error.js'
import type { Context } from './formats.js'

/** The entries that are wanted (`only` counts from 1), each read with its place told, and passed over or refused if it is at fault. */
export function* eachOf<Entry, Out>(
  entries: Iterable<Entry>,
  what: string,
  { only, invalid }: Pick<Context, 'only' | 'invalid'>,
  readOne: (entry: Entry, place: string) => readonly Out[],
  first = 1,
): Generator<Out> {
  let number = 0
  for (const entry of entries) {
    number++
    if (only !== undefined && number !== only) continue
    const place = `${what} ${number - 1 + first}`
    let read: readonly Out[] = []
    try {
      read = readOne(entry, place)
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error
      invalid(new ConversionError(`${place}: ${error.message}`, { cause: error.cause }))
    }
    yield* read
  }
  if (only !== undefined && only > number) {
    throw new ConversionError(`there is no ${what} ${only}: there are ${number}`)
  }
}
