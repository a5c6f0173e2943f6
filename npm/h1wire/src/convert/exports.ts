// What `h1wire/convert` exports that needs no backend.

export type { Conversions, ConvertOptions } from './convert.js'
export { ConversionError } from './error.js'
export { type FormatName, formatOf, READABLE, unwrap, WRITABLE, wrap } from './formats.js'
export type { Fields, Message, Note, RequestMessage, ResponseMessage } from './model.js'
