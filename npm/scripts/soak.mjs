// `npm run soak [-- --minutes 10 --sockets 1000 --seed 1]`: clients and a server of ours against each other, through a
// proxy that cuts, delays, stalls, resets, half-closes, truncates and adds garbage.
//
// Every exchange is checked: nothing lost, doubled or mixed up; what is not idempotent is never sent twice; what fails
// has a code; and at the end memory, sockets and timers are what they were. H1WIRE_BACKEND chooses the backend.

import { fork } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isMain, main } from './lib/main.mjs'
import { ROOT } from './lib/paths.mjs'

const MEBIBYTE = 1 << 20

async function soak() {
  const { minutes, sockets, seed } = settings()
  const rounds = minutes < 2 ? 3 : 5
  const server = await start('server', [seed])
  const proxy = await start('proxy', [seed, await server.ask('place')])
  const client = await start('client', [seed, await proxy.ask('place'), sockets])
  const roles = { client, server, proxy }
  const held = { client: [], server: [], proxy: [] }
  for (let round = 0; round < rounds; round++) {
    await client.ask('round', { milliseconds: (minutes * 60_000) / rounds })
    for (const [name, role] of Object.entries(roles)) held[name].push(await role.ask('rest'))
    console.log(`round ${round + 1} of ${rounds}: ${tellHeld(held)}`)
  }
  const reports = {}
  for (const [name, role] of Object.entries(roles)) reports[name] = await role.ask('report')
  for (const role of Object.values(roles)) role.end()
  conclude(reports, held)
}

function settings() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      sockets: { type: 'string', default: '1000' },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    },
  })
  const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]))
  console.log(`${numbers.minutes} minutes, ${numbers.sockets} sockets, seed ${numbers.seed}`)
  return numbers
}

/** A process of the soak, which does one thing after the other. */
async function start(name, args) {
  const child = fork(join(ROOT, 'npm', 'scripts', 'soak', `${name}.mjs`), args, {
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
  })
  let answer
  const dead = new Promise((_, reject) => {
    child.on('exit', (code, signal) => reject(new Error(`the ${name} has ended: ${signal ?? code}`)))
  })
  dead.catch(() => {})
  child.on('message', ({ action, result }) => answer?.(action, result))
  const next = (wanted) =>
    Promise.race([
      dead,
      new Promise((resolve) => {
        answer = (action, result) => action === wanted && resolve(result)
      }),
    ])
  await next('ready')
  return {
    ask(action, given) {
      const answered = next(action)
      child.send({ action, ...given })
      return answered
    },
    end: () => child.disconnect(),
  }
}

function tellHeld(held) {
  const all = Object.entries(held).map(([name, rows]) => {
    const { held, rss, resources } = rows[rows.length - 1]
    return `${name} ${mebibytes(held)} of ${mebibytes(rss)} MiB, ${JSON.stringify(resources)}`
  })
  return all.join('; ')
}

const mebibytes = (bytes) => (bytes / MEBIBYTE).toFixed(1)

function conclude(reports, held) {
  for (const [name, { counts }] of Object.entries(reports)) {
    const rows = Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1))
    console.log(`\n${name}\n${rows.map(([what, count]) => `  ${what.padEnd(34)} ${count}`).join('\n')}`)
  }
  const checks = [
    ...Object.entries(reports).map(([name, { defects }]) => defects.map((what) => `${name}: ${what}`)),
    lost(reports),
    enough(reports.client),
    grown('client', held.client),
    grown('server', held.server),
  ]
  for (const fault of checks.flat()) console.log(`FAILED ${fault}`)
  const failed = checks.filter((faults) => faults.length !== 0).length
  console.log(`${checks.length - failed} passed, ${failed} failed`)
  if (failed !== 0) process.exitCode = 1
}

/** Requests with an answer that the server has never seen. */
function lost({ client, server }) {
  const more = [...client.answered].findIndex((byte, at) => (byte & ~(server.seen[at] ?? 0)) !== 0)
  return more === -1 ? [] : [`a request near ${more * 8} was answered that never came`]
}

/** A soak in which hardly anything goes through has shown nothing. */
function enough({ counts: { exchanges = 0, right = 0 } }) {
  if (right >= exchanges / 2 && right > 100) return []
  return [`only ${right} of ${exchanges} exchanges were answered whole`]
}

/** What a process holds at the end and did not after the second round: the first warms up. */
function grown(name, rows) {
  const [before, after] = [rows[1], rows[rows.length - 1]]
  const faults = []
  if (after.held > before.held * 1.1 + 3 * MEBIBYTE) {
    faults.push(`${name}: memory held grew from ${mebibytes(before.held)} to ${mebibytes(after.held)} MiB`)
  }
  if (after.rss > before.rss * 1.25 + 32 * MEBIBYTE) {
    faults.push(`${name}: the process grew from ${mebibytes(before.rss)} to ${mebibytes(after.rss)} MiB`)
  }
  const [one, other] = [before, after].map(({ resources }) => JSON.stringify(resources))
  if (one !== other) faults.push(`${name}: what it waits for went from ${one} to ${other}`)
  return faults
}

if (isMain(import.meta)) main(soak)
