// `h1wire man` and `h1wire completion`: what is made from the table of commands, which only they need to be given.

import { VERSION } from '../version.js'
import type { Command, Given } from './command.js'
import { UsageError } from './failure.js'
import { write } from './output.js'
import { bashCompletion } from './pages/bash.js'
import { fishCompletion } from './pages/fish.js'
import { markdownIndex, markdownPage } from './pages/markdown.js'
import { manPage } from './pages/roff.js'
import { zshCompletion } from './pages/zsh.js'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** The commands about the commands. */
export function aboutCommands(table: () => readonly Command[]): Command[] {
  const names = Object.keys(SHELLS)
  return [
    {
      name: 'completion',
      summary: 'print the completion script of a shell',
      operands: { usage: names.join('|'), least: 1, most: 1, completes: names },
      options: [],
      notes: `It offers commands, options, the values of those that have a choice, and files:

  source <(h1wire completion bash)
  h1wire completion zsh > ~/.zfunc/_h1wire
  h1wire completion fish > ~/.config/fish/completions/h1wire.fish`,
      run: ({ operands: [shell] }) => write(scriptFor(shell as string, table())),
    },
    {
      name: 'man',
      summary: 'print the man page, or the page of a command as Markdown',
      operands: { usage: '[COMMAND]', least: 0, most: 1 },
      options: [{ name: 'markdown', help: 'the page of COMMAND, or the list of commands, as Markdown' }],
      notes: `The man page is in the macros of man(7):

  h1wire man | man -l -`,
      run: (given) => write(pageFor(given, table())),
    },
  ]
}

function scriptFor(shell: string, table: readonly Command[]): string {
  if (!Object.hasOwn(SHELLS, shell)) {
    throw new UsageError(`there is no completion for '${shell}', but for ${Object.keys(SHELLS).join(', ')}`)
  }
  return SHELLS[shell as keyof typeof SHELLS](table)
}

function pageFor({ operands: [name], switches }: Given, table: readonly Command[]): string {
  if (!switches.has('markdown')) {
    if (name !== undefined)
      throw new UsageError('a COMMAND goes with --markdown: the man page is one for all')
    return manPage(table, VERSION)
  }
  if (name === undefined) return markdownIndex(table)
  const command = table.find((row) => row.name === name)
  if (!command) throw new UsageError(`there is no command '${name}': see 'h1wire --help'`)
  return markdownPage(command)
}
