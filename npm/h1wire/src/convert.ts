// The entry `h1wire/convert` for Node.js: messages from one way of writing them to another.

import { createConversions } from './convert/convert.js'
import { formatRequest, formatResponse, RequestParser, ResponseParser } from './index.js'

export * from './convert/exports.js'

const conversions = createConversions({ RequestParser, ResponseParser, formatRequest, formatResponse })

/**
 * The messages that input in this format stands for. Text is taken as its UTF-8. Nothing is run, filled in or
 * evaluated: a command that names a file or a variable is refused.
 *
 * @throws ConversionError If the input is not in this format, or says what cannot be read here; the message tells.
 * @throws H1Error The first fault of octets.
 * @throws TypeError If there is no such format, or `input` is neither text nor octets.
 */
export const readMessages = conversions.readMessages
/**
 * Messages in this format: octets for `raw`, text for all others. What a format cannot say is told to `options.note`
 * and left out; where the rest would be another message, it is refused.
 *
 * @throws ConversionError If the format cannot say what the messages are.
 * @throws H1Error What must not go onto the wire, where octets are written.
 * @throws TypeError If there is no such format.
 */
export const writeMessages = conversions.writeMessages
