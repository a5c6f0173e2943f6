// From the words of a command line to what a command is given, by the command's row.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Command, type Given, HELP, type Option } from './command.js'
import { UsageError } from './failure.js'

/** Reads the words behind the command's name; anything the row does not have is a usage error. */
export function read(command: Command, words: string[]): Given {
  const { values, positionals: operands } = split(command, words)
  const given: Given = {
    operands,
    switches: new Set(Object.keys(values).filter((name) => values[name] === true)),
    values: new Map(
      Object.entries(values).filter((entry): entry is [string, string[]] => Array.isArray(entry[1])),
    ),
  }
  const { least, most, usage } = command.operands
  if (!given.switches.has('help') && (operands.length < least || operands.length > most)) {
    throw new UsageError(`'h1wire ${command.name}' takes ${usage}: see 'h1wire ${command.name} --help'`)
  }
  return given
}

/** The last value of an option, if it was given. */
export function last(given: Given, name: string): string | undefined {
  return given.values.get(name)?.at(-1)
}

function split(command: Command, words: string[]) {
  const options = Object.fromEntries(
    [...command.options, HELP].map((option) => [option.name, config(option)]),
  )
  try {
    return parseArgs({ args: words, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}: see 'h1wire ${command.name} --help'`)
  }
}

function config({ short, value }: Option): NonNullable<ParseArgsConfig['options']>[string] {
  const type =
    value === undefined ? { type: 'boolean' as const } : { type: 'string' as const, multiple: true }
  return short === undefined ? type : { ...type, short }
}
