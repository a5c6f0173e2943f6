// Which requests may be repeated without asking.

import { IDEMPOTENT_METHODS } from '../generated/layout.js'

const METHODS: ReadonlySet<string> = new Set(IDEMPOTENT_METHODS)

/** Whether requests with this method mean the same once as several times (RFC 9110 section 9.2.2). */
export function isIdempotent(method = 'GET'): boolean {
  return METHODS.has(method)
}
