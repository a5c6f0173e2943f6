// The exchanges `npm start` plays, in order. `example` is the script that shows the same to a reader of code.

import { chunks } from './exchanges/chunks.mjs'
import { faults } from './exchanges/faults.mjs'
import { get } from './exchanges/get.mjs'
import { ipc } from './exchanges/ipc.mjs'
import { keepAlive, REQUESTS } from './exchanges/keep-alive.mjs'
import { octetwise } from './exchanges/octetwise.mjs'
import { picture } from './exchanges/picture.mjs'
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
  {
    title: 'A server of h1wire/net',
    run: script('09-server.js', [
      'GET /guests -> 200 ["Ada","Grace"]',
      'GET /clock -> 200 1 2 3',
      'POST /upper -> 200 SHOUT',
      'GET /nobody -> 404 There is nothing here',
      'closed',
    ]),
    example: '09-server.js',
  },
  {
    title: 'A client and a pool of h1wire/net',
    run: script('10-client.js', [
      '200 OK: Hello, whoever you are!',
      'the sum is 6',
      '5000000 octets, read as they came',
      'Hello, Zoë!',
    ]),
    example: '10-client.js',
  },
]
