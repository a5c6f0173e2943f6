// The help, made from the table of commands.

import { type Command, HELP, type Option } from './command.js'

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
Exit codes: 0 fine, 1 refused message, 2 wrong usage, 3 failed input or output.
`
}

/** What `h1wire COMMAND --help` prints. */
export function commandHelp({ name, summary, operands, options, notes }: Command): string {
  return `Usage: h1wire ${name} [OPTION…] ${operands.usage}

${summary[0]?.toUpperCase()}${summary.slice(1)}.

Options:
${columns([...options, HELP].map((option) => [spelling(option), option.help]))}

${notes}
`
}

function spelling({ name, short, value }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

function columns(rows: (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
}
