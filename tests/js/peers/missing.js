// What to do where a peer is missing: under CI=true the test fails by its name, elsewhere it is announced.

'use strict'

function missing(t, name) {
  const message = `${name} is missing: "${t.name}" shows nothing here`
  if (process.env.CI === 'true') throw new Error(message)
  t.diagnostic(`*** ${message} ***`)
  process.stderr.write(`\n*** ${message} ***\n\n`)
}

module.exports = { missing }
