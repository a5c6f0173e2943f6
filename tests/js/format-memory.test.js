// Where messages lie: many in one piece of memory, each with octets of its own, whatever is done to that memory.
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { formatChunk, formatRequest, formatResponse } = require('h1wire')

const OTHERS = Array.from({ length: 40 }, (_, index) => index)

/** A message with this number in it, of about so many octets, and what it must be. */
function numbered(number, size) {
  const filler = `${number}.`.repeat(size).slice(0, size)
  switch (number % 4) {
    case 0:
      return [
        formatRequest({ target: `/${number}`, headers: { Host: 'a', Filler: filler } }),
        `GET /${number} HTTP/1.1\r\nHost: a\r\nFiller: ${filler}\r\n\r\n`,
      ]
    case 1:
      return [
        formatResponse({ status: 200, body: `${number}:${filler}` }),
        `HTTP/1.1 200 OK\r\nContent-Length: ${String(number).length + 1 + size}\r\n\r\n${number}:${filler}`,
      ]
    case 2:
      return [formatChunk(filler), `${size.toString(16)}\r\n${filler}\r\n`]
    default:
      return [
        formatResponse({ status: 200, body: Buffer.from(filler), trailers: { T: number } }),
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${filler}\r\n0\r\nT: ${number}\r\n\r\n`,
      ]
  }
}

test('no message writes over another, of whatever sizes they are', () => {
  const messages = []
  for (let number = 0; number < 2000; number++) {
    const size = [1, 10, 100, 1000, 5000, 8191, 20_000, 40_000, 70_000][(number * 7) % 9]
    messages.push(numbered(number, size))
    if (number % 50 === 0)
      messages.push([formatRequest({ url: 'http://a/' }), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'])
  }
  for (const [octets, expected] of messages) assert.equal(octets.toString('latin1'), expected)
})

test('what is written into a message, or refused, changes no other', () => {
  const messages = OTHERS.map((number) => numbered(number, 100))
  for (const [octets] of messages.slice(0, 20)) octets.fill(0xff)
  assert.throws(() => formatRequest({ target: '/', headers: { Host: 'a', B: 'x'.repeat(3000), A: '\n' } }))
  for (const [octets, expected] of messages.slice(20)) assert.equal(octets.toString('latin1'), expected)
})

test('memory that was given away is not written to', () => {
  for (let round = 0; round < 3; round++) {
    const [message] = numbered(round, 50)
    const { buffer } = message
    // Depending on the version of Node.js each of them throws, copies, or gives the memory away.
    for (const giveAway of [
      () => structuredClone(message, { transfer: [buffer] }),
      () => buffer.transfer(),
    ]) {
      try {
        giveAway()
      } catch (error) {
        assert.match(error.message, /transfer|detach|clone/i)
      }
    }
    for (const number of OTHERS) {
      const [octets, expected] = numbered(number, 300)
      assert.equal(octets.toString('latin1'), expected)
    }
  }
})

test('a body that lies in the memory of messages', () => {
  for (const number of OTHERS) {
    const [body, text] = numbered(number, 64)
    const around = Buffer.from(body.buffer, body.byteOffset, body.length)
    const message = formatResponse({ status: 200, body: around })
    assert.equal(
      message.toString('latin1'),
      `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    )
  }
})

test('a small message keeps no large memory alive', () => {
  formatRequest({ url: 'http://a/', headers: { A: 'x'.repeat(1 << 20) } })
  for (const number of OTHERS) {
    const [message] = numbered(number, 100)
    assert.ok(message.buffer.byteLength <= 65_536)
  }
})
