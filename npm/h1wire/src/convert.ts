// The entry `h1wire/convert` for Node.js: messages from one way of writing them to another.

import { createConversions } from './convert/convert.js'
import { formatRequest, formatResponse, RequestParser, ResponseParser } from './index.js'

export * from './convert/exports.js'

const conversions = createConversions({ RequestParser, ResponseParser, formatRequest, formatResponse })

/** {@inheritDoc Conversions.readMessages} */
export const readMessages = conversions.readMessages
/** {@inheritDoc Conversions.writeMessages} */
export const writeMessages = conversions.writeMessages
