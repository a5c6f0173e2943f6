// What a row of the table of commands holds, and what a command is given.

/** A command line option. */
export interface Option {
  readonly name: string
  readonly short?: string
  /** What stands for the value in the help; an option without it is a switch. */
  readonly value?: string
  readonly help: string
}

/** What a command line gave: the operands, the switches that are on, and each option's values in order. */
export interface Given {
  readonly operands: readonly string[]
  readonly switches: ReadonlySet<string>
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** A command. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** The operands as the help shows them, and how many there may be. */
  readonly operands: { readonly usage: string; readonly least: number; readonly most: number }
  readonly options: readonly Option[]
  /** What else the help says. */
  readonly notes: string
  /** Does it; a refused message is thrown as its H1Error. */
  readonly run: (given: Given) => Promise<void>
}

/** The option every command has. */
export const HELP: Option = { name: 'help', short: 'h', help: 'print this and stop' }
