// The entry `h1wire/convert` for browsers, after `await init()` of `h1wire`: messages from one way of writing them to another.

import { formatRequest, formatResponse, RequestParser, ResponseParser } from './browser.js'
import { createConversions } from './convert/convert.js'

export * from './convert/exports.js'

const conversions = createConversions({ RequestParser, ResponseParser, formatRequest, formatResponse })

/** {@inheritDoc Conversions.readMessages} */
export const readMessages = conversions.readMessages
/** {@inheritDoc Conversions.writeMessages} */
export const writeMessages = conversions.writeMessages
