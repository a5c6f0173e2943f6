// What each kind of octet looks like and means: the one visual language of all views.

import type { NodeKind } from 'h1wire'

/** How octets look: by what they are for. */
export type Look = 'start' | 'name' | 'value' | 'mark' | 'chunk' | 'data' | 'junk' | 'other'

/** The legend, in its order. */
export const LOOKS: { look: Look; title: string; does: string }[] = [
  { look: 'start', title: 'start-line', does: 'method, target, version, status, reason' },
  { look: 'name', title: 'field name', does: 'what a field line is about' },
  { look: 'value', title: 'field value', does: 'what it says' },
  { look: 'mark', title: 'delimiter', does: 'spaces, colons, line ends' },
  { look: 'chunk', title: 'chunk framing', does: 'sizes and extensions' },
  { look: 'data', title: 'body', does: 'content' },
  { look: 'other', title: 'other protocol', does: 'behind a switch' },
  { look: 'junk', title: 'no message', does: 'what no rule allows here' },
]

/** Of each kind of node: how its octets look, and what it is in a sentence. */
export const KINDS: Record<NodeKind, { look: Look; says: string }> = {
  request: {
    look: 'start',
    says: 'What a client sends: a request-line, field lines, an empty line, perhaps a body.',
  },
  response: {
    look: 'start',
    says: 'What a server answers: a status-line, field lines, an empty line, perhaps a body.',
  },
  'request-line': { look: 'start', says: 'Method, target and version, with one SP between them.' },
  'status-line': { look: 'start', says: 'Version, status code and reason phrase, with one SP between them.' },
  method: { look: 'start', says: 'What is to be done with the target. Case matters: get is not GET.' },
  'request-target': {
    look: 'start',
    says: 'What the request is about: a path, a whole URL to a proxy, host:port with CONNECT, or *.',
  },
  'HTTP-version': {
    look: 'start',
    says: 'The version the sender speaks. It decides on framing and on whether the connection persists.',
  },
  'status-code': {
    look: 'start',
    says: 'The outcome, in three digits. 1xx, 204 and 304 have no body whatever their fields say.',
  },
  'reason-phrase': { look: 'start', says: 'A word for people. Programs ignore it, and it may be empty.' },
  SP: { look: 'mark', says: 'One space, 0x20, between the parts of a start-line.' },
  'line-end': {
    look: 'mark',
    says: 'CR LF ends a line; an empty line ends the head. Readers that take less than both see other lines.',
  },
  'leading-line-end': { look: 'mark', says: 'A line end before a message, which robust readers skip.' },
  'field-line': { look: 'name', says: 'A name, a colon right behind it, and a value.' },
  'field-name': { look: 'name', says: 'A token; upper and lower case are the same.' },
  colon: { look: 'mark', says: 'Ends the name. No whitespace may stand before it.' },
  OWS: { look: 'mark', says: 'Optional whitespace, SP or HTAB: not part of the value.' },
  BWS: { look: 'mark', says: 'Bad whitespace: it has no place here, and readers differ over it.' },
  'field-value': { look: 'value', says: 'What the field says, without the whitespace around it.' },
  'value-part': { look: 'value', says: 'A part of a value that is folded over several lines.' },
  'obs-fold': {
    look: 'mark',
    says: 'A line end and whitespace within a value. It reads as one SP and is obsolete.',
  },
  'dropped-line': {
    look: 'junk',
    says: 'A line that is not a header. The badFieldLines leniency drops it; other parsers refuse it or read a header.',
  },
  'message-body': {
    look: 'data',
    says: 'What follows the head: counted by Content-Length, in chunks, or until the connection ends.',
  },
  'body-data': { look: 'data', says: 'Octets of the body, as they are.' },
  chunk: {
    look: 'chunk',
    says: 'A piece of the body: its size in hexadecimal, a line end, so many octets, a line end.',
  },
  'last-chunk': { look: 'chunk', says: 'A chunk of size 0: the body ends, trailers may follow.' },
  'chunk-size': { look: 'chunk', says: 'How many octets the chunk holds, in hexadecimal digits.' },
  semicolon: { look: 'mark', says: 'A chunk extension follows.' },
  'chunk-ext-name': { look: 'chunk', says: 'The name of a chunk extension. Nearly everybody ignores these.' },
  equals: { look: 'mark', says: 'The value of a chunk extension follows.' },
  'chunk-ext-val': { look: 'chunk', says: 'The value of a chunk extension.' },
  'chunk-data': { look: 'data', says: 'Octets of the body, in this chunk.' },
  'trailer-section': {
    look: 'name',
    says: 'Field lines behind a chunked body, for what is known only at its end.',
  },
  junk: { look: 'junk', says: 'Octets that fit no rule where they stand.' },
  switched: { look: 'other', says: 'Another protocol: HTTP has ended here.' },
  'after-close': {
    look: 'junk',
    says: 'Octets behind a message that ended the connection: no reader should heed them.',
  },
}

/** How octets of this kind look. */
export function lookOf(kind: string): Look {
  return KINDS[kind as NodeKind]?.look ?? 'junk'
}

/** What a node of this kind is. */
export function meaningOf(kind: string): string {
  return KINDS[kind as NodeKind]?.says ?? ''
}
