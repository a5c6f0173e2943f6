// The `h1wire` command: finds the row of the command, runs it, and turns what went wrong into an exit code.

import { backend } from '../index.js'
import { VERSION } from '../version.js'
import { read } from './arguments.js'
import { COMMANDS } from './commands.js'
import { explain, UsageError } from './failure.js'
import { quietWhenNobodyReads, say, write } from './output.js'
import { commandHelp, overview } from './pages/help.js'

/** Runs the command these arguments name; what goes wrong is said in one line and becomes the exit code. */
export async function main(args: string[]): Promise<void> {
  quietWhenNobodyReads()
  try {
    await run(args)
  } catch (error) {
    const { status, message } = explain(error)
    say(`h1wire: ${message}`)
    process.exitCode = status
  }
}

async function run([name, ...rest]: string[]): Promise<void> {
  if (name === '--help' || name === '-h') return write(overview(COMMANDS))
  if (name === '--version') return write(`h1wire ${VERSION}, backend ${backend}\n`)
  if (name === undefined) throw new UsageError("no command given: see 'h1wire --help'")
  const command = COMMANDS.find((row) => row.name === name)
  if (!command) throw new UsageError(`there is no command '${name}': see 'h1wire --help'`)
  const given = read(command, rest)
  if (given.switches.has('help')) return write(commandHelp(command))
  await command.run(given)
}
