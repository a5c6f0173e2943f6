// Our parsers and their peers, all in one form: a function that reads one piece of the input.
'use strict'

const { told, tellFields } = require('./told.cjs')

/** The peers, by the names they have in tables. Each is `{ name, does, make(kind) }`. */
const PEERS = ['httpparser', 'llhttp-wasm', 'http-parser-js', 'milo'].map((file) =>
  require(`../peers/${file}.cjs`),
)

/** What each does and does not do, by name. */
const NOTES = Object.fromEntries(PEERS.map(({ name, does }) => [name, does]))

/** A run that reads all pieces with a parser of ours, every name and value a string. */
function ours(h1wire, kind, pieces, options) {
  const parser = make(h1wire, kind, options)
  return () => {
    for (let at = 0; at < pieces.length; at++) {
      const events = parser.push(pieces[at])
      for (let index = 0; index < events.length; index++) tell(events[index])
    }
  }
}

/** The same, but no field is read: what that leaves is done by `finish`, which is not timed. */
function oursUnread(h1wire, kind, pieces, options) {
  const parser = make(h1wire, kind, options)
  let unread = []
  const run = () => {
    unread = []
    for (let at = 0; at < pieces.length; at++) {
      const events = parser.push(pieces[at])
      for (let index = 0; index < events.length; index++) tellButFields(events[index], unread)
    }
  }
  const finish = () => {
    for (const section of unread) tellFields(section.raw)
  }
  return Object.assign(run, { finish })
}

/** A run for each peer, by its name. */
function peers(kind, pieces) {
  return Object.fromEntries(
    PEERS.map(({ name, make }) => {
      const push = make(kind)
      const run = () => {
        for (let at = 0; at < pieces.length; at++) push(pieces[at])
      }
      return [name, run]
    }),
  )
}

function make(h1wire, kind, options) {
  return kind === 'request' ? new h1wire.RequestParser(options) : new h1wire.ResponseParser(options)
}

function tell(event) {
  switch (event.type) {
    case 'head':
      told.line += event.target === undefined ? event.reason.length : event.target.length
      tellFields(event.headers.raw)
      break
    case 'message':
      told.line += event.target === undefined ? event.reason.length : event.target.length
      tellFields(event.headers.raw)
      told.body += event.body.length
      told.messages++
      if (event.trailers.size !== 0) tellFields(event.trailers.raw)
      break
    case 'body':
      told.body += event.data.length
      break
    case 'end':
      told.messages++
      if (event.trailers.size !== 0) tellFields(event.trailers.raw)
      break
    case 'error':
      throw event.error
  }
}

function tellButFields(event, unread) {
  switch (event.type) {
    case 'head':
      told.line += event.target === undefined ? event.reason.length : event.target.length
      unread.push(event.headers)
      break
    case 'body':
      told.body += event.data.length
      break
    case 'end':
      told.messages++
      break
    case 'error':
      throw event.error
  }
}

module.exports = { PEERS, ours, oursUnread, peers, NOTES }
