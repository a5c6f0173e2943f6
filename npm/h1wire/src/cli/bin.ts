// What `h1wire` on the command line runs: the command, or in one line why it cannot start.

const USAGE = 2

import('./main.js').then(
  ({ main }) => main(process.argv.slice(2)),
  // The library does not load where H1WIRE_BACKEND asks for a backend there is not.
  (error: Error) => {
    process.stderr.write(`h1wire: ${error.message}\n`)
    process.exitCode = USAGE
  },
)
