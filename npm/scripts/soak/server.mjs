// The soak's server: answers each exchange as its number says, and looks whether what came is what was sent.

import { setTimeout as after } from 'node:timers/promises'
import { createServer } from 'h1wire/net'
import { ANSWER, exchangeOf, isGarbled, REQUEST, sending, sum, sumOf } from './exchange.mjs'
import { Marks } from './marks.mjs'
import { measured, obey, Tally } from './role.mjs'

const seed = Number(process.argv[2])
const tally = new Tally()
const seen = new Marks()
let sockets = 0

const options = {
  headersTimeout: 3_000,
  requestTimeout: 6_000,
  keepAliveTimeout: 3_000,
  sendTimeout: 3_000,
  pipelining: 4,
  onError: (error) => tally.error(error, 'server'),
}

const server = createServer(options, async (request) => {
  const exchange = exchangeOf(seed, Number(request.headers.get('x-id')))
  meet(exchange, request)
  if (exchange.early) request.sendInformational({ status: 103, headers: { 'X-Early': '1' } })
  if (exchange.reads === 'first') await check(exchange, request)
  else if (exchange.reads === 'while') check(exchange, request).catch((error) => tally.error(error, 'reader'))
  if (exchange.delay !== 0) await after(exchange.delay)
  const { headers, ...parts } = sending(exchange, exchange.answer, ANSWER)
  const status = exchange.answer.kind === 'none' ? 204 : 200
  return { status, headers: [['X-Id', `${exchange.id}`], ...headers], ...parts }
})

function meet({ id, method }, request) {
  tally.count('requests')
  if (method !== request.method) tally.defect(`request ${id} is ${method}, and came as ${request.method}`)
  const isRepeatable = method !== 'POST' && method !== 'PATCH'
  if (seen.has(id) && !isRepeatable) tally.defect(`request ${id}, ${method}, came twice`)
  if (seen.has(id)) tally.count('repeated')
  seen.add(id)
}

async function check(exchange, request) {
  const body = await request.bytes()
  const trailers = [...(await request.trailers)]
  if (sum(body, trailers) === sumOf(exchange, exchange.request, REQUEST)) return
  if (isGarbled(body)) tally.count('garbled requests')
  else tally.defect(`the body of request ${exchange.id} is not what was sent: ${body.length} bytes`)
}

server.on('connection', (socket) => {
  sockets++
  socket.on('close', () => sockets--)
})

server.listen(0, '127.0.0.1', () => {
  obey(tally, {
    place: () => server.address().port,
    rest: async () => {
      for (let waited = 0; sockets !== 0 && waited < 15_000; waited += 100) await after(100)
      if (sockets !== 0)
        tally.defect(`${sockets} sockets of the server were still open 15 s after the last request`)
      return measured()
    },
    report: () => ({ counts: tally.counts, defects: tally.defects, seen: seen.bytes }),
  })
  process.send({ action: 'ready' })
})
