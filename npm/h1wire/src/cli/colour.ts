// Colours: whether there are any, and what they are for.

import { last } from './arguments.js'
import type { Given } from './command.js'

/** What text is coloured for. */
export type Style = keyof typeof CODES

/** The numbers of ECMA-48 SGR. */
const CODES = {
  start: '1;36',
  name: '36',
  value: '',
  quiet: '2',
  sent: '32',
  received: '34',
  error: '1;31',
  warning: '1;33',
  note: '1;34',
} as const

/** Puts text into a colour, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** The paint for what goes to a stream: `--color` decides, else FORCE_COLOR, NO_COLOR, and whether it is a terminal. */
export function paintFor(stream: NodeJS.WriteStream, given: Given): Paint {
  return coloured(stream, last(given, 'color')) ? paint : (_style, text) => text
}

function coloured(stream: NodeJS.WriteStream, when: string | undefined): boolean {
  if (when === 'always') return true
  if (when === 'never') return false
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return stream.isTTY === true && TERM !== 'dumb'
}

const paint: Paint = (style, text) => {
  const code = CODES[style]
  return code === '' || text === '' ? text : `\x1b[${code}m${text}\x1b[0m`
}
