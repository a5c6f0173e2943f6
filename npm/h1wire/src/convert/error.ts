// What a conversion refuses.

/** Input is not in the format it is read in, or a format cannot say what it is to say; the message says which, and where. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError'
}
