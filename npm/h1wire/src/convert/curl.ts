// Requests read from command lines of curl, for a shell of bash's kind, for cmd or for PowerShell.

import { requestsOf } from './curl-command.js'
import { eachOf } from './entries.js'
import { ConversionError } from './error.js'
import type { Context } from './formats.js'
import type { RequestMessage } from './model.js'
import { type ShellCommand, shellCommands } from './shell.js'
import { cmdCommands, isForCmd, isForPowershell, powershellCommands } from './shell-windows.js'

/** Reads the requests of curl commands, one behind the other. */
export function* readCurl(text: string, context: Context): Generator<RequestMessage> {
  const commands = commandsOf(text)
  if (commands.length === 0) throw new ConversionError("a curl command begins with curl, not ''")
  const single = commands.length === 1 && context.only === undefined
  const { note } = context
  const read = ({ words, input }: ShellCommand, place: string): RequestMessage[] => {
    const program = words[0] ?? ''
    if (!/^(.*[/\\])?curl(\.exe)?$/i.test(program)) {
      throw new ConversionError(`a curl command begins with curl, not '${program}'`)
    }
    return requestsOf(words, input, single ? note : (what) => note(`${place}: ${what}`))
  }
  if (single) {
    const [command] = commands as [ShellCommand]
    yield* read(command, '')
  } else yield* eachOf(commands, 'command', context, read)
}

function commandsOf(text: string): ShellCommand[] {
  const windows = isForCmd(text)
    ? cmdCommands(text)
    : isForPowershell(text)
      ? powershellCommands(text)
      : undefined
  return windows?.map((words) => ({ words, input: undefined })) ?? shellCommands(text)
}
