// Generated messages for peers to read: each with its octets and what it says, as our own strict parser reads it, which
// other tests hold against the parts it was built of.

'use strict'

const h1wire = require('h1wire')
const { requests, responses, sample, SEED } = require('../messages.js')

const COUNT = 150

// The builder and the harness are the same for all peers; what a peer cannot be given is for its own test to say.
async function generatedRequests(isFit) {
  return generated(requests(), isFit, (octets) => h1wire.parseRequest(octets))
}

async function generatedResponses(isFit) {
  return generated(responses(), isFit, (octets, { requestMethod }) =>
    h1wire.parseResponse(octets, { requestMethod }),
  )
}

async function generated(arbitrary, isFit, parse) {
  const { build } = await import('../../vectors/format/harness.mjs')
  const messages = []
  for (const message of sample(arbitrary, 4 * COUNT)) {
    if (messages.length === COUNT) break
    let octets
    try {
      octets = build(h1wire, message)
    } catch (error) {
      if (!(error instanceof h1wire.H1Error)) throw error
      continue
    }
    const read = parse(octets, message.parts)
    if (!isFit(read, message.parts)) continue
    messages.push({ octets, parts: message.parts, read, where: `seed ${SEED}: ${octets.toString('latin1')}` })
  }
  if (messages.length < COUNT / 2) throw new Error(`only ${messages.length} messages were generated`)
  return messages
}

/** Names and values behind one another, as Node.js and others give them. */
const raw = (fields) => [...fields].flat()

module.exports = { generatedRequests, generatedResponses, raw }
