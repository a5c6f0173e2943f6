// milo from npm: Rust as WebAssembly, told by callbacks where in its memory things lie.
'use strict'

const { milo } = require('@perseveranza-pets/milo')
const { told, tellFields } = require('../lib/told.cjs')

// Its memory that chunks are put into, one for all parsers, and a view of it.
let room = 0
let pointer
let window

/** Puts a chunk where milo can read it. */
function show(chunk) {
  if (chunk.length > room) {
    if (room > 0) milo.dealloc(pointer, room)
    room = Math.ceil(chunk.length / 4096) * 4096
    pointer = milo.alloc(room)
    window = undefined
  }
  // Where memory has grown, the view is empty.
  if (!window?.length) window = Buffer.from(milo.memory.buffer, pointer, room)
  window.set(chunk)
}

module.exports = {
  name: 'milo',
  does:
    'Rust as WebAssembly, one callback for each name, value and piece of body, made strings from the chunk; what it has ' +
    'not read is kept and shown to it again. Looks at the octets of a request-target, not at its form, nor at Host.',

  make(kind) {
    const parser = milo.create()
    milo.setMode(parser, kind === 'request' ? milo.MESSAGE_TYPE_REQUEST : milo.MESSAGE_TYPE_RESPONSE)
    let chunk
    let fields = []
    const text = (_parser, from, size) => fields.push(chunk.latin1Slice(from, from + size))
    const line = (_parser, from, size) => {
      told.line += chunk.latin1Slice(from, from + size).length
    }
    const section = () => {
      tellFields(fields)
      fields = []
    }
    milo.setOnUrl(parser, line)
    milo.setOnReason(parser, line)
    milo.setOnHeaderName(parser, text)
    milo.setOnHeaderValue(parser, text)
    milo.setOnHeaders(parser, section)
    milo.setOnTrailerName(parser, text)
    milo.setOnTrailerValue(parser, text)
    milo.setOnTrailers(parser, section)
    milo.setOnData(parser, (_parser, from, size) => {
      told.body += chunk.subarray(from, from + size).length
    })
    milo.setOnMessageComplete(parser, () => {
      told.messages++
    })
    let kept
    return (piece) => {
      chunk = kept === undefined ? piece : Buffer.concat([kept, piece])
      show(chunk)
      const used = milo.parse(parser, pointer, chunk.length)
      const code = milo.getErrorCode(parser)
      if (code !== milo.ERROR_NONE) throw new Error(`milo answers ${milo.Errors[code]}`)
      kept = used === chunk.length ? undefined : chunk.subarray(used)
    }
  },
}
