// The `h1wire` command: finds the row of the command, runs it, and turns what went wrong into an exit code.

import { backend } from '../index.js'
import { read } from './arguments.js'
import { COMMANDS } from './commands.js'
import { EXIT, explain, UsageError } from './failure.js'
import { commandHelp, overview } from './help.js'
import { quietWhenNobodyReads, say, write } from './output.js'
import { VERSION } from './version.js'

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === '--help' || name === '-h') return answer(overview(COMMANDS))
  if (name === '--version') return answer(`h1wire ${VERSION}, backend ${backend}\n`)
  if (name === undefined) throw new UsageError("no command given: see 'h1wire --help'")
  const command = COMMANDS.find((row) => row.name === name)
  if (!command) throw new UsageError(`there is no command '${name}': see 'h1wire --help'`)
  const given = read(command, rest)
  if (given.switches.has('help')) return answer(commandHelp(command))
  await command.run(given)
  return EXIT.fine
}

async function answer(text: string): Promise<number> {
  await write(text)
  return EXIT.fine
}

quietWhenNobodyReads()
main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    const { status, message } = explain(error)
    say(`h1wire: ${message}`)
    process.exitCode = status
  },
)
