// The table of commands: a row here is a command, its arguments, its help, its pages and its completion.

import type { Command } from './command.js'
import { CONVERT } from './convert.js'
import { FORMAT } from './format.js'
import { INSPECT } from './inspect.js'
import { LINT } from './lint.js'
import { aboutCommands } from './man.js'
import { PARSE } from './parse.js'
import { SEND } from './send.js'
import { SERVE } from './serve.js'
import { SPLIT_TEST } from './split-test.js'
import { UI } from './ui.js'

export const COMMANDS: readonly Command[] = [
  INSPECT,
  LINT,
  PARSE,
  FORMAT,
  SEND,
  SERVE,
  CONVERT,
  SPLIT_TEST,
  UI,
  ...aboutCommands(() => COMMANDS),
]
