// What every entry exports alike, whatever the backend and whatever octets are handed out as.

export { type Body, type BodyData, json, type TypedBody } from './facade/body.js'
export type { ConnectionResponse, ConnectionState } from './facade/connection.js'
export { H1Error, type H1ErrorCode, type H1ErrorDetails } from './facade/error.js'
export type {
  EndEvent,
  ErrorEvent,
  RequestHead,
  ResponseHead,
  Tolerated,
  ToleratedEvent,
} from './facade/events.js'
export { FieldSection } from './facade/fields.js'
export type {
  ChunkExtensions,
  FormatOptions,
  RequestParts,
  ResponseParts,
} from './facade/format.js'
export type {
  Finding,
  FindingCode,
  InspectedMessage,
  InspectedNode,
  Inspection,
  InspectKind,
  InspectOptions,
  InspectorEvent,
  NodeKind,
  OtherReader,
  ProfileName,
} from './facade/inspect.js'
export type { InspectedStructured } from './facade/inspected-fields.js'
export type { FieldLines, FieldValue, FieldValues } from './facade/lines.js'
export {
  type ConnectionOptions,
  LENIENCIES,
  type Leniency,
  type LeniencyName,
  type LimitName,
  type Limits,
  type MessagesOptions,
  type ParserOptions,
  type ResponseParserOptions,
} from './facade/options.js'
export type { RawChunk, RawField, RawLine, RawLines, RawParts, RawText } from './facade/raw.js'
export type { Reading } from './facade/readings.js'
export type { Edit, StartLinePart } from './facade/rewrite.js'
export {
  parseStructured,
  type StructuredBareItem,
  type StructuredInnerList,
  type StructuredItem,
  type StructuredMember,
  type StructuredParameters,
  type StructuredType,
  type StructuredValues,
} from './facade/structured.js'
export type { Target, TargetForm } from './facade/target.js'
export { type EventSource, parserStream } from './interop/web-streams.js'
