// Parsing whole messages through the public API beside other parsers.
'use strict'

const inputs = require('./lib/inputs.cjs')
const { NOTES, ours, oursUnread, peers } = require('./lib/parsers.cjs')
const { outcome } = require('./lib/told.cjs')

const INPUTS = [
  ['browser GET', inputs.browserGet, 'request'],
  ['small GET', inputs.smallGet, 'request'],
  ['API response', inputs.response, 'response'],
  ['2 KiB cookies', inputs.cookies, 'request'],
  ['100 pipelined', inputs.pipelined, 'request'],
]

exports.about =
  'One push of whole messages. Every field read: every name and value of every message became a JavaScript string, and ' +
  'every octet of body was delivered, in ours and in the peers. That all tell the same is checked before anything is timed.'

exports.notes = {
  'browser GET': 'a request of 703 octets with 10 fields',
  'small GET': 'a request of 40 octets with 1 field',
  'API response': 'a response of 1502 octets with 12 fields and 1 KiB of body',
  '2 KiB cookies': 'a request of 2206 octets, most of them one Cookie',
  '100 pipelined': 'a hundred of the small GET in one push; times are for all of them',
  'every field read':
    'strict parsing: framing, Host, request-target and limits checked; `headers.raw` of every message',
  'whole messages': 'the same with `messages: true`: one event for each message, every field read',
  'fields not read': 'the same parsing, and `headers` left alone',
  ...NOTES,
}

exports.works = (h1wire) =>
  INPUTS.map(([work, octets, kind]) => ({
    work,
    subjects: {
      'every field read': ours(h1wire, kind, [octets]),
      'whole messages': ours(h1wire, kind, [octets], { messages: true }),
      'fields not read': oursUnread(h1wire, kind, [octets]),
    },
    peers: peers(kind, [octets]),
    outcome,
  }))
