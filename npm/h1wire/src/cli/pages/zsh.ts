// The completion for zsh.

import { COMMON, type Command, type Completes, type Option } from '../command.js'

/** A script that zsh autoloads as _h1wire, or sources. */
export function zshCompletion(commands: readonly Command[]): string {
  return `#compdef h1wire
# zsh completion for h1wire: keep this as _h1wire in a folder of $fpath.
_h1wire() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    compadd -- --help --version
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(branch).join('\n')}
  esac
}
if [[ $funcstack[1] == _h1wire ]]; then _h1wire "$@"; else compdef _h1wire h1wire; fi
`
}

function branch({ name, operands, options }: Command): string {
  const specs = [...options, ...COMMON].flatMap(spec)
  const rest = operands.most === 0 ? [] : [quoted(`*:operand:${action(operands.completes)}`)]
  return `    ${name}) _arguments -s ${[...specs, ...rest].map((text) => `\\\n      ${text}`).join(' ')} ;;`
}

function spec({ name, short, value, help, choices, completes }: Option): string[] {
  const about = `[${help.replace(/[[\]\\:]/g, '\\$&')}]`
  const takes = value === undefined ? '' : `:value:${action(choices ?? completes)}`
  const long = quoted(`*--${name}${value === undefined ? '' : '='}${about}${takes}`)
  return short === undefined
    ? [long]
    : [long, quoted(`*-${short}${value === undefined ? '' : '+'}${about}${takes}`)]
}

function action(completes: Completes | undefined): string {
  if (completes === undefined) return ' '
  if (completes === 'file') return '_files'
  if (completes === 'folder') return '_files -/'
  return `(${completes.join(' ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
