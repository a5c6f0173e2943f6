// The soak's fault proxy: passes bytes on between client and server, and does to some what networks do, and worse.

import net from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { chance } from './chance.mjs'
import { measured, obey, Tally } from './role.mjs'

const [seed, port] = process.argv.slice(2).map(Number)
const tally = new Tally()
let count = 0
let sockets = 0

/** Bytes that no message holds. */
const GARBAGE = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7])

/** What may happen to one direction of a connection, at some byte. Returns what is still passed on: nothing if that ends here. */
const FAULTS = {
  async bytewise({ rest, to }) {
    for (const byte of rest.subarray(0, 400)) {
      await write(to, Buffer.of(byte))
      await new Promise(setImmediate)
    }
    return rest.subarray(400)
  },
  async delay({ rest, dice }) {
    await after(dice.below(400))
    return rest
  },
  async stall({ rest, dice }) {
    await after(1_000 + dice.below(4_000))
    return rest
  },
  async garbage({ rest, to }) {
    await write(to, GARBAGE)
    return rest
  },
  truncate({ from, to }) {
    to.end()
    from.destroy()
  },
  halfClose({ to }) {
    to.end()
  },
  reset({ from, to }) {
    reset(from)
    reset(to)
  },
  resetSender({ from }) {
    reset(from)
  },
}
const WEIGHTS = {
  bytewise: 25,
  delay: 25,
  stall: 4,
  garbage: 8,
  truncate: 10,
  halfClose: 8,
  reset: 12,
  resetSender: 8,
}

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const dice = chance(seed ^ 0x50a4, count++)
  const upstream = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  for (const socket of [client, upstream]) {
    sockets++
    socket.on('error', () => {})
    socket.on('close', () => sockets--)
  }
  client.on('close', (failed) => follow(upstream, failed))
  upstream.on('close', (failed) => follow(client, failed))
  pass(client, upstream, dice)
  pass(upstream, client, dice)
})

/** The other socket of a connection is closed. */
function follow(socket, failed) {
  if (failed) reset(socket)
  else setTimeout(() => socket.destroy(), 500)
}

// While Node.js shuts a socket down it cannot reset it, and never closes it if it is asked to.
function reset(socket) {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

/** Passes on what comes from one socket to the other, until a fault ends that: then what still comes is dropped. */
function pass(from, to, dice) {
  let next = dice.below(dice.one(3) ? 3_000 : 300_000)
  let drops = false
  const forward = async (chunk) => {
    let rest = chunk
    while (rest.length > next) {
      await write(to, rest.subarray(0, next))
      const kind = dice.pick(WEIGHTS)
      tally.count(kind)
      rest = await FAULTS[kind]({ rest: rest.subarray(next), from, to, dice })
      if (rest === undefined) return false
      next = 1 + dice.below(300_000)
    }
    next -= rest.length
    await write(to, rest)
    return true
  }
  from.on('data', async (chunk) => {
    if (drops) return
    from.pause()
    drops = !(await forward(chunk))
    from.resume()
  })
  from.on('end', () => to.end())
}

/** Writes, and waits until more may be written. */
function write(to, bytes) {
  if (bytes.length === 0 || to.write(bytes) || to.destroyed) return
  return new Promise((resolve) => {
    const done = () => {
      to.off('drain', done)
      to.off('close', done)
      resolve()
    }
    to.on('drain', done)
    to.on('close', done)
  })
}

server.listen(0, '127.0.0.1', 2_000, () => {
  obey(tally, {
    place: () => server.address().port,
    rest: async () => {
      for (let waited = 0; sockets !== 0 && waited < 15_000; waited += 100) await after(100)
      if (sockets !== 0) tally.defect(`${sockets} sockets of the proxy were still open after 15 s`)
      return measured()
    },
    report: () => ({ counts: { ...tally.counts, connections: count }, defects: tally.defects }),
  })
  process.send({ action: 'ready' })
})
