// The man page h1wire(1), in the macros of man(7).

import { COMMON, type Command } from '../command.js'
import { blocks, EXIT_CODES, sentence, spelling } from './parts.js'

/** The man page of all commands. */
export function manPage(commands: readonly Command[], version: string): string {
  return `${[
    `.TH H1WIRE 1 "" "h1wire ${text(version)}"`,
    '.SH NAME',
    'h1wire \\- HTTP/1.1 messages, read and written exactly',
    '.SH SYNOPSIS',
    ...commands.flatMap(({ name, operands }) => ['.br', text(`h1wire ${name} [OPTION…] ${operands.usage}`)]),
    '.SH DESCRIPTION',
    text('A file named - is stdin. Data goes to stdout, talk to stderr.'),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH OPTIONS OF EVERY COMMAND',
    ...COMMON.flatMap(item),
    '.SH EXIT STATUS',
    text(sentence(EXIT_CODES)),
    '.SH ENVIRONMENT',
    ...entry('NO_COLOR, FORCE_COLOR', 'no colours; colours also where there is no terminal'),
    ...entry('H1WIRE_BACKEND', 'native or wasm: which backend to use'),
  ].join('\n')}\n`
}

function section({ name, summary, operands, options, notes }: Command): string[] {
  return [
    `.SS ${text(`h1wire ${name} ${operands.usage}`)}`,
    text(sentence(summary)),
    ...options.flatMap(item),
    ...blocks(notes).flatMap(({ code, lines }) =>
      code ? ['.PP', '.nf', '.RS', ...lines.map(text), '.RE', '.fi'] : ['.PP', ...lines.map(text)],
    ),
  ]
}

function item(option: Command['options'][number]): string[] {
  return entry(spelling(option), option.help)
}

function entry(term: string, description: string): string[] {
  return ['.TP', `.B ${text(term)}`, text(description)]
}

/** Roff's own characters escaped; a line that begins with a dot or quote would be a macro. */
function text(line: string): string {
  const escaped = line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('…', '\\&...')
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}
