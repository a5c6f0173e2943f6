// The completion for fish.

import { COMMON, type Command, type Completes, type Option } from '../command.js'

/** A script that fish reads from its folder of completions. */
export function fishCompletion(commands: readonly Command[]): string {
  return `# fish completion for h1wire: keep this as h1wire.fish in fish's folder of completions.
complete -c h1wire -f
complete -c h1wire -n __fish_use_subcommand -l help -s h -d ${quoted('print this; behind a command, its own help')}
complete -c h1wire -n __fish_use_subcommand -l version -d ${quoted('print the version and the backend')}
${commands.flatMap(lines).join('\n')}
`
}

function lines({ name, summary, operands, options }: Command): string[] {
  const within = `complete -c h1wire -n '__fish_seen_subcommand_from ${name}'`
  return [
    `complete -c h1wire -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...(operands.completes === undefined ? [] : [`${within} ${offer(operands.completes)}`]),
    ...[...options, ...COMMON].map((option) => `${within} ${flag(option)}`),
  ]
}

function flag({ name, short, value, help, choices, completes }: Option): string {
  const spelt = `-l ${name}${short === undefined ? '' : ` -s ${short}`} -d ${quoted(help)}`
  if (value === undefined) return spelt
  const offered = choices ?? completes
  return offered === undefined ? `${spelt} -x` : `${spelt} -r ${offer(offered)}`
}

function offer(completes: Completes): string {
  if (completes === 'file') return '-F'
  if (completes === 'folder') return `-a '(__fish_complete_directories)'`
  return `-a ${quoted(completes.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
