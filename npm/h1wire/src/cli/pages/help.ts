// The help, made from the table of commands.

import { COMMON, type Command } from '../command.js'
import { EXIT_CODES, sentence, spelling } from './parts.js'

/** What `h1wire --help` prints. */
export function overview(commands: readonly Command[]): string {
  return `Usage: h1wire COMMAND [ARGUMENT…]

Commands:
${columns(commands.map(({ name, summary }) => [name, summary]))}

Options:
${columns([
  ['-h, --help', 'print this; behind a command, its own help'],
  ['--version', 'print the version and the backend'],
])}

A file named - is stdin. Data goes to stdout, talk to stderr.
Exit codes: ${EXIT_CODES}.
`
}

/** What `h1wire COMMAND --help` prints. */
export function commandHelp({ name, summary, operands, options, notes }: Command): string {
  return `Usage: h1wire ${name} [OPTION…] ${operands.usage}

${sentence(summary)}

Options:
${columns([...options, ...COMMON].map((option) => [spelling(option), option.help]))}

${notes}
`
}

function columns(rows: (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
}
