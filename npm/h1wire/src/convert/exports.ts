// What `h1wire/convert` exports that needs no backend.

export type { Conversions, ConvertOptions } from './convert.js'
export { formatOf } from './detect.js'
export { ConversionError } from './error.js'
export { type FormatName, READABLE, unwrap, WRITABLE, wrap } from './formats.js'
export type { Fields, Message, Note, RequestMessage, ResponseMessage } from './model.js'
