// The exchanges `npm start` plays, in order. `example` is the script that shows the same to a reader of code.

import { chunks } from './exchanges/chunks.mjs'
import { faults } from './exchanges/faults.mjs'
import { get } from './exchanges/get.mjs'
import { ipc } from './exchanges/ipc.mjs'
import { keepAlive, REQUESTS } from './exchanges/keep-alive.mjs'
import { octetwise } from './exchanges/octetwise.mjs'
import { picture } from './exchanges/picture.mjs'
import { pictureServer } from './exchanges/picture-server.mjs'
import { post } from './exchanges/post.mjs'
import { script } from './exchanges/script.mjs'
import { serverOptions } from './exchanges/server-options.mjs'
import { socketWrite } from './exchanges/socket-write.mjs'
import { timeouts } from './exchanges/timeouts.mjs'

export const EXCHANGES = [
  { title: 'GET', run: get, example: '01-get.js' },
  { title: 'POST of forms, over one connection', run: post, example: '02-post-form.js' },
  {
    title: `Keep-alive against ordinary mode: ${REQUESTS} requests`,
    run: keepAlive,
    example: '03-keep-alive.js',
  },
  { title: 'A picture', run: picture, example: '04-picture-server.js' },
  { title: 'What socket.write takes', run: socketWrite, example: '05-socket-write.js' },
  { title: 'GET and POST over IPC', run: ipc, example: '06-ipc.js' },
  {
    title: 'A server with allowHalfOpen, pauseOnConnect, maxConnections',
    run: serverOptions,
    example: '07-server-options.js',
  },
  { title: 'Timeouts, on both sides', run: timeouts, example: '07-server-options.js' },
  { title: 'Errors, on both sides', run: faults, example: '07-server-options.js' },
  { title: 'One octet at a time', run: octetwise, example: '08-one-octet-at-a-time.js' },
  { title: 'Chunks and a trailer field', run: chunks },
  ...withNet(),
]

/** The same jobs on h1wire/net, and more: each example as it stands. */
function withNet() {
  const scripts = [
    ['GET', '01-get.js', ['HTTP/1.1 200 OK', 'Grüße! You sent GET /hello?from=h1wire']],
    [
      'POST of forms',
      '02-post-form.js',
      ['  200 OK: Content-Length 17, 17 octets read, name "Jörg", age "30"'],
    ],
    [
      'Keep-alive against ordinary mode',
      '03-keep-alive.js',
      [
        '50 requests, kept alive: 1 connection,',
        '50 requests, closed by the client: 50 connections,',
        '50 requests, closed by the server: 50 connections,',
      ],
    ],
    ['A picture', '04-picture-server.js', pictureServer],
    [
      'What a body may be',
      '05-bodies.js',
      [
        'a string, in UTF-8: Content-Length 10, no type: name=Jörg',
        'a generator: chunked, no type: name=Jörg',
        'a generator, and a length that is wrong: H1_BODY_LENGTH',
      ],
    ],
    [
      'GET and POST over IPC',
      '06-ipc.js',
      ['POST /people -> 200 OK: POST with 17 octets: "name=Jörg&age=30"'],
    ],
    [
      'The options of a server, and errors on both sides',
      '07-server-options.js',
      [
        '  true, unless you say otherwise: 200 OK',
        '  headersTimeout, in a head: 408 Request Timeout',
        '  1: first 200 OK (here you are), second no answer',
        '  nobody listens: H1_CONNECT_FAILED',
        '  the server closes in the body: H1_TRUNCATED_BODY',
      ],
    ],
    [
      'One octet at a time',
      '08-one-octet-at-a-time.js',
      ['client: 200 OK, chunked: Grüße von Jörg', 'client: 199 pieces of one octet'],
    ],
    [
      'A server with several routes',
      '09-server.js',
      [
        'GET /guests -> 200 ["Ada","Grace"]',
        'GET /clock -> 200 1 2 3',
        'POST /upper -> 200 SHOUT',
        'GET /nobody -> 404 There is nothing here',
        'closed',
      ],
    ],
    [
      'A client and a pool',
      '10-client.js',
      ['200 OK: Hello, whoever you are!', 'the sum is 6', '5000000 octets, read as they came', 'Hello, Zoë!'],
    ],
  ]
  return scripts.map(([title, name, played]) => ({
    title: `h1wire/net: ${title}`,
    run: typeof played === 'function' ? played : script(`net/${name}`, played),
    example: `net/${name}`,
  }))
}
