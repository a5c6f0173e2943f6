// What can go wrong, said in one line, and the exit code for it.

import { ConversionError } from '../convert/error.js'
import { H1Error } from '../index.js'

export const EXIT = { fine: 0, refused: 1, usage: 2, io: 3 } as const

/** The command line asks for something there is not. */
export class UsageError extends Error {}

/** Input is not what it should be, or cannot be written as asked. */
export class Refused extends Error {}

/** Input or output failed in a way the system has no error of its own for. */
export class IoError extends Error {}

/** The exit code, and what to say behind `h1wire: `. */
export function explain(error: unknown): { status: number; message: string } {
  if (error instanceof UsageError) return { status: EXIT.usage, message: error.message }
  if (error instanceof Refused || error instanceof ConversionError) {
    const code = error.cause instanceof H1Error ? `${error.cause.code}: ` : ''
    return { status: EXIT.refused, message: `${code}${error.message}` }
  }
  if (error instanceof H1Error) return { status: EXIT.refused, message: `${error.code}: ${error.message}` }
  if (error instanceof IoError) return { status: EXIT.io, message: error.message }
  if (error instanceof AggregateError) return { status: EXIT.io, message: error.errors.map(text).join('; ') }
  return { status: EXIT.io, message: text(error) }
}

/** The system's errors speak for themselves; any other is a fault of this program and shows where it lies. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? error.message : (error.stack ?? error.message)
}
