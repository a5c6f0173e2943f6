// The soak's client: pools that make one exchange after the other, and look whether what came is what was asked for.

import { setTimeout as after } from 'node:timers/promises'
import { pool } from 'h1wire/net'
import { ANSWER, exchangeOf, isGarbled, REQUEST, sending, sum, sumOf } from './exchange.mjs'
import { Marks } from './marks.mjs'
import { measured, obey, Tally } from './role.mjs'

const [seed, port, sockets] = process.argv.slice(2).map(Number)
const tally = new Tally()
const answered = new Marks()
/** Longer than all limits of one exchange together, and the wait for a connection. */
const MOST_WAITED = 60_000

const OPTIONS = {
  connectTimeout: 3_000,
  headersTimeout: 3_000,
  bodyTimeout: 3_000,
  unreadTimeout: 1_000,
  continueTimeout: 300,
  idleTimeout: 1_500,
}
let next = 0
const underWay = new Map()

/** Makes exchanges for so long, and ends the pools. */
async function round({ milliseconds }) {
  const end = Date.now() + milliseconds
  const half = Math.ceil(sockets / 2)
  const pools = [1, 4].map((pipelining) =>
    pool(`http://127.0.0.1:${port}`, { ...OPTIONS, pipelining, connections: half }),
  )
  const work = async (clients) => {
    while (Date.now() < end) await make(clients, exchangeOf(seed, next++))
  }
  const workers = pools.flatMap((clients) => Array.from({ length: half + half / 4 }, () => work(clients)))
  const watch = setInterval(findHung, 1_000)
  await Promise.race([Promise.all(workers), after(milliseconds + MOST_WAITED, undefined, { ref: false })])
  findHung(0)
  clearInterval(watch)
  const closed = Promise.all(pools.map((clients) => clients.close())).then(() => true)
  if (!(await Promise.race([closed, after(15_000, false, { ref: false })])))
    tally.defect('a pool was not closed within 15 s')
}

function findHung(since = Date.now() - MOST_WAITED) {
  for (const [exchange, begun] of underWay) {
    if (since !== 0 && begun > since) continue
    tally.defect(`it hangs: ${JSON.stringify(exchange)}`)
    underWay.delete(exchange)
  }
}

async function make(clients, exchange) {
  underWay.set(exchange, Date.now())
  tally.count('exchanges')
  const { headers, ...parts } = sending(exchange, exchange.request, REQUEST)
  const sent = [['X-Id', `${exchange.id}`], ...headers]
  if (exchange.expects) sent.push(['Expect', '100-continue'])
  const stop = exchange.client === 'abort' ? AbortSignal.timeout(exchange.abortAfter) : undefined
  try {
    const response = await clients.request(
      { method: exchange.method, target: `/${exchange.id}`, headers: sent, ...parts },
      { signal: stop },
    )
    await take(exchange, response)
  } catch (error) {
    if (stop?.aborted && error === stop.reason) tally.count('aborted')
    else tally.error(error, 'client')
  }
  underWay.delete(exchange)
}

async function take(exchange, response) {
  if (response.status >= 400) return tally.count(`status ${response.status}`)
  const { id } = exchange
  if (response.headers.get('x-id') !== `${id}`) {
    return tally.defect(`request ${id} was answered with the response to ${response.headers.get('x-id')}`)
  }
  if (exchange.client === 'dump') return response.dump()
  if (exchange.client === 'late') await after(200)
  const pieces = []
  if (exchange.client === 'bytes' || exchange.client === 'abort') pieces.push(await response.bytes())
  else {
    for await (const piece of response) {
      pieces.push(piece)
      if (exchange.client === 'leave') return tally.count('left')
    }
  }
  const body = Buffer.concat(pieces)
  if (sum(body, [...(await response.trailers)]) === expected(exchange)) {
    answered.add(id)
    tally.count('right')
  } else if (isGarbled(body)) tally.count('garbled responses')
  else tally.defect(`the body of response ${id} is not what was sent: ${body.length} bytes`)
}

function expected(exchange) {
  return exchange.method === 'HEAD' ? sum('', []) : sumOf(exchange, exchange.answer, ANSWER)
}

obey(tally, {
  round,
  rest: measured,
  report: () => ({ counts: tally.counts, defects: tally.defects, answered: answered.bytes }),
})
process.send({ action: 'ready' })
