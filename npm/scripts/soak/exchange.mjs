// What each exchange of the soak is: its number decides, so that client and server know alike what must arrive.

import { createHash } from 'node:crypto'
import { chance } from './chance.mjs'

/**
 * The bytes that bodies are cut out of. None of them is garbage of the proxy's, or may stand in a method: what is left of a
 * body that garbage has moved is never taken for the beginning of a request.
 */
const LETTERS = Buffer.from('(),/:;<=>?@[]{}"')
const BANK = bank(1 << 20)

/**
 * The exchange with this number: `{ id, method, headers, request, answer, reads, client }`.
 *
 * `request` and `answer` are `{ kind, size, trailers }`: how a body is sent. `reads` is when the server reads the request's
 * body: 'first', 'while' it answers, or 'never'. `client` is what the client does with the response.
 */
export function exchangeOf(seed, id) {
  const dice = chance(seed, id)
  const method = dice.pick({ GET: 35, HEAD: 5, PUT: 15, DELETE: 5, POST: 30, PATCH: 10 })
  const hasBody = method === 'PUT' || method === 'POST' || method === 'PATCH'
  const request = hasBody
    ? sized(dice, { small: 50, large: 10, pieces: 25, counted: 15 })
    : { kind: 'none', size: 0, trailers: false }
  return {
    id,
    method,
    expects: hasBody && dice.one(20),
    request,
    answer: sized(dice, { none: 10, small: 45, large: 10, pieces: 20, counted: 15 }),
    early: dice.one(25),
    delay: dice.one(10) ? dice.below(60) : 0,
    reads: hasBody ? dice.pick({ first: 80, while: 15, never: 5 }) : 'never',
    client: dice.pick({ bytes: 60, iterate: 25, late: 5, dump: 4, leave: 3, abort: 3 }),
    abortAfter: dice.below(80),
  }
}

function sized(dice, kinds) {
  const kind = dice.pick(kinds)
  const most = { none: 1, small: 2_000, large: 200_000, pieces: 60_000, counted: 60_000 }[kind]
  return { kind, size: dice.below(most), trailers: kind === 'pieces' && dice.one(2) }
}

/** The body of one side: `salt` tells a request's from its response's. */
export function bodyOf({ id }, { kind, size }, salt) {
  if (kind === 'none') return Buffer.alloc(0)
  const from = (id * 7919 + salt * 104_729) % (BANK.length - size)
  return Buffer.concat([Buffer.from(`${salt}.${id}:`), BANK.subarray(from, from + size)])
}

export const REQUEST = 1
export const ANSWER = 2

/** A body and trailer section, in short. */
export function sum(body, trailers) {
  const hash = createHash('sha1').update(body)
  for (const [name, value] of trailers) hash.update(`\n${name}: ${value}`)
  return hash.digest('base64')
}

/** The trailers a body is sent with. */
export function trailersOf({ id }, { trailers }, salt) {
  return trailers ? [['X-Trailer', `${salt}.${id}`]] : []
}

/** What must arrive of one side, in short. */
export function sumOf(exchange, part, salt) {
  return sum(bodyOf(exchange, part, salt), trailersOf(exchange, part, salt))
}

/** The parts of a message that send this body: `{ body, trailers, headers }`. */
export function sending(exchange, part, salt) {
  const whole = bodyOf(exchange, part, salt)
  const trailers = trailersOf(exchange, part, salt)
  switch (part.kind) {
    case 'none':
      return { headers: [] }
    case 'small':
    case 'large':
      return { body: whole, headers: [] }
    case 'counted':
      return { body: inPieces(whole), headers: [['Content-Length', `${whole.length}`]] }
    default:
      return { body: inPieces(whole), headers: [], ...(part.trailers && { trailers: () => trailers }) }
  }
}

async function* inPieces(whole) {
  for (let at = 0; at < whole.length; at += 9_000) {
    // Some pieces are there at once, others are waited for.
    if ((at / 9_000) % 4 === 0) await new Promise(setImmediate)
    yield whole.subarray(at, at + 9_000)
  }
}

/** Whether a body holds what only the proxy's garbage is made of. */
export function isGarbled(body) {
  return body.some((byte) => byte < 9)
}

function bank(size) {
  const bytes = Buffer.alloc(size)
  const dice = chance(1, 0)
  for (let at = 0; at < size; at++) bytes[at] = LETTERS[dice.below(LETTERS.length)]
  return bytes
}
