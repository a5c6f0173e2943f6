// What is aimed at: for a row, the least ratio or the most of a value. They are floors, not goals.
'use strict'

const READ = 'every field read'
const LLHTTP = "undici's llhttp wasm"
const WHOLE = ['browser GET', 'small GET', 'API response', '2 KiB cookies', '100 pipelined']
const KIB = '1 MiB in chunks of 1 KiB'
const SIXTEEN = '1 MiB in chunks of 16'

const TARGETS = [
  ...toEach('parse', `native, ${READ}`, 'HTTPParser', [3.3, 4, 4.5, 2.6, 7]),
  least('parse', 'small GET', 'native, whole messages', 'HTTPParser', 4),
  least('parse', '100 pipelined', 'native, whole messages', 'HTTPParser', 7),
  least('parse', 'small GET', 'wasm, whole messages', LLHTTP, 2.5),
  ...toEach('parse', `native, ${READ}`, LLHTTP, [4, 4, 4, 4, 4]),
  ...toEach('parse', `wasm, ${READ}`, LLHTTP, [2.5, 2.5, 2.5, 2.5, 2.5]),
  least('chunked', KIB, 'native, pieces joined', 'HTTPParser', 12),
  least('chunked', SIXTEEN, 'native, pieces joined', 'HTTPParser', 40),
  least('chunked', KIB, 'native, pieces joined', LLHTTP, 1.2),
  least('chunked', KIB, 'wasm, pieces joined', LLHTTP, 0.9),
  least('chunked', SIXTEEN, 'native, pieces joined', LLHTTP, 4),
  least('chunked', SIXTEEN, 'wasm, pieces joined', LLHTTP, 2.5),
  ...['browser GET', 'API response', '4 KiB in chunks of 16'].flatMap((work) =>
    ['native', 'wasm'].map((backend) =>
      least('split', `${work}, octet by octet`, `${backend}, ${READ}`, 'empty calls', 1 / 3),
    ),
  ),
  // The peers leave the body apart; who copies it as well is compared with what copies it.
  ...[
    ['GET, 6 fields', 'native', 'native'],
    ['POST, 1 KiB', 'native, all in one', 'native, body apart'],
  ].flatMap(([work, joined, apart]) => [
    least('format', work, joined, 'unchecked', 1 / 1.25),
    least('format', work, apart, "undici's checks", 1.6),
    least('format', work, apart, '_storeHeader', 2),
  ]),
  ...toEach('core', 'core', 'httparse', [1 / 0.8, 1 / 1.1, 1 / 0.95, 1 / 0.55, 1 / 1.1]),
  most('linear', /./, /./, 1.05),
  most('memory', 'an idle connection: native', /^h1wire/, 1024),
  most('memory', 'an idle connection: JS heap', /^h1wire/, 4096),
  most('size', 'wasm, gzipped', /./, 40_000),
  least('net', '50 connections', 'native', 'node:http', 1.7),
  least('net', '50 connections, 16 requests ahead', 'native', 'node:http', 8),
  least('net-client', '50 connections', 'native', 'node:http', 3),
  least('net-client', '50 connections', 'native', 'undici', 1.7),
]

/** Where a row stands: `{ text, met }`; undefined if nothing is aimed at. */
function target(row) {
  const found = TARGETS.find((one) =>
    ['suite', 'work', 'subject', 'peer'].every((key) => matches(one[key], row[key])),
  )
  if (found === undefined || row.failed) return undefined
  if (found.most !== undefined) return { text: `≤ ${found.most}`, met: row.value <= found.most }
  return { text: `≥ ${Number(found.least.toFixed(2))}`, met: row.ratio >= found.least }
}

function matches(wanted, found) {
  return wanted === undefined || (wanted instanceof RegExp ? wanted.test(found) : wanted === found)
}

function least(suite, work, subject, peer, least) {
  return { suite, work, subject, peer, least }
}

function most(suite, work, subject, most) {
  return { suite, work, subject, most }
}

/** The same comparison for each of the whole messages. */
function toEach(suite, subject, peer, ratios) {
  return WHOLE.map((work, at) => least(suite, work, subject, peer, ratios[at]))
}

module.exports = { target }
