// What a conversion refuses, and where.

/** Input is not in the format it is read in, or a format cannot say what it is to say; the message says which, and where. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError'
}

/** Runs this; a fault in it is told with the place before it. */
export function within<T>(place: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error
    throw new ConversionError(`${place}: ${error.message}`, { cause: error.cause })
  }
}

/** A fault of the bytes becomes one of the conversion, so that it is told with its place. */
export function ofBytes<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== 'string') throw error
    throw new ConversionError((error as Error).message, { cause: error })
  }
}
