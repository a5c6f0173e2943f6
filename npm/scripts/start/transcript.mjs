// An exchange as a reader sees it: what went over the wire, how each side found the body's end, and what became
// of the connection.

const SHOWN = 800

/**
 * The text of an exchange, or of the error there was instead of an answer; `served` is what the server made of
 * the request.
 */
export function transcript({ sent, received, head, body, trailers, message }, served) {
  const lines = [...wire('>', sent), ...wire('<', received)]
  if (served) lines.push(`  framing of the request: ${framing(served.head, served.body, served.trailers)}`)
  if (!head) return [...lines, `  no whole answer: ${message}`].join('\n')
  lines.push(`  framing of the response: ${framing(head, body, trailers)}`)
  const place = served ? `connection ${served.connection}, exchange ${served.exchange}: ` : ''
  lines.push(`  ${place}${head.keepAlive ? 'kept alive' : 'closed after this'}`)
  return lines.join('\n')
}

function wire(mark, octets) {
  if (octets.length === 0) return []
  const headEnd = octets.indexOf('\r\n\r\n')
  const bodyAt = headEnd === -1 ? octets.length : headEnd + 4
  const body = octets.subarray(bodyAt)
  const lines = octets.latin1Slice(0, bodyAt).replace(/\r\n$/, '').split('\r\n')
  if (body.length > 0) lines.push(...text(body).split(/\r?\n/))
  return lines.map((line) => `  ${mark} ${line}`.trimEnd())
}

function text(body) {
  return body.length > SHOWN ? `(${body.length} octets)` : body.toString('utf8').replace(/\r?\n$/, '')
}

function framing(head, body, trailers) {
  if (head.chunked) return `chunked, ${body.length} octets, trailer fields: ${trailers.size}`
  if (head.contentLength !== null) return `Content-Length, ${head.contentLength} octets`
  if (head.untilClose) return `until the connection closes, ${body.length} octets`
  return 'no body'
}
