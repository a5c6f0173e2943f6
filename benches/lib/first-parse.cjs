// From before a parser is loaded to behind its first message, in nanoseconds: `first-parse.cjs NAME`.
'use strict'

const { browserGet } = require('./inputs.cjs')

const FILES = {
  HTTPParser: 'httpparser',
  "undici's llhttp wasm": 'llhttp-wasm',
  'http-parser-js': 'http-parser-js',
  milo: 'milo',
}

// What all peers count with is not theirs.
const { told } = require('./told.cjs')

const name = process.argv[2]
const start = process.hrtime.bigint()
const read = name in FILES ? peer() : ours()
const taken = process.hrtime.bigint() - start
if (read !== browserGet.toString().match(/^[\w-]+: /gm).length) throw new Error(`${read} fields were read`)
console.log(`${taken}`)

function peer() {
  require(`../peers/${FILES[name]}.cjs`).make('request')(browserGet)
  return told.fields
}

function ours() {
  const { RequestParser } = require('h1wire')
  return new RequestParser().push(browserGet)[0].headers.raw.length / 2
}
