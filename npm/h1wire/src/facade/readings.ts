// Readings: the same octets, read by readers of several kinds.

import type { Backend } from '../backend/backend.js'
import {
  PROFILES,
  ROLE_READ_REQUEST,
  ROLE_READ_RESPONSE,
  TOLD_MESSAGE,
  TOLD_REFUSAL,
} from '../generated/layout.js'
import { wide } from './decode.js'
import { codeOf, type H1ErrorCode } from './error.js'
import { type InspectOptions, methodIds, type ProfileName } from './inspect.js'
import { Look } from './look.js'
import { octetsOf } from './octets.js'
import { optionWords, placeAmong } from './options.js'
import { refuseUnknown } from './unknown.js'

/** What a reader of one kind sees in octets. */
export interface Reading {
  /** Its name. */
  profile: ProfileName
  /** What it does, behind "a reader that …". */
  does: string
  /** How it is known: `'modelled'` on leniencies and choices of ours, and not checked against a program. */
  basis: 'modelled'
  /** The messages it sees: offsets of the first octet, and of what follows the last. */
  messages: { start: number; end: number }[]
  /** The fault at which it stops, if it does. */
  refusal?: { code: H1ErrorCode; offset: number }
  /** Where HTTP ends for it by a switch of protocols, if it does. */
  switched?: number
}

const OPTION_NAMES = ['kind', 'limits', 'requestMethods']

/** What each profile sees. */
export function readings(
  backend: Backend,
  bytes: Uint8Array,
  options: Omit<InspectOptions, 'lenient'> = {},
): Reading[] {
  refuseUnknown(options, 'options', OPTION_NAMES, placeAmong(OPTION_NAMES))
  const octets = octetsOf(bytes, 'bytes')
  const { kind = 'auto', limits, requestMethods } = options
  if (!['request', 'response', 'auto'].includes(kind)) {
    throw new TypeError("options.kind must be 'request', 'response' or 'auto'")
  }
  const isResponse = kind === 'response' || (kind === 'auto' && beginsResponse(octets))
  const role = isResponse ? ROLE_READ_RESPONSE : ROLE_READ_REQUEST
  const ids = methodIds(requestMethods, isResponse ? 'response' : kind)
  const look = new Look(backend, role, optionWords(limits && { limits }, role, OPTION_NAMES))
  try {
    for (const id of ids) look.expect(id)
    const all: Reading[] = PROFILES.map(({ name, does }) => ({
      profile: name,
      does,
      basis: 'modelled',
      messages: [],
    }))
    const decode = (words: Uint32Array, at: number): number => {
      note(all[((words[at] as number) >>> 8) & 0xff] as Reading, words, at)
      return at + 6
    }
    look.read(octets, decode)
    look.finish(decode)
    return all
  } finally {
    look.free()
  }
}

function note(reading: Reading, words: Uint32Array, at: number): void {
  const told = (words[at] as number) >>> 16
  const start = wide(words, at + 1)
  if (told === TOLD_MESSAGE) reading.messages.push({ start, end: wide(words, at + 3) })
  else if (told === TOLD_REFUSAL) reading.refusal = { code: codeOf(words[at + 5] as number), offset: start }
  else reading.switched = start
}

/** Whether `HTTP/` stands first, behind line ends. */
function beginsResponse(octets: Uint8Array): boolean {
  const begin = octets.findIndex((octet) => octet !== 0x0d && octet !== 0x0a)
  return [...'HTTP/'].every((letter, index) => octets[begin + index] === letter.charCodeAt(0))
}
