// The echo: what was asked, as message/http, in the way of TRACE (RFC 9110 section 9.3.8), the body with it.

import type { Answer, Asked } from './answer.js'

/** Answers with the request. A browser shows the type as text, or not at all: nothing in it is run. */
export async function echo(asked: Asked): Promise<Answer> {
  const { method, target, version, headers } = asked
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`, 'latin1')
  async function* pieces(): AsyncGenerator<Buffer> {
    yield head
    yield* asked
  }
  const type: [string, string][] = [['Content-Type', 'message/http']]
  const chunked = headers.has('Transfer-Encoding')
  const length = chunked ? undefined : head.length + Number(headers.get('Content-Length') ?? 0)
  return { status: 200, headers: type, length, pieces }
}
