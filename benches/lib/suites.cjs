// The suites of `npm run bench`, loaded when they are asked for, in the order in which they run.
//
// Each says what it is `about` and has `notes`: by name of a work, a subject or a peer, what that does and does not do.
// Where functions are timed by turns, `works(h1wire)` gives the works: a name, `subjects` (ours), `peers` (others'), `floors`
// (what does less, on purpose), each by name a function without arguments, and `outcome(run)`, which must be the same for
// all but floors. Any other suite has `rows(options)`, which measures in its own way and returns rows.
'use strict'

module.exports = {
  parse: () => require('../parse.cjs'),
  chunked: () => require('../chunked.cjs'),
  split: () => require('../split.cjs'),
  format: () => require('../format.cjs'),
  core: () => require('../core.cjs'),
  linear: () => require('../linear.cjs'),
  memory: () => require('../memory.cjs'),
  size: () => require('../size.cjs'),
  net: () => require('../net.cjs'),
  'net-client': () => require('../net-client.cjs'),
}
