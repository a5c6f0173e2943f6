// The independent peers that tests talk to, and the browsers: found, or brought by apt where this is Debian as root.

import { existsSync } from 'node:fs'
import { findBrowser, findFirefox } from './browser.mjs'
import { attempt, executable, which } from './run.mjs'

/** Where a server program is: Debian keeps them out of the PATH of who is not root. */
export function findServer(name) {
  const place = `/usr/sbin/${name}`
  return which(name) ?? (executable(place) ? place : undefined)
}

const PEERS = [
  {
    name: 'Chromium',
    find: findBrowser,
    debian: 'chromium',
    hint: 'install Chromium or Chrome, or name one in CHROME_PATH',
  },
  // A second browser for the inspector page: without it, that is said, and nothing fails.
  {
    name: 'Firefox',
    find: findFirefox,
    debian: 'firefox-esr',
    hint: 'install Firefox, or name one in FIREFOX_PATH',
    optional: true,
  },
  { name: 'curl', find: () => which('curl'), debian: 'curl', hint: 'install curl' },
  { name: 'Python 3', find: () => which('python3'), debian: 'python3', hint: 'install python3' },
  { name: 'nginx', find: () => findServer('nginx'), debian: 'nginx', hint: 'install nginx' },
  { name: 'HAProxy', find: () => findServer('haproxy'), debian: 'haproxy', hint: 'install haproxy' },
  // There is none for every system: without it, instructions are not counted, and nothing fails.
  {
    name: 'valgrind',
    find: () => which('valgrind'),
    debian: 'valgrind',
    hint: 'install valgrind',
    optional: true,
  },
  // The dumps that the CLI reads.
  { name: 'xxd', find: () => which('xxd'), debian: 'xxd', hint: 'install xxd' },
  { name: 'hexdump', find: () => which('hexdump'), debian: 'bsdextrautils', hint: 'install hexdump' },
  // The shells that the CLI's completion is tried in.
  { name: 'zsh', find: () => which('zsh'), debian: 'zsh', hint: 'install zsh' },
  { name: 'fish', find: () => which('fish'), debian: 'fish', hint: 'install fish' },
]

/** Brings the peers that are missing where it can, and says which are missing still; returns those that must be there. */
export async function bringPeers() {
  let missing = PEERS.filter((peer) => !peer.find())
  if (missing.length > 0 && canInstall()) {
    await install(missing.map((peer) => peer.debian))
    missing = missing.filter((peer) => !peer.find())
  }
  for (const { name, hint } of missing) {
    process.stdout.write(`\n*** ${name} is missing, and what needs it cannot be shown: ${hint}. ***\n\n`)
  }
  return missing.filter((peer) => !peer.optional).map((peer) => peer.name)
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && which('apt-get')
}

async function install(packages) {
  // Debian starts the services it installs, but neither in run level 1 nor while systemd is away. These servers are for
  // the tests, which start their own.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' }
  process.stdout.write(`apt-get install ${packages.join(' ')} …\n`)
  await attempt('apt-get', ['update'], { env })
  const { status, output } = await attempt(
    'apt-get',
    ['install', '-y', '--no-install-recommends', ...packages],
    { env },
  )
  if (status !== 0) process.stdout.write(`apt-get install ended with ${status}:\n${output}\n`)
}
