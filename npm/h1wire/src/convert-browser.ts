// The entry `h1wire/convert` for browsers, after `await init()` of `h1wire`: messages from one way of writing them to another.

import { formatRequest, formatResponse, RequestParser, ResponseParser } from './browser.js'
import { createConversions } from './convert/convert.js'

export * from './convert/exports.js'

const conversions = createConversions({ RequestParser, ResponseParser, formatRequest, formatResponse })

/**
 * The messages that input in this format stands for. Text is taken as its UTF-8. Nothing is run, filled in or
 * evaluated: a command that names a file or a variable is refused.
 *
 * @throws ConversionError If the input is not in this format, or says what cannot be read here; the message tells.
 * @throws H1Error The first fault of bytes, with its offset.
 * @throws TypeError If there is no such format, or `input` is neither text nor bytes.
 */
export const readMessages = conversions.readMessages
/**
 * Messages in this format: bytes for `raw`, text for all others. What a format cannot say is told to `options.note`
 * and left out; where the rest would be another message, it is refused.
 *
 * @throws ConversionError If the format cannot say what the messages are, or a message holds what must not go onto the wire, in whatever
 * format: its `cause` is then the H1Error.
 * @throws H1Error What cannot be framed, where bytes are written.
 * @throws TypeError If there is no such format.
 */
export const writeMessages = conversions.writeMessages
