// Everything public in Node.js, with the type its user sees, and misuse that must not compile. Never run.

import {
  type Body,
  type BodyData,
  type BodyEvent,
  type backend,
  type ChunkExtensions,
  type Edit,
  type EndEvent,
  type ErrorEvent,
  type Event,
  type FieldLines,
  type FieldSection,
  type FieldValue,
  type FieldValues,
  type Finding,
  type FindingCode,
  type FormatOptions,
  formatChunk,
  formatLastChunk,
  formatRaw,
  formatRequest,
  formatResponse,
  H1Error,
  type H1ErrorCode,
  type H1ErrorDetails,
  type InspectedMessage,
  type InspectedNode,
  type InspectedStructured,
  type Inspection,
  type InspectKind,
  type InspectOptions,
  Inspector,
  type InspectorEvent,
  type init,
  inspect,
  json,
  type Leniency,
  type LeniencyName,
  type LimitName,
  type Limits,
  type MessagesOptions,
  multipart,
  type NodeKind,
  type OtherReader,
  type ParserOptions,
  type ProfileName,
  parseRequest,
  parseResponse,
  parseStructured,
  type RawChunk,
  type RawField,
  type RawLine,
  type RawLines,
  type RawParts,
  type RawText,
  type Reading,
  type Request,
  type RequestEvent,
  type RequestHead,
  type RequestMessage,
  type RequestMessageEvent,
  RequestParser,
  type RequestParts,
  type Response,
  type ResponseEvent,
  type ResponseHead,
  type ResponseMessage,
  type ResponseMessageEvent,
  ResponseParser,
  type ResponseParserOptions,
  type ResponseParts,
  readings,
  rewrite,
  type StartLinePart,
  type StructuredBareItem,
  type StructuredInnerList,
  type StructuredItem,
  type StructuredMember,
  type StructuredParameters,
  type StructuredType,
  type StructuredValues,
  type Tolerated,
  type ToleratedEvent,
  type TypedBody,
  type UpgradeEvent,
} from 'h1wire'
import { is, type Same } from './same.js'

const octets = new Uint8Array(1)

is<Same<typeof import('h1wire').LENIENCIES[number], Leniency>>()
is<Same<Leniency['name'], LeniencyName>>()

// Every name that is there at run time: whoever adds one adds its types below.
is<
  Same<
    keyof typeof import('h1wire'),
    | 'allowedTrailers'
    | 'backend'
    | 'Connection'
    | 'FieldSection'
    | 'formatChunk'
    | 'formatLastChunk'
    | 'formatRaw'
    | 'formatRequest'
    | 'formatResponse'
    | 'H1Error'
    | 'init'
    | 'inspect'
    | 'Inspector'
    | 'json'
    | 'LENIENCIES'
    | 'multipart'
    | 'parseRequest'
    | 'parseResponse'
    | 'parseStructured'
    | 'parserStream'
    | 'parseTarget'
    | 'readings'
    | 'rewrite'
    | 'RequestParser'
    | 'ResponseParser'
  >
>()

// Which backend.
is<Same<typeof backend, 'native' | 'wasm'>>()
is<Same<ReturnType<typeof init>, Promise<void>>>()

// Parsers.
const requests = new RequestParser()
const responses = new ResponseParser({ requestMethod: 'HEAD' })
const typed: [RequestParser, ResponseParser] = [requests, responses]
for (const parser of typed) {
  is<Same<typeof parser.error, H1Error | undefined>>()
  is<Same<typeof parser.bytesParsed, number>>()
  is<Same<ReturnType<typeof parser.free>, void>>()
}
is<Same<ReturnType<typeof requests.push>, RequestEvent[]>>()
is<Same<ReturnType<typeof requests.end>, RequestEvent[]>>()
is<Same<ReturnType<typeof requests.resume>, RequestEvent[]>>()
is<Same<ReturnType<typeof responses.push>, ResponseEvent[]>>()
is<Same<ReturnType<typeof responses.end>, ResponseEvent[]>>()
is<Same<ReturnType<typeof responses.resume>, ResponseEvent[]>>()
is<Same<ReturnType<typeof responses.expect>, void>>()
{
  using parser = new RequestParser()
  parser.push(Buffer.alloc(1))
}
const whole: MessagesOptions = { messages: true }
const wholeRequests = new RequestParser({ ...whole, limits: { maxBodySize: 1 } })
const wholeResponses = new ResponseParser({ messages: true, requestMethod: 'HEAD' })
is<Same<ReturnType<typeof wholeRequests.push>, RequestMessageEvent[]>>()
is<Same<ReturnType<typeof wholeResponses.end>, ResponseMessageEvent[]>>()
is<Same<ReturnType<typeof wholeResponses.expect>, void>>()
is<Same<RequestMessage['body'], Buffer>>()
is<Same<ResponseMessage['type'], 'message'>>()
is<Same<RequestHead['start'] | RequestHead['end'] | EndEvent['offset'], number>>()
is<Same<H1Error['field'], string | undefined>>()
is<Same<H1Error['leniencies'], readonly LeniencyName[] | undefined>>()
// @ts-expect-error: a whole body has no chunks
new RequestParser({ messages: true, chunks: true })
// @ts-expect-error: octets, no text
requests.push('GET / HTTP/1.1')
// @ts-expect-error: octets, no bare memory
requests.push(new ArrayBuffer(1))
// @ts-expect-error: nothing pushed
requests.push()
// @ts-expect-error: requests answer nothing
requests.expect('GET')
// @ts-expect-error: requests answer nothing
new RequestParser({ requestMethod: 'GET' })
// @ts-expect-error: a method is a string
responses.expect(1)
// @ts-expect-error: told, not set
requests.error = undefined
// @ts-expect-error: counted, not set
requests.bytesParsed = 0

// Options.
const limits: Required<Limits> = {
  maxStartLine: 1,
  maxHeadSize: 1,
  maxFields: 1,
  maxTrailerSize: 1,
  maxTrailerFields: 1,
  maxChunkExtensions: 1,
  maxInformational: 1,
  maxBodySize: Infinity,
}
is<Same<keyof Limits, LimitName>>()
const names: readonly LeniencyName[] = [
  'headerValueRelaxed',
  'headers',
  'chunkedLength',
  'transferEncoding',
  'version',
  'keepAlive',
  'dataAfterClose',
  'optionalLFAfterCR',
  'optionalCRBeforeLF',
  'optionalCRLFAfterChunk',
  'spacesAfterChunkSize',
  'obsFold',
  'spaceBeforeColon',
  'missingHost',
  'targetObsText',
  'asterisk',
  'transferEncodingVersion',
  'identityCoding',
  'badFieldLines',
]
const options: ParserOptions[] = [{}, { limits }, { lenient: names }, { lenient: 'strict', chunks: true }]
const answering: ResponseParserOptions = { lenient: 'node-insecure', requestMethod: 'CONNECT' }
new RequestParser(options[0])
new ResponseParser(answering)
// @ts-expect-error: no such limit
new RequestParser({ limits: { maxHeaders: 1 } })
// @ts-expect-error: a limit is a number
new RequestParser({ limits: { maxFields: '1' } })
// @ts-expect-error: no such preset
new RequestParser({ lenient: 'everything' })
// @ts-expect-error: no such leniency
new RequestParser({ lenient: ['everything'] })
// @ts-expect-error: a leniency alone is no array
new RequestParser({ lenient: 'obsFold' })
// @ts-expect-error: no such option
new RequestParser({ strict: true })

// Events.
is<Same<Event, RequestEvent | ResponseEvent>>()
for (const event of requests.push(octets)) {
  switch (event.type) {
    case 'head':
      is<Same<typeof event, RequestHead>>()
      is<Same<typeof event.method, string>>()
      is<Same<typeof event.target, string>>()
      is<Same<typeof event.headers, FieldSection>>()
      is<Same<typeof event.contentLength, number | null>>()
      // @ts-expect-error: a request has no status
      event.status
      break
    case 'body':
      is<Same<typeof event, BodyEvent>>()
      is<Same<typeof event.data, Buffer>>()
      break
    case 'end':
      is<Same<typeof event, EndEvent>>()
      is<Same<typeof event.trailers, FieldSection>>()
      break
    case 'upgrade':
      is<Same<typeof event, UpgradeEvent>>()
      is<Same<typeof event.rest, Buffer>>()
      break
    case 'tolerated':
      is<Same<typeof event, ToleratedEvent>>()
      is<Same<typeof event.offset, number>>()
      break
    case 'error':
      is<Same<typeof event, ErrorEvent>>()
      is<Same<typeof event.error, H1Error>>()
      break
    default:
      is<Same<typeof event, never>>()
  }
  // @ts-expect-error: not every event has data
  event.data
}
for (const event of responses.end()) {
  if (event.type !== 'head') continue
  is<Same<typeof event, ResponseHead>>()
  is<Same<typeof event.status, number>>()
  is<Same<typeof event.reason, string>>()
  is<
    Same<
      Pick<
        ResponseHead,
        'version' | 'keepAlive' | 'chunked' | 'untilClose' | 'upgrade' | 'expectContinue' | 'informational'
      >,
      {
        version: string
        keepAlive: boolean
        chunked: boolean
        untilClose: boolean
        upgrade: boolean
        expectContinue: boolean
        informational: boolean
      }
    >
  >()
  // @ts-expect-error: a response has no method
  event.method
}

// Whole messages.
const request = parseRequest(octets, { lenient: ['missingHost'] })
const response = parseResponse(octets, { requestMethod: 'GET' })
is<Same<typeof request, Request>>()
is<Same<typeof response, Response>>()
is<Same<typeof request.method, string>>()
is<Same<typeof request.body, Buffer>>()
is<Same<typeof response.rest, Buffer>>()
is<Same<typeof response.status, number>>()
is<Same<typeof response.trailers, FieldSection>>()
is<Same<typeof response.tolerated, Tolerated[]>>()
// @ts-expect-error: a message is not an event
request.type
// @ts-expect-error: octets, no text
parseResponse('HTTP/1.1 200 OK')
// @ts-expect-error: requests answer nothing
parseRequest(octets, { requestMethod: 'GET' })

// Building messages.
const values: FieldValue[] = ['text', 1, 2n, true, new Date(0)]
const several: FieldValues = ['one', 2]
const lines: FieldLines[] = [
  { Accept: '*/*', 'X-Several': several },
  [
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ],
  new Map([['Accept', '*/*']]),
  new Headers(),
  request.headers,
]
const bodies: Body[] = [
  'text',
  octets,
  Buffer.alloc(1),
  new ArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
  new URLSearchParams(),
  new FormData(),
  json([1]),
  { content: '<p>', type: 'text/html' },
]
const data: BodyData = octets
const typedBody: TypedBody = await multipart(new FormData(), 'multipart/form-data; boundary=x')
const apart: FormatOptions[] = [
  { body: false },
  { body: false, length: 5 },
  { body: false, length: 'unknown' },
]
const asked: RequestParts = {
  host: 'example.com',
  method: 'POST',
  url: new URL('http://example/'),
  version: '1.1',
  headers: lines[0] ?? {},
  body: bodies[0] ?? null,
  trailers: lines[1] ?? {},
}
const answered: ResponseParts = {
  status: 200,
  reason: 'OK',
  version: '1.0',
  headers: [['X', values[0] ?? '']],
  body: null,
  requestMethod: request.method,
  requestVersion: request.version,
}
const extensions: ChunkExtensions[] = [{ name: 'value', flag: true }, [['name', 1]]]
is<Same<ReturnType<typeof formatRequest>, Buffer>>()
is<Same<ReturnType<typeof formatResponse>, Buffer>>()
is<Same<ReturnType<typeof formatChunk>, Buffer>>()
is<Same<ReturnType<typeof formatLastChunk>, Buffer>>()
formatRequest(asked)
formatRequest({ target: '*', method: 'OPTIONS' })
formatResponse(answered)
formatRequest({ target: '/', body: typedBody }, apart[0])
formatResponse(answered, apart[1])
formatChunk(octets, extensions[0])
formatChunk(data)
formatLastChunk()
formatLastChunk({ 'X-Sum': 9 })
const rawText: RawText[] = ['x', 5, octets]
const rawField: RawField = { name: 'A', separator: ':', value: octets, eol: '' }
const rawLines: RawLine[] = ['whole', ['name', 1], rawField]
const rawChunk: RawChunk = { size: '0x1', extensions: ';', data: 'x', eol: '', dataEnd: '' }
const rawSections: RawLines[] = [rawLines, { A: ['b', 5] }, new Headers(), request.headers]
const rawParts: RawParts = {
  startLine: null,
  end: '',
  body: [rawChunk, 'x'],
  lastChunk: null,
  trailersEnd: '',
}
is<Same<ReturnType<typeof formatRaw>, Buffer>>()

// Inspecting.
const inspectOptions: InspectOptions = {
  kind: 'response' satisfies InspectKind,
  requestMethods: ['HEAD'],
  lenient: ['obsFold'],
}
is<Same<ReturnType<typeof inspect>, Inspection>>()
const inspection = inspect(octets, inspectOptions)
is<Same<typeof inspection.nodes, InspectedNode[]>>()
is<Same<InspectedNode['kind'], NodeKind>>()
is<Same<InspectedNode['text'], string | undefined>>()
is<Same<InspectedNode['structured'], InspectedStructured | undefined>>()
is<Same<InspectedStructured['type'], StructuredType>>()
const [message] = inspection.messages
is<Same<InspectedMessage['framing'], 'none' | 'length' | 'chunked' | 'until-close'>>()
if (message) is<Same<typeof message.node, InspectedNode>>()
const [finding] = inspection.findings
is<Same<Finding['code'], FindingCode>>()
if (finding) is<Same<typeof finding.reader, OtherReader | undefined>>()
is<Same<OtherReader['profile'], ProfileName>>()
const inspector: Inspector = new Inspector({ kind: 'auto' })
is<Same<ReturnType<typeof inspector.push>, InspectorEvent[]>>()
is<Same<ReturnType<typeof inspector.end>, InspectorEvent[]>>()
is<Same<ReturnType<typeof readings>, Reading[]>>()

// Structured fields.
is<Same<StructuredValues['list'], StructuredMember[]>>()
is<Same<StructuredMember, StructuredItem | StructuredInnerList>>()
const structuredItem = parseStructured('a', 'item')
is<Same<typeof structuredItem, StructuredItem>>()
is<Same<typeof structuredItem.parameters, StructuredParameters>>()
is<Same<StructuredParameters, Map<string, StructuredBareItem>>>()
if (structuredItem.type === 'byte-sequence') is<Same<typeof structuredItem.value, Uint8Array>>()
const structuredDictionary = parseStructured(['a', 'b'] as const, 'dictionary')
is<Same<typeof structuredDictionary, Map<string, StructuredMember>>>()
// @ts-expect-error: the type of a field is not told by its value
parseStructured('a')
// @ts-expect-error: there is no such type
parseStructured('a', 'map')
// @ts-expect-error: text, no octets
parseStructured(octets, 'item')

readings(octets, { kind: 'request' })
is<Same<Reading['profile'], ProfileName>>()
const edits: Edit[] = [
  { part: 'target' satisfies StartLinePart, value: '/' },
  { field: 'Host', value: null, message: 1 },
  { add: 'A', value: octets },
  { body: octets },
]
is<Same<ReturnType<typeof rewrite>, Buffer>>()
rewrite(octets, edits)
// @ts-expect-error: readings have leniencies of their own
readings(octets, { lenient: 'strict' })
// @ts-expect-error: an edit says what it changes
rewrite(octets, [{ value: 'a' }])
// @ts-expect-error: there is no such kind
inspect(octets, { kind: 'both' })
formatRaw({ ...rawParts, startLine: rawText[0] ?? null, fields: rawSections[0] ?? [], body: data })
// @ts-expect-error: a raw message has fields, not headers
formatRaw({ headers: {} })
// @ts-expect-error: a length is a number, or unknown
formatRequest({ target: '/' }, { body: false, length: '5' })
// @ts-expect-error: a chunk has no type of its own
formatChunk(json(1))
// @ts-expect-error: a request is an object
formatRequest('http://example/')
// @ts-expect-error: a response needs a status
formatResponse({ reason: 'OK' })
// @ts-expect-error: a status is a number
formatResponse({ status: '200' })
// @ts-expect-error: only 1.0 and 1.1 are written
formatRequest({ target: '/', version: '2.0' })
// @ts-expect-error: null is no value
formatRequest({ target: '/', headers: { Accept: null } })
// @ts-expect-error: undefined is no value
formatRequest({ target: '/', headers: { Accept: undefined } })
// @ts-expect-error: pairs, not a list of names and values
formatRequest({ target: '/', headers: ['Accept', '*/*'] })
// @ts-expect-error: no plain object is a body
formatRequest({ target: '/', body: { json: true } })
// @ts-expect-error: no such member
formatRequest({ path: '/' })
// @ts-expect-error: requests answer nothing
formatRequest({ target: '/', requestMethod: 'GET' })

// Fields.
const fields: FieldSection = request.headers
is<Same<ReturnType<typeof fields.get>, string | undefined>>()
is<Same<ReturnType<typeof fields.getAll>, string[]>>()
is<Same<ReturnType<typeof fields.getSetCookie>, string[]>>()
is<Same<ReturnType<typeof fields.has>, boolean>>()
is<Same<typeof fields.raw, string[]>>()
is<Same<typeof fields.size, number>>()
is<Same<ReturnType<typeof fields.toObject>, Record<string, string | string[]>>>()
is<Same<ReturnType<typeof fields.toHeaders>, Headers>>()
const pairs: [string, string][] = [...fields]
const entries: Iterable<[string, string]> = fields.entries()
new Map([...pairs, ...entries])
// @ts-expect-error: no plain object
fields['content-type']
// @ts-expect-error: counted, not set
fields.size = 0

// Errors.
const details: H1ErrorDetails = { offset: 1, byte: 0x20, cause: new Error('why') }
const error = new H1Error('H1_METHOD', details)
const plain: Error = error
is<Same<typeof error.code, H1ErrorCode>>()
is<Same<typeof error.offset, number>>()
is<Same<typeof error.byte, number | null>>()
is<Same<typeof error.rule, string>>()
is<Same<typeof error.statusHint, number | null>>()
is<Same<typeof error.missing, number>>()
is<Same<typeof error.part, string | undefined>>()
is<Same<typeof error.index, number | undefined>>()
is<Same<typeof error.expected, number | undefined>>()
is<Same<typeof error.actual, number | undefined>>()
is<Same<typeof error.side, 'local' | 'remote' | undefined>>()
if (plain instanceof H1Error && plain.code === 'H1_LONE_LF') is<Same<typeof plain, H1Error>>()
// @ts-expect-error: no such code
if (error.code === 'H1_NONSENSE') throw error
// @ts-expect-error: no such code
new H1Error('H1_NONSENSE')
// @ts-expect-error: told, not set
error.code = 'H1_METHOD'

// Targets and trailers.
is<Same<ReturnType<typeof import('h1wire').parseTarget>, import('h1wire').Target>>()
is<Same<import('h1wire').Target['form'], 'origin' | 'absolute' | 'authority' | 'asterisk'>>()
is<
  Same<
    ReturnType<typeof import('h1wire').allowedTrailers>,
    [name: string, value: import('h1wire').FieldValue][]
  >
>()
