// The leniencies, as the page shows them: the compiler sees to it that none is missing.

import type { LeniencyName } from 'h1wire'

const SAYS: Record<LeniencyName, string> = {
  headerValueRelaxed: 'Controls in a field value',
  headers: 'Controls and NUL in a field value',
  chunkedLength: 'Transfer-Encoding beside Content-Length',
  transferEncoding: 'A last transfer coding that is not chunked',
  version: 'Versions of HTTP that are not known',
  keepAlive: 'A message behind one that ends the connection',
  dataAfterClose: 'Octets behind the last message',
  optionalLFAfterCR: 'A CR alone for a line end',
  optionalCRBeforeLF: 'An LF alone for a line end',
  optionalCRLFAfterChunk: 'Chunk data without its line end',
  spacesAfterChunkSize: 'Whitespace behind a chunk size',
  obsFold: 'Folded field lines',
  spaceBeforeColon: 'Whitespace before the colon',
  missingHost: 'A request without Host',
  targetObsText: 'Octets above 0x7F in the target',
  asterisk: '* as the target of any method',
  transferEncodingVersion: 'Transfer-Encoding in an HTTP/1.0 response',
  identityCoding: 'Transfer-Encoding: identity counts as absent in a response',
  badFieldLines: 'Lines that are not headers are dropped from a response',
}

export const LENIENCIES = (Object.keys(SAYS) as LeniencyName[]).map((name) => ({ name, says: SAYS[name] }))
export const LENIENCY_NAMES: readonly LeniencyName[] = LENIENCIES.map(({ name }) => name)
