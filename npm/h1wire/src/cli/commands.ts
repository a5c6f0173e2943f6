// The table of commands: a row here is a command, its arguments, its help, its pages and its completion.

import type { Command } from './command.js'
import { aboutCommands } from './man.js'
import { PARSE } from './parse.js'
import { SEND } from './send.js'

export const COMMANDS: readonly Command[] = [PARSE, SEND, ...aboutCommands(() => COMMANDS)]
