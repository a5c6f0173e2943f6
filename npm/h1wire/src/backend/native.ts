// The native backend: finds the addon of this platform, and makes its raw functions a Backend.

import { closeSync, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { FORMAT_TARGET } from '../generated/layout.js'
import { type Backend, type Handle, MOST_ROOM } from './backend.js'
import { Slab } from './slab.js'

/** What the addon exports. */
export interface Addon {
  buildInfo(): { version: string; arch: string }
  words(): Uint32Array
  joined(): Uint8Array
  create(role: number): Handle
  push(handle: Handle, chunk: Uint8Array, from?: number): string | undefined
  end(handle: Handle): string | undefined
  resume(handle: Handle): void
  nextCycle(handle: Handle): number
  expect(handle: Handle, methodId: number): void
  skip(handle: Handle, octets: number): void
  free(handle: Handle): void
  reserve(octets: number, words: number): number | undefined
  writeTo(memory: Uint8Array): void
  format(text: string): number | undefined
  send(handle: Handle, text: string): number | undefined
}

// Platform, architecture, C library ('' where there is one only), and the triple its package is named by.
const TRIPLES: readonly (readonly [platform: string, arch: string, libc: string, triple: string])[] = [
  ['linux', 'x64', 'gnu', 'linux-x64-gnu'],
  ['linux', 'x64', 'musl', 'linux-x64-musl'],
  ['linux', 'arm64', 'gnu', 'linux-arm64-gnu'],
  ['linux', 'arm64', 'musl', 'linux-arm64-musl'],
  ['darwin', 'x64', '', 'darwin-x64'],
  ['darwin', 'arm64', '', 'darwin-arm64'],
  ['win32', 'x64', '', 'win32-x64-msvc'],
  ['win32', 'arm64', '', 'win32-arm64-msvc'],
]

/** The backend over this platform's addon; throws an Error that says how to get it if there is none. */
export function nativeBackend(): Backend {
  return new NativeBackend(loadAddon())
}

/** The addon's functions are called as they are: each costs one step into Rust. */
class NativeBackend implements Backend {
  readonly name = 'native'
  busy = false
  words: Uint32Array
  joined: Uint8Array
  readonly push: Addon['push']
  readonly end: Addon['end']
  readonly resume: Addon['resume']
  readonly expect: Addon['expect']
  readonly send: Addon['send']
  readonly skip: Addon['skip']
  readonly free: Addon['free']
  readonly format: Addon['format']
  readonly #addon: Addon
  /** Rust writes messages straight into it. */
  readonly #slab: Slab
  /** Octets of a message that there is room for. */
  #room = 0

  constructor(addon: Addon) {
    this.#addon = addon
    this.#slab = new Slab(addon.writeTo)
    this.words = addon.words()
    this.joined = addon.joined()
    this.push = addon.push
    this.end = addon.end
    this.resume = addon.resume
    this.expect = addon.expect
    this.send = addon.send
    this.skip = addon.skip
    this.free = addon.free
    this.format = addon.format
  }

  prepare(): Uint32Array {
    return this.words
  }

  nextCycle(handle: Handle): number {
    return this.#addon.nextCycle(handle)
  }

  createParser(role: number): Handle {
    const handle = this.#addon.create(role)
    // A parser with larger limits than any before it has the areas enlarged.
    this.words = this.#addon.words()
    this.joined = this.#addon.joined()
    return handle
  }

  /** An External's memory goes with it. */
  freeWith(): void {}

  prepareFormat(octets: number, words: number): Uint32Array | undefined {
    if (octets > this.#room || words > this.words.length) {
      this.#reserve(octets, words)
      if (octets > this.#room || words > this.words.length) return undefined
    }
    this.#slab.reserve(octets)
    this.words[FORMAT_TARGET] = this.#slab.used
    return this.words
  }

  message(before: number, room: number, after: number): Uint8Array {
    const slab = this.#slab
    const octets = before + room + after
    const start = slab.used
    if (slab.shares(octets) && start + octets <= slab.memory.length) {
      if (room !== 0 && after !== 0)
        slab.memory.copyWithin(start + before + room, start + before, start + before + after)
      return slab.take(octets)
    }
    const message = Buffer.allocUnsafe(octets)
    const written = slab.memory
    message.set(written.subarray(start, start + before))
    if (after !== 0) message.set(written.subarray(start + before, start + before + after), before + room)
    slab.settle()
    if (this.#room > MOST_ROOM) this.#reserve(0, 0)
    return message
  }

  #reserve(octets: number, words: number): void {
    this.#room = this.#addon.reserve(octets, words) ?? 0
    this.words = this.#addon.words()
  }
}

function loadAddon(): Addon {
  const { platform, arch } = process
  const libc = platform !== 'linux' ? '' : isMusl() ? 'musl' : 'gnu'
  const row = TRIPLES.find((one) => one[0] === platform && one[1] === arch && one[2] === libc)
  if (row === undefined) {
    const system = [platform, arch, libc].filter(Boolean).join(' ')
    throw new Error(`h1wire has no native addon for ${system}: it runs on WebAssembly here`)
  }
  const name = `h1wire-${row[3]}`
  try {
    return loadFitting(name)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
    throw new Error(
      `The native addon of h1wire could not be loaded: ${reason}. Install the package ${name}, of the same ` +
        'version as h1wire; it is an optional dependency, which npm leaves out with --omit=optional',
      { cause },
    )
  }
}

/** Facade and addon share a layout of memory that nothing describes at run time: their versions must be the same. */
function loadFitting(name: string): Addon {
  const require = createRequire(__filename)
  const { version } = require('../../package.json') as { version: string }
  const addon = require(name) as Addon
  const found = addon.buildInfo().version
  if (found !== version) throw new Error(`it is of version ${found}, and h1wire of version ${version}`)
  return addon
}

/** Whether this process uses musl, by the dynamic loader its own program names. */
function isMusl(): boolean {
  const start = Buffer.alloc(4096)
  try {
    const file = openSync(process.execPath, 'r')
    try {
      readSync(file, start)
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
  return start.includes('/ld-musl-')
}
