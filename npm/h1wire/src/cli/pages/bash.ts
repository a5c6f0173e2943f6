// The completion for bash.

import { COMMON, type Command, type Completes, type Option } from '../command.js'

/** A script that bash sources. */
export function bashCompletion(commands: readonly Command[]): string {
  return `# bash completion for h1wire: source this, or keep it as h1wire in the folder of bash-completion.
_h1wire() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$word"))
    return
  fi
  # --option=value comes as three words.
  if [[ $word == '=' ]]; then word=
  elif [[ $before == '=' ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $command:$before in
${commands.flatMap((command) => [...command.options, ...COMMON].flatMap((option) => values(command, option))).join('\n')}
  esac
  case $command in
${commands.map(words).join('\n')}
  esac
}
complete -o filenames -F _h1wire h1wire
`
}

function values({ name }: Command, option: Option): string[] {
  if (option.value === undefined) return []
  const spellings = [`--${option.name}`, ...(option.short === undefined ? [] : [`-${option.short}`])]
  const pattern = spellings.map((spelling) => `${name}:${spelling}`).join('|')
  return [`    ${pattern}) ${offer(option.choices ?? option.completes)}; return ;;`]
}

function words({ name, operands, options }: Command): string {
  const flags = [...options, ...COMMON].flatMap(({ name, short }) =>
    short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`],
  )
  return `    ${name})
      if [[ $word == -* ]]; then ${offer(flags)}
      else ${offer(operands.completes)}
      fi ;;`
}

function offer(what: Completes | undefined): string {
  if (what === undefined) return ':'
  if (what === 'file') return 'COMPREPLY=($(compgen -f -- "$word"))'
  if (what === 'folder') return 'COMPREPLY=($(compgen -d -- "$word"))'
  return `COMPREPLY=($(compgen -W '${what.join(' ')}' -- "$word"))`
}
