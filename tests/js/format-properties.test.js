// What must hold of any message that is built: it reads back as it was given, a forbidden octet anywhere is refused,
// and nothing of one message shows in another.
'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fc = require('fast-check')
const h1wire = require('h1wire')
const { chunks, lastChunks, requests, responses, SEED } = require('./messages.js')

const RUNS = { numRuns: 400, seed: SEED }

let build
let checkReadsBack
test.before(async () => {
  ;({ build, checkReadsBack } = await import('../vectors/format/harness.mjs'))
})

for (const [name, messages] of Object.entries({ requests, responses, chunks, lastChunks })) {
  test(`${name}: what is written is read, in every cut`, () => {
    let read = 0
    fc.assert(
      fc.property(messages(), (message) => {
        const written = built(message)
        if (!written) return
        checkReadsBack(h1wire, message, written)
        read += 1
      }),
      RUNS,
    )
    // Nearly all of what is made up is legal: else nothing was shown.
    assert.ok(read > 0.7 * RUNS.numRuns, `${read} of ${RUNS.numRuns} were accepted`)
  })

  test(`${name}: a forbidden character anywhere is refused there`, () => {
    fc.assert(
      fc.property(
        messages(),
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...FORBIDDEN),
        (given, which, where, bad) => {
          const message = structuredClone(given)
          if (!built(message)) return
          const places = strings(message)
          if (places.length === 0) return
          const { part, get, set } = places[which % places.length]
          const at = where % (get().length + 1)
          set(`${get().slice(0, at)}${bad}${get().slice(at)}`)
          assert.throws(
            () => build(h1wire, message),
            (error) => {
              assert.ok(error instanceof h1wire.H1Error, error)
              assert.deepEqual([error.part, error.index], [part, at])
              assert.equal(error.byte, bad > '\xff' ? null : bad.charCodeAt(0))
              return true
            },
          )
          const next = h1wire.formatLastChunk()
          assert.equal(next.toString('latin1'), '0\r\n\r\n')
        },
      ),
      RUNS,
    )
  })
}

test('what a message comes to does not depend on those before it, refused ones among them', () => {
  const any = fc.oneof(requests(), responses(), chunks(), lastChunks())
  const bad = fc.tuple(fc.constantFrom(...FORBIDDEN), fc.nat({ max: 30_000 })).map(([end, length]) => ({
    call: 'formatLastChunk',
    parts: { trailers: [['Secret', `${'s'.repeat(length)}${end}`]] },
  }))
  fc.assert(
    fc.property(fc.array(fc.oneof(any, bad), { minLength: 2, maxLength: 12 }), (messages) => {
      const first = messages.map(built)
      const copies = first.map((written) => written && Buffer.from(written))
      for (const at of messages.keys()) {
        const index = messages.length - 1 - at
        const again = built(messages[index])
        assert.deepEqual(again, first[index])
        if (again) again.fill(0x53)
      }
      assert.deepEqual(first, copies)
    }),
    { ...RUNS, numRuns: 200 },
  )
})

const FORBIDDEN = ['\r\n', '\r', '\n', '\0', '\x1f', '\x7f', '\u010a', '\u010d', '\uff0d', '\u{1f600}']

/** The message; nothing if it is refused. */
function built(message) {
  try {
    return build(h1wire, message)
  } catch (error) {
    assert.ok(error instanceof h1wire.H1Error, error)
    return undefined
  }
}

/** Every string in the parts: what errors call it, and how to read and replace it. */
function strings({ parts }) {
  const list = []
  const add = (part, owner, key) => {
    if (typeof owner[key] === 'string') {
      list.push({ part, get: () => owner[key], set: (text) => (owner[key] = text) })
    }
  }
  for (const part of ['method', 'target', 'reason', 'requestMethod']) add(part, parts, part)
  for (const kind of ['headers', 'trailers', 'extensions']) {
    let index = 0
    for (const line of parts[kind] ?? []) {
      const values = Array.isArray(line[1]) ? line[1] : [line[1]]
      if (values.length > 0) add(`${kind}[${index}].name`, line, 0)
      if (Array.isArray(line[1]))
        for (const at of values.keys()) add(`${kind}[${index + at}].value`, line[1], at)
      else add(`${kind}[${index}].value`, line, 1)
      index += values.length
    }
  }
  return list
}
