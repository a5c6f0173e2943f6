// What the socket layer knows of the library: types and errors, and, handed to it, what is bound to a backend.

import type { Api } from '../api.js'
import type * as connection from '../facade/connection.js'
import type * as events from '../facade/events.js'

export {
  type Body,
  type BodyData,
  type ConnectionOptions,
  type ConnectionResponse,
  type FieldLines,
  type FieldSection,
  type FieldValues,
  type FormatOptions,
  H1Error,
  type H1ErrorCode,
  type RequestHead,
  type RequestParts,
  type ResponseHead,
  type Tolerated,
  type ToleratedEvent,
} from '../common.js'

/** What is bound to a backend. */
export type Library = Pick<Api<Buffer>, 'Connection' | 'allowedTrailers' | 'multipart'>

export type Connection<Event> = connection.Connection<Buffer, Event>
export type RequestEvent = events.RequestEvent<Buffer>
export type ResponseEvent = events.ResponseEvent<Buffer>
