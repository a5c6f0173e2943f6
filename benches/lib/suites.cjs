// The suites of `npm run bench`, loaded when they are asked for. A suite is a function of the API that gives its works:
// each a name, subjects (ours) and peers (others'), by name functions that do the same work; `check` throws if they do
// not.
'use strict'

module.exports = {
  parse: () => require('../parse.cjs'),
  format: () => require('../format.cjs'),
}
