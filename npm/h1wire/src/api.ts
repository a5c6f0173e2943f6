// The API bound to a backend: the list of everything that is public beside H1Error and FieldSection.

import type { Backend } from './backend/backend.js'
import type { BodyData, TypedBody } from './facade/body.js'
import { type ConnectionConstructor, ConnectionEnd } from './facade/connection.js'
import type { Request, RequestEvent, Response, ResponseEvent } from './facade/events.js'
import {
  type ChunkExtensions,
  type FormatOptions,
  formatChunk,
  formatLastChunk,
  formatRequest,
  formatResponse,
  type RequestParts,
  type ResponseParts,
} from './facade/format.js'
import {
  type Inspection,
  type InspectOptions,
  type Inspector,
  inspect,
  StreamInspector,
} from './facade/inspect.js'
import type { FieldLines, FieldValue } from './facade/lines.js'
import { readMessage } from './facade/message.js'
import { multipart } from './facade/multipart.js'
import {
  type ConnectionOptions,
  methodId,
  optionWords,
  type ParserOptions,
  type ResponseParserOptions,
} from './facade/options.js'
import { Parser, type RequestParserConstructor, type ResponseParserConstructor } from './facade/parser.js'
import { formatRaw, type RawParts } from './facade/raw.js'
import { type Reading, readings } from './facade/readings.js'
import { type Edit, rewrite } from './facade/rewrite.js'
import { parseTarget, type Target } from './facade/target.js'
import { allowedTrailers } from './facade/trailers.js'
import { ROLE_REQUEST, ROLE_RESPONSE } from './generated/layout.js'

/** Everything public that needs a backend. `Octets` is what octets are handed out as. */
export interface Api<Octets extends Uint8Array> {
  /** Makes parsers of requests. */
  RequestParser: RequestParserConstructor<Octets>
  /** Makes parsers of responses. */
  ResponseParser: ResponseParserConstructor<Octets>
  /** Makes connections. */
  Connection: ConnectionConstructor<Octets>
  parseRequest(bytes: Uint8Array, options?: ParserOptions): Request<Octets>
  parseResponse(bytes: Uint8Array, options?: ResponseParserOptions): Response<Octets>
  formatRequest(init: RequestParts, options?: FormatOptions): Octets
  formatResponse(init: ResponseParts, options?: FormatOptions): Octets
  formatChunk(data: BodyData, extensions?: ChunkExtensions): Octets
  formatLastChunk(trailers?: FieldLines): Octets
  formatRaw(init: RawParts): Octets
  parseTarget(head: { method: string; target: string }): Target
  allowedTrailers(section: FieldLines, version?: string): [name: string, value: FieldValue][]
  inspect(bytes: Uint8Array, options?: InspectOptions): Inspection
  /** Makes inspectors. */
  Inspector: new (
    options?: InspectOptions,
  ) => Inspector
  readings(bytes: Uint8Array, options?: Omit<InspectOptions, 'lenient'>): Reading[]
  rewrite(bytes: Uint8Array, edits: readonly Edit[], options?: InspectOptions): Octets
  multipart(form: FormData, type?: string): Promise<TypedBody>
}

/** The API over this backend. */
export function createApi<Octets extends Uint8Array>(backend: Backend): Api<Octets> {
  class RequestParser extends Parser<RequestEvent<Octets>> {
    constructor(options?: ParserOptions) {
      super(backend, ROLE_REQUEST, options)
    }
  }

  class ResponseParser extends Parser<ResponseEvent<Octets>> {
    constructor(options?: ResponseParserOptions) {
      const method = options?.requestMethod
      super(backend, ROLE_RESPONSE, options)
      if (method !== undefined) super.announce(method, 'options.requestMethod')
    }

    expect(method: string): void {
      this.announce(method, 'method')
    }
  }

  const BackendInspector = class Inspector extends StreamInspector {
    constructor(options?: InspectOptions) {
      super(backend, options)
    }
  }

  class Connection extends ConnectionEnd {
    constructor(options: ConnectionOptions) {
      super(backend, options)
    }
  }

  return {
    Connection: Connection as unknown as ConnectionConstructor<Octets>,
    RequestParser: RequestParser as unknown as RequestParserConstructor<Octets>,
    ResponseParser: ResponseParser as unknown as ResponseParserConstructor<Octets>,
    parseRequest(bytes, options) {
      const asked = { role: ROLE_REQUEST, options: optionWords(options, ROLE_REQUEST) }
      return readMessage(backend, bytes, asked) as Request<Octets>
    },
    parseResponse(bytes, options) {
      const words = optionWords(options, ROLE_RESPONSE)
      const method = options?.requestMethod
      const asked = {
        role: ROLE_RESPONSE,
        options: words,
        methodId: method === undefined ? undefined : methodId(method, 'options.requestMethod'),
      }
      return readMessage(backend, bytes, asked) as Response<Octets>
    },
    formatRequest: (init, options) => formatRequest(backend, init, options) as Octets,
    formatResponse: (init, options) => formatResponse(backend, init, options) as Octets,
    formatChunk: (data, extensions) => formatChunk(backend, data, extensions) as Octets,
    formatLastChunk: (trailers) => formatLastChunk(backend, trailers) as Octets,
    formatRaw: (init) => formatRaw(backend, init) as Octets,
    parseTarget: (head) => parseTarget(backend, head),
    allowedTrailers: (section, version = '1.1') => allowedTrailers(backend, section, version),
    inspect: (bytes, options) => inspect(backend, bytes, options),
    Inspector: BackendInspector,
    readings: (bytes, options) => readings(backend, bytes, options),
    rewrite: (bytes, edits, options) => rewrite(backend, bytes, edits, options) as Octets,
    multipart: (form, type) => multipart(backend, form, type),
  }
}
