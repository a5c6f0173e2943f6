// What is held in memory: by idle connections and parsers, by messages that are kept, and after a million messages.
'use strict'

const { execFileSync, fork } = require('node:child_process')
const net = require('node:net')
const { once } = require('node:events')
const path = require('node:path')
const { NO_TIME } = require('./lib/rows.cjs')

const CHILD = path.join(__dirname, 'lib/memory-child.cjs')
const BACKENDS = ['native', 'wasm']
const PEERS = require('./lib/parsers.cjs').PEERS.map(({ name }) => name)

/** Connections that are opened to a server. */
const CONNECTIONS = 4000
const REQUEST = 'GET / HTTP/1.1\r\nHost: example.org\r\n\r\n'

exports.about =
  'Octets, each in a process of its own that collects its garbage before it looks. Native is what the process holds beside ' +
  'the JavaScript heap: what the system says is resident, less the heap, so a few hundred octets are noise.'

exports.notes = {
  'an idle connection: JS heap': `of ${CONNECTIONS} to a server, after one exchange each; above what a bare net.Socket takes`,
  'an idle connection: native': 'likewise',
  'an idle parser: JS heap': 'of 20,000, after one browser GET each',
  'an idle parser: native': 'likewise; on wasm, its memory',
  'a kept head: JS heap': 'of 20,000 browser GETs, each from a chunk of its own that is not kept',
  'a kept head: native': 'likewise',
  'growth over 10^6 messages: JS heap': 'a message, from the first 100,000 browser GETs on',
  'growth over 10^6 messages: native': 'likewise',
  'h1wire native': 'all checks and time limits on, as they come',
  'h1wire wasm': 'the same on the other backend',
  'h1wire native, fields not read': 'the head event as it is told',
  'h1wire wasm, fields not read': 'the same on the other backend',
  'h1wire native, every field read': 'an array of every name and value, as of the peers',
  'h1wire wasm, every field read': 'the same on the other backend',
  'node:http': 'its server, likewise',
}

exports.rows = async ({ quick }) => [
  ...(await idleConnections(quick ? 1 : 3)),
  ...inChildren('an idle parser', 'parsers', names()),
  ...inChildren('a kept head', 'heads', names(', fields not read', ', every field read')),
  ...inChildren('growth over 10^6 messages', 'growth', names()),
]

/** Subjects of ours: a name and what the child is to do. */
function names(...suffixes) {
  const ends = suffixes.length > 0 ? suffixes : ['']
  return BACKENDS.flatMap((backend) => ends.map((end) => ({ name: `h1wire ${backend}${end}`, backend })))
}

function inChildren(work, mode, ours) {
  const measure = (name, backend = 'native') => {
    const env = { ...process.env, H1WIRE_BACKEND: backend }
    return JSON.parse(
      execFileSync(process.execPath, ['--expose-gc', CHILD, mode, name], { env, encoding: 'utf8' }),
    )
  }
  const peers = PEERS.map((name) => [name, measure(name)])
  return ours.flatMap(({ name, backend }) => pairs(work, name, measure(name, backend), peers))
}

/** A row for heap and native, beside each peer. */
function pairs(work, subject, ours, peers) {
  return ['JS heap', 'native'].flatMap((kind) => {
    return peers.map(([peer, theirs]) => ({
      suite: 'memory',
      work: `${work}: ${kind}`,
      subject,
      peer,
      ...NO_TIME,
      unit: 'octets',
      value: ours[kind],
      peerValue: theirs[kind],
    }))
  })
}

/** Above a bare socket's; the median of so many servers. */
async function idleConnections(times) {
  const subjects = [
    { name: 'net' },
    { name: 'node:http' },
    ...BACKENDS.map((backend) => ({ name: `h1wire ${backend}`, backend })),
  ]
  const taken = new Map(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < times; round++) {
    for (const { name, backend } of subjects) taken.get(name).push(await ofServer(name, backend))
  }
  const bare = medians(taken.get('net'))
  const above = (name) => {
    const all = medians(taken.get(name))
    return { 'JS heap': all['JS heap'] - bare['JS heap'], native: all.native - bare.native }
  }
  const peers = [['node:http', above('node:http')]]
  return subjects.slice(2).flatMap(({ name }) => pairs('an idle connection', name, above(name), peers))
}

/** What a connection takes of a server in a process of its own. */
async function ofServer(name, backend = 'native') {
  const env = { ...process.env, H1WIRE_BACKEND: backend }
  const child = fork(CHILD, ['server', name], { env, execArgv: ['--expose-gc'] })
  const [port] = await once(child, 'message')
  const ask = async () => {
    child.send('look')
    return (await once(child, 'message'))[0]
  }
  const sockets = []
  try {
    // The first ones make ready what all share.
    await connect(port, 200, sockets)
    const before = await ask()
    await connect(port, CONNECTIONS, sockets)
    const after = await ask()
    const each = (kind) => (after[kind] - before[kind]) / CONNECTIONS
    return { 'JS heap': each('JS heap'), native: each('native') }
  } finally {
    for (const socket of sockets) socket.destroy()
    child.disconnect()
  }
}

/** Opens so many connections, a few at a time, and has one request answered on each. */
async function connect(port, count, sockets) {
  for (let opened = 0; opened < count; opened += 100) {
    const batch = Array.from({ length: Math.min(100, count - opened) }, async () => {
      const socket = net.connect(port, '127.0.0.1')
      sockets.push(socket)
      socket.write(REQUEST)
      await once(socket, 'data')
    })
    await Promise.all(batch)
  }
}

function medians(samples) {
  const middle = (kind) => samples.map((one) => one[kind]).sort((a, b) => a - b)[samples.length >> 1]
  return { 'JS heap': middle('JS heap'), native: middle('native') }
}
