// What the help, the pages and the man page have in common: how an option is spelt, what notes consist of.

import type { Option } from '../command.js'

/** What the exit codes mean. */
export const EXIT_CODES = '0 fine, 1 findings or a refused message, 2 wrong usage, 3 failed input or output'

/** An option as it is typed: `-H, --header 'NAME: VALUE'`. */
export function spelling({ name, short, value }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

/** A summary as a sentence. */
export function sentence(summary: string): string {
  return `${summary[0]?.toUpperCase()}${summary.slice(1)}.`
}

/** A paragraph of notes, or lines as they are to be typed. */
export interface Block {
  readonly code: boolean
  readonly lines: readonly string[]
}

/** Notes, block by block: those that begin with two spaces are code. */
export function blocks(notes: string): Block[] {
  return notes.split('\n\n').map((text) => {
    const lines = text.split('\n')
    const code = lines.every((line) => line.startsWith('  '))
    return { code, lines: code ? lines.map((line) => line.slice(2)) : lines }
  })
}
