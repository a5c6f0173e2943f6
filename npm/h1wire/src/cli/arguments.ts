// From the words of a command line to what a command is given, by the command's row.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { COMMON, type Command, type Given, type Option } from './command.js'
import { UsageError } from './failure.js'

/** Reads the words behind the command's name; anything the row does not have is a usage error. */
export function read(command: Command, words: string[]): Given {
  const options = [...command.options, ...COMMON]
  const { values, positionals: operands } = split(command, options, words)
  const given: Given = {
    operands,
    switches: new Set(Object.keys(values).filter((name) => values[name] === true)),
    values: new Map(
      Object.entries(values).filter((entry): entry is [string, string[]] => Array.isArray(entry[1])),
    ),
  }
  if (given.switches.has('help')) return given
  const { least, most, usage } = command.operands
  if (operands.length < least || operands.length > most) {
    const takes = most === 0 ? 'no operand' : usage
    throw new UsageError(`'h1wire ${command.name}' takes ${takes}: see 'h1wire ${command.name} --help'`)
  }
  for (const option of options) checkChoices(option, given)
  return given
}

/** The last value of an option, if it was given. */
export function last(given: Given, name: string): string | undefined {
  return given.values.get(name)?.at(-1)
}

/** The number that an option was given, or `otherwise`. */
export function whole(given: Given, name: string, otherwise: number, least = 0): number {
  const text = last(given, name)
  if (text === undefined) return otherwise
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text)
  throw new UsageError(`--${name} takes a number from ${least} to 999999999, not '${text}'`)
}

function split(command: Command, options: readonly Option[], words: string[]) {
  try {
    return parseArgs({
      args: words,
      options: Object.fromEntries(options.map((option) => [option.name, config(option)])),
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}: see 'h1wire ${command.name} --help'`)
  }
}

function config({ short, value }: Option): NonNullable<ParseArgsConfig['options']>[string] {
  const type =
    value === undefined ? { type: 'boolean' as const } : { type: 'string' as const, multiple: true }
  return short === undefined ? type : { ...type, short }
}

function checkChoices({ name, choices }: Option, given: Given): void {
  if (choices === undefined) return
  const wrong = given.values.get(name)?.find((value) => !choices.includes(value))
  if (wrong !== undefined) throw new UsageError(`--${name} takes ${choices.join(', ')}, not '${wrong}'`)
}
