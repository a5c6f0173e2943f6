// Messages from their parts, and parts from messages. Runs in the worker.

import { formatRaw, formatRequest, formatResponse, H1Error, parseRequest, parseResponse } from 'h1wire'
import type { How } from '../protocol.js'
import type { Parts, Unmade } from './form.js'

/** What was made, or why it is refused: at which part, and there at which code unit. */
export type Made =
  | { octets: Uint8Array<ArrayBuffer> }
  | { refused: string; code?: string | undefined; part?: string | undefined; index?: number | undefined }

/** The octets of a message of these parts, by the formatter of the library. */
export function make({ kind, init, pairs }: Parts): Made {
  const body = pairs ? { body: new URLSearchParams(pairs) } : {}
  try {
    const octets =
      kind === 'raw'
        ? formatRaw({ ...init, ...(pairs ? { body: String(body.body) } : {}) })
        : kind === 'request'
          ? formatRequest({ ...init, ...body })
          : formatResponse({ ...init, ...body })
    return { octets: octets as Uint8Array<ArrayBuffer> }
  } catch (error) {
    const refused = error instanceof Error ? error.message : String(error)
    // A URL that is none is a TypeError, which names no part; Host comes from the URL.
    if (!(error instanceof H1Error)) return { refused, ...('url' in init ? { part: 'target' } : {}) }
    const { code, part, index } = error
    return {
      refused,
      code,
      part: part === 'host' ? 'target' : part,
      index: part === 'host' ? undefined : index,
    }
  }
}

/** The parts of the message that octets begin with, or why it cannot be read. */
export function unmake(
  octets: Uint8Array,
  kind: 'request' | 'response',
  { lenient }: How,
  requestMethod: string | undefined,
): Unmade | string {
  try {
    const message =
      kind === 'request'
        ? parseRequest(octets, { lenient })
        : parseResponse(octets, { lenient, ...(requestMethod ? { requestMethod } : {}) })
    const lines = (section: Iterable<[string, string]>) =>
      [...section].map(([name, value]) => ({ name, value }))
    const { version, body } = message
    const common = { kind, version, headers: lines(message.headers), trailers: lines(message.trailers), body }
    return 'method' in message
      ? { ...common, method: message.method, target: message.target }
      : {
          ...common,
          status: String(message.status),
          reason: message.reason,
          requestMethod: requestMethod ?? '',
        }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
