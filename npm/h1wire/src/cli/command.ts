// What a row of the table of commands holds, and what a command is given.

/** What the shell may offer in the place of a word: files, folders, or these words. */
export type Completes = 'file' | 'folder' | readonly string[]

/** A command line option. */
export interface Option {
  readonly name: string
  readonly short?: string
  /** What stands for the value in the help; an option without it is a switch. */
  readonly value?: string
  readonly help: string
  /** What its value may be: any other is a usage error, and the shell offers these. */
  readonly choices?: readonly string[]
  /** What the shell offers where any value is taken. */
  readonly completes?: Completes
}

/** What a command line gave: the operands, the switches that are on, and each option's values in order. */
export interface Given {
  readonly operands: readonly string[]
  readonly switches: ReadonlySet<string>
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** A command: its arguments, its help, its pages and its completion are made of this. */
export interface Command {
  readonly name: string
  /** What it does, in a line that begins in lower case. */
  readonly summary: string
  /** The operands as the help shows them, and how many there may be. */
  readonly operands: {
    readonly usage: string
    readonly least: number
    readonly most: number
    readonly completes?: Completes
  }
  readonly options: readonly Option[]
  /** What else the help says: paragraphs, and lines that begin with two spaces as they are to be typed. */
  readonly notes: string
  /** Does it; a refused message is thrown as its H1Error. */
  readonly run: (given: Given) => Promise<void>
}

/** The options every command has. */
export const COMMON: readonly Option[] = [
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'colours: auto is on a terminal, unless NO_COLOR or FORCE_COLOR decides',
  },
  { name: 'help', short: 'h', help: 'print this and stop' },
]
